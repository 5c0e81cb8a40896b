//! Ending what time or lost rights have ended: the use case of the expiry job.

use domain::{GrantId, TenantId};
use ledger::Object;
use policy::{
    access::{Permit, can},
    grants::{EndReason, Turn},
};
use serde::{Deserialize, Serialize};
use store::AccessGrantRow;

use super::{Grants, content, in_force, request::end};
use crate::{
    AppError,
    jobs::{JobKind, Payload, Report},
    notices::{Audience, NoticeKind},
};

/// Rows read at a time.
const PAGE: u64 = 200;

/// The job that ends what is over in one tenant.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpireGrants {}

impl Payload for ExpireGrants {
    const KIND: JobKind = JobKind::new("grant-expire");
}

/// What one job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ExpireReport {
    /// Requests and grants that nobody decided on or used in time.
    pub lapsed: u64,
    /// Grants whose time is over.
    pub expired: u64,
    /// Grants whose approvals count no more.
    pub voided: u64,
}

impl Report for ExpireReport {
    fn is_quiet(&self) -> bool {
        *self == Self::default()
    }
}

impl Grants {
    /// Whether any request or grant of the tenant could come to its end.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn any_live(&self, tenant: TenantId) -> Result<bool, AppError> {
        Ok(!self.parts.store.tenant_read(tenant).await?.access_grant_live(None, 1).await?.is_empty())
    }

    /// Ends the tenant's requests and grants whose time is over, or whose approvals count no more. Nothing waits for this:
    /// every use looks at the clock and at the approvers by itself; the sweep writes down what already holds.
    ///
    /// # Errors
    /// When the store does not answer; what was ended until then stays ended.
    pub async fn expire(&self, permit: &Permit<can::GrantExpire>) -> Result<ExpireReport, AppError> {
        let (parts, mut report) = (&self.parts, ExpireReport::default());
        let mut after: Option<GrantId> = None;
        loop {
            let read = parts.store.tenant_read(permit.tenant()).await?;
            let rows = read.access_grant_live(after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(report) };
            after = Some(last.id);
            let mut due = Vec::new();
            for row in &rows {
                if self.passed(&read, row).await?.is_some() {
                    due.push(row.id);
                }
            }
            drop(read);
            for id in due {
                self.expire_one(permit, id, &mut report).await?;
            }
        }
    }

    async fn passed(&self, read: &store::TenantRead, row: &AccessGrantRow) -> Result<Option<Turn>, AppError> {
        let standing = in_force::standing(read, &self.parts.authorizer, row).await?;
        Ok(content::life(row).pass(&standing.approvers, &standing.needs, self.parts.clock.now()))
    }

    /// Looks again under the row's lock: somebody may have been faster.
    async fn expire_one(
        &self,
        permit: &Permit<can::GrantExpire>,
        id: GrantId,
        report: &mut ExpireReport,
    ) -> Result<(), AppError> {
        let parts = &self.parts;
        let tx = parts.store.tenant(permit.tenant()).await?;
        let Some(row) = tx.access_grant_lock(id).await? else { return Ok(()) };
        let Some(turn) = self.passed(&tx, &row).await? else { return Ok(()) };
        let Turn::Over { reason, .. } = turn else { return Ok(()) };
        end(&tx, &row, turn, None, parts.clock.now()).await?;
        let (act, count) = match reason {
            EndReason::TimeOver => ("grant.expire", &mut report.expired),
            EndReason::ApprovalVoid => ("grant.void", &mut report.voided),
            _ => ("access-request.lapse", &mut report.lapsed),
        };
        parts.audit().allowed(&tx, permit, act, Object::Grant(id)).await?;
        let kind = if reason == EndReason::ApprovalVoid { NoticeKind::GrantRevoked } else { NoticeKind::GrantExpired };
        parts.tell(&tx, kind, Audience::Member(row.member_id), Object::Grant(id)).await?;
        tx.commit().await?;
        *count += 1;
        Ok(())
    }
}
