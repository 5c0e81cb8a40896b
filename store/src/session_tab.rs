//! `session_tab`: the next segment number and the running chain of each browser tab.

use domain::{SessionId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::stored::{Stored, text};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One browser tab of a session.
    SessionTabRow in session_tab = "session_tab" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// The session.
            session_id: SessionId = Uuid,
            /// Counts from 0.
            tab: u16 = i64,
        }
        /// The only segment number the tab takes next.
        next_n: u32 = i64,
        /// The chain after the last segment; zeros before the first.
        chain: [u8; 32] = Vec<u8>,
        /// When the tab was opened.
        opened_at: Timestamp = i64,
        /// How many segments the agent says it sent.
        declared_segments: Option<u32> = Option<i64>,
        /// The segment after which `state_blob` was taken.
        state_n: Option<u32> = Option<i64>,
        /// Where the sealed redactor state is kept: a blob's key.
        state_blob: Option<String> = Option<String>,
    }
}

/// What the segments of one tab cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TabSpan {
    /// The tab.
    pub tab: u16,
    /// Its segments.
    pub segments: u64,
    /// Time of its first event, epoch milliseconds.
    pub first_ms: i64,
    /// Time of its last event, epoch milliseconds.
    pub last_ms: i64,
}

impl TenantRead {
    /// One tab.
    pub async fn session_tab_find(&self, session: SessionId, tab: u16) -> Result<Option<SessionTabRow>, StoreError> {
        let select = session_tab::Entity::scoped(self.tenant())
            .filter(session_tab::Column::SessionId.eq(session.uuid()))
            .filter(session_tab::Column::Tab.eq(i64::from(tab)));
        self.one(select).await
    }

    /// A session's tabs in order.
    pub async fn session_tab_list(&self, session: SessionId) -> Result<Vec<SessionTabRow>, StoreError> {
        let select = session_tab::Entity::scoped(self.tenant())
            .filter(session_tab::Column::SessionId.eq(session.uuid()))
            .order_by_asc(session_tab::Column::Tab);
        self.all(select).await
    }

    /// What each tab's segments cover; a tab without segments is left out.
    pub async fn session_tab_spans(&self, session: SessionId) -> Result<Vec<TabSpan>, StoreError> {
        let sql = "SELECT tab, COUNT(*) AS segments, MIN(first_ms) AS first_ms, MAX(last_ms) AS last_ms FROM segment
                   WHERE tenant_id = $1 AND session_id = $2 GROUP BY tab ORDER BY tab";
        let rows = self.rows(sql, vec![session.uuid().into()]).await?;
        let corrupt = |column| StoreError::Corrupt { table: "segment", column };
        rows.iter()
            .map(|row| {
                Ok(TabSpan {
                    tab: Stored::load(row.try_get::<i64>("", "tab")?).ok_or(corrupt("tab"))?,
                    segments: Stored::load(row.try_get::<i64>("", "segments")?).ok_or(corrupt("n"))?,
                    first_ms: row.try_get("", "first_ms")?,
                    last_ms: row.try_get("", "last_ms")?,
                })
            })
            .collect()
    }
}

impl TenantTx {
    /// Opens the session's next tab and says its number. `None` when the session is not live or has `max_tabs` already.
    ///
    /// The update locks the session's row, so parallel calls get different numbers.
    pub async fn session_tab_open(
        &self,
        session: SessionId,
        max_tabs: u16,
        now: Timestamp,
    ) -> Result<Option<u16>, StoreError> {
        let sql =
            "UPDATE session SET tabs = tabs + 1, changed_at = CASE WHEN $3 > changed_at THEN $3 ELSE changed_at END
                   WHERE tenant_id = $1 AND id = $2 AND state = 'live' AND tabs < $4 RETURNING tabs";
        let values = vec![session.uuid().into(), now.as_micros().into(), max_tabs.store()?.into()];
        let Some(row) = self.row(sql, values).await? else { return Ok(None) };
        let tabs: i64 = row.try_get("", "tabs")?;
        let tab = u16::load(tabs - 1).ok_or(StoreError::Corrupt { table: "session", column: "tabs" })?;
        self.insert(SessionTabRow {
            tenant_id: self.tenant(),
            session_id: session,
            tab,
            next_n: 0,
            chain: [0; 32],
            opened_at: now,
            declared_segments: None,
            state_n: None,
            state_blob: None,
        })
        .await?;
        Ok(Some(tab))
    }

    /// Takes segment number `n` of a tab and moves the chain on. False when `n` is not the tab's next: somebody else
    /// took it, or one is missing.
    pub async fn session_tab_advance(
        &self,
        session: SessionId,
        tab: u16,
        n: u32,
        chain: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE session_tab SET next_n = next_n + 1, chain = $5
                   WHERE tenant_id = $1 AND session_id = $2 AND tab = $3 AND next_n = $4";
        self.won(sql, vec![session.uuid().into(), tab.store()?.into(), n.store()?.into(), chain.to_vec().into()]).await
    }

    /// Notes how many segments the agent says the tab has; false when there is no such tab.
    pub async fn session_tab_declare(&self, session: SessionId, tab: u16, segments: u32) -> Result<bool, StoreError> {
        let sql = "UPDATE session_tab SET declared_segments = $4 WHERE tenant_id = $1 AND session_id = $2 AND tab = $3";
        self.won(sql, vec![session.uuid().into(), tab.store()?.into(), segments.store()?.into()]).await
    }

    /// Notes where the redactor's state after segment `n` is kept. False when a later one is known already.
    pub async fn session_tab_state_set(
        &self,
        session: SessionId,
        tab: u16,
        n: u32,
        blob: &str,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE session_tab SET state_n = $4, state_blob = $5
                   WHERE tenant_id = $1 AND session_id = $2 AND tab = $3 AND (state_n IS NULL OR state_n < $4)";
        self.won(sql, vec![session.uuid().into(), tab.store()?.into(), n.store()?.into(), text(blob)?.into()]).await
    }
}
