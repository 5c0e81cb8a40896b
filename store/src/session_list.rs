//! Searching sessions, newest first, and following what changes.

use domain::{ProjectId, SessionId, SessionState, Timestamp};
use policy::access::{Predicate, Test};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, IntoSimpleExpr as _, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use crate::scope::TenantScoped as _;
use crate::session::{Column, Entity, SessionRow};
use crate::stored::{Stored as _, text};
use crate::{StoreError, TenantRead, predicate, search_token};

/// What to search for; every field that is set must match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Of this application.
    pub project: Option<ProjectId>,
    /// Started at this instant or later.
    pub from: Option<Timestamp>,
    /// Started before this instant.
    pub to: Option<Timestamp>,
    /// In this state.
    pub state: Option<SessionState>,
    /// With or without errors.
    pub has_error: Option<bool>,
    /// Of this release; a trailing `*` means "starts with".
    pub release: Option<String>,
    /// In this browser family.
    pub browser: Option<String>,
    /// On this operating system family.
    pub os: Option<String>,
    /// At least this long.
    pub min_duration_ms: Option<u64>,
    /// With all of these blind tokens (kind, token).
    pub tokens: Vec<(String, [u8; 32])>,
    /// With this label, by its token.
    pub label: Option<[u8; 32]>,
    /// That the asker may list.
    pub only: Predicate,
}

/// The last row of the page before; the next page is older.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionCursor {
    /// Its start.
    pub started_at: Timestamp,
    /// Its id.
    pub id: SessionId,
}

/// The last change seen; what follows changed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeCursor {
    /// When it changed.
    pub changed_at: Timestamp,
    /// What changed.
    pub id: SessionId,
}

impl TenantRead {
    /// One page of sessions by start, newest first; erased ones only when the filter asks for that state.
    pub async fn session_list(
        &self,
        filter: &SessionFilter,
        after: Option<SessionCursor>,
        limit: u64,
    ) -> Result<Vec<SessionRow>, StoreError> {
        self.all(self.session_page(filter, after, limit)?).await
    }

    pub(crate) fn session_page(
        &self,
        filter: &SessionFilter,
        after: Option<SessionCursor>,
        limit: u64,
    ) -> Result<Select<Entity>, StoreError> {
        let mut select = self.matching(filter)?;
        if let Some(SessionCursor { started_at, id }) = after {
            select = select.filter(
                Expr::tuple([Column::StartedAt.into_simple_expr(), Column::Id.into_simple_expr()])
                    .lt(Expr::tuple([Expr::value(started_at.as_micros()), Expr::value(id.uuid())])),
            );
        }
        Ok(select.order_by(Column::StartedAt, Order::Desc).order_by(Column::Id, Order::Desc).limit(limit))
    }

    /// Sessions that changed after the cursor and that `only` lets through, oldest change first.
    ///
    /// `changed_at` is the writer's clock before its commit, so a change can become visible after a later one was read:
    /// a follower steps back a few seconds from its cursor and drops what it knows.
    pub async fn session_changed_since(
        &self,
        after: ChangeCursor,
        only: &Predicate,
        limit: u64,
    ) -> Result<Vec<SessionRow>, StoreError> {
        self.all(self.session_changes(after, only, limit)).await
    }

    pub(crate) fn session_changes(&self, after: ChangeCursor, only: &Predicate, limit: u64) -> Select<Entity> {
        predicate::only(Entity::scoped(self.tenant()), only)
            .filter(
                Expr::tuple([Column::ChangedAt.into_simple_expr(), Column::Id.into_simple_expr()])
                    .gt(Expr::tuple([Expr::value(after.changed_at.as_micros()), Expr::value(after.id.uuid())])),
            )
            .order_by(Column::ChangedAt, Order::Asc)
            .order_by(Column::Id, Order::Asc)
            .limit(limit)
    }

    fn matching(&self, filter: &SessionFilter) -> Result<Select<Entity>, StoreError> {
        let mut select = predicate::only(Entity::scoped(self.tenant()), &filter.only);
        select = match filter.state {
            Some(state) => select.filter(Column::State.eq(state.as_str())),
            None => select.filter(Column::State.ne(SessionState::Erased.as_str())),
        };
        if let Some(project) = filter.project {
            select = select.filter(Column::ProjectId.eq(project.uuid()));
        }
        if let Some(from) = filter.from {
            select = select.filter(Column::StartedAt.gte(from.as_micros()));
        }
        if let Some(to) = filter.to {
            select = select.filter(Column::StartedAt.lt(to.as_micros()));
        }
        if let Some(has_error) = filter.has_error {
            select = select.filter(Column::HasError.eq(has_error));
        }
        if let Some(release) = &filter.release {
            select = select.filter(matches_pattern(Column::Release, release)?);
        }
        if let Some(browser) = &filter.browser {
            select = select.filter(Column::Browser.eq(text(browser)?));
        }
        if let Some(os) = &filter.os {
            select = select.filter(Column::Os.eq(text(os)?));
        }
        if let Some(least) = filter.min_duration_ms {
            select = select.filter(Column::DurationMs.gte(least.store()?));
        }
        if let Some(label) = filter.label {
            select = predicate::only(select, &Predicate::Test(Test::LabelIn([label].into())));
        }
        for (kind, token) in &filter.tokens {
            let holders = Query::select()
                .column(search_token::Column::SessionId)
                .from(search_token::Entity)
                .and_where(search_token::Column::TenantId.eq(self.tenant().uuid()))
                .and_where(search_token::Column::Kind.eq(text(kind)?))
                .and_where(search_token::Column::Token.eq(token.to_vec()))
                .to_owned();
            select = select.filter(Column::Id.in_subquery(holders));
        }
        Ok(select)
    }
}

/// Equality, or "starts with" for a trailing `*`.
///
/// Not LIKE: that ignores ASCII case on SQLite only and gives `%` and `_` a meaning. `substr` counts characters on both.
fn matches_pattern(column: Column, pattern: &str) -> Result<Expr, StoreError> {
    let pattern = text(pattern)?;
    let Some(prefix) = pattern.strip_suffix('*') else { return Ok(column.eq(pattern)) };
    let length = i32::try_from(prefix.chars().count()).map_err(|_| StoreError::OutOfRange)?;
    let head = sea_orm::sea_query::Func::cust("substr").arg(column.into_simple_expr()).arg(1).arg(length);
    Ok(Expr::from(head).eq(prefix))
}
