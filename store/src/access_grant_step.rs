//! `access_grant` from state to state: each step is one conditional UPDATE, so that of any number of parallel ones one wins.

use domain::{GrantId, MemberId, Timestamp};
use policy::grants::{EndReason, GrantState, ReviewOutcome};

use crate::stored::text;
use crate::{StoreError, TenantTx};

impl TenantTx {
    /// A pending request has what it needs.
    pub async fn access_grant_approve(
        &self,
        id: GrantId,
        needs: &str,
        at: Timestamp,
        expires_at: Timestamp,
        mac: &[u8],
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE access_grant SET state = 'approved', needs = $3, approved_at = $4, expires_at = $5, mac = $6
                   WHERE tenant_id = $1 AND id = $2 AND state = 'pending' AND decide_by > $4";
        let values = vec![
            id.uuid().into(),
            text(needs)?.into(),
            at.as_micros().into(),
            expires_at.as_micros().into(),
            mac.to_vec().into(),
        ];
        self.won(sql, values).await
    }

    /// An approved grant is used for the first time.
    pub async fn access_grant_activate(&self, id: GrantId, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE access_grant SET state = 'active', activated_at = $3
                   WHERE tenant_id = $1 AND id = $2 AND state = 'approved' AND expires_at > $3";
        self.won(sql, vec![id.uuid().into(), at.as_micros().into()]).await
    }

    /// It is over: from this state into that one, for this reason, by this person if it was one.
    pub async fn access_grant_end(
        &self,
        id: GrantId,
        from: GrantState,
        to: GrantState,
        reason: EndReason,
        by: Option<MemberId>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE access_grant SET state = $4, ended_reason = $5, ended_by = $6, ended_at = $7
                   WHERE tenant_id = $1 AND id = $2 AND state = $3";
        let values = vec![
            id.uuid().into(),
            from.as_str().into(),
            to.as_str().into(),
            reason.as_str().into(),
            by.map(MemberId::uuid).into(),
            at.as_micros().into(),
        ];
        self.won(sql, values).await
    }

    /// Broken glass is reviewed, once and not by who broke it.
    pub async fn access_grant_review(
        &self,
        id: GrantId,
        by: MemberId,
        outcome: ReviewOutcome,
        sealed: Option<Vec<u8>>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE access_grant SET reviewed_by = $3, review_outcome = $4, review_sealed = $5, reviewed_at = $6
                   WHERE tenant_id = $1 AND id = $2 AND kind = 'break-glass' AND reviewed_at IS NULL
                     AND member_id <> $3";
        let values =
            vec![id.uuid().into(), by.uuid().into(), outcome.as_str().into(), sealed.into(), at.as_micros().into()];
        self.won(sql, values).await
    }

    /// Somebody was reminded of a review.
    pub async fn access_grant_reminded(&self, id: GrantId, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE access_grant SET reminded_at = $3
                   WHERE tenant_id = $1 AND id = $2 AND kind = 'break-glass' AND reviewed_at IS NULL";
        self.won(sql, vec![id.uuid().into(), at.as_micros().into()]).await
    }
}
