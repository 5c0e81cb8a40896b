//! `GET /v1/ops/jobs`.

use actix_web::{get, web};
use app::{
    App, Page,
    jobs::{JobState, JobView as Shown},
};
use domain::{JobId, Timestamp};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{ApiError, caller::Caller, input::Search};

/// Which jobs, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobSearch {
    /// In this state.
    state: Option<JobStateName>,
    /// Most items, 1 to 200; 50 when absent.
    limit: Option<u16>,
    /// The `next_cursor` of the page before, with the same filter.
    cursor: Option<String>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum JobStateName {
    /// Not begun, or to be tried again.
    Waiting,
    /// Being worked on.
    Running,
    /// It did what it should.
    Done,
    /// It will not be tried again.
    Failed,
}

/// One page of the tenant's jobs, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobList {
    items: Vec<JobView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// One piece of background work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobView {
    #[schema(value_type = Uuid)]
    id: JobId,
    /// What kind of work; a newer server may know more kinds.
    #[schema(example = "mail-send")]
    kind: String,
    state: JobStateName,
    /// How often it was begun.
    attempt: u32,
    /// How often it failed.
    failures: u32,
    /// Why it was put off or given up: `retry`, `refused`, `exhausted`, `died` or `unreadable`; null when nothing went wrong.
    #[schema(required, example = "retry")]
    reason: Option<String>,
    /// The code of the error behind the reason, when there is one.
    #[schema(required, example = "unavailable")]
    error_code: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Not to be begun before.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// When it last began.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// When it was done or given up.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// What was done, once it is: numbers and ids, by names that depend on the kind.
    #[schema(required, value_type = Option<Object>)]
    report: Option<serde_json::Value>,
}

impl From<JobStateName> for JobState {
    fn from(name: JobStateName) -> Self {
        match name {
            JobStateName::Waiting => Self::Waiting,
            JobStateName::Running => Self::Running,
            JobStateName::Done => Self::Done,
            JobStateName::Failed => Self::Failed,
        }
    }
}

impl From<JobState> for JobStateName {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Waiting => Self::Waiting,
            JobState::Running => Self::Running,
            JobState::Done => Self::Done,
            JobState::Failed => Self::Failed,
        }
    }
}

impl From<Shown> for JobView {
    fn from(job: Shown) -> Self {
        let (reason, error_code) = job.reason.map_or((None, None), |(reason, code)| (Some(reason), code));
        Self {
            id: job.id,
            kind: job.kind,
            state: job.state.into(),
            attempt: job.attempt,
            failures: job.failures,
            reason,
            error_code,
            created_at: job.created_at,
            due_at: job.due_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
            report: job.report,
        }
    }
}

/// List my tenant's jobs.
#[utoipa::path(operation_id = "job_list", tag = "ops", security(("member" = [])), params(JobSearch),
    responses((status = 200, description = "One page.", body = JobList)))]
#[get("/v1/ops/jobs")]
pub(crate) async fn job_list(
    caller: Caller<can::JobList>,
    search: Search<JobSearch>,
    app: web::Data<App>,
) -> Result<web::Json<JobList>, ApiError> {
    let JobSearch { state, limit, cursor } = search.read()?;
    let page = app.jobs().list(&caller, state.map(Into::into), Page { limit, cursor }).await?;
    let items = page.items.into_iter().map(JobView::from).collect();
    Ok(web::Json(JobList { items, next_cursor: page.next_cursor }))
}
