//! The first tenant of a deployment, made by whoever can read the server's terminal or its secret file.
//!
//! [`Setup::offer`] sets the token; without one set-up is closed. The token is compared in constant time, five wrong ones
//! close set-up until the server is started again, and once a tenant counts it stays closed for good. Everything (keys,
//! owner, the privacy officer's invitation, audit rows, and that the tenant counts) is one transaction: after a crash
//! there is either all of it or nothing, and set-up can be done again.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use domain::{MemberId, Personal, RequestId, Secret, TenantId};
use ledger::Object;
use policy::access::{Role, RoleSet};
use store::{StoreError, TenantRow, TenantState};

use crate::{
    AppError,
    auth::{self, TenantView, TokenTry, checked_password},
    columns,
    members::{InvitationLink, Minted, NewRow, insert_member, invitation_link, write_invitation},
    opaque, people,
    tenants::{check_slug, checked_tenant_name},
};

/// Wrong tokens until set-up is closed.
const TRIES: u32 = 5;

/// Who and what a deployment begins with.
#[derive(Debug)]
pub struct SetupInput {
    /// The token that the server printed or was given.
    pub token: Secret<String>,
    /// The tenant's name in addresses.
    pub slug: String,
    /// The tenant's name.
    pub name: String,
    /// The owner's name.
    pub owner_name: Personal<String>,
    /// The owner's e-mail address.
    pub owner_email: Personal<String>,
    /// The owner's password.
    pub owner_password: Secret<String>,
    /// The privacy officer's e-mail address.
    pub officer_email: Personal<String>,
    /// The request.
    pub request: RequestId,
}

/// What set-up made.
#[derive(Debug)]
pub struct SetupDone {
    /// The tenant.
    pub tenant: TenantView,
    /// The privacy officer's invitation.
    pub officer: InvitationLink,
}

/// Use cases of set-up.
#[derive(Clone)]
pub struct Setup {
    pub(crate) parts: Arc<auth::Parts>,
    pub(crate) gate: Arc<Gate>,
}

/// Whether set-up is open, in this process.
#[derive(Default)]
pub(crate) struct Gate {
    token: OnceLock<[u8; 32]>,
    tries: AtomicU32,
    /// A tenant was seen: it never becomes needed again.
    done: AtomicBool,
}

impl Setup {
    /// Whether there is no tenant yet.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn is_needed(&self) -> Result<bool, AppError> {
        if self.gate.done.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let needed = self.parts.store.system("setup.needed").await?.tenant_list().await?.is_empty();
        self.gate.done.store(!needed, Ordering::Relaxed);
        Ok(needed)
    }

    /// A token for the terminal.
    #[must_use]
    pub fn fresh_token(&self) -> Secret<String> {
        opaque::fresh(&*self.parts.entropy)
    }

    /// Opens set-up to whoever knows `token`. The first token of a process counts.
    pub fn offer(&self, token: &Secret<String>) {
        // A second offer would reset nothing: tries are counted for the process.
        let _ = self.gate.token.set(opaque::hash(token.expose()));
    }

    /// Makes the first tenant with its owner, and invites its privacy officer.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `already-set-up`; [`AppError::Forbidden`] `setup-token-wrong`, `setup-closed`;
    /// [`AppError::Invalid`].
    pub async fn run(&self, _: TokenTry, input: SetupInput) -> Result<SetupDone, AppError> {
        if !self.is_needed().await? {
            return Err(already_set_up());
        }
        self.gate.check(&input.token)?;
        check_slug(&input.slug)?;
        let name = checked_tenant_name(&input.name)?;
        let owner_name = people::checked_name("/owner/name", &input.owner_name)?;
        let owner_email = people::checked_email("/owner/email", &input.owner_email)?;
        let officer_email = people::checked_email("/privacy_officer/email", &input.officer_email)?;
        checked_password("/owner/password", &input.owner_password, owner_email.expose())?;
        if self.parts.email_hash(owner_email.expose()) == self.parts.email_hash(officer_email.expose()) {
            let detail = "must be another person than the owner: some changes need both";
            return Err(AppError::invalid("/privacy_officer/email", detail));
        }
        let password_hash = self.parts.passwords.hash(&input.owner_password, &*self.parts.entropy).await?;
        let people = People { owner_name, owner_email, officer_email, password_hash };
        let done = self.write(&input.slug, name, people, input.request).await?;
        self.gate.done.store(true, Ordering::Relaxed);
        Ok(done)
    }

    async fn write(&self, slug: &str, name: String, people: People, request: RequestId) -> Result<SetupDone, AppError> {
        let parts = &self.parts;
        let now = parts.clock.now();
        let system = parts.store.system("setup").await?;
        let row = TenantRow {
            id: TenantId::mint(now, &*parts.entropy),
            slug: slug.to_owned(),
            name: name.clone(),
            state: TenantState::Active,
            demo: false,
            key_epoch: 1,
            created_at: now,
        };
        let tenant = system.tenant_begin(row).await.map_err(taken)?;
        system.commit().await?;

        let wrapped = parts.keys.wrapped_for(tenant).await?;
        let tx = parts.store.tenant(tenant).await?;
        // First, because it makes those wait who do the same at the same time.
        if !tx.tenant_complete(&name, false, true).await? {
            return Err(already_set_up());
        }
        let keys = parts.keys.create_tenant(&tx, wrapped).await.map_err(taken_app)?;
        let (person, key) = parts.keys.create_person_under(&tx, "member", &keys).await?;
        let owner = MemberId::mint(now, &*parts.entropy);
        let email_sealed =
            people::sealed(columns::MEMBER_EMAIL, tenant, person, &key, &people.owner_email, &*parts.entropy);
        let new = NewRow {
            id: owner,
            person,
            key: &key,
            name: &people.owner_name,
            email_sealed,
            email_hash: parts.email_hash(people.owner_email.expose()),
            password_hash: people.password_hash,
            roles: RoleSet::from_iter([Role::Owner]),
        };
        insert_member(parts, &tx, &keys.authority, new).await?.ok_or_else(already_set_up)?;
        let (person, key) = parts.keys.create_person_under(&tx, "member", &keys).await?;
        let roles = RoleSet::from_iter([Role::PrivacyOfficer]);
        let (id, token, expires_at) = write_invitation(
            parts,
            &tx,
            &keys.authority,
            (person, &key),
            &people.officer_email,
            (owner, roles),
            Minted::new(parts, None),
        )
        .await?;
        for (act, object) in [("tenant.create", Object::Tenant(tenant)), ("invitation.create", Object::Invitation(id))]
        {
            parts.audit().proven(&tx, owner, act, object, "setup-token", request).await?;
        }
        tx.commit().await?;
        Ok(SetupDone {
            tenant: TenantView { id: tenant, slug: slug.to_owned(), name },
            officer: InvitationLink { id, url: invitation_link(&self.parts.console, &token), expires_at },
        })
    }
}

