//! Making tenants and members. Used by the operator's command line and by demo mode; no HTTP route leads here.

use std::sync::Arc;

use domain::{Clock, Entropy, MemberId, Personal, Secret, TenantId};
use policy::access::Role;
use store::{MemberRow, MemberState, RoleBindingRow, Store, TenantRow, TenantState};
use vault::{
    Key32,
    seal::{self, Codec},
};

use crate::{
    AppError,
    auth::{Auth, LOGIN_EMAIL, member_context},
    columns,
    keys::Keys,
};

/// Shortest password, in characters (NIST SP 800-63B §5.1.1.2).
const PASSWORD_CHARS: usize = 12;

/// A new member.
#[derive(Debug)]
pub struct NewMember {
    /// Name.
    pub name: Personal<String>,
    /// E-mail address, for signing in.
    pub email: Personal<String>,
    /// Password.
    pub password: Secret<String>,
    /// The role bound to them.
    pub role: Role,
}

/// Use cases of the operator.
#[derive(Clone)]
pub struct Tenants {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) auth: Auth,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Tenants {
    /// Makes a tenant with its keys.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a slug that is none or reserved; [`AppError::Conflict`] for one that is taken.
    pub async fn create(&self, slug: &str, name: &str, demo: bool) -> Result<TenantId, AppError> {
        check_slug(slug)?;
        let now = self.clock.now();
        let id = TenantId::mint(now, &*self.entropy);
        let system = self.store.system("tenant.create").await?;
        let row = TenantRow {
            id,
            slug: slug.to_owned(),
            name: name.to_owned(),
            state: TenantState::Active,
            demo,
            key_epoch: 1,
            created_at: now,
        };
        match system.tenant_insert(row).await {
            Ok(()) => {}
            Err(store::StoreError::Conflict) => {
                return Err(AppError::Conflict {
                    code: "slug-taken",
                    detail: "another tenant has this slug".to_owned(),
                    next: None,
                });
            }
            Err(error) => return Err(error.into()),
        }
        system.commit().await?;
        let tx = self.store.tenant(id).await?;
        self.keys.create_tenant(&tx).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// All tenants.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn list(&self) -> Result<Vec<TenantRow>, AppError> {
        Ok(self.store.system("tenant.list").await?.tenant_list().await?)
    }

    /// Makes a member with one role.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an address or password that will not do.
    pub async fn member_create(&self, tenant: TenantId, new: NewMember) -> Result<MemberId, AppError> {
        if !new.email.expose().contains('@') {
            return Err(AppError::invalid("/email", "must be an e-mail address"));
        }
        if new.password.expose().chars().count() < PASSWORD_CHARS {
            return Err(AppError::invalid("/password", format!("must have at least {PASSWORD_CHARS} characters")));
        }
        let auth = self.auth.parts();
        let password_hash = auth.passwords.hash(&new.password, &*self.entropy).await?;
        let now = self.clock.now();
        let id = MemberId::mint(now, &*self.entropy);
        let tx = self.store.tenant(tenant).await?;
        let (person, key) = self.keys.create_person(&tx, "member").await?;
        let sealed = |column: u64, text: &Personal<String>, key: &Key32| {
            seal::seal(
                key,
                &member_context(column, tenant, person),
                Codec::Raw,
                text.expose().as_bytes(),
                &*self.entropy,
            )
        };
        tx.member_insert(MemberRow {
            tenant_id: tenant,
            id,
            person_key_id: person,
            email_sealed: sealed(columns::MEMBER_EMAIL, &new.email, &key),
            name_sealed: sealed(columns::MEMBER_NAME, &new.name, &key),
            password_hash,
            state: MemberState::Active,
            authz_epoch: 1,
            created_at: now,
        })
        .await?;
        tx.role_binding_insert(RoleBindingRow {
            tenant_id: tenant,
            id: MemberId::mint(now, &*self.entropy).uuid(),
            member_id: id,
            role: new.role.to_string(),
            created_at: now,
        })
        .await?;
        tx.credential_put(LOGIN_EMAIL, &auth.email_hash(new.email.expose()), id.uuid()).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// A slug is part of addresses: lower-case letters, digits and single hyphens, and none of the words we use ourselves.
fn check_slug(slug: &str) -> Result<(), AppError> {
    const RESERVED: [&str; 10] =
        ["admin", "api", "console", "deployment", "ops", "portal", "privacy", "root", "sealtape", "system"];
    let shaped = (2..=40).contains(&slug.len())
        && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-')
        && !slug.contains("--");
    if shaped && !RESERVED.contains(&slug) {
        return Ok(());
    }
    Err(AppError::invalid(
        "/slug",
        "must have 2 to 40 lower-case letters, digits or single hyphens, and not be reserved",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_odd_slugs_are_refused() {
        assert!(check_slug("acme-shop2").is_ok());
        for bad in ["root", "admin", "*", "+", "Acme", "аcme", "a", "-a", "a-", "a--b", "a/b", ""] {
            assert!(check_slug(bad).is_err(), "{bad}");
        }
    }
}
