//! Projects.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod update;
pub(crate) mod view;

use domain::{Environment, ProjectId, Sensitivity, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::capture::StopView;

/// One application of a tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectView {
    #[schema(value_type = Uuid)]
    id: ProjectId,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// How closely sessions that start from now on are kept.
    #[schema(value_type = SensitivityName)]
    sensitivity: Sensitivity,
    /// Where it runs, in your words, such as `production`; sessions keep the one they started in.
    #[schema(value_type = Option<String>, required)]
    environment: Option<Environment>,
    /// Sessions that are being recorded now, of those that you may list.
    sessions_live: u64,
    /// All its sessions that you may list.
    sessions_total: u64,
    /// Since when nothing is captured here, by the project's kill switch or the tenant's.
    #[schema(value_type = Option<StopView>, required)]
    stopped: Option<StopView>,
}

/// How closely a recording is kept: a `restricted` one is opened with `session.view-restricted` or a grant only.
#[derive(ToSchema)]
#[schema(as = Sensitivity, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `domain::Sensitivity`, which knows nothing of OpenAPI")]
pub(crate) enum SensitivityName {
    Normal,
    Restricted,
}

impl From<app::projects::ProjectView> for ProjectView {
    fn from(project: app::projects::ProjectView) -> Self {
        Self {
            id: project.id,
            name: project.name,
            created_at: project.created_at,
            sensitivity: project.sensitivity,
            environment: project.environment,
            sessions_live: project.sessions_live,
            sessions_total: project.sessions_total,
            stopped: project.stopped.map(Into::into),
        }
    }
}
