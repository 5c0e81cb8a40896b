//! Making tenants and members. Used by the operator's command line and by demo mode; no HTTP route leads here.

use std::sync::Arc;

use domain::{Clock, Entropy, MemberId, Personal, Secret, TenantId};
use policy::access::{Role, RoleSet};
use store::{Store, StoreError, TenantRow, TenantState};

use crate::{
    AppError,
    auth::{Auth, checked_password},
    columns,
    keys::Keys,
    members::{NewRow, insert_member},
    people,
};

/// Longest name of a tenant, in characters.
const NAME_CHARS: usize = 80;

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
    pub(crate) fn new(auth: &Auth) -> Self {
        let parts = auth.parts();
        Self {
            store: parts.store.clone(),
            keys: parts.keys.clone(),
            auth: auth.clone(),
            clock: Arc::clone(&parts.clock),
            entropy: Arc::clone(&parts.entropy),
        }
    }

    /// Makes a tenant with its keys. After a crash half-way there is none, and it can be made again.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a slug that is none or reserved; [`AppError::Conflict`] for one that is taken.
    pub async fn create(&self, slug: &str, name: &str, demo: bool) -> Result<TenantId, AppError> {
        check_slug(slug)?;
        let name = checked_tenant_name(name)?;
        let now = self.clock.now();
        let system = self.store.system("tenant.create").await?;
        let row = TenantRow {
            id: TenantId::mint(now, &*self.entropy),
            slug: slug.to_owned(),
            name: name.clone(),
            state: TenantState::Active,
            demo,
            key_epoch: 1,
            created_at: now,
        };
        let id = match system.tenant_begin(row).await {
            Err(StoreError::Conflict) => return Err(slug_taken()),
            outcome => outcome?,
        };
        system.commit().await?;
        let wrapped = self.keys.wrapped_for(id).await?;
        let tx = self.store.tenant(id).await?;
        if !tx.tenant_complete(&name, demo, false).await? {
            return Err(slug_taken());
        }
        self.keys.create_tenant(&tx, wrapped).await?;
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
    /// [`AppError::Invalid`] for an address or password that will not do; [`AppError::Conflict`] for an address that is
    /// a member's.
    pub async fn member_create(&self, tenant: TenantId, new: NewMember) -> Result<MemberId, AppError> {
        let parts = self.auth.parts();
        let name = people::checked_name("/name", &new.name)?;
        let email = people::checked_email("/email", &new.email)?;
        checked_password("/password", &new.password, email.expose())?;
        let password_hash = parts.passwords.hash(&new.password, &*self.entropy).await?;
        let id = MemberId::mint(self.clock.now(), &*self.entropy);
        let authority = parts.authorizer.authority(tenant).await?;
        let tx = self.store.tenant(tenant).await?;
        let (person, key) = self.keys.create_person(&tx, "member").await?;
        let row = NewRow {
            id,
            person,
            key: &key,
            name: &name,
            email_sealed: people::sealed(columns::MEMBER_EMAIL, tenant, person, &key, &email, &*self.entropy),
            email_hash: parts.email_hash(email.expose()),
            password_hash,
            roles: RoleSet::from_iter([new.role]),
        };
        let made = insert_member(parts, &tx, &authority, row).await?;
        let made = made.ok_or_else(|| AppError::Conflict {
            code: "already-member",
            detail: "this address is a member's already".to_owned(),
            next: None,
        })?;
        tx.commit().await?;
        Ok(made)
    }
}

fn slug_taken() -> AppError {
    AppError::Conflict { code: "slug-taken", detail: "another tenant has this slug".to_owned(), next: None }
}

/// A tenant's name as it is stored.
pub(crate) fn checked_tenant_name(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(AppError::invalid("/tenant/name", format!("must have 1 to {NAME_CHARS} printable characters")));
    }
    Ok(name.to_owned())
}

/// A slug is part of addresses: lower-case letters, digits and single hyphens, and none of the words we use ourselves.
pub(crate) fn check_slug(slug: &str) -> Result<(), AppError> {
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
        "/tenant/slug",
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
