//! `access_grant`: requests, the grants that come of them, and broken glass; with their sessions and votes.
//!
//! Here: rows, adding and finding them. `access_grant_step.rs` moves them from state to state.

use domain::{GrantId, MemberId, SessionId, TenantId, Timestamp};
use policy::grants::{EndReason, GrantState, Kind, Purpose, ReviewOutcome, Verb};
use sea_orm::{
    ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, Query},
};

use crate::scope::{TenantScoped as _, table};
use crate::{Backend, StoreError, TenantRead, TenantTx, Vote};

table! {
    /// One request and the grant that came of it.
    AccessGrantRow in access_grant = "access_grant" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: GrantId = Uuid,
        }
        /// Asked for, or taken.
        kind: Kind = String,
        /// Where it stands.
        state: GrantState = String,
        /// Who asked.
        member_id: MemberId = Uuid,
        /// What it allows.
        verb: Verb = String,
        /// What for.
        purpose: Purpose = String,
        /// Reason and ticket, sealed under the requester's key.
        reason_sealed: Vec<u8> = Vec<u8>,
        /// What the sessions are chosen by until the first approval pins them, as JSON.
        filter: Option<String> = Option<String>,
        /// How long it holds, in seconds.
        duration_s: u32 = i64,
        /// When it was asked for.
        created_at: Timestamp = i64,
        /// Until when a decision counts.
        decide_by: Timestamp = i64,
        /// What the rules asked for when it was approved, as JSON.
        needs: Option<String> = Option<String>,
        /// When the last needed approval came.
        approved_at: Option<Timestamp> = Option<i64>,
        /// When it was first used.
        activated_at: Option<Timestamp> = Option<i64>,
        /// Until when it holds.
        expires_at: Option<Timestamp> = Option<i64>,
        /// When it was over.
        ended_at: Option<Timestamp> = Option<i64>,
        /// Why.
        ended_reason: Option<EndReason> = Option<String>,
        /// By whom, when it was a person.
        ended_by: Option<MemberId> = Option<Uuid>,
        /// Broken glass: the role that allowed it.
        role: Option<String> = Option<String>,
        /// Broken glass: when its review is due.
        review_due_at: Option<Timestamp> = Option<i64>,
        /// When somebody was last reminded of it.
        reminded_at: Option<Timestamp> = Option<i64>,
        /// When it was reviewed.
        reviewed_at: Option<Timestamp> = Option<i64>,
        /// By whom.
        reviewed_by: Option<MemberId> = Option<Uuid>,
        /// What they made of it.
        review_outcome: Option<ReviewOutcome> = Option<String>,
        /// What they wrote, sealed under the reviewer's key.
        review_sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// From when it opens something on: over what it opens, to whom, until when and what was asked for that.
        mac: Option<Vec<u8>> = Option<Vec<u8>>,
    }
}

table! {
    /// One session that a grant opens.
    AccessGrantSessionRow in access_grant_session = "access_grant_session" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// The grant.
            grant_id: GrantId = Uuid,
            /// The session.
            session_id: SessionId = Uuid,
        }
    }
}

table! {
    /// What one person said to a request.
    AccessGrantVoteRow in access_grant_vote = "access_grant_vote" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// The request.
            grant_id: GrantId = Uuid,
            /// Who voted.
            member_id: MemberId = Uuid,
        }
        /// Whose request it is; never the voter.
        requester_id: MemberId = Uuid,
        /// Yes or no.
        vote: Vote = String,
        /// SHA-256 of what was voted on.
        seen: [u8; 32] = Vec<u8>,
        /// What they wrote, sealed under the voter's key.
        comment_sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// When.
        at: Timestamp = i64,
        /// Over everything that counts; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}

/// Which requests and grants to list; everything that is set must match.
#[derive(Debug, Clone, Default)]
pub struct AccessGrantFilter {
    /// Of this member.
    pub member: Option<MemberId>,
    /// In one of these states; any when empty.
    pub states: Vec<GrantState>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// That were approved at some time.
    pub approved: bool,
    /// Broken glass without a review.
    pub unreviewed: bool,
}

impl TenantRead {
    /// One request or grant.
    pub async fn access_grant_find(&self, id: GrantId) -> Result<Option<AccessGrantRow>, StoreError> {
        self.one(self.access_grant_one(id)).await
    }

    fn access_grant_one(&self, id: GrantId) -> Select<access_grant::Entity> {
        access_grant::Entity::scoped(self.tenant()).filter(access_grant::Column::Id.eq(id.uuid()))
    }

    /// One page of requests and grants, newest first.
    pub async fn access_grant_list(
        &self,
        wanted: &AccessGrantFilter,
        after: Option<GrantId>,
        limit: u64,
    ) -> Result<Vec<AccessGrantRow>, StoreError> {
        use access_grant::Column;
        let mut select = access_grant::Entity::scoped(self.tenant());
        if let Some(member) = wanted.member {
            select = select.filter(Column::MemberId.eq(member.uuid()));
        }
        if !wanted.states.is_empty() {
            select = select.filter(Column::State.is_in(wanted.states.iter().map(|state| state.as_str())));
        }
        if let Some(kind) = wanted.kind {
            select = select.filter(Column::Kind.eq(kind.as_str()));
        }
        if wanted.approved {
            select = select.filter(Column::ApprovedAt.is_not_null());
        }
        if wanted.unreviewed {
            select = select.filter(Column::Kind.eq(Kind::BreakGlass.as_str())).filter(Column::ReviewedAt.is_null());
        }
        if let Some(after) = after {
            select = select.filter(Column::Id.lt(after.uuid()));
        }
        self.all(select.order_by_desc(Column::Id).limit(limit)).await
    }

