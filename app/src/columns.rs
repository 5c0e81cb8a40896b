//! Sealed columns (kind 3 of `vault::seal`): which number each has, and what is inside.
//!
//! **How to add one more.** Take the next free number; numbers are part of the seal and are never used again.

use domain::{SessionId, TenantId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use vault::{
    Key32,
    seal::{self, Kind, ObjectContext},
};

use crate::{AppError, keys::open_error};

/// The page a session began on.
pub(crate) const ENTRY_PAGE: u64 = 1;
/// The page it was last seen on.
pub(crate) const LAST_PAGE: u64 = 2;
/// A member's e-mail address (object: the person key).
pub(crate) const MEMBER_EMAIL: u64 = 3;
/// A member's name (object: the person key).
pub(crate) const MEMBER_NAME: u64 = 4;
/// Address and link of a letter (object: the person key).
pub(crate) const LETTER: u64 = 10;
/// A TOTP secret or a security key's credential (object: the factor).
pub(crate) const FACTOR_SECRET: u64 = 50;
/// What a member calls a security key (object: the factor).
pub(crate) const FACTOR_NAME: u64 = 51;
/// What a challenge asked security keys (object: half of the challenge's hash).
pub(crate) const CHALLENGE_STATE: u64 = 52;

/// Why somebody asks for access, and the ticket (object: the request; key: the requester's).
pub(crate) const GRANT_REASON: u64 = 30;
/// What a reviewer wrote beside their vote (object: the request; key: the reviewer's).
pub(crate) const GRANT_COMMENT: u64 = 31;
/// What a reviewer wrote about a broken glass (object: the use; key: the reviewer's).
pub(crate) const GRANT_REVIEW: u64 = 32;

/// Where a sign-in came from (object: the login).
pub(crate) const LOGIN_PLACE: u64 = 20;

/// What is told beside an audit leaf about whoever acts (object: the leaf; key: the acting member's).
pub(crate) const AUDIT_DETAIL: u64 = 60;
/// What is told beside it about whom they act upon (object: the leaf; key: that person's).
pub(crate) const AUDIT_DETAIL_SUBJECT: u64 = 61;

/// A label of a session.
pub(crate) const SESSION_LABEL: u64 = 40;

/// Where a receiver of the audit log is, and its secrets (object: the receiver; key: the tenant's for secrets).
pub(crate) const SINK_SETTINGS: u64 = 60;
/// Where a receiver is, and where it is to be, in a proposal (object: the receiver; key: the tenant's for secrets).
pub(crate) const SINK_ADDRESSES: u64 = 61;

/// A page as a sealed column holds it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct SealedPage {
    /// Address without query values and fragment.
    pub(crate) url: String,
    /// Title, when the agent told one.
    pub(crate) title: Option<String>,
}

impl SealedPage {
    /// The page as somebody sees it who may watch and not read.
    pub(crate) fn masked(self) -> Self {
        Self { url: recording::mask_url(&self.url), title: self.title.as_deref().map(recording::mask_text) }
    }
}

/// The context of a session's column.
pub(crate) const fn context(column: u64, tenant: TenantId, session: SessionId, generation: u32) -> ObjectContext {
    ObjectContext { kind: Kind::Metadata, tenant, object: session.uuid(), number: column, generation }
}

/// Opens a column that holds JSON.
pub(crate) fn open<T: DeserializeOwned>(key: &Key32, context: &ObjectContext, sealed: &[u8]) -> Result<T, AppError> {
    let opened = seal::open(key, context, sealed).map_err(open_error)?;
    serde_json::from_slice(&opened.plaintext).map_err(AppError::internal)
}
