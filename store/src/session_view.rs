//! `session_view`: who watched what, committed before the first byte leaves. Rows are never changed.

use domain::{MemberId, SessionId, TenantId, Timestamp, ViewId};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, IntoSimpleExpr as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One view of a session.
    SessionViewRow in session_view = "session_view" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: ViewId = Uuid,
        }
        /// What was watched.
        session_id: SessionId = Uuid,
        /// Who watched.
        member_id: MemberId = Uuid,
        /// When.
        at: Timestamp = i64,
        /// From which time of the recording, epoch milliseconds.
        from_ms: Option<i64> = Option<i64>,
        /// To which time of the recording, epoch milliseconds.
        to_ms: Option<i64> = Option<i64>,
        /// Which panes, comma-separated.
        panes: String = String,
    }
}
use session_view::Column;

/// The last view of the page before; the next page is older.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewCursor {
    /// When it happened.
    pub at: Timestamp,
    /// Its id.
    pub id: ViewId,
}

impl TenantRead {
    /// One page of a session's views, newest first.
    pub async fn session_view_list(
        &self,
        session: SessionId,
        after: Option<ViewCursor>,
        limit: u64,
    ) -> Result<Vec<SessionViewRow>, StoreError> {
        self.all(self.session_view_page(session, after, limit)).await
    }

    pub(crate) fn session_view_page(
        &self,
        session: SessionId,
        after: Option<ViewCursor>,
        limit: u64,
    ) -> Select<session_view::Entity> {
        let mut select = session_view::Entity::scoped(self.tenant()).filter(Column::SessionId.eq(session.uuid()));
        if let Some(ViewCursor { at, id }) = after {
            select = select.filter(
                Expr::tuple([Column::At.into_simple_expr(), Column::Id.into_simple_expr()])
                    .lt(Expr::tuple([Expr::value(at.as_micros()), Expr::value(id.uuid())])),
            );
        }
        select.order_by_desc(Column::At).order_by_desc(Column::Id).limit(limit)
    }
}

impl TenantTx {
    /// Records a view.
    pub async fn session_view_insert(&self, row: SessionViewRow) -> Result<(), StoreError> {
        self.insert(row).await
    }
}
