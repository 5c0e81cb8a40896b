//! A tenant's own roles.

use std::{collections::BTreeSet, sync::Arc};

use domain::{RoleId, Timestamp};
use ledger::Object;
use policy::access::{
    Action, Permit, RoleKey, can,
    custom::{self, BadRole, CustomRole, MOST_ROLES},
};
use store::{CustomRoleRow, StoreError, TenantTx};
use vault::authority::Authority;

use super::rows;
use crate::{
    AppError, FieldError,
    audit::Audit,
    auth::{self, member_of},
    once::{self, Once},
    proposals::Proposals,
};

const NO_ROLE: AppError = AppError::NotFound { kind: "role" };

/// Use cases of roles, and of what they come to.
#[derive(Clone)]
pub struct Roles {
    pub(crate) parts: Arc<auth::Parts>,
    /// Where roles that take two people to give go.
    pub(crate) proposals: Proposals,
}

/// A role to be.
#[derive(Debug, Clone)]
pub struct RoleInput {
    /// What people call it.
    pub name: String,
    /// Names of the actions that it allows.
    pub actions: Vec<String>,
    /// Names of the actions that it takes away, whatever else its holder holds.
    pub denies: Vec<String>,
    /// Whether who watches by it sees text.
    pub unmasked: bool,
}

/// A tenant's own role.
#[derive(Debug, Clone)]
pub struct RoleView {
    /// Its id, which bindings name.
    pub id: RoleId,
    /// What people call it.
    pub name: String,
    /// What it allows.
    pub actions: BTreeSet<Action>,
    /// What it takes away.
    pub denies: BTreeSet<Action>,
    /// Whether who watches by it sees text.
    pub unmasked: bool,
    /// Whether its row is what was written; one that is not gives nothing.
    pub sound: bool,
    /// Counts changes; a change names the revision that it replaces.
    pub revision: u64,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

impl Roles {
    /// The tenant's own roles, by name; there are few.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn list(&self, permit: &Permit<can::RoleList>) -> Result<Vec<RoleView>, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let authority = self.parts.authorizer.authority_by(&read).await?;
        let mut roles = Vec::new();
        for row in read.custom_role_list().await? {
            roles.push(self.view(&authority, row).await);
        }
        Ok(roles)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn find(&self, permit: &Permit<can::RoleList>, id: RoleId) -> Result<RoleView, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let row = read.custom_role_find(id).await?.ok_or(NO_ROLE)?;
        Ok(self.view(&self.parts.authorizer.authority_by(&read).await?, row).await)
    }

    /// Makes a role, which nobody has yet.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for what no role can be, [`AppError::Forbidden`] `more-than-yours` for more than the caller may
    /// do everywhere, [`AppError::Conflict`] `name-taken` or `role-limit`.
    pub async fn create(
        &self,
        permit: &Permit<can::RoleManage>,
        input: RoleInput,
        once: Option<Once>,
    ) -> Result<RoleView, AppError> {
        let (tenant, now) = (permit.tenant(), self.parts.clock.now());
        let id = RoleId::mint(now, &*self.parts.entropy);
        let role = checked(permit, id, &input)?;
        let authority = self.parts.authorizer.authority(tenant).await?;
        let row = row(tenant, &role, &input.name, 1, (now, now))?;
        let row = rows::sealed_role(&authority, row);
        let tx = self.parts.store.tenant(tenant).await?;
        let asked = [&*input.name, &row.actions, &row.denies, if input.unmasked { "unmasked" } else { "masked" }];
        if let Some(earlier) = once::claim(once, &tx, permit, &asked, id.uuid(), now).await? {
            let earlier = tx.custom_role_find(RoleId::from_uuid(earlier)).await?.ok_or(NO_ROLE)?;
            return Ok(self.view(&authority, earlier).await);
        }
        tx.custom_role_insert(row.clone()).await.map_err(name_taken)?;
        // Counted behind the insert: whoever else makes one waits for the name index or sees this row.
        if tx.custom_role_list().await?.len() > MOST_ROLES {
            let detail = format!("a tenant has at most {MOST_ROLES} roles of its own");
            return Err(AppError::Conflict { code: "role-limit", detail, next: None });
        }
        self.audit().allowed(&tx, permit, "role.create", Object::Role(id)).await?;
        tx.commit().await?;
        Ok(self.view(&authority, row).await)
    }

    /// Replaces a role; it counts for everybody who has it within five seconds.
    ///
    /// # Errors
    /// As [`Roles::create`]; [`AppError::NotFound`]; [`AppError::Conflict`] `role-changed` when another revision is stored,
    /// `own-role` for a role that the caller has.
    pub async fn update(
        &self,
        permit: &Permit<can::RoleManage>,
        id: RoleId,
        base: u64,
        input: RoleInput,
    ) -> Result<RoleView, AppError> {
        let (tenant, now) = (permit.tenant(), self.parts.clock.now());
        let role = checked(permit, id, &input)?;
        let authority = self.parts.authorizer.authority(tenant).await?;
        let tx = self.parts.store.tenant(tenant).await?;
        let before = self.changeable(&tx, permit, id).await?;
        let changed = || AppError::Conflict {
            code: "role-changed",
            detail: format!("revision {} of the role is in force; look at it again", before.revision),
            next: None,
        };
        if before.revision != base {
            return Err(changed());
        }
        let row = row(tenant, &role, &input.name, base + 1, (before.created_at, now))?;
        let row = rows::sealed_role(&authority, row);
        if !tx.custom_role_replace(&row).await.map_err(name_taken)? {
            return Err(changed());
        }
        self.audit().allowed(&tx, permit, "role.update", Object::Role(id)).await?;
        tx.commit().await?;
        Ok(self.view(&authority, row).await)
    }

