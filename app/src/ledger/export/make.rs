//! Looking through the log for an export: what it comes to, and whether it can be written at all.

use domain::AuditExportId;
use policy::access::{Permit, can};
use serde::{Deserialize, Serialize};
use store::{AuditExportProgress, AuditExportState};

use super::{AuditExports, ExportStanding};
use crate::{
    AppError,
    jobs::{JobKind, Payload, Report},
};

/// The job that looks through the log for one export.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeAuditExport {
    /// Which.
    pub export: AuditExportId,
}

impl Payload for MakeAuditExport {
    const KIND: JobKind = JobKind::new("audit-export");
}

/// What was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct AuditExportReport {
    /// Entries of this try.
    pub looked_at: u64,
}

impl Report for AuditExportReport {
    fn is_quiet(&self) -> bool {
        false
    }
}

/// How far a step came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It looked at so many entries, and there are more.
    More(u64),
    /// Nothing is left to do, after so many entries.
    Done(u64),
}

impl AuditExports {
    /// Looks at the next page of an export's log. What was looked at is in the row when this returns, so a later call, by
    /// whichever process, goes on behind it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn step(&self, permit: &Permit<can::AuditCount>, id: AuditExportId) -> Result<Step, AppError> {
        let tenant = permit.tenant();
        let read = self.ledger.store.tenant_read(tenant).await?;
        // Removed, ended, or over: nobody waits for it.
        let Some(row) = read.audit_export_find(id).await? else { return Ok(Step::Done(0)) };
        let unfinished = [AuditExportState::Waiting, AuditExportState::Running].map(ExportStanding::Stored);
        if !unfinished.contains(&self.standing(&row)) {
            return Ok(Step::Done(0));
        }
        let file = self.file(&read, &row).await?;
        let places = file.page(row.done);
        let written = match file.write(&read, places.clone()).await {
            Ok(written) => written,
            Err(error @ AppError::Conflict { .. }) => {
                drop(read);
                self.fail(permit, id, error.code()).await?;
                return Ok(Step::Done(0));
            }
            Err(error) => return Err(error),
        };
        drop(read);
        let reached = AuditExportProgress {
            done: places.end,
            entries: row.entries + written.entries,
            bytes: row.bytes + written.text.len() as u64,
        };
        let tx = self.ledger.store.tenant(tenant).await?;
        // By condition: a slower process that still thinks it has the job changes nothing.
        let moved = tx.audit_export_advance(id, row.done, reached).await?;
        tx.commit().await?;
        let looked_at = if moved { places.end - places.start } else { 0 };
        Ok(if places.end < row.size { Step::More(looked_at) } else { Step::Done(looked_at) })
    }

    /// Ends an export that cannot be made.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn fail(
        &self,
        permit: &Permit<can::AuditCount>,
        id: AuditExportId,
        problem: &str,
    ) -> Result<(), AppError> {
        let tx = self.ledger.store.tenant(permit.tenant()).await?;
        tx.audit_export_fail(id, problem).await?;
        Ok(tx.commit().await?)
    }
}