    /// The sessions of these requests and grants, by grant and session.
    pub async fn access_grant_session_list(
        &self,
        grants: &[GrantId],
    ) -> Result<Vec<AccessGrantSessionRow>, StoreError> {
        use access_grant_session::Column;
        let select = access_grant_session::Entity::scoped(self.tenant())
            .filter(Column::GrantId.is_in(grants.iter().map(|grant| grant.uuid())))
            .order_by_asc(Column::GrantId)
            .order_by_asc(Column::SessionId);
        self.all(select).await
    }

    /// The votes on these requests, by request and time.
    pub async fn access_grant_vote_list(&self, grants: &[GrantId]) -> Result<Vec<AccessGrantVoteRow>, StoreError> {
        use access_grant_vote::Column;
        let select = access_grant_vote::Entity::scoped(self.tenant())
            .filter(Column::GrantId.is_in(grants.iter().map(|grant| grant.uuid())))
            .order_by_asc(Column::GrantId)
            .order_by_asc(Column::At)
            .order_by_asc(Column::MemberId);
        self.all(select).await
    }

    /// A member's grants that name this session and may still be in force, newest first.
    pub async fn access_grant_usable(
        &self,
        member: MemberId,
        session: SessionId,
    ) -> Result<Vec<AccessGrantRow>, StoreError> {
        use access_grant::Column;
        let named = Query::select()
            .column(access_grant_session::Column::GrantId)
            .from(access_grant_session::Entity)
            .and_where(access_grant_session::Column::TenantId.eq(self.tenant().uuid()))
            .and_where(access_grant_session::Column::SessionId.eq(session.uuid()))
            .to_owned();
        let usable = [GrantState::Approved, GrantState::Active].map(GrantState::as_str);
        let select = access_grant::Entity::scoped(self.tenant())
            .filter(Column::MemberId.eq(member.uuid()))
            .filter(Column::State.is_in(usable))
            .filter(Column::Id.in_subquery(named))
            .order_by_desc(Column::Id);
        self.all(select).await
    }

    /// The next requests and grants that are not over, by id; for the job that ends them.
    pub async fn access_grant_live(
        &self,
        after: Option<GrantId>,
        limit: u64,
    ) -> Result<Vec<AccessGrantRow>, StoreError> {
        self.all(self.access_grant_live_page(after, limit)).await
    }

    pub(crate) fn access_grant_live_page(&self, after: Option<GrantId>, limit: u64) -> Select<access_grant::Entity> {
        use access_grant::Column;
        // As written in the index's condition.
        let live = Expr::cust("state IN ('pending', 'approved', 'active')");
        let mut select = access_grant::Entity::scoped(self.tenant()).filter(live);
        if let Some(after) = after {
            select = select.filter(Column::Id.gt(after.uuid()));
        }
        select.order_by_asc(Column::Id).limit(limit)
    }

    /// How often glass was broken since then.
    pub async fn access_grant_broken_since(&self, since: Timestamp) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS uses FROM access_grant
                   WHERE tenant_id = $1 AND kind = 'break-glass' AND created_at > $2";
        let Some(row) = self.row(sql, vec![since.as_micros().into()]).await? else { return Ok(0) };
        let uses: i64 = row.try_get("", "uses")?;
        Ok(u64::try_from(uses).unwrap_or(u64::MAX))
    }

    /// Broken glass without a review, oldest first.
    pub async fn access_grant_unreviewed(&self) -> Result<Vec<AccessGrantRow>, StoreError> {
        self.all(self.access_grant_unreviewed_all()).await
    }

    pub(crate) fn access_grant_unreviewed_all(&self) -> Select<access_grant::Entity> {
        use access_grant::Column;
        access_grant::Entity::scoped(self.tenant())
            // As written in the index's condition.
            .filter(Expr::cust("kind = 'break-glass' AND reviewed_at IS NULL"))
            .order_by_asc(Column::ReviewDueAt)
            .order_by_asc(Column::Id)
    }
}

impl TenantTx {
    /// Adds a request, or a broken glass.
    pub async fn access_grant_insert(&self, row: AccessGrantRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Says what a request opens. A session that is not the tenant's is [`StoreError::MissingParent`].
    pub async fn access_grant_session_insert(&self, row: AccessGrantSessionRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Adds a vote. A second one of the same person is a [`StoreError::Conflict`]; one of the requester violates the
    /// table's own check.
    pub async fn access_grant_vote_insert(&self, row: AccessGrantVoteRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Reads a request or grant and keeps everybody else from changing it until this transaction ends.
    pub async fn access_grant_lock(&self, id: GrantId) -> Result<Option<AccessGrantRow>, StoreError> {
        let select = self.access_grant_one(id);
        let select = match self.backend() {
            Backend::Sqlite => select,
            // NO KEY UPDATE: votes and sessions hold KEY SHARE on this row through their references.
            Backend::Postgres => select.lock(sea_orm::sea_query::LockType::NoKeyUpdate),
        };
        self.one(select).await
    }
}
