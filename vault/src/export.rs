//! Exports: a session that leaves as a sealed file, and the key that opens it.
//!
//! The key is derived from the session's, so nothing of it is kept: whoever takes the session out gets it once, the server
//! makes it again for each download, and when the session's key is shredded no further file can be made. It is a sub-key: who
//! holds it learns nothing of the session's key, nor of another export's.
//!
//! A file is handed over without the row that it was made by, so the reader takes the export's id from the key and the
//! tenant from the header, which is bound into the derived key like everything else there.

use domain::{Entropy, ExportId, Secret, TenantId};
use uuid::Uuid;

use crate::{
    Key32, OpenError,
    expand::expand,
    printed,
    seal::{Codec, HEADER_LEN, Kind, ObjectContext, Opener, Sealer},
};

const PREFIX: &str = "st_export_";
const LABEL: &[u8] = b"sealtape/export/v1";

/// What opens one export.
pub struct ExportKey {
    id: ExportId,
    key: Key32,
}

/// The text is not the key of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the key of an export: it reads st_export_…, 115 characters, and a checksum ends it")]
pub struct NotAKey;

impl ExportKey {
    /// HKDF-Expand(D, `"sealtape/export/v1"` ‖ id) of the session's key D.
    #[must_use]
    pub fn derive(session_key: &Key32, id: ExportId) -> Self {
        let mut bytes = zeroize::Zeroizing::new([0_u8; 32]);
        expand(session_key, &[LABEL, &id.bytes()], bytes.as_mut_slice());
        Self { id, key: Key32::from_bytes(*bytes) }
    }

    /// The key as its holder reads it.
    #[must_use]
    pub fn text(&self) -> Secret<String> {
        printed::compose(PREFIX, self.id.uuid(), self.key.expose())
    }

    /// Reads what [`ExportKey::text`] wrote.
    ///
    /// # Errors
    /// [`NotAKey`], also for one mistyped character.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let (id, secret) = printed::parse(PREFIX, text.trim()).ok_or(NotAKey)?;
        Ok(Self { id: ExportId::from_uuid(id), key: Key32::from_bytes(*secret.expose()) })
    }

    /// Begins the sealed file; its header goes to `sealed`. Every file has its own salt.
    #[must_use]
    pub fn sealer(&self, tenant: TenantId, entropy: &dyn Entropy, sealed: &mut Vec<u8>) -> Sealer {
        Sealer::new(&self.key, &self.context(tenant), Codec::Raw, entropy, sealed)
    }

    /// Opens a file by its first bytes.
    ///
    /// # Errors
    /// [`OpenError::Context`] for another export's file, [`OpenError::Commitment`] for another key.
    pub fn opener(&self, header: &[u8; HEADER_LEN]) -> Result<Opener, OpenError> {
        let mut tenant = [0; 16];
        tenant.copy_from_slice(&header[12..28]);
        let tenant = TenantId::from_uuid(Uuid::from_bytes(tenant));
        Opener::new(&self.key, &self.context(tenant), header)
    }

    const fn context(&self, tenant: TenantId) -> ObjectContext {
        ObjectContext { kind: Kind::Export, tenant, object: self.id.uuid(), number: 0, generation: 0 }
    }
}
