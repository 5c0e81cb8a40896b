//! Setting a forgotten password anew, by a link that is mailed to the member.
//!
//! Asking is answered before anything is looked up, so neither the answer nor its time tells whether an address is known.
//! A link is good once and for an hour. It ends every sign-in and every other link of its member, signs nobody in, and takes
//! no second factor away: who has one is asked for it at the next sign-in.

use std::time::Duration;

use domain::{MemberId, PasswordResetId, Personal, RequestId, Secret, TenantId};
use ledger::Object;
use store::{MemberRow, MemberState, PasswordResetRow};

use super::{Auth, LOGIN_EMAIL, Parts, Place, TokenTry, checked_password};
use crate::{
    AppError,
    attempts::What,
    columns,
    limits::Allowance,
    mail::{Letter, LetterKind},
    members::link,
    notices::{Audience, NoticeKind},
    opaque, people,
    rights::rows,
    tenants::check_slug,
};

/// The kind of credential index row that a reset's token has.
pub(crate) const PASSWORD_RESET: &str = "password-reset";
/// How long a link is good.
const LIFE: Duration = Duration::from_secs(3_600);
/// Most links of one member that are open; who asks for more has them in the mailbox already.
const OPEN: usize = 3;
/// The console's page that a link leads to.
const PAGE: &str = "/reset";

/// One answer for every token that is not good, whatever the reason.
const BAD_TOKEN: AppError =
    AppError::Gone { code: "link-not-good", detail: "this link is not good any more, or never was; ask for a new one" };

/// Who forgot a password.
#[derive(Debug)]
pub struct ForgotInput {
    /// E-mail address.
    pub email: Personal<String>,
    /// Which tenant, for a person who belongs to several.
    pub tenant: Option<String>,
    /// The request.
    pub request: RequestId,
}

impl Auth {
    /// Mails a link to the member with this address, when there is one. What is left of the limit.
    ///
    /// # Errors
    /// [`AppError::TooMany`], for known and unknown addresses alike.
    pub async fn password_forgot(&self, input: ForgotInput, place: Place) -> Result<Allowance, AppError> {
        let parts = self.shared();
        let address = parts.email_hash(input.email.expose());
        let allowance = parts.attempts.admit(What::Reset, Some(place.address()), Some(&address)).await?;
        // Apart from the answer: it is the same, and as fast, whatever is found.
        tokio::spawn(async move {
            if let Err(error) = parts.mail_reset(&address, input.tenant.as_deref(), input.request).await {
                tracing::warn!(request.id = %input.request, error = ?error, "a link for a new password was not mailed");
            }
        });
        Ok(allowance)
    }

    /// Sets a new password for who holds the link. They sign in afterwards, with their second factor if they have one.
    ///
    /// # Errors
    /// [`AppError::Gone`] `link-not-good` for every reason alike, [`AppError::Invalid`] for a password that will not do.
    pub async fn password_reset(
        &self,
        _: TokenTry,
        token: &Secret<String>,
        new: &Secret<String>,
        request: RequestId,
    ) -> Result<(), AppError> {
        let parts = self.parts();
        let (member, row) = parts.behind_reset(token).await?.ok_or(BAD_TOKEN)?;
        let (tenant, person) = (member.tenant_id, member.person_key_id);
        let key = parts.keys.person(tenant, person).await?;
        let email = people::opened(columns::MEMBER_EMAIL, tenant, person, &key, &member.email_sealed)?;
        checked_password("/new_password", new, email.expose())?;
        let hash = parts.passwords.hash(new, &*parts.entropy).await?;
        let now = parts.clock.now();
        let mac = rows::password_mac(&parts.authorizer.authority(tenant).await?, &member, &hash);
        let tx = parts.store.tenant(tenant).await?;
        // The member first, as whoever locks one does.
        if !tx.member_password_set(member.id, row.password_epoch, &hash, &mac).await?
            || !tx.password_reset_use(row.id, now).await?
        {
            return Err(BAD_TOKEN);
        }
        tx.password_reset_end(member.id, now).await?;
        tx.login_revoke_member(member.id, now).await?;
        let object = Object::Member(member.id);
        parts.audit().proven(&tx, member.id, "password.reset", object, "reset-token", request).await?;
        parts.tell(&tx, NoticeKind::PasswordChanged, Audience::Member(member.id), object).await?;
        Ok(tx.commit().await?)
    }
}

