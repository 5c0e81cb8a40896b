//! Which session is open to whom: the one question that every way to a single session asks.
//!
//! **Design.** Roles open sessions by their scope (`policy::access::Scope`), the same value that filters lists and counts,
//! so a list never shows what [`admit`] refuses. A session of one's own tenant that is not open is a 403 that says how to
//! ask; another tenant's stays the 404 of one that does not exist.
//!
//! **How to add one more way in** (a grant, for instance). A branch in [`admit`] behind the roles' own, with its variant
//! of [`By`]; streams ask again every two seconds and end by themselves.

use domain::{SessionId, SessionState};
use policy::access::{Can, Panes, Permit, RoleKey, can};
use store::{SessionRow, TenantRead};

use super::Sessions;
use crate::{AppError, keys::SESSION_ERASED};

/// A session that is open to somebody.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Admitted {
    /// The parts that are.
    pub(crate) panes: Panes,
    /// Why.
    pub(crate) by: By,
}

/// Why a session is open.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    /// A role that the actor holds for sessions like it.
    Role(RoleKey),
}

impl By {
    /// The rule that an audit leaf names.
    pub(crate) fn rule<A: Can>(self, permit: &Permit<A>) -> String {
        match self {
            Self::Role(role) => permit.rule_of(role),
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
    _read: &TenantRead,
    permit: &Permit<A>,
    row: &SessionRow,
) -> Result<Admitted, AppError> {
    let admission = permit.scope().admit(&row.facts()).ok_or(ACCESS_REQUIRED)?;
    Ok(Admitted { panes: admission.panes, by: By::Role(admission.role) })
}

/// The session's row, when it is open to the permit's actor and not erased.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`] `access-required`, [`AppError::Gone`].
pub(crate) async fn opened<A: Can>(
    read: &TenantRead,
    permit: &Permit<A>,
    id: SessionId,
) -> Result<(SessionRow, Admitted), AppError> {
    let row = read.session_find(id).await?.ok_or(NO_SESSION)?;
    let admitted = admit(read, permit, &row).await?;
    if row.state == SessionState::Erased {
        return Err(SESSION_ERASED);
    }
    Ok((row, admitted))
}

impl Sessions {
    /// Whether a session that is being watched is still open to its watcher.
    ///
    /// # Errors
    /// As when it was opened.
    pub async fn still_open(&self, permit: &Permit<can::SessionView>, id: SessionId) -> Result<(), AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        opened(&read, permit, id).await.map(drop)
    }
}
