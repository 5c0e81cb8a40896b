//! A decision's predicate as SQL: the very value that `policy` reads in memory, so that a list shows what can be opened.
//!
//! SQL's three answers are the predicate's own: a comparison with NULL is unknown, AND, OR and NOT follow Kleene, and a
//! WHERE takes a yes only.

use domain::{Environment, ProjectId, SubjectId, Timestamp};
use policy::access::{Predicate, Test};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Select};

use crate::session::{Column, Entity};
use crate::session_label;

/// Keeps the sessions for which `predicate` surely holds.
pub(crate) fn only(select: Select<Entity>, predicate: &Predicate) -> Select<Entity> {
    if *predicate == Predicate::Always { select } else { select.filter(expression(predicate)) }
}

fn expression(predicate: &Predicate) -> Expr {
    match predicate {
        Predicate::Always => Expr::value(true),
        Predicate::Never => Expr::value(false),
        Predicate::Test(test) => question(test),
        Predicate::All(parts) => join(parts, Expr::and).unwrap_or_else(|| Expr::value(true)),
        Predicate::Any(parts) => join(parts, Expr::or).unwrap_or_else(|| Expr::value(false)),
        Predicate::Not(part) => expression(part).not(),
        Predicate::Perhaps(part) => Expr::from(Func::coalesce([expression(part), Expr::value(true)])),
    }
}

fn join(parts: &[Predicate], with: fn(Expr, Expr) -> Expr) -> Option<Expr> {
    parts.iter().map(expression).reduce(with)
}

fn question(test: &Test) -> Expr {
    match test {
        Test::ProjectIn(projects) => Column::ProjectId.is_in(projects.iter().copied().map(ProjectId::uuid)),
        Test::SensitivityIs(sensitivity) => Column::Sensitivity.eq(sensitivity.as_str()),
        Test::EnvironmentIn(environments) => Column::Environment.is_in(environments.iter().map(Environment::as_str)),
        Test::LabelIn(labels) => {
            let of_session = |column: session_label::Column, own: Column| {
                Expr::col((session_label::Entity, column)).equals((Entity, own))
            };
            Expr::exists(
                Query::select()
                    .expr(Expr::cust("1"))
                    .from(session_label::Entity)
                    .and_where(of_session(session_label::Column::TenantId, Column::TenantId))
                    .and_where(of_session(session_label::Column::SessionId, Column::Id))
                    .and_where(session_label::Column::Token.is_in(labels.iter().map(|token| token.to_vec())))
                    .to_owned(),
            )
        }
        Test::SubjectIn(subjects) => {
            let one = Column::SubjectId.is_in(subjects.iter().copied().map(SubjectId::uuid));
            Column::SubjectVerified.eq(true).and(one)
        }
        Test::StartedFrom(from) => Column::StartedAt.gte(Timestamp::as_micros(*from)),
        Test::StartedBefore(before) => Column::StartedAt.lt(Timestamp::as_micros(*before)),
    }
}
