//! Members of a tenant: seeing them, inviting, disabling, giving and taking roles.
//!
//! Two roles are guarded, because who holds them decides about everybody else: only an owner gives or takes `owner`, and
//! only an owner or a privacy officer `privacy-officer`; giving them takes a second person (`crate::proposals`), and nobody
//! is invited to them but at set-up. Nobody changes their own roles, and a tenant never loses its last active owner, whatever happens at the same time.

mod invitations;

use std::{collections::BTreeMap, sync::Arc};

use domain::{MemberId, PersonKeyId, Personal, RoleBindingId, Secret, TenantId, Timestamp};
use ledger::Object;
use policy::access::{Action, Permit, Role, RoleSet, can};
use store::{Influence, MemberRow, MemberState, RoleBindingRow, TenantTx};
use url::Url;
use vault::{Key32, authority::Authority};

pub use invitations::{AcceptInput, InvitationLink, InvitationView, Invited};
pub(crate) use invitations::{Minted, invitation_link, write_invitation};

use crate::{
    AppError, Page, Paged,
    auth::{self, LOGIN_EMAIL, member_of},
    columns,
    details::{Changed, Telling, Told},
    factors::{Demand, NO_FACTOR},
    notices::{Audience, NoticeKind},
    paging::Cursors,
    people,
    rights::{built_in, rows},
};

const NO_MEMBER: AppError = AppError::NotFound { kind: "member" };

/// A member, as those who may see members see them.
#[derive(Debug, Clone)]
pub struct MemberView {
    /// Their id.
    pub id: MemberId,
    /// Name; none when their key is gone.
    pub name: Option<Personal<String>>,
    /// E-mail address; none when their key is gone.
    pub email: Option<Personal<String>>,
    /// Built-in roles.
    pub roles: Vec<Role>,
    /// Names of the tenant's own roles that they have.
    pub own_roles: Vec<String>,
    /// Whether they may sign in.
    pub active: bool,
    /// Since when they are a member.
    pub created_at: Timestamp,
}

/// Use cases of members.
#[derive(Clone)]
pub struct Members {
    pub(crate) parts: Arc<auth::Parts>,
}

/// A member to be, whose texts were checked.
pub(crate) struct NewRow<'a> {
    pub(crate) id: MemberId,
    pub(crate) person: PersonKeyId,
    pub(crate) key: &'a Key32,
    pub(crate) name: &'a Personal<String>,
    /// Sealed already, or to be.
    pub(crate) email_sealed: Vec<u8>,
    pub(crate) email_hash: [u8; 32],
    pub(crate) password_hash: String,
    pub(crate) roles: RoleSet,
}

