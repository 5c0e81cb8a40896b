//! API keys: for programs that act for a member.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod revoke;

use domain::{ApiKeyId, MemberId, ProjectId, Timestamp};
use policy::access::Action;
use serde::Serialize;
use utoipa::ToSchema;

/// An API key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyView {
    /// Also the readable part of the key.
    #[schema(value_type = Uuid)]
    id: ApiKeyId,
    /// What it is for.
    name: String,
    /// Who made it, and for whom it acts.
    #[schema(value_type = Uuid)]
    member_id: MemberId,
    /// Actions it is for. Of these it may do what its member may at that moment.
    #[schema(value_type = Vec<String>, example = json!(["session.list", "session.view"]))]
    scopes: Vec<Action>,
    /// The only project it reaches, when it is bound to one.
    #[schema(value_type = Option<Uuid>, required)]
    project_id: Option<ProjectId>,
    /// Networks it may come from; from everywhere when there are none.
    #[schema(example = json!(["203.0.113.0/24"]))]
    networks: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// To the hour; null when it never was.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_used_at: Option<Timestamp>,
    /// Since when it is refused.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    revoked_at: Option<Timestamp>,
}

impl From<app::api_keys::ApiKeyView> for ApiKeyView {
    fn from(key: app::api_keys::ApiKeyView) -> Self {
        Self {
            id: key.id,
            name: key.name,
            member_id: key.member,
            scopes: key.scopes,
            project_id: key.project,
            networks: key.networks,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}
