//! Invitations: an address is asked to become a member with certain roles.
//!
//! The link holds a token that is good once and for 72 hours; only its hash is stored. The person's key is made with the
//! invitation and becomes the member's, or is destroyed when the invitation is withdrawn. Roles are given at acceptance,
//! if whoever invited could still give them then.

use std::{sync::Arc, time::Duration};

use domain::{InvitationId, MemberId, PersonKeyId, Personal, RequestId, Secret, TenantId, Timestamp};
use ledger::Object;
use policy::{
    access::{Action, Permit, Role, RoleSet, can},
    proposals::Change,
};
use store::{Influence, InvitationRow, InvitationState, StoreError, TenantTx};
use url::Url;
use vault::{Key32, authority::Authority};

use super::{Members, NewRow, insert_member, link, may_give, refuse_guarded, slug_of};
use crate::{
    AppError, Page, Paged,
    attempts::What,
    auth::{self, LOGIN_EMAIL, TokenTry, checked_password, member_of},
    columns,
    details::{Changed, Telling, Told},
    mail::{Letter, LetterKind},
    notices::{Audience, NoticeKind},
    once::{self, Once},
    opaque,
    paging::Cursors,
    people,
    rights::rows,
};

/// The kind of credential index row that an invitation's token has.
const INVITATION: &str = "invitation";
/// How long a link is good.
const LIFE: Duration = Duration::from_secs(72 * 3_600);
/// The console's page that a link leads to.
const PAGE: &str = "/invitation";

const NO_INVITATION: AppError = AppError::NotFound { kind: "invitation" };
/// One answer for every token that is not good, whatever the reason.
const BAD_TOKEN: AppError =
    AppError::Gone { code: "link-not-good", detail: "this link is not good any more, or never was; ask for a new one" };

/// An invitation that waits.
#[derive(Debug, Clone)]
pub struct InvitationView {
    /// Its id.
    pub id: InvitationId,
    /// The address; none when its key is gone.
    pub email: Option<Personal<String>>,
    /// The roles that the member will have.
    pub roles: Vec<String>,
    /// Who invited.
    pub invited_by: MemberId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its link was last sent.
    pub sent_at: Timestamp,
    /// When that link ends; it can be sent again.
    pub expires_at: Timestamp,
}

