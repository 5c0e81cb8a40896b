//! Which session is open to whom: the one question that every way to a single session asks.
//!
//! **Design.** Roles open sessions by their scope (`policy::access::Scope`), the same value that filters lists and counts,
//! so a list never shows what [`admit`] refuses. A session of one's own tenant that is not open is a 403 that says how to
//! ask; another tenant's stays the 404 of one that does not exist.
//!
//! A grant opens what roles do not: [`admit`] looks for one when they said no. Streams ask again every second
//! ([`Sessions::still_open`]) and, under a grant, before every segment.
//!
//! **How to add one more way in.** A branch in [`admit`] behind the roles' own, with its variant of [`By`]; streams end by
//! themselves when it closes.

use std::collections::BTreeSet;

use domain::{SessionId, SessionState};
use policy::{
    access::{Action, Admission, Can, Panes, Permit, RoleKey, can},
    grants::{Kind, Verb},
};
use store::{SessionRow, TenantRead};

use super::{Parts, Sessions};
use crate::{
    AppError,
    auth::member_of,
    grants::in_force::{self, InForce},
    keys::SESSION_ERASED,
};

/// A session that is open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// The parts that are.
    pub(crate) panes: Panes,
    /// Why.
    pub(crate) by: By,
}

/// Why a session is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// A role that the actor holds for sessions like it.
    Role(RoleKey),
    /// A grant of the actor's that names it.
    Grant(InForce),
}

/// How a session was opened; what keeps a stream of it going asks whether that still holds.
#[derive(Debug, Clone, Copy)]
pub struct Opening(pub(super) Admitted);

impl By {
    /// The rule that an audit leaf names.
    pub(crate) fn rule<A: Can>(self, permit: &Permit<A>) -> String {
        match self {
            Self::Role(role) => permit.rule_of(role),
            Self::Grant(InForce { id, kind: Kind::Request }) => format!("{}/grant:{id}", permit.rule()),
            Self::Grant(InForce { id, kind: Kind::BreakGlass }) => format!("{}/break-glass:{id}", permit.rule()),
        }
    }
}

/// The session is one of the tenant's own, and the caller's roles do not open it.
pub(super) const ACCESS_REQUIRED: AppError = AppError::Forbidden {
    code: "access-required",
    detail: "your roles do not open this session; ask for access to it, saying why and for how long \
             (POST /v1/access-requests)",
};

pub(super) const NO_SESSION: AppError = AppError::NotFound { kind: "session" };

/// Whether `row` is open to the permit's actor, and which parts of it.
///
/// # Errors
/// [`AppError::Forbidden`] `access-required`.
pub(crate) async fn admit<A: Can>(
    parts: &Parts,
    read: &TenantRead,
    permit: &Permit<A>,
    row: &SessionRow,
) -> Result<Admitted, AppError> {
    if let Some(admission) = by_role(read, permit, row).await? {
        return Ok(Admitted { panes: admission.panes, by: By::Role(admission.role) });
    }
    let verb = granted_by(A::ACTION).ok_or(ACCESS_REQUIRED)?;
    let member = member_of(permit.actor())?;
    let grant = in_force::find(read, &parts.authorizer, member, row, verb, parts.clock.now()).await?;
    // A grant names sessions, not panes: who agreed to it agreed to the whole session.
    Ok(Admitted { panes: Panes::ALL, by: By::Grant(grant.ok_or(ACCESS_REQUIRED)?) })
}

/// What the actor's roles open of this session.
async fn by_role<A: Can>(
    read: &TenantRead,
    permit: &Permit<A>,
    row: &SessionRow,
) -> Result<Option<Admission>, AppError> {
    let scope = permit.scope();
    let labels = if scope.asks_for_labels() { read.session_label_tokens(row.id).await? } else { BTreeSet::default() };
    Ok(scope.admit(&row.facts(labels)))
}

/// What a grant must be for, to open a session for this action. Who watched is not told to whoever may watch.
const fn granted_by(action: Action) -> Option<Verb> {
    match action {
        Action::SessionView | Action::SessionManifest => Some(Verb::View),
        Action::SessionViewUnmasked => Some(Verb::ViewUnmasked),
        Action::SessionExport => Some(Verb::Export),
        _ => None,
    }
}

/// The session's row, when it is open to the permit's actor and not erased.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`] `access-required`, [`AppError::Gone`].
pub(crate) async fn opened<A: Can>(
    parts: &Parts,
    read: &TenantRead,
    permit: &Permit<A>,
    id: SessionId,
) -> Result<(SessionRow, Admitted), AppError> {
    let row = read.session_find(id).await?.ok_or(NO_SESSION)?;
    let admitted = admit(parts, read, permit, &row).await?;
    if row.state == SessionState::Erased { Err(SESSION_ERASED) } else { Ok((row, admitted)) }
}

/// The session's row, when it is not erased.
async fn present(read: &TenantRead, id: SessionId) -> Result<SessionRow, AppError> {
    let row = read.session_find(id).await?.ok_or(NO_SESSION)?;
    if row.state == SessionState::Erased { Err(SESSION_ERASED) } else { Ok(row) }
}

impl Sessions {
    /// Whether a session that is being watched is still open to its watcher, as far and in the way in which it was opened:
    /// a stream does not go on under another right than the one that is on record for it.
    ///
    /// # Errors
    /// As when it was opened.
    pub async fn still_open(
        &self,
        permit: &Permit<can::SessionView>,
        id: SessionId,
        opening: &Opening,
    ) -> Result<(), AppError> {
        let (parts, Opening(then)) = (&self.parts, opening);
        let read = parts.store.tenant_read(permit.tenant()).await?;
        let row = present(&read, id).await?;
        let still = match then.by {
            By::Role(_) => {
                let now = by_role(&read, permit, &row).await?.map_or(Panes::NONE, |admission| admission.panes);
                then.panes.iter().all(|pane| now.contains(pane))
            }
            By::Grant(grant) => {
                let member = member_of(permit.actor())?;
                in_force::holds(&read, &parts.authorizer, grant.id, member, &row, parts.clock.now()).await?
            }
        };
        if still { Ok(()) } else { Err(ACCESS_REQUIRED) }
    }
}
