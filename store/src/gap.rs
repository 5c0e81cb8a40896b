//! `gap`: where data is missing, and why.

use domain::{GapId, SessionId, TenantId};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One gap in a recording.
    GapRow in gap = "gap" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// The session.
            session_id: SessionId = Uuid,
            /// Its id.
            id: GapId = Uuid,
        }
        /// The tab.
        tab: u16 = i64,
        /// Start, epoch milliseconds.
        from_ms: i64 = i64,
        /// End, epoch milliseconds.
        to_ms: i64 = i64,
        /// Why, such as `event-too-large`.
        reason: String = String,
        /// More about why; never content.
        detail: Option<String> = Option<String>,
    }
}

impl TenantRead {
    /// A session's gaps by start, tab and id.
    pub async fn gap_list(&self, session: SessionId) -> Result<Vec<GapRow>, StoreError> {
        let select = gap::Entity::scoped(self.tenant())
            .filter(gap::Column::SessionId.eq(session.uuid()))
            .order_by_asc(gap::Column::FromMs)
            .order_by_asc(gap::Column::Tab)
            .order_by_asc(gap::Column::Id);
        self.all(select).await
    }
}

impl TenantTx {
    /// Adds a gap.
    pub async fn gap_insert(&self, row: GapRow) -> Result<(), StoreError> {
        self.insert(row).await
    }
}
