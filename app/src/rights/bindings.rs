//! Who has which role, for which sessions.

use domain::{MemberId, ProposalId, RoleBindingId, Timestamp};
use ledger::Object;
use policy::{
    access::{Action, Condition, Permit, Role, RoleKey, RoleSet, can},
    proposals::Change,
};
use store::{Influence, RoleBindingRow, StoreError, TenantTx};

use super::{roles::Roles, rows};
use crate::{
    AppError, Page, Paged,
    auth::member_of,
    details::{Changed, Telling, Told},
    members::{keep_an_owner, own_account, refuse_guarded},
    notices::{Audience, NoticeKind},
    paging::Cursors,
    proposals::propose,
};

/// One member in one role.
#[derive(Debug, Clone)]
pub struct RoleBindingView {
    /// Its id.
    pub id: RoleBindingId,
    /// The member.
    pub member: MemberId,
    /// A built-in role's name, or the id of one of the tenant's own.
    pub role: String,
    /// For which sessions; for all of them without one.
    pub condition: Option<Condition>,
    /// Whether its row is what was written, and can be read; one that is not gives nothing.
    pub sound: bool,
    /// Since when.
    pub created_at: Timestamp,
}

/// What came of giving a role.
#[derive(Debug)]
pub enum Given {
    /// The member has it.
    Bound(Box<RoleBindingView>),
    /// It waits for a second person.
    Proposed(ProposalId),
}