struct People {
    owner_name: Personal<String>,
    owner_email: Personal<String>,
    officer_email: Personal<String>,
    password_hash: String,
}

impl Gate {
    /// Lets the right token pass. Each look counts until it was right, so that no number of parallel guesses gets more.
    fn check(&self, token: &Secret<String>) -> Result<(), AppError> {
        const CLOSED: AppError = AppError::Forbidden {
            code: "setup-closed",
            detail: "set-up is closed; start the server again and use the token that it prints",
        };
        let offered = self.token.get().ok_or(CLOSED)?;
        if self.tries.fetch_add(1, Ordering::SeqCst) >= TRIES {
            self.tries.store(TRIES, Ordering::SeqCst);
            return Err(CLOSED);
        }
        if opaque::same(*offered, opaque::hash(token.expose())) {
            self.tries.fetch_sub(1, Ordering::SeqCst);
            return Ok(());
        }
        Err(AppError::Forbidden { code: "setup-token-wrong", detail: "the set-up token is wrong" })
    }
}

fn already_set_up() -> AppError {
    let detail = "this deployment has a tenant already; ask its owner for an invitation".to_owned();
    AppError::Conflict { code: "already-set-up", detail, next: None }
}

/// Somebody else finished a tenant of this name in between.
fn taken(error: StoreError) -> AppError {
    if matches!(error, StoreError::Conflict) { already_set_up() } else { error.into() }
}

fn taken_app(error: AppError) -> AppError {
    match error {
        AppError::Internal(source) if matches!(source.downcast_ref(), Some(StoreError::Conflict)) => already_set_up(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(outcome: Result<(), AppError>) -> &'static str {
        match outcome {
            Ok(()) => "open",
            Err(AppError::Forbidden { code, .. }) => code,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn five_wrong_tokens_close_set_up() {
        let token = |text: &str| Secret::new(text.to_owned());
        let gate = Gate::default();
        assert_eq!(code(gate.check(&token("right"))), "setup-closed", "nothing was offered");
        gate.token.set(opaque::hash("right")).expect("is the first");
        for _ in 0..4 {
            assert_eq!(code(gate.check(&token("wrong"))), "setup-token-wrong");
        }
        for _ in 0..20 {
            assert_eq!(code(gate.check(&token("right"))), "open", "a right one uses up no try");
        }
        assert_eq!(code(gate.check(&token(""))), "setup-token-wrong");
        for text in ["wrong", "right"] {
            assert_eq!(code(gate.check(&token(text))), "setup-closed");
        }
    }
}
