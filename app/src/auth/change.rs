//! Changing one's own password.

use domain::Secret;
use ledger::Object;
use policy::access::{Actor, Permit, can};

use super::{Auth, Place, checked_password};
use crate::{
    AppError,
    attempts::What,
    columns,
    notices::{Audience, NoticeKind},
    people,
    rights::rows,
};

impl Auth {
    /// Sets a new password for who knows the old one, and ends their other sign-ins and open reset links.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a wrong old password or a new one that will not do, [`AppError::TooMany`];
    /// [`AppError::StepUpRequired`] for a member with a second factor who did not prove it lately.
    pub async fn password_change(
        &self,
        permit: &Permit<can::MeManage>,
        place: Place,
        old: &Secret<String>,
        new: &Secret<String>,
    ) -> Result<(), AppError> {
        let Actor::Member { id, login } = *permit.actor() else { return Err(crate::forbidden()) };
        let (parts, tenant) = (self.parts(), permit.tenant());
        let row = parts.authorizer.active(&parts.store.tenant_read(tenant).await?, id).await?;
        let row = row.ok_or(AppError::NotFound { kind: "member" })?;
        parts.require_fresh_factor(permit, &row).await?;
        let key = parts.keys.person(tenant, row.person_key_id).await?;
        let email = people::opened(columns::MEMBER_EMAIL, tenant, row.person_key_id, &key, &row.email_sealed)?;
        let account = parts.email_hash(email.expose());
        // Counted like a sign-in: a stolen access token is no way to guess faster.
        parts.attempts.admit(What::Password, Some(place.address()), Some(&account)).await?;
        if !parts.passwords.verify(old, Some(&row.password_hash)).await? {
            return Err(AppError::invalid("/old_password", "is wrong"));
        }
        checked_password("/new_password", new, email.expose())?;
        if parts.passwords.verify(new, Some(&row.password_hash)).await? {
            return Err(AppError::invalid("/new_password", "is the old one"));
        }
        let hash = parts.passwords.hash(new, &*parts.entropy).await?;
        let now = parts.clock.now();
        let mac = rows::password_mac(&parts.authorizer.authority(tenant).await?, &row, &hash);
        let tx = parts.store.tenant(tenant).await?;
        if !tx.member_password_set(id, row.password_epoch, &hash, &mac).await? {
            return Err(AppError::invalid("/old_password", "was changed in between"));
        }
        tx.login_revoke_others(id, login, now).await?;
        tx.password_reset_end(id, now).await?;
        parts.audit().allowed(&tx, permit, "password.change", Object::Member(id)).await?;
        parts.tell(&tx, NoticeKind::PasswordChanged, Audience::Member(id), Object::Member(id)).await?;
        Ok(tx.commit().await?)
    }
}
