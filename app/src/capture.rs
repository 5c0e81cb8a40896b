//! The kill switch: capture of a project, or of every project, is stopped at once and goes on when somebody says so.
//!
//! **Design.** A stop is a row. The statement that counts a segment's events into its session looks for it, so nothing
//! that begins after a stop was answered is acknowledged, whichever process takes the segment in; on PostgreSQL a statement that
//! was under way then may still be. Starting a session and opening a tab look for it, too. Agents take 410 as the end of their
//! session and start no other until the page is loaded anew.

use std::sync::Arc;

use domain::{Clock, Entropy, MemberId, Personal, ProjectId, Timestamp};
use ledger::Object;
use policy::access::{Can, Permit, can};
use store::{CaptureStopRow, Store, capture_scope};

use crate::{
    AppError,
    audit::Audit,
    auth::{self, member_of},
    details::Telling,
    keys::Keys,
};

/// Longest reason, in characters.
const REASON_CHARS: usize = 500;

/// What an upload is told.
pub(crate) const STOPPED: AppError = AppError::Gone {
    code: "capture-stopped",
    detail: "capture was stopped here; drop what is queued, nothing of it is taken",
};

/// What the start of a session is told; why is nobody's business who has nothing but a public key.
pub(crate) const NOT_RECORDED: AppError = AppError::Forbidden {
    code: "not-recorded",
    detail: "nothing is recorded here now; ask again when the page is loaded anew",
};

/// Since when nothing is captured somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaptureStop {
    /// Since when.
    pub at: Timestamp,
    /// Who stopped it.
    pub by: MemberId,
    /// Whether it is every project that is stopped.
    pub everywhere: bool,
}

impl From<&CaptureStopRow> for CaptureStop {
    fn from(row: &CaptureStopRow) -> Self {
        Self { at: row.stopped_at, by: row.stopped_by, everywhere: row.scope == capture_scope(None) }
    }
}

/// What a kill switch is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// On: nothing is captured.
    pub on: bool,
    /// Why; whoever stops says so.
    pub reason: Option<Personal<String>>,
}

/// The kill switches of a tenant.
#[derive(Clone)]
pub struct Capture {
    store: Store,
    keys: Keys,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Capture {
    pub(crate) fn new(parts: &auth::Parts) -> Self {
        Self {
            store: parts.store.clone(),
            keys: parts.keys.clone(),
            clock: Arc::clone(&parts.clock),
            entropy: Arc::clone(&parts.entropy),
        }
    }

    /// Whether capture is stopped in every project.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn everywhere(&self, permit: &Permit<can::ProjectList>) -> Result<Option<CaptureStop>, AppError> {
        let rows = self.store.tenant_read(permit.tenant()).await?.capture_stop_list().await?;
        Ok(rows.iter().map(CaptureStop::from).find(|stop| stop.everywhere))
    }

    /// Stops capture of one project, or lets it go on.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Invalid`] for a stop without a reason.
    pub async fn switch_project(
        &self,
        permit: &Permit<can::ProjectManage>,
        project: ProjectId,
        switch: Switch,
    ) -> Result<(), AppError> {
        let read = self.store.tenant_read(permit.tenant()).await?;
        let found = read.project_find(project).await?.filter(|row| permit.reaches(row.id));
        drop(read);
        found.ok_or(AppError::NotFound { kind: "project" })?;
        self.switch(permit, Some(project), switch).await
    }

    /// Stops capture of every project, or lets it go on where it is not stopped by itself.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a stop without a reason.
    pub async fn switch_everything(&self, permit: &Permit<can::TenantManage>, switch: Switch) -> Result<(), AppError> {
        self.switch(permit, None, switch).await
    }

    /// One that is as it is to be already changes nothing and leaves no entry.
    async fn switch<A: Can>(
        &self,
        permit: &Permit<A>,
        project: Option<ProjectId>,
        Switch { on, reason }: Switch,
    ) -> Result<(), AppError> {
        let reason = checked_reason(on, reason.as_ref())?;
        let (tenant, stopped_by) = (permit.tenant(), member_of(permit.actor())?);
        let read = self.store.tenant_read(tenant).await?;
        let telling = Telling::of(&self.keys, &read, permit).await;
        drop(read);
        let telling = match reason {
            // A key that is not to be had must not keep capture going.
            Some(reason) => telling.because_if_sealed(reason),
            None => telling,
        };
        let object = project.map_or(Object::Tenant(tenant), Object::Project);
        let tx = self.store.tenant(tenant).await?;
        let (changed, act) = if on {
            let row = CaptureStopRow {
                tenant_id: tenant,
                scope: capture_scope(project),
                stopped_at: self.clock.now(),
                stopped_by,
            };
            (tx.capture_stop_insert(row).await?, "capture.stop")
        } else {
            (tx.capture_stop_delete(capture_scope(project)).await?, "capture.resume")
        };
        if changed {
            let audit = Audit { clock: &*self.clock, entropy: &*self.entropy };
            audit.allowed_telling(&tx, permit, act, object, telling).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// What of `stops` stops a project: that of everything before its own.
pub(crate) fn stop_of(stops: &[CaptureStopRow], project: ProjectId) -> Option<CaptureStop> {
    let in_scope = |scope| stops.iter().find(|row| row.scope == scope).map(CaptureStop::from);
    in_scope(capture_scope(None)).or_else(|| in_scope(capture_scope(Some(project))))
}

fn checked_reason(on: bool, reason: Option<&Personal<String>>) -> Result<Option<&str>, AppError> {
    let reason = reason.map(|reason| reason.expose().trim()).filter(|reason| !reason.is_empty());
    if on && reason.is_none() {
        return Err(AppError::invalid("/reason", "must say why, for those who find capture stopped"));
    }
    if reason.is_some_and(|reason| reason.chars().count() > REASON_CHARS) {
        return Err(AppError::invalid("/reason", format!("must have at most {REASON_CHARS} characters")));
    }
    Ok(reason)
}
