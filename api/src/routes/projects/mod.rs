//! Projects.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod view;

use domain::{ProjectId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// One application of a tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectView {
    #[schema(value_type = Uuid)]
    id: ProjectId,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Sessions that are being recorded now.
    sessions_live: u64,
    /// All its sessions.
    sessions_total: u64,
}

impl From<app::projects::ProjectView> for ProjectView {
    fn from(project: app::projects::ProjectView) -> Self {
        Self {
            id: project.id,
            name: project.name,
            created_at: project.created_at,
            sessions_live: project.sessions_live,
            sessions_total: project.sessions_total,
        }
    }
}
