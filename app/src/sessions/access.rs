//! Which session is open to whom: the one question that every way to a single session asks.
//!
//! **Design.** Roles open sessions by their scope (`policy::access::Scope`), the same value that filters lists and counts,
//! so a list never shows what [`admit`] refuses. A session of one's own tenant that is not open is a 403 that says how to
//! ask; another tenant's stays the 404 of one that does not exist.
//!
//! A grant opens what roles do not, and one to `view-unmasked` shows the text that roles mask: [`admit`] looks for one then. Streams ask again every second
//! ([`Sessions::still_open`]) and, under a grant, before every segment.
//!
//! **How to add one more way in.** A branch in [`admit`] behind the roles' own, with its variant of [`By`]; streams end by
//! themselves when it closes.

use std::collections::BTreeSet;

use domain::{GrantId, SessionId, SessionState};
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
    /// Whether the page is shown without its text.
    pub(crate) masked: bool,
    /// Why.
    pub(crate) by: By,
}

impl Admitted {
    /// What a grant opens to somebody whose roles show recordings `masked`, or not. It names sessions, not panes: who agreed
    /// to it agreed to the whole session, as its holder's roles show it.
    pub(super) fn by_grant(grant: InForce, masked: bool) -> Self {
        let masked = masked && grant.verb != Verb::ViewUnmasked;
        let panes = if masked { Panes::MASKED } else { Panes::ALL };
        Self { panes, masked, by: By::Grant(grant) }
    }

    /// Whether all of it is still open `now`.
    pub(super) fn is_within(&self, now: &Self) -> bool {
        self.panes.iter().all(|pane| now.panes.contains(pane)) && (self.masked || !now.masked)
    }
}

impl From<Admission<'_>> for Admitted {
    fn from(Admission { panes, masked, role }: Admission<'_>) -> Self {
        Self { panes, masked, by: By::Role(*role) }
    }
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
            Self::Grant(InForce { id, kind: Kind::Request, .. }) => format!("{}/grant:{id}", permit.rule()),
            Self::Grant(InForce { id, kind: Kind::BreakGlass, .. }) => format!("{}/break-glass:{id}", permit.rule()),
        }
    }

    /// The grant, when it is one.
    pub(super) const fn grant(self) -> Option<GrantId> {
        match self {
            Self::Role(_) => None,
            Self::Grant(grant) => Some(grant.id),
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
/// [`AppError::Forbidden`] `access-required`; [`AppError::NotFound`] for what a key of another project asks about.
pub(crate) async fn admit<A: Can>(
    parts: &Parts,
    read: &TenantRead,
    permit: &Permit<A>,
    row: &SessionRow,
) -> Result<Admitted, AppError> {
    if !permit.reaches(row.project_id) {
        return Err(NO_SESSION);
    }
    let by_role = by_role(read, permit, row).await?;
    let masked = by_role.map_or_else(|| permit.holdings().watch_masked(), |admission| admission.masked);
    let lifting = (A::ACTION == Action::SessionView && masked).then_some(Verb::ViewUnmasked);
    let opening = if by_role.is_none() { granted_by(A::ACTION) } else { None };
    if lifting.is_some() || opening.is_some() {
        let (member, now) = (member_of(permit.actor())?, parts.clock.now());
        for verb in lifting.into_iter().chain(opening) {
            if let Some(grant) = in_force::find(read, &parts.authorizer, member, row, verb, now).await? {
                return Ok(Admitted::by_grant(grant, masked));
            }
        }
    }
    by_role.map(Admitted::from).ok_or(ACCESS_REQUIRED)
}

/// What the actor's roles open of this session.
async fn by_role<'a, A: Can>(
    read: &TenantRead,
    permit: &'a Permit<A>,
    row: &SessionRow,
) -> Result<Option<Admission<'a>>, AppError> {
    let scope = permit.scope();
    let labels = if scope.asks_for_labels() { read.session_label_tokens(row.id).await? } else { BTreeSet::default() };
    Ok(scope.admit(&row.facts(labels)))
}

/// What a grant must be for, to open a session for this action. Who watched is not told to whoever may watch; taking a
/// session out has a way of its own ([`super::Taker`]).
const fn granted_by(action: Action) -> Option<Verb> {
    match action {
        Action::SessionView | Action::SessionManifest => Some(Verb::View),
        Action::SessionViewUnmasked => Some(Verb::ViewUnmasked),
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
            By::Role(_) => by_role(&read, permit, &row).await?.is_some_and(|now| then.is_within(&now.into())),
            By::Grant(grant) => {
                let member = member_of(permit.actor())?;
                in_force::holds(&read, &parts.authorizer, grant, member, &row, parts.clock.now()).await?
                    && then.is_within(&Admitted::by_grant(grant, permit.holdings().watch_masked()))
            }
        };
        if still { Ok(()) } else { Err(ACCESS_REQUIRED) }
    }
}