impl Members {
    /// The tenant's members, by id.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn list(&self, permit: &Permit<can::MemberList>, page: Page) -> Result<Paged<MemberView>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let cursors = Cursors::new(&self.parts.deployment.cursor);
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, "members", cursor)).transpose()?;
        let read = self.parts.store.tenant_read(tenant).await?;
        let mut rows = read.member_page(after, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, "members", &mut rows, size, |last| last.id)?;
        let ids: Vec<MemberId> = rows.iter().map(|row| row.id).collect();
        let bindings = self.parts.authorizer.sound(&read, read.role_binding_of(&ids).await?).await?;
        let mut own = self.parts.authorizer.own_names(&read, &bindings).await?;
        let mut roles = by_member(bindings);
        drop(read);
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let held = (roles.remove(&row.id).unwrap_or_default(), own.remove(&row.id).unwrap_or_default());
            items.push(self.view(row, held).await);
        }
        Ok(Paged { items, next_cursor })
    }

    /// One member.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn find(&self, permit: &Permit<can::MemberList>, id: MemberId) -> Result<MemberView, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let row = read.member_find(id).await?.ok_or(NO_MEMBER)?;
        let bindings = self.parts.authorizer.sound(&read, read.role_binding_list(id).await?).await?;
        let own = self.parts.authorizer.own_names(&read, &bindings).await?.remove(&id).unwrap_or_default();
        drop(read);
        Ok(self.view(row, (built_in(&bindings), own)).await)
    }

    /// Ends a member's access within five seconds: sign-ins, tokens, API keys, open links. Again changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `last-owner`, `own-account`; [`AppError::Forbidden`]
    /// `guarded-role` for an owner or privacy officer when the caller could not give that role.
    pub async fn disable(&self, permit: &Permit<can::MemberManage>, id: MemberId) -> Result<(), AppError> {
        let (me, now) = (member_of(permit.actor())?, self.parts.clock.now());
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        let row = tx.member_find(id).await?.ok_or(NO_MEMBER)?;
        if id == me {
            return Err(own_account("nobody disables their own account"));
        }
        refuse_guarded(&self.parts, &tx, me, self.parts.authorizer.roles(&tx, id).await?).await?;
        keep_an_owner(&tx, id).await?;
        if self.moved(&tx, &row, MemberState::Disabled).await? {
            tx.login_revoke_member(id, now).await?;
            tx.password_reset_end(id, now).await?;
            self.put_on_record(&tx, permit, "member.disable", id, state(&row, MemberState::Disabled)).await?;
            let holders = Audience::Holders(Action::MemberManage);
            self.parts.tell(&tx, NoticeKind::MemberDisabled, holders, Object::Member(id)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Gives a disabled member their access back; they sign in anew. Again changes nothing.
    ///
    /// # Errors
    /// As [`Members::disable`].
    pub async fn enable(&self, permit: &Permit<can::MemberManage>, id: MemberId) -> Result<(), AppError> {
        let me = member_of(permit.actor())?;
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        let row = tx.member_find(id).await?.ok_or(NO_MEMBER)?;
        refuse_guarded(&self.parts, &tx, me, self.parts.authorizer.roles(&tx, id).await?).await?;
        if self.moved(&tx, &row, MemberState::Active).await? {
            self.put_on_record(&tx, permit, "member.enable", id, state(&row, MemberState::Active)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Moves a member to another state. A row that was not ours before is not ours afterwards: it stays nobody's until its
    /// password is set anew.
    async fn moved(&self, tx: &TenantTx, row: &MemberRow, to: MemberState) -> Result<bool, AppError> {
        let authority = self.parts.authorizer.authority_by(tx).await?;
        let mac = if rows::member(row, |of| authority.holds(of, &row.mac)) {
            rows::member(&MemberRow { state: to, ..row.clone() }, |of| authority.mac(of)).to_vec()
        } else {
            Vec::new()
        };
        Ok(tx.member_state_set(row, to, &mac).await?)
    }

    /// Takes every second factor and recovery code of a member away who lost them, and ends their sign-ins: the password is
    /// what proves them until they enrol anew. Whoever does this counts as tied to that member for thirty days, and cannot be
    /// the other one of two people with them.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `own-account`, `no-factor`; [`AppError::Forbidden`] `guarded-role`;
    /// [`AppError::StepUpRequired`].
    pub async fn factors_reset(&self, permit: &Permit<can::MemberManage>, id: MemberId) -> Result<(), AppError> {
        let (parts, me, now) = (&self.parts, member_of(permit.actor())?, self.parts.clock.now());
        parts.require_fresh(permit, Demand::Any, parts.fresh_for()).await?;
        let tx = parts.store.tenant(permit.tenant()).await?;
        if !tx.member_lock(id).await? {
            return Err(NO_MEMBER);
        }
        if id == me {
            return Err(own_account("nobody takes their own factors away like this; remove them on the security page"));
        }
        refuse_guarded(parts, &tx, me, parts.authorizer.roles(&tx, id).await?).await?;
        let factors = tx.factor_list(id).await?;
        if factors.is_empty() {
            return Err(NO_FACTOR.error());
        }
        let told = Told::change(Changed::Factors, Some(&factors.len().to_string()), Some("0"));
        for factor in factors {
            tx.factor_remove(id, factor.id).await?;
        }
        tx.recovery_code_end(id, now).await?;
        tx.login_revoke_member(id, now).await?;
        tx.member_influence_put(id, me, Influence::Reset, now).await?;
        self.put_on_record(&tx, permit, "factor.reset", id, told).await?;
        parts.tell(&tx, NoticeKind::FactorRemoved, Audience::Member(id), Object::Member(id)).await?;
        Ok(tx.commit().await?)
    }

    /// Puts on record what is done to a member: what it changes is about them, where from about whoever does it.
    async fn put_on_record(
        &self,
        tx: &TenantTx,
        permit: &Permit<can::MemberManage>,
        act: &'static str,
        member: MemberId,
        told: Told,
    ) -> Result<(), AppError> {
        let keys = &self.parts.keys;
        let telling = Telling::of(keys, tx, permit).await.about_member(keys, tx, member, told).await;
        self.parts.audit().allowed_telling(tx, permit, act, Object::Member(member), telling).await
    }

    async fn view(&self, row: MemberRow, (roles, own_roles): (RoleSet, Vec<String>)) -> MemberView {
        let columns =
            [(columns::MEMBER_NAME, row.name_sealed.as_slice()), (columns::MEMBER_EMAIL, row.email_sealed.as_slice())];
        let [name, email] = people::opened_for_list(&self.parts.keys, row.tenant_id, row.person_key_id, columns).await;
        MemberView {
            id: row.id,
            name,
            email,
            roles: roles.iter().collect(),
            own_roles,
            active: row.state == MemberState::Active,
            created_at: row.created_at,
        }
    }
}

/// Adds a member with roles and makes their address findable; an address that is a member's already is `None`.
pub(crate) async fn insert_member(
    parts: &auth::Parts,
    tx: &TenantTx,
    authority: &Authority,
    new: NewRow<'_>,
) -> Result<Option<MemberId>, AppError> {
    let (tenant, now) = (tx.tenant(), parts.clock.now());
    let NewRow { id, person, key, name, email_sealed, email_hash, password_hash, roles } = new;
    match tx.credential_put(LOGIN_EMAIL, &email_hash, id.uuid()).await {
        Err(store::StoreError::Conflict) => return Ok(None),
        outcome => outcome?,
    }
    let row = MemberRow {
        tenant_id: tenant,
        id,
        person_key_id: person,
        email_sealed,
        name_sealed: people::sealed(columns::MEMBER_NAME, tenant, person, key, name, &*parts.entropy),
        password_hash,
        state: MemberState::Active,
        authz_epoch: 1,
        password_epoch: 1,
        created_at: now,
        mac: Vec::new(),
    };
    let mac = rows::member(&row, |of| authority.mac(of)).to_vec();
    tx.member_insert(MemberRow { mac, ..row }).await?;
    for role in roles.iter() {
        let binding = RoleBindingId::mint(now, &*parts.entropy);
        let row = rows::new_binding(authority, tenant, (binding, id), role.to_string(), None, now);
        tx.role_binding_insert(row).await?;
    }
    Ok(Some(id))
}

/// A member's move to another state, as it is put on record.
fn state(row: &MemberRow, to: MemberState) -> Told {
    Told::change(Changed::State, Some(row.state.as_str()), Some(to.as_str()))
}

/// Refuses when `id` is the last active owner. Holds all active owners until the transaction ends.
pub(crate) async fn keep_an_owner(tx: &TenantTx, id: MemberId) -> Result<(), AppError> {
    let owners = tx.member_hold_role(Role::Owner.as_str()).await?;
    if owners.contains(&id) && owners.len() == 1 {
        let detail = "a tenant keeps at least one active owner; make somebody else an owner first".to_owned();
        return Err(AppError::Conflict { code: "last-owner", detail, next: None });
    }
    Ok(())
}

/// Refuses when one of `roles` is guarded and `by` could not give it.
pub(crate) async fn refuse_guarded(
    parts: &auth::Parts,
    tx: &TenantTx,
    by: MemberId,
    roles: RoleSet,
) -> Result<(), AppError> {
    let own = parts.authorizer.roles(tx, by).await?;
    match roles.iter().find(|role| !may_give(own, *role)) {
        None => Ok(()),
        Some(_) => Err(AppError::Forbidden {
            code: "guarded-role",
            detail: "only an owner decides about owners, and only an owner or privacy officer about privacy officers",
        }),
    }
}

/// Whether somebody with the roles `own`, who may manage or invite members, may decide about members with `role`.
pub(crate) const fn may_give(own: RoleSet, role: Role) -> bool {
    match role {
        Role::Owner => own.contains(Role::Owner),
        Role::PrivacyOfficer => own.contains(Role::Owner) || own.contains(Role::PrivacyOfficer),
        _ => true,
    }
}

pub(crate) fn own_account(detail: &str) -> AppError {
    AppError::Conflict { code: "own-account", detail: detail.to_owned(), next: None }
}

fn by_member(rows: Vec<(RoleBindingRow, bool)>) -> BTreeMap<MemberId, RoleSet> {
    let mut roles: BTreeMap<MemberId, Vec<Role>> = BTreeMap::new();
    for (row, _) in rows.into_iter().filter(|(_, sound)| *sound) {
        roles.entry(row.member_id).or_default().extend(row.role.parse::<Role>().ok());
    }
    roles.into_iter().map(|(member, roles)| (member, roles.into_iter().collect())).collect()
}

/// A page of the console with a token behind `#`, where no server and no log sees it.
pub(crate) fn link(console: &Url, page: &str, token: &Secret<String>) -> Secret<String> {
    let mut url = console.clone();
    url.set_path(page);
    url.set_fragment(Some(token.expose()));
    Secret::new(url.into())
}

/// The name that a tenant's rows have in look-ups by address.
pub(crate) async fn slug_of(parts: &auth::Parts, tenant: TenantId) -> Result<String, AppError> {
    let row = parts.store.tenant_read(tenant).await?.tenant_find().await?;
    Ok(row.ok_or(AppError::NotFound { kind: "tenant" })?.slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_06_only_owners_make_owners() {
        let set = |role: Role| RoleSet::from_iter([role]);
        for giver in Role::of_members() {
            for role in Role::of_members() {
                let want = match role {
                    Role::Owner => giver == Role::Owner,
                    Role::PrivacyOfficer => matches!(giver, Role::Owner | Role::PrivacyOfficer),
                    _ => true,
                };
                assert_eq!(may_give(set(giver), role), want, "{giver} gives {role}");
            }
        }
    }

    #[test]
    fn a_link_has_its_token_where_no_server_sees_it() {
        let console = Url::parse("https://sealtape.example.com").expect("a url");
        let link = link(&console, "/invitation", &Secret::new("abc_-9".to_owned()));
        assert_eq!(link.expose(), "https://sealtape.example.com/invitation#abc_-9");
    }
}
