//! What lies beside entries, for receivers that two people let have it.
//!
//! Opening it takes persons' keys, so each try that carries any is on record before it leaves: one entry for the try, however
//! many details are in it. That entry has no detail of its own. The batch that hands it on therefore opens nothing and leaves
//! no entry, and a log at rest comes to rest outside, too.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::PersonKeyId;
use ledger::Object;
use policy::access::{Permit, can};
use serde::Serialize;
use store::{SinkRow, TenantRead};

use super::{Sinks, batch::Batch, settings::SinkSettings};
use crate::{
    AppError,
    details::{self, OpenPart, Said},
};

/// One part of what lies beside one entry, as a webhook gets it: enough to compute the entry's `d` ([`ledger::Parts`]).
#[derive(Serialize)]
pub(super) struct JsonDetail {
    index: u64,
    /// Whom it is about.
    of: &'static str,
    /// Id of the key that seals it.
    key: PersonKeyId,
    #[serde(flatten)]
    said: JsonSaid,
}

/// What it says; of an erased part beside one that is not, its hash.
#[derive(Serialize)]
#[serde(untagged)]
enum JsonSaid {
    Open { salt: String, detail: String },
    Erased { commitment: String },
}

impl JsonDetail {
    fn new(index: u64, part: &OpenPart) -> Result<Self, AppError> {
        let said = match &part.said {
            Said::Open(salted) => JsonSaid::Open {
                salt: STANDARD.encode(salted.salt()),
                detail: String::from_utf8(salted.detail().to_vec()).map_err(AppError::internal)?,
            },
            Said::Erased(commitment) => JsonSaid::Erased { commitment: commitment.to_text() },
        };
        Ok(Self { index, of: part.about.as_str(), key: part.person, said })
    }
}

/// Bytes that what stands beside a leaf has in a batch, or more. A seal in base64 has four thirds of what is in it and more,
/// and what is in it is JSON, of which JSON escapes each byte with one more at most.
pub(super) async fn weight(read: &TenantRead, leaf: &ledger::Leaf) -> Result<usize, AppError> {
    if leaf.d.is_none() {
        return Ok(0);
    }
    Ok(read.audit_detail_find(leaf.id).await?.map_or(0, |stored| stored.len() * 3 / 2))
}

impl Sinks {
    /// Opens what lies beside a batch's entries, if its receiver gets that, and puts on record that it is handed on.
    pub(super) async fn detail(
        &self,
        permit: &Permit<can::WebhookDeliver>,
        read: TenantRead,
        (row, settings): (&SinkRow, &SinkSettings),
        batch: &Batch,
    ) -> Result<Vec<JsonDetail>, AppError> {
        let mut opened = Vec::new();
        let Some(from) = settings.detail_from else { return Ok(opened) };
        for entry in batch.entries.iter().filter(|entry| entry.index >= from) {
            let Some(committed) = entry.leaf.d else { continue };
            for part in details::open_all(&self.parts.keys, &read, entry.leaf.id, committed).await? {
                opened.push(JsonDetail::new(entry.index, &part)?);
            }
        }
        drop(read);
        if !opened.is_empty() {
            let tx = self.parts.store.tenant(permit.tenant()).await?;
            let rule = format!("{}/batch:{}/details:{}", permit.rule(), batch.id, opened.len());
            self.parts.audit().allowed_by(&tx, permit, rule, "webhook.detail", Object::Webhook(row.id)).await?;
            tx.commit().await?;
        }
        Ok(opened)
    }
}
