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
use crate::{AppError, agent::LONGEST_IDENTIFIER, attempts::What, opaque};

/// Who is looked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What `value` is.
    pub kind: IdentifierKind,
    /// An e-mail address, or the customer application's user id.
    pub value: Personal<String>,
    /// What for.
    pub purpose: Purpose,
}

impl Ledger {
    /// The recorded person whom an identifier leads to, exactly; none when nobody is known by it. Each search is on record,
    /// with its purpose, before it is answered, whatever it finds.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an empty or too long value; [`AppError::TooMany`].
    pub async fn find_person(
        &self,
        permit: &Permit<can::SubjectSearch>,
        wanted: &Wanted,
    ) -> Result<Option<SubjectId>, AppError> {
        let value = wanted.value.expose();
        if value.trim().is_empty() || value.len() > LONGEST_IDENTIFIER {
            return Err(AppError::invalid("/value", format!("must have 1 to {LONGEST_IDENTIFIER} bytes")));
        }
        let searcher = super::who(permit.actor());
        self.attempts.admit(What::PersonSearch, None, Some(&opaque::hash(&searcher.to_string()))).await?;
        let tenant = permit.tenant();
        let key = self.keys.purpose(tenant, TenantPurpose::BlindIndex).await?;
        let index = BlindIndex::new(vec![Key32::from_bytes(*key.expose())]).ok_or(AppError::KEY_MISSING)?;
        let token = index.token(wanted.kind, value);

        let tx = self.store.tenant(tenant).await?;
        let found = tx.subject_find_by_identifier(wanted.kind.as_str(), &token).await?.map(|row| row.subject_id);
        let object = found.map_or(Object::Tenant(tenant), Object::Subject);
        let rule = format!("{}/purpose:{}", permit.rule(), wanted.purpose.as_str());
        self.audit().allowed_by(&tx, permit, rule, "subject.search", object).await?;
        tx.commit().await?;
        Ok(found)
    }
}
