//! What is put on record beside a leaf: personal, so sealed under the acting member's own key and bound to the leaf by a
//! salted commitment. Whoever destroys that key erases the detail, and the log still proves itself.
//!
//! **How to add one more field.** A typed one in [`Told`], never a header or a body whole (`threats.md` 32), and where it is
//! shown in `api`.

use domain::{AuditId, Entropy, PersonKeyId, TenantId};
use ledger::{Commitment, Detail};
use serde::{Deserialize, Serialize};
use store::TenantRead;
use vault::{
    Key32,
    seal::{self, Codec, Kind, ObjectContext},
};

use crate::{AppError, auth::CoarsePlace, columns, keys::Keys};

/// What is told. All of it is about the member who acts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    /// The network they act from: a /24 of version 4 or a /48 of version 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) network: Option<String>,
    /// The family of their browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) browser: Option<String>,
    /// Why they say that they act, in their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

impl Told {
    /// A reason.
    pub(crate) fn reason(reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..Self::default() }
    }
}

impl From<CoarsePlace> for Told {
    fn from(CoarsePlace { network, browser }: CoarsePlace) -> Self {
        Self { network: Some(network), browser, reason: None }
    }
}

/// Who tells something, and what.
pub(crate) struct Telling<'a> {
    /// The member's key, by id.
    pub(crate) person: PersonKeyId,
    /// The key.
    pub(crate) key: &'a Key32,
    /// What.
    pub(crate) told: Told,
}

/// As it lies beside a leaf.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stored {
    /// Whose key opens it.
    pub(crate) person: PersonKeyId,
    #[serde(with = "base64_text")]
    sealed: Vec<u8>,
}

impl Telling<'_> {
    /// Seals it for the leaf `id`: the bytes that lie beside the leaf, and what goes into it.
    pub(crate) fn seal(
        &self,
        tenant: TenantId,
        id: AuditId,
        entropy: &dyn Entropy,
    ) -> Result<(Vec<u8>, Commitment), AppError> {
        let detail = Detail::new(&serde_json::to_vec(&self.told).map_err(AppError::internal)?, entropy);
        let sealed = seal::seal(self.key, &context(tenant, id), Codec::Raw, detail.to_seal(), entropy);
        let stored = serde_json::to_vec(&Stored { person: self.person, sealed }).map_err(AppError::internal)?;
        Ok((stored, detail.commitment()))
    }
}

impl Stored {
    /// Opens it with the person's key; what the leaf does not commit to is refused.
    pub(crate) fn open(
        &self,
        key: &Key32,
        tenant: TenantId,
        id: AuditId,
        committed: Commitment,
    ) -> Result<Told, AppError> {
        let detail = self.open_salted(key, tenant, id, committed)?;
        serde_json::from_slice(detail.detail()).map_err(AppError::internal)
    }

    fn open_salted(
        &self,
        key: &Key32,
        tenant: TenantId,
        id: AuditId,
        committed: Commitment,
    ) -> Result<Detail, AppError> {
        let opened = seal::open(key, &context(tenant, id), &self.sealed).ok();
        let detail = opened.and_then(|opened| Detail::from_opened(opened.plaintext));
        detail.filter(|detail| detail.commitment() == committed).ok_or_else(|| {
            metrics::counter!("sealtape_integrity_failures_total", "kind" => "ledger").increment(1);
            tracing::error!(audit.id = %id, "the detail beside a leaf is not the one that it commits to");
            AppError::Conflict {
                code: "integrity-fail",
                detail: "the detail is not the one that the log holds".to_owned(),
                next: None,
            }
        })
    }
}

/// A part of what lies beside a leaf, opened, with the salt that ties it to the leaf.
pub(crate) struct OpenPart {
    /// Whom it is about.
    pub(crate) of: &'static str,
    /// It and its salt.
    pub(crate) salted: Detail,
}

/// Opens everything that lies beside the leaf `id`, as far as it can be opened: nothing of somebody whose key was destroyed.
///
/// # Errors
/// [`AppError::Conflict`] `integrity-fail` when it is not what the leaf commits to.
pub(crate) async fn open_all(
    keys: &Keys,
    read: &TenantRead,
    id: AuditId,
    committed: Commitment,
) -> Result<Vec<OpenPart>, AppError> {
    let Some(stored) = read.audit_detail_find(id).await? else { return Ok(Vec::new()) };
    let stored: Stored = serde_json::from_slice(&stored).map_err(AppError::internal)?;
    let key = match keys.person_by(read, stored.person).await {
        Ok(key) => key,
        Err(AppError::Gone { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let salted = stored.open_salted(&key, read.tenant(), id, committed)?;
    Ok(vec![OpenPart { of: "actor", salted }])
}

const fn context(tenant: TenantId, id: AuditId) -> ObjectContext {
    ObjectContext { kind: Kind::Metadata, tenant, object: id.uuid(), number: columns::AUDIT_DETAIL, generation: 1 }
}

mod base64_text {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(|_| D::Error::custom("not base64"))
    }
}
