//! Where a sink is, and what it shares with us: sealed in one column, so that neither is there without the other.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Entropy, SinkId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use store::SinkRow;
use vault::{
    Key32,
    hook::HookSecret,
    seal::{self, Codec, Kind, ObjectContext},
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{AppError, columns};

/// The sealed half of a sink. Wiped when dropped.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(super) struct SinkSettings {
    /// Its address: for many receivers a password, too.
    pub(super) url: String,
    /// What it signs with, for webhooks.
    secret: Option<String>,
    /// What it signed with before, and until when it still does.
    previous: Option<Previous>,
    /// From which place on it gets what lies beside entries, too; never when there is none. Here, where nobody sets it who only
    /// has the database.
    #[serde(default)]
    pub(super) detail_from: Option<u64>,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Previous {
    secret: String,
    until: i64,
}

impl SinkSettings {
    pub(super) fn new(url: String, secret: Option<&HookSecret>) -> Self {
        Self { url, secret: secret.map(printed), previous: None, detail_from: None }
    }

    pub(super) fn open(key: &Key32, row: &SinkRow) -> Result<Self, AppError> {
        columns::open(key, &context(row.tenant_id, row.id), &row.settings_sealed)
    }

    pub(super) fn seal(
        &self,
        key: &Key32,
        tenant: TenantId,
        id: SinkId,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, AppError> {
        let json = Zeroizing::new(serde_json::to_vec(self).map_err(AppError::internal)?);
        Ok(seal::seal(key, &context(tenant, id), Codec::Raw, &json, entropy))
    }

    /// The secret as its owner copies it.
    pub(super) fn secret(&self) -> Option<domain::Secret<String>> {
        self.secret.as_ref().map(|secret| domain::Secret::new(secret.clone()))
    }

    /// Signs with another one from now on, and with the present one as well until `until`.
    pub(super) fn rotate(&mut self, secret: &HookSecret, until: Timestamp) {
        let before = self.secret.replace(printed(secret));
        self.previous = before.map(|secret| Previous { secret, until: until.as_micros() });
    }

    /// All signatures of a message at `now`, the present secret's first.
    pub(super) fn signatures(&self, id: &str, now: Timestamp, body: &[u8]) -> Result<String, AppError> {
        let before =
            self.previous.as_ref().filter(|before| now.as_micros() < before.until).map(|before| &before.secret);
        let mut signatures = Vec::with_capacity(2);
        for secret in self.secret.iter().chain(before) {
            let secret = HookSecret::parse(secret).ok_or(AppError::KEY_MISSING)?;
            signatures.push(secret.sign(id, now.as_secs(), body));
        }
        Ok(signatures.join(" "))
    }
}

/// Where a sink is and where it is to be, as a proposal holds it. Wiped when dropped.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(crate) struct Addresses {
    /// Where it is.
    pub(crate) now: String,
    /// Where it is to be.
    pub(crate) then: String,
}

impl Addresses {
    /// As text for a proposal.
    pub(super) fn seal(
        &self,
        key: &Key32,
        tenant: TenantId,
        id: SinkId,
        entropy: &dyn Entropy,
    ) -> Result<String, AppError> {
        let json = Zeroizing::new(serde_json::to_vec(self).map_err(AppError::internal)?);
        let context = proposed(tenant, id);
        Ok(STANDARD.encode(seal::seal(key, &context, Codec::Raw, &json, entropy)))
    }

    /// What [`Addresses::seal`] gave.
    pub(crate) fn open(key: &Key32, tenant: TenantId, id: SinkId, sealed: &str) -> Result<Self, AppError> {
        let sealed = STANDARD.decode(sealed).map_err(AppError::internal)?;
        columns::open(key, &proposed(tenant, id), &sealed)
    }
}

fn printed(secret: &HookSecret) -> String {
    secret.printed().expose().clone()
}

const fn context(tenant: TenantId, id: SinkId) -> ObjectContext {
    // The tenant's key for secrets is not replaced within an epoch; its first generation seals all of them.
    ObjectContext { kind: Kind::Metadata, tenant, object: id.uuid(), number: columns::SINK_SETTINGS, generation: 1 }
}

const fn proposed(tenant: TenantId, id: SinkId) -> ObjectContext {
    ObjectContext { number: columns::SINK_ADDRESSES, ..context(tenant, id) }
}