/// A link to hand to the invited person; shown once.
#[derive(Debug)]
pub struct InvitationLink {
    /// The invitation.
    pub id: InvitationId,
    /// The address to open.
    pub url: Secret<String>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What an invited person sees before they accept.
#[derive(Debug)]
pub struct Invited {
    /// The tenant's name.
    pub tenant: String,
    /// Their address.
    pub email: Personal<String>,
    /// The roles that they will have.
    pub roles: Vec<String>,
    /// When the link ends.
    pub expires_at: Timestamp,
}

/// What an invited person sends to become a member.
#[derive(Debug)]
pub struct AcceptInput {
    /// The token of their link.
    pub token: Secret<String>,
    /// Their name.
    pub name: Personal<String>,
    /// Their password.
    pub password: Secret<String>,
    /// The request.
    pub request: RequestId,
}

impl Members {
    /// Invitations that wait, newest first; those whose link has ended too.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn invitations(
        &self,
        permit: &Permit<can::MemberList>,
        page: Page,
    ) -> Result<Paged<InvitationView>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let cursors = Cursors::new(&self.parts.deployment.cursor);
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, "invitations", cursor)).transpose()?;
        let read = self.parts.store.tenant_read(tenant).await?;
        let mut rows = read.invitation_page(after, size as u64 + 1).await?;
        drop(read);
        let next_cursor = cursors.cut(tenant, "invitations", &mut rows, size, |last| last.id)?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let column = [(columns::MEMBER_EMAIL, row.email_sealed.as_slice())];
            let [email] = people::opened_for_list(&self.parts.keys, tenant, row.person_key_id, column).await;
            items.push(InvitationView {
                id: row.id,
                email,
                roles: row.roles,
                invited_by: row.invited_by,
                created_at: row.created_at,
                sent_at: row.sent_at,
                expires_at: row.expires_at,
            });
        }
        Ok(Paged { items, next_cursor })
    }

    /// Invites an address.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `already-member`, `already-invited`, `takes-two-people`; [`AppError::Forbidden`] `guarded-role`;
    /// [`AppError::Invalid`]; [`AppError::TooMany`].
    pub async fn invite(
        &self,
        permit: &Permit<can::MemberInvite>,
        email: &Personal<String>,
        roles: &[String],
        once: Option<Once>,
    ) -> Result<InvitationLink, AppError> {
        let email = people::checked_email("/email", email)?;
        let roles = checked_roles(roles)?;
        let (tenant, me) = (permit.tenant(), member_of(permit.actor())?);
        self.parts.attempts.admit(What::Invite, None, Some(&opaque::hash(&me.to_string()))).await?;
        let hash = self.parts.email_hash(email.expose());
        let slug = slug_of(&self.parts, tenant).await?;
        if self.parts.store.lookup_credential(LOGIN_EMAIL, &hash, Some(&slug)).await?.is_some() {
            return Err(already("already-member", "this address is a member's already"));
        }
        let tx = self.parts.store.tenant(tenant).await?;
        let minted = Minted::new(&self.parts, once);
        // The address only as its keyed hash: what is claimed is stored.
        let mut asked = vec![crate::hex(&hash)];
        asked.extend(roles.iter().map(|role| role.to_string()));
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        if let Some(earlier) = once::claim(once, &tx, permit, &asked, minted.id.uuid(), self.parts.clock.now()).await? {
            return self.made_before(&tx, InvitationId::from_uuid(earlier), once).await;
        }
        refuse_guarded(&self.parts, &tx, me, roles).await?;
        if roles.iter().any(Change::role_takes_two) {
            let detail =
                "nobody is invited to this role; invite to another one, and give this one with a second person";
            return Err(already("takes-two-people", detail));
        }
        let (person, key) = self.parts.keys.create_person(&tx, "member").await?;
        let authority = self.parts.authorizer.authority_by(&tx).await?;
        let invitation =
            write_invitation(&self.parts, &tx, &authority, (person, &key), &email, (me, roles), minted).await;
        let (id, token, expires_at) = match invitation {
            Err(StoreError::Conflict) => {
                return Err(already("already-invited", "this address was invited already; send that invitation again"));
            }
            outcome => outcome?,
        };
        // Whom it is about has a key already, and no account yet. Their address stays with the invitation alone.
        let given = roles.iter().map(|role| Told::change(Changed::Role, None, Some(role.as_str())));
        let told = given.fold(Told::default(), Told::and);
        let telling = Telling::of(&self.parts.keys, &tx, permit).await.about(person, Arc::new(key), told);
        self.parts.audit().allowed_telling(&tx, permit, "invitation.create", Object::Invitation(id), telling).await?;
        let url = self.mail_invitation(&tx, person, email, &token).await?;
        tx.commit().await?;
        Ok(InvitationLink { id, url, expires_at })
    }

    /// Makes a new link for an invitation that waits; the one before is not good any more.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] `guarded-role`, [`AppError::TooMany`].
    pub async fn invitation_resend(
        &self,
        permit: &Permit<can::MemberInvite>,
        id: InvitationId,
    ) -> Result<InvitationLink, AppError> {
        let (tenant, me, now) = (permit.tenant(), member_of(permit.actor())?, self.parts.clock.now());
        self.parts.attempts.admit(What::Invite, None, Some(&opaque::hash(&me.to_string()))).await?;
        let token = opaque::fresh(&*self.parts.entropy);
        let (hash, expires_at) = (opaque::hash(token.expose()), now.plus(LIFE));
        let row = self.parts.store.tenant_read(tenant).await?.invitation_find(id).await?;
        let row = row.filter(waits).ok_or(NO_INVITATION)?;
        let authority = self.parts.authorizer.authority(tenant).await?;
        if !rows::invitation(&row, |of| authority.holds(of, &row.mac)) {
            self.parts.authorizer.distrust(tenant, Object::Invitation(id), &row.mac).await;
            return Err(NO_INVITATION);
        }
        let person = row.person_key_id;
        let key = self.parts.keys.person(tenant, person).await?;
        let email = people::opened(columns::MEMBER_EMAIL, tenant, person, &key, &row.email_sealed)?;
        let tx = self.parts.store.tenant(tenant).await?;
        refuse_guarded(&self.parts, &tx, me, role_set(&row.roles)).await?;
        let renewed = InvitationRow { token_hash: hash, expires_at, ..row.clone() };
        let mac = rows::invitation(&renewed, |of| authority.mac(of));
        if !tx.invitation_renew(id, &row.token_hash, &hash, now, expires_at, &mac).await? {
            return Err(NO_INVITATION);
        }
        tx.credential_drop(INVITATION, &row.token_hash).await?;
        tx.credential_put(INVITATION, &hash, id.uuid()).await?;
        self.parts.audit().allowed(&tx, permit, "invitation.resend", Object::Invitation(id)).await?;
        let url = self.mail_invitation(&tx, person, email, &token).await?;
        tx.commit().await?;
        Ok(InvitationLink { id, url, expires_at })
    }

    /// The answer to an invitation that is sent again, while its link is the one that was answered then.
    async fn made_before(
        &self,
        tx: &TenantTx,
        id: InvitationId,
        once: Option<Once>,
    ) -> Result<InvitationLink, AppError> {
        let row = tx.invitation_find(id).await?.ok_or(NO_INVITATION)?;
        let token = Minted::of(&self.parts, id, once).token;
        if !waits(&row) || !opaque::same(row.token_hash, opaque::hash(token.expose())) {
            return Err(already(
                "already-invited",
                "this address was invited by this request, and much has happened since",
            ));
        }
        Ok(InvitationLink { id, url: link(&self.parts.console, PAGE, &token), expires_at: row.expires_at })
    }

    /// Mails the link to whoever is invited, and says what it is.
    async fn mail_invitation(
        &self,
        tx: &TenantTx,
        person: PersonKeyId,
        to: Personal<String>,
        token: &Secret<String>,
    ) -> Result<Secret<String>, AppError> {
        let url = link(&self.parts.console, PAGE, token);
        let post = &self.parts.notices.post;
        let locale = post.locale_for(tx, None).await?;
        let target = Url::parse(url.expose()).map_err(AppError::internal)?;
        post.enqueue(tx, Letter { kind: LetterKind::Invitation, to, person, link: Some(target), locale }).await?;
        Ok(url)
    }

    /// Takes an invitation back and destroys the key of the address. Again changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `already-member` for one that was accepted.
    pub async fn invitation_withdraw(
        &self,
        permit: &Permit<can::MemberInvite>,
        id: InvitationId,
    ) -> Result<(), AppError> {
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        let row = tx.invitation_find(id).await?.ok_or(NO_INVITATION)?;
        if row.state == InvitationState::Accepted {
            return Err(already("already-member", "the invitation was accepted; disable the member instead"));
        }
        if tx.invitation_end(id, &row.token_hash, InvitationState::Withdrawn).await? {
            tx.credential_drop(INVITATION, &row.token_hash).await?;
            tx.person_key_shred(row.person_key_id).await?;
            self.parts.audit().allowed(&tx, permit, "invitation.withdraw", Object::Invitation(id)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What a link is for.
    ///
    /// # Errors
    /// [`AppError::Gone`] `link-not-good` for every reason alike.
    pub async fn invitation_look(&self, _: TokenTry, token: &Secret<String>) -> Result<Invited, AppError> {
        let (tenant, row) = self.behind(token).await?.ok_or(BAD_TOKEN)?;
        let home = self.parts.store.tenant_read(tenant).await?.tenant_find().await?.ok_or(BAD_TOKEN)?;
        let key = self.parts.keys.person(tenant, row.person_key_id).await?;
        let email = people::opened(columns::MEMBER_EMAIL, tenant, row.person_key_id, &key, &row.email_sealed)?;
        Ok(Invited { tenant: home.name, email, roles: row.roles, expires_at: row.expires_at })
    }

    /// Makes a member of who holds the link. They sign in afterwards.
    ///
    /// # Errors
    /// [`AppError::Gone`] `link-not-good` for every reason alike, [`AppError::Invalid`].
    pub async fn invitation_accept(&self, _: TokenTry, input: AcceptInput) -> Result<(), AppError> {
        let parts = &self.parts;
        let (tenant, row) = self.behind(&input.token).await?.ok_or(BAD_TOKEN)?;
        let key = parts.keys.person(tenant, row.person_key_id).await?;
        let email = people::opened(columns::MEMBER_EMAIL, tenant, row.person_key_id, &key, &row.email_sealed)?;
        let name = people::checked_name("/name", &input.name)?;
        checked_password("/password", &input.password, email.expose())?;
        let password_hash = parts.passwords.hash(&input.password, &*parts.entropy).await?;
        let member = MemberId::mint(parts.clock.now(), &*parts.entropy);

        let authority = parts.authorizer.authority(tenant).await?;
        let tx = parts.store.tenant(tenant).await?;
        if !tx.invitation_end(row.id, &row.token_hash, InvitationState::Accepted).await? {
            return Err(BAD_TOKEN);
        }
        let roles = self.still_given(&tx, &row).await?.ok_or(BAD_TOKEN)?;
        tx.credential_drop(INVITATION, &row.token_hash).await?;
        let new = NewRow {
            id: member,
            person: row.person_key_id,
            key: &key,
            name: &name,
            email_sealed: row.email_sealed.clone(),
            email_hash: row.email_hash,
            password_hash,
            roles,
        };
        insert_member(parts, &tx, &authority, new).await?.ok_or(BAD_TOKEN)?;
        tx.member_influence_put(member, row.invited_by, Influence::Invited, parts.clock.now()).await?;
        let object = Object::Invitation(row.id);
        parts.audit().proven(&tx, member, "invitation.accept", object, "invitation-token", input.request).await?;
        let holders = Audience::Holders(Action::MemberManage);
        parts.tell(&tx, NoticeKind::MemberJoined, holders, Object::Member(member)).await?;
        Ok(tx.commit().await?)
    }

    /// The invitation that a token is good for now.
    async fn behind(&self, token: &Secret<String>) -> Result<Option<(TenantId, InvitationRow)>, AppError> {
        let hash = opaque::hash(token.expose());
        let Some(found) = self.parts.store.lookup_credential(INVITATION, &hash, None).await? else { return Ok(None) };
        let read = self.parts.store.tenant_read(found.tenant_id).await?;
        let row = read.invitation_find(InvitationId::from_uuid(found.id)).await?;
        let now = self.parts.clock.now();
        let good = row.filter(|row| waits(row) && row.expires_at > now && opaque::same(row.token_hash, hash));
        let Some(row) = good else { return Ok(None) };
        let authority = self.parts.authorizer.authority_by(&read).await?;
        if rows::invitation(&row, |of| authority.holds(of, &row.mac)) {
            return Ok(Some((found.tenant_id, row)));
        }
        self.parts.authorizer.distrust(found.tenant_id, Object::Invitation(row.id), &row.mac).await;
        Ok(None)
    }

    /// The roles of an invitation, when whoever invited could still give all of them.
    async fn still_given(&self, tx: &TenantTx, row: &InvitationRow) -> Result<Option<RoleSet>, AppError> {
        let Some(inviter) = self.parts.authorizer.active(tx, row.invited_by).await? else { return Ok(None) };
        let own = self.parts.authorizer.roles(tx, inviter.id).await?;
        let roles = role_set(&row.roles);
        let given = self.parts.authorizer.may(tx, inviter.id, Action::MemberInvite).await?
            && roles.iter().all(|role| may_give(own, role))
            && roles.iter().count() == row.roles.len();
        Ok(given.then_some(roles))
    }
}

/// An invitation to be: its id and its token.
pub(crate) struct Minted {
    id: InvitationId,
    token: Secret<String>,
}

impl Minted {
    /// Fresh ones; the token follows from the request's key when it has one.
    pub(crate) fn new(parts: &auth::Parts, once: Option<Once>) -> Self {
        Self::of(parts, InvitationId::mint(parts.clock.now(), &*parts.entropy), once)
    }

    fn of(parts: &auth::Parts, id: InvitationId, once: Option<Once>) -> Self {
        Self { id, token: opaque::of(once::secret(once, &parts.deployment.lookup, id.uuid(), &*parts.entropy)) }
    }
}

/// Writes an invitation in the transaction of whoever invites; the id, the token and its end.
pub(crate) async fn write_invitation(
    parts: &auth::Parts,
    tx: &TenantTx,
    authority: &Authority,
    (person, key): (PersonKeyId, &Key32),
    email: &Personal<String>,
    (by, roles): (MemberId, RoleSet),
    Minted { id, token }: Minted,
) -> Result<(InvitationId, Secret<String>, Timestamp), StoreError> {
    let (tenant, now) = (tx.tenant(), parts.clock.now());
    let token_hash = opaque::hash(token.expose());
    let expires_at = now.plus(LIFE);
    let row = InvitationRow {
        tenant_id: tenant,
        id,
        person_key_id: person,
        email_sealed: people::sealed(columns::MEMBER_EMAIL, tenant, person, key, email, &*parts.entropy),
        email_hash: parts.email_hash(email.expose()),
        token_hash,
        roles: roles.iter().map(|role| role.to_string()).collect(),
        invited_by: by,
        state: InvitationState::Pending,
        created_at: now,
        sent_at: now,
        expires_at,
        mac: Vec::new(),
    };
    tx.invitation_insert(rows::sealed_invitation(authority, row)).await?;
    tx.credential_put(INVITATION, &token_hash, id.uuid()).await?;
    Ok((id, token, expires_at))
}

/// The link to an invitation's page.
pub(crate) fn invitation_link(console: &url::Url, token: &Secret<String>) -> Secret<String> {
    link(console, PAGE, token)
}

fn waits(row: &InvitationRow) -> bool {
    row.state == InvitationState::Pending
}

fn role_set(names: &[String]) -> RoleSet {
    names.iter().filter_map(|name| name.parse::<Role>().ok()).collect()
}

/// A role that members can hold, by its exact name.
fn checked_role(pointer: &str, name: &str) -> Result<Role, AppError> {
    name.parse().map_err(|_| AppError::invalid(pointer, "is not the name of a role that members can hold"))
}

fn checked_roles(names: &[String]) -> Result<RoleSet, AppError> {
    if names.is_empty() {
        return Err(AppError::invalid("/roles", "must name at least one role"));
    }
    names.iter().enumerate().map(|(index, name)| checked_role(&format!("/roles/{index}"), name)).collect()
}

fn already(code: &'static str, detail: &str) -> AppError {
    AppError::Conflict { code, detail: detail.to_owned(), next: None }
}