impl Parts {
    /// Mails a link to the one active member behind an address, unless enough are open.
    async fn mail_reset(&self, address: &[u8; 32], slug: Option<&str>, request: RequestId) -> Result<(), AppError> {
        // As at sign-in: what cannot be a slug names no tenant, and an address in several takes a name.
        let slug = slug.map(|slug| if check_slug(slug).is_ok() { slug } else { "" });
        let Some(found) = self.store.lookup_credential(LOGIN_EMAIL, address, slug).await? else { return Ok(()) };
        let tenant: TenantId = found.tenant_id;
        let read = self.store.tenant_read(tenant).await?;
        let member = read.member_find(MemberId::from_uuid(found.id)).await?;
        let Some(member) = member.filter(|member| member.state == MemberState::Active) else { return Ok(()) };
        let locale = self.notices.post.locale_for(&read, Some(member.id)).await?;
        drop(read);
        let person = member.person_key_id;
        let key = self.keys.person(tenant, person).await?;
        let to = people::opened(columns::MEMBER_EMAIL, tenant, person, &key, &member.email_sealed)?;
        let now = self.clock.now();
        let id = PasswordResetId::mint(now, &*self.entropy);
        let token = opaque::fresh(&*self.entropy);
        let token_hash = opaque::hash(token.expose());
        let tx = self.store.tenant(tenant).await?;
        tx.member_lock(member.id).await?;
        let open = tx.password_reset_open(member.id).await?;
        if open.iter().filter(|row| row.expires_at > now).count() >= OPEN {
            return Ok(());
        }
        let row = PasswordResetRow {
            tenant_id: tenant,
            id,
            member_id: member.id,
            token_hash,
            password_epoch: member.password_epoch,
            created_at: now,
            expires_at: now.plus(LIFE),
            used_at: None,
            mac: Vec::new(),
        };
        let authority = self.authorizer.authority_by(&tx).await?;
        let mac = rows::password_reset(&row, |of| authority.mac(of)).to_vec();
        tx.password_reset_insert(PasswordResetRow { mac, ..row }).await?;
        tx.credential_put(PASSWORD_RESET, &token_hash, id.uuid()).await?;
        let link = url::Url::parse(link(&self.console, PAGE, &token).expose()).map_err(AppError::internal)?;
        let letter = Letter { kind: LetterKind::PasswordReset, to, person, link: Some(link), locale };
        self.notices.post.enqueue(&tx, letter).await?;
        let object = Object::Member(member.id);
        self.audit().proven(&tx, member.id, "password.forgot", object, "address", request).await?;
        Ok(tx.commit().await?)
    }

    /// The active member and the reset that a token is good for now.
    async fn behind_reset(&self, token: &Secret<String>) -> Result<Option<(MemberRow, PasswordResetRow)>, AppError> {
        let hash = opaque::hash(token.expose());
        let Some(found) = self.store.lookup_credential(PASSWORD_RESET, &hash, None).await? else { return Ok(None) };
        let read = self.store.tenant_read(found.tenant_id).await?;
        let now = self.clock.now();
        let row = read.password_reset_find(PasswordResetId::from_uuid(found.id)).await?;
        let row = row.filter(|row| row.used_at.is_none() && row.expires_at > now && opaque::same(row.token_hash, hash));
        let Some(row) = row else { return Ok(None) };
        let authority = self.authorizer.authority_by(&read).await?;
        if !rows::password_reset(&row, |of| authority.holds(of, &row.mac)) {
            self.authorizer.distrust(found.tenant_id, Object::Member(row.member_id), &row.mac).await;
            return Ok(None);
        }
        let member = read.member_find(row.member_id).await?;
        let same =
            |member: &MemberRow| member.state == MemberState::Active && member.password_epoch == row.password_epoch;
        Ok(member.filter(same).map(|member| (member, row)))
    }
}