    /// Removes a role that nobody has.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `role-in-use`, `own-role`.
    pub async fn delete(&self, permit: &Permit<can::RoleManage>, id: RoleId) -> Result<(), AppError> {
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        self.changeable(&tx, permit, id).await?;
        if !tx.custom_role_delete(id).await? {
            let detail = "members have this role; take it from them first".to_owned();
            return Err(AppError::Conflict { code: "role-in-use", detail, next: None });
        }
        self.audit().allowed(&tx, permit, "role.delete", Object::Role(id)).await?;
        Ok(tx.commit().await?)
    }

    /// The locked row of a role that the caller may change: nobody changes what they hold themselves.
    async fn changeable(
        &self,
        tx: &TenantTx,
        permit: &Permit<can::RoleManage>,
        id: RoleId,
    ) -> Result<CustomRoleRow, AppError> {
        if !tx.custom_role_lock(id).await? {
            return Err(NO_ROLE);
        }
        let row = tx.custom_role_find(id).await?.ok_or(NO_ROLE)?;
        let own = tx.role_binding_list(member_of(permit.actor())?).await?;
        if own.iter().any(|binding| binding.role.parse() == Ok(RoleKey::Custom(id))) {
            let detail = "nobody changes a role that they have themselves".to_owned();
            return Err(AppError::Conflict { code: "own-role", detail, next: None });
        }
        Ok(row)
    }

    pub(super) async fn view(&self, authority: &Authority, row: CustomRoleRow) -> RoleView {
        let sound = rows::custom_role(&row, |of| authority.holds(of, &row.mac));
        if !sound {
            self.parts.authorizer.distrust(row.tenant_id, Object::Role(row.id), &row.mac).await;
        }
        let parsed = if sound { parse(&row) } else { None };
        let (actions, denies, unmasked) =
            parsed.map(|role| (role.actions, role.denies, role.unmasked)).unwrap_or_default();
        let CustomRoleRow { id, name, revision, created_at, changed_at, .. } = row;
        RoleView { id, name, actions, denies, unmasked, sound, revision, created_at, changed_at }
    }

    pub(super) fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.parts.clock, entropy: &*self.parts.entropy }
    }
}

/// The role of a trusted row; `None` when it names what is no action.
pub(super) fn parse(row: &CustomRoleRow) -> Option<CustomRole> {
    let set = |json: &str| {
        let names: Vec<String> = serde_json::from_str(json).ok()?;
        names.iter().map(|name| Action::from_name(name)).collect::<Option<BTreeSet<Action>>>()
    };
    Some(CustomRole { id: row.id, actions: set(&row.actions)?, denies: set(&row.denies)?, unmasked: row.unmasked })
}

fn checked(permit: &Permit<can::RoleManage>, id: RoleId, input: &RoleInput) -> Result<CustomRole, AppError> {
    custom::check_name(&input.name).map_err(|bad| AppError::invalid("/name", bad.to_string()))?;
    let role = CustomRole {
        id,
        actions: actions("/actions", &input.actions)?,
        denies: actions("/denies", &input.denies)?,
        unmasked: input.unmasked,
    };
    role.check(permit.holdings()).map_err(|bad| match bad {
        BadRole::More(_) | BadRole::Unmasked => AppError::Forbidden {
            code: "more-than-yours",
            detail: "a role can allow no more than whoever makes it may do everywhere",
        },
        BadRole::Name | BadRole::Empty | BadRole::Both(_) | BadRole::Internal(_) => {
            AppError::invalid("/actions", bad.to_string())
        }
    })?;
    Ok(role)
}

fn actions(pointer: &str, names: &[String]) -> Result<BTreeSet<Action>, AppError> {
    let mut errors = Vec::new();
    let mut actions = BTreeSet::new();
    for (index, name) in names.iter().enumerate() {
        let Some(action) = Action::from_name(name) else {
            errors.push(FieldError { pointer: format!("{pointer}/{index}"), detail: "is no action".to_owned() });
            continue;
        };
        actions.insert(action);
    }
    if errors.is_empty() {
        return Ok(actions);
    }
    Err(AppError::Invalid { code: "invalid-input", detail: "there is a name that is no action's".to_owned(), errors })
}

fn row(
    tenant: domain::TenantId,
    role: &CustomRole,
    name: &str,
    revision: u64,
    (created_at, changed_at): (Timestamp, Timestamp),
) -> Result<CustomRoleRow, AppError> {
    let json = |actions: &BTreeSet<Action>| serde_json::to_string(actions).map_err(AppError::internal);
    Ok(CustomRoleRow {
        tenant_id: tenant,
        id: role.id,
        name: name.to_owned(),
        actions: json(&role.actions)?,
        denies: json(&role.denies)?,
        unmasked: role.unmasked,
        revision,
        created_at,
        changed_at,
        mac: [0; 32],
    })
}

fn name_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Conflict => AppError::Conflict {
            code: "name-taken",
            detail: "another role of the tenant has this name".to_owned(),
            next: None,
        },
        other => other.into(),
    }
}
