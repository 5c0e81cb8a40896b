//! Agent keys: public, for starting sessions from listed origins only.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod revoke;

use domain::{AgentKeyId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// One agent key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentKeyView {
    #[schema(value_type = Uuid)]
    id: AgentKeyId,
    /// The key itself: public, it stands in the page.
    key: String,
    /// Pages of these origins may use it.
    #[schema(example = json!(["https://shop.example"]))]
    origins: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when it is refused.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    revoked_at: Option<Timestamp>,
}

impl From<app::projects::AgentKeyView> for AgentKeyView {
    fn from(key: app::projects::AgentKeyView) -> Self {
        Self { id: key.id, key: key.key, origins: key.origins, created_at: key.created_at, revoked_at: key.revoked_at }
    }
}
