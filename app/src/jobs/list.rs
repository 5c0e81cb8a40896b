//! What a tenant may know of its jobs.

use domain::{JobId, Timestamp};
use policy::access::{Permit, can};
use store::{JobRunRow, JobState};

use super::{Jobs, Versioned};
use crate::{AppError, Page, Paged, paging::Cursors};

/// One job, as the jobs page shows it.
#[derive(Debug, Clone)]
pub struct JobView {
    /// Its id.
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// How often it was begun.
    pub attempt: u32,
    /// How often it failed.
    pub failures: u32,
    /// Why it was put off or given up: a word, and for an error its code.
    pub reason: Option<(String, Option<String>)>,
    /// When it was added.
    pub created_at: Timestamp,
    /// Not to be begun before.
    pub due_at: Timestamp,
    /// When it last began.
    pub started_at: Option<Timestamp>,
    /// When it was done or given up.
    pub finished_at: Option<Timestamp>,
    /// What was done: numbers and ids by name.
    pub report: Option<serde_json::Value>,
}

impl Jobs {
    /// One page of the tenant's jobs, newest first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn list(
        &self,
        permit: &Permit<can::JobList>,
        state: Option<JobState>,
        page: Page,
    ) -> Result<Paged<JobView>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let cursors = Cursors::new(&self.deployment.cursor);
        let bound = format!("jobs {}", state.map_or("all", JobState::as_str));
        let before: Option<JobId> = match &page.cursor {
            Some(cursor) => Some(cursors.read(tenant, &bound, cursor)?),
            None => None,
        };
        let mut rows = self.store.tenant_read(tenant).await?.job_run_list(state, before, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, &bound, &mut rows, size, |last| last.id)?;
        Ok(Paged { items: rows.into_iter().map(view).collect(), next_cursor })
    }
}

fn view(row: JobRunRow) -> JobView {
    let reason = row.reason.map(|reason| match reason.split_once('/') {
        Some((word, code)) => (word.to_owned(), Some(code.to_owned())),
        None => (reason, None),
    });
    let report = row.report.and_then(|report| serde_json::from_str::<Versioned<serde_json::Value>>(&report).ok());
    JobView {
        id: row.id,
        kind: row.kind,
        state: row.state,
        attempt: row.attempt,
        failures: row.failures,
        reason,
        created_at: row.created_at,
        due_at: row.due_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        report: report.map(|report| report.data),
    }
}
