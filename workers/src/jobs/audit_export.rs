//! Looks through the audit log for an export.

use app::{
    AppError,
    jobs::Reason,
    ledger::{AuditExportReport, MakeAuditExport, Step},
};
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome};

/// A try looks at so many pages; a longer log takes another one, and other tenants get their turn.
const PAGES: usize = 200;

impl Job for MakeAuditExport {
    type Report = AuditExportReport;

    async fn run(self, cx: &JobCx) -> Result<Outcome<AuditExportReport>, JobError> {
        let permit = cx.permit::<can::AuditCount>()?;
        let mut looked_at = 0;
        for _ in 0..PAGES {
            if cx.is_stopping() {
                return Ok(Outcome::Unfinished);
            }
            match cx.app().audit_exports().step(&permit, self.export).await? {
                Step::More(entries) => looked_at += entries,
                Step::Done(entries) => {
                    return Ok(Outcome::Report(AuditExportReport { looked_at: looked_at + entries }));
                }
            }
        }
        Ok(Outcome::Unfinished)
    }

    async fn given_up(self, cx: &JobCx, reason: Reason) -> Result<(), AppError> {
        let permit = cx.permit::<can::AuditCount>()?;
        let problem = match reason {
            Reason::Retry(code) | Reason::Refused(code) | Reason::Exhausted(code) => code,
            Reason::Died | Reason::Unreadable => "unavailable",
        };
        cx.app().audit_exports().fail(&permit, self.export, problem).await
    }
}
