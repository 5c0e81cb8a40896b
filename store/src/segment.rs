//! `segment`: one row per committed upload. Rows are never changed: the app role has no UPDATE on this table.

use domain::{SessionId, TenantId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, IntoSimpleExpr as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Value,
};

use crate::scope::{TenantScoped as _, table};
use crate::stored::Stored;
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One sealed segment.
    SegmentRow in segment = "segment" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// The session.
            session_id: SessionId = Uuid,
            /// The tab.
            tab: u16 = i64,
            /// Its number in the tab, from 0.
            n: u32 = i64,
        }
        /// The key generation that sealed it.
        generation: u32 = i64,
        /// The blob's key.
        blob: String = String,
        /// Length of the sealed object, bytes.
        ciphertext_len: u64 = i64,
        /// SHA-256 of the sealed object.
        ciphertext_sha256: [u8; 32] = Vec<u8>,
        /// Length of the NDJSON, bytes.
        plaintext_len: u64 = i64,
        /// Time of its first event, epoch milliseconds.
        first_ms: i64 = i64,
        /// Time of its last event, epoch milliseconds.
        last_ms: i64 = i64,
        /// Events in it.
        events: u32 = i64,
        /// Whether a player can start here.
        full_snapshot: bool = bool,
        /// The tab's chain after this row.
        chain: [u8; 32] = Vec<u8>,
        /// Recognises a re-sent body.
        body_mac: [u8; 32] = Vec<u8>,
        /// What it says of its session (pages), sealed; most segments say nothing.
        facts_sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// When the server took it.
        received_at: Timestamp = i64,
    }
}
use segment::Column;

pub(crate) const SNAPSHOT: &str = "
    SELECT n FROM segment
    WHERE tenant_id = $1 AND session_id = $2 AND tab = $3 AND full_snapshot AND first_ms <= $4
    ORDER BY first_ms DESC, n DESC LIMIT 1";

impl TenantRead {
    fn segments(&self, session: SessionId) -> Select<segment::Entity> {
        segment::Entity::scoped(self.tenant()).filter(Column::SessionId.eq(session.uuid()))
    }

    /// One segment.
    pub async fn segment_find(&self, session: SessionId, tab: u16, n: u32) -> Result<Option<SegmentRow>, StoreError> {
        let same = self.segments(session).filter(Column::Tab.eq(i64::from(tab))).filter(Column::N.eq(i64::from(n)));
        self.one(same).await
    }

    /// A page of all segments by (tab, n), starting behind `after`. Reading to the end costs one index walk.
    pub async fn segment_list(
        &self,
        session: SessionId,
        after: Option<(u16, u32)>,
        limit: u64,
    ) -> Result<Vec<SegmentRow>, StoreError> {
        self.all(self.segment_page(session, after, limit)).await
    }

    pub(crate) fn segment_page(
        &self,
        session: SessionId,
        after: Option<(u16, u32)>,
        limit: u64,
    ) -> Select<segment::Entity> {
        let mut select = self.segments(session);
        if let Some((tab, n)) = after {
            select = select.filter(
                Expr::tuple([Column::Tab.into_simple_expr(), Column::N.into_simple_expr()])
                    .gt(Expr::tuple([Expr::value(i64::from(tab)), Expr::value(i64::from(n))])),
            );
        }
        select.order_by_asc(Column::Tab).order_by_asc(Column::N).limit(limit)
    }

    /// A page of one tab's segments in order, starting behind number `after`.
    pub async fn segment_list_tab(
        &self,
        session: SessionId,
        tab: u16,
        after: Option<u32>,
        limit: u64,
    ) -> Result<Vec<SegmentRow>, StoreError> {
        let mut select = self.segments(session).filter(Column::Tab.eq(i64::from(tab)));
        if let Some(after) = after {
            select = select.filter(Column::N.gt(i64::from(after)));
        }
        self.all(select.order_by_asc(Column::N).limit(limit)).await
    }

    /// The newest segment of a tab that holds a full snapshot and starts at or before `at_ms` (epoch milliseconds).
    pub async fn segment_snapshot_at(
        &self,
        session: SessionId,
        tab: u16,
        at_ms: i64,
    ) -> Result<Option<u32>, StoreError> {
        let values = vec![session.uuid().into(), tab.store()?.into(), Value::from(at_ms)];
        let Some(row) = self.row(SNAPSHOT, values).await? else { return Ok(None) };
        let n = u32::load(row.try_get("", "n")?).ok_or(StoreError::Corrupt { table: "segment", column: "n" })?;
        Ok(Some(n))
    }

    /// The sealed facts of a session's first segments that have some: (tab, n, generation, sealed).
    pub async fn segment_facts(
        &self,
        session: SessionId,
        limit: u64,
    ) -> Result<Vec<(u16, u32, u32, Vec<u8>)>, StoreError> {
        let some = self.segments(session).filter(Column::FactsSealed.is_not_null());
        let rows: Vec<SegmentRow> =
            self.all(some.order_by_asc(Column::FirstMs).order_by_asc(Column::N).limit(limit)).await?;
        Ok(rows.into_iter().filter_map(|row| Some((row.tab, row.n, row.generation, row.facts_sealed?))).collect())
    }

    /// The last segment of a tab.
    pub async fn segment_last(&self, session: SessionId, tab: u16) -> Result<Option<SegmentRow>, StoreError> {
        let select = self.segments(session).filter(Column::Tab.eq(i64::from(tab))).order_by_desc(Column::N).limit(1);
        self.one(select).await
    }
}

impl TenantTx {
    /// Adds a segment. [`StoreError::Conflict`] when the number is taken, [`StoreError::MissingParent`] when its tab or
    /// its key generation is not there.
    pub async fn segment_insert(&self, row: SegmentRow) -> Result<(), StoreError> {
        self.insert(row).await
    }
}
