//! From a recorded person's name in the customer's application to the random id that leaves have.

use domain::{Personal, SubjectId};
use ledger::Object;
use policy::{
    access::{Permit, can},
    grants::Purpose,
};
use vault::{
    Key32,
    blind::{BlindIndex, IdentifierKind},
    wrap::Purpose as TenantPurpose,
};

use super::Ledger;
use crate::{
    AppError,
    agent::LONGEST_IDENTIFIER,
    attempts::What,
    details::{Telling, Told},
    looks, opaque,
};

/// Who is looked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What `value` is.
    pub kind: IdentifierKind,
    /// An e-mail address, or the customer application's user id.
    pub value: Personal<String>,
    /// What for.
    pub purpose: Purpose,
    /// Why, in the searcher's words.
    pub reason: Option<Personal<String>>,
}

/// Longest reason, in characters.
const REASON_CHARS: usize = 500;

impl Ledger {
    /// The recorded person whom an identifier leads to, exactly; none when nobody is known by it. Each search is on record,
    /// with its purpose, before it is answered, whatever it finds. What is written as its reason is about the person who is
    /// found, so it is theirs and goes with them; when nobody is, it stays with the searcher.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an empty or too long value or reason; [`AppError::TooMany`].
    pub async fn find_person(
        &self,
        permit: &Permit<can::SubjectSearch>,
        wanted: &Wanted,
    ) -> Result<Option<SubjectId>, AppError> {
        let value = wanted.value.expose();
        if value.trim().is_empty() || value.len() > LONGEST_IDENTIFIER {
            return Err(AppError::invalid("/value", format!("must have 1 to {LONGEST_IDENTIFIER} bytes")));
        }
        let reason = checked_reason(wanted.reason.as_ref())?;
        let searcher = looks::who(permit.actor());
        self.attempts.admit(What::PersonSearch, None, Some(&opaque::hash(&searcher.to_string()))).await?;
        let tenant = permit.tenant();
        let key = self.keys.purpose(tenant, TenantPurpose::BlindIndex).await?;
        let index = BlindIndex::new(vec![Key32::from_bytes(*key.expose())]).ok_or(AppError::KEY_MISSING)?;
        let token = index.token(wanted.kind, value);

        let read = self.store.tenant_read(tenant).await?;
        let found = read.subject_find_by_identifier(wanted.kind.as_str(), &token).await?.map(|row| row.subject_id);
        let telling = Telling::of(&self.keys, &read, permit).await;
        drop(read);
        let telling = match (found, reason) {
            (Some(subject), Some(reason)) => {
                let (person, key) = self.keys.recorded_person(tenant, subject).await?;
                telling.about(person, key, Told::reason(reason))
            }
            (None, Some(reason)) => telling.because(reason)?,
            (_, None) => telling,
        };
        let tx = self.store.tenant(tenant).await?;
        let object = found.map_or(Object::Tenant(tenant), Object::Subject);
        let rule = format!("{}/purpose:{}", permit.rule(), wanted.purpose.as_str());
        self.audit().allowed_by_telling(&tx, permit, rule, "subject.search", object, telling).await?;
        tx.commit().await?;
        Ok(found)
    }
}

/// A reason without the space around it; none when nothing is left.
fn checked_reason(reason: Option<&Personal<String>>) -> Result<Option<&str>, AppError> {
    let reason = reason.map(|reason| reason.expose().trim()).filter(|reason| !reason.is_empty());
    match reason {
        Some(reason) if reason.chars().count() > REASON_CHARS => {
            Err(AppError::invalid("/reason", format!("must have at most {REASON_CHARS} characters")))
        }
        reason => Ok(reason),
    }
}