impl Roles {
    /// Who has which role; of one member only when one is named.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn bindings(
        &self,
        permit: &Permit<can::MemberList>,
        member: Option<MemberId>,
        page: Page,
    ) -> Result<Paged<RoleBindingView>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let cursors = Cursors::new(&self.parts.deployment.cursor);
        let filter = format!("role-bindings {}", member.map(|member| member.to_string()).unwrap_or_default());
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, &filter, cursor)).transpose()?;
        let read = self.parts.store.tenant_read(tenant).await?;
        let mut rows = read.role_binding_page(member, after, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, &filter, &mut rows, size, |last| last.id)?;
        let rows = self.parts.authorizer.sound(&read, rows).await?;
        drop(read);
        let items = rows.into_iter().map(|(row, sound)| view(row, sound)).collect();
        Ok(Paged { items, next_cursor })
    }

    /// Gives a member a role, for some sessions or for all; it counts within five seconds. A role that decides over others is
    /// proposed instead.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `role-held`, `own-account`; [`AppError::Forbidden`] `guarded-role`;
    /// [`AppError::Invalid`] for what is no role of members or no condition; what a proposal refuses.
    pub async fn give(
        &self,
        permit: &Permit<can::MemberManage>,
        member: MemberId,
        role: &str,
        condition: Option<Condition>,
    ) -> Result<Given, AppError> {
        let Ok(role) = role.parse::<RoleKey>() else { return Err(no_role()) };
        if let Some(condition) = &condition {
            check(condition)?;
        }
        let json = condition.as_ref().map(serde_json::to_string).transpose().map_err(AppError::internal)?;
        let (tenant, me, now) = (permit.tenant(), member_of(permit.actor())?, self.parts.clock.now());
        let authority = self.parts.authorizer.authority(tenant).await?;
        let tx = self.parts.store.tenant(tenant).await?;
        tx.member_find(member).await?.ok_or(AppError::NotFound { kind: "member" })?;
        if member == me {
            return Err(own_account("nobody changes their own roles"));
        }
        refuse_guarded(&self.parts, &tx, me, guarded(role)).await?;
        if let RoleKey::BuiltIn(role) = role
            && Change::role_takes_two(role)
        {
            let id = self.propose_role(&tx, permit, (member, role), condition.as_ref()).await?;
            tx.commit().await?;
            return Ok(Given::Proposed(id));
        }
        if let RoleKey::Custom(id) = role
            && !tx.custom_role_lock(id).await?
        {
            return Err(no_role());
        }
        for project in condition.iter().filter_map(|condition| condition.projects.as_ref()).flatten() {
            if tx.project_find(*project).await?.is_none() {
                return Err(AppError::invalid("/condition/projects", "names a project that is not there"));
            }
        }
        let id = RoleBindingId::mint(now, &*self.parts.entropy);
        let row = rows::new_binding(&authority, tenant, (id, member), role.to_string(), json, now);
        tx.role_binding_insert(row.clone()).await.map_err(|error| match error {
            StoreError::Conflict => held(),
            other => other.into(),
        })?;
        let told = Told::change(Changed::Role, None, Some(&row.role));
        self.put_on_record(&tx, permit, "role-binding.create", &row, told).await?;
        tx.member_influence_put(member, me, Influence::Promoted, now).await?;
        self.tell_of_roles(&tx, member).await?;
        tx.commit().await?;
        Ok(Given::Bound(Box::new(view(row, true))))
    }

    /// Proposes in `tx` to give a member a role that takes two people.
    async fn propose_role(
        &self,
        tx: &TenantTx,
        permit: &Permit<can::MemberManage>,
        (member, role): (MemberId, Role),
        condition: Option<&Condition>,
    ) -> Result<ProposalId, AppError> {
        if condition.is_some() {
            return Err(AppError::invalid("/condition", "cannot be set for a role that takes two people to give"));
        }
        if tx.role_binding_list(member).await?.iter().any(|binding| binding.role == role.as_str()) {
            return Err(held());
        }
        let change = Change::RoleGrant { member, role: role.to_string() };
        propose(&self.proposals.parts, tx, permit, &change).await
    }

    /// Takes a role from a member; it counts within five seconds.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `last-owner`, `own-account`; [`AppError::Forbidden`]
    /// `guarded-role`.
    pub async fn take(&self, permit: &Permit<can::MemberManage>, id: RoleBindingId) -> Result<(), AppError> {
        const NO_BINDING: AppError = AppError::NotFound { kind: "role binding" };
        let me = member_of(permit.actor())?;
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        let row = tx.role_binding_find(id).await?.ok_or(NO_BINDING)?;
        if row.member_id == me {
            return Err(own_account("nobody changes their own roles"));
        }
        if let Ok(role) = row.role.parse::<RoleKey>() {
            refuse_guarded(&self.parts, &tx, me, guarded(role)).await?;
            if role == RoleKey::BuiltIn(Role::Owner) && row.condition.is_none() {
                keep_an_owner(&tx, row.member_id).await?;
            }
        }
        if !tx.role_binding_delete(id).await? {
            return Err(NO_BINDING);
        }
        let told = Told::change(Changed::Role, Some(&row.role), None);
        self.put_on_record(&tx, permit, "role-binding.delete", &row, told).await?;
        self.tell_of_roles(&tx, row.member_id).await?;
        Ok(tx.commit().await?)
    }

    /// Puts on record which role of a member's comes or goes: that is about them.
    async fn put_on_record(
        &self,
        tx: &TenantTx,
        permit: &Permit<can::MemberManage>,
        act: &'static str,
        row: &RoleBindingRow,
        told: Told,
    ) -> Result<(), AppError> {
        let (keys, object) = (&self.parts.keys, Object::RoleBinding(RoleBindingId::from_uuid(row.id)));
        let telling = Telling::of(keys, tx, permit).await.about_member(keys, tx, row.member_id, told).await;
        self.audit().allowed_telling(tx, permit, act, object, telling).await
    }

    async fn tell_of_roles(&self, tx: &TenantTx, member: MemberId) -> Result<(), AppError> {
        let audience = Audience::HoldersAnd(Action::MemberManage, member);
        self.parts.tell(tx, NoticeKind::RoleChanged, audience, Object::Member(member)).await
    }
}

fn guarded(role: RoleKey) -> RoleSet {
    match role {
        RoleKey::BuiltIn(role) => [role].into_iter().collect(),
        RoleKey::Custom(_) => RoleSet::EMPTY,
    }
}

fn check(condition: &Condition) -> Result<(), AppError> {
    if condition.is_empty() {
        return Err(AppError::invalid("/condition", "must set a limit; leave it out for every session"));
    }
    condition.check().map_err(|bad| AppError::invalid(&format!("/condition{}", bad.pointer), bad.detail))
}

fn held() -> AppError {
    let detail = "the member has this role already".to_owned();
    AppError::Conflict { code: "role-held", detail, next: None }
}

fn no_role() -> AppError {
    AppError::invalid("/role", "is neither a role that members can hold nor one of the tenant's own")
}

fn view(row: RoleBindingRow, sound: bool) -> RoleBindingView {
    let condition = row.condition.as_deref().map(serde_json::from_str::<Condition>);
    RoleBindingView {
        id: RoleBindingId::from_uuid(row.id),
        member: row.member_id,
        role: row.role,
        sound: sound && !matches!(condition, Some(Err(_))),
        condition: condition.and_then(Result::ok),
        created_at: row.created_at,
    }
}
