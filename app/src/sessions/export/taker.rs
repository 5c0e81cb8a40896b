//! Who may take a session out, and which parts of it.

use std::collections::BTreeSet;

use domain::{MemberId, SessionId, SessionState};
use policy::{
    access::{Action, Actor, Permit, can},
    grants::Verb,
};
use store::{SessionRow, TenantRead};

use super::super::{
    Opening, Parts, Sessions,
    access::{ACCESS_REQUIRED, Admitted, NO_SESSION},
};
use crate::{
    AppError, forbidden,
    grants::in_force::{self, InForce},
    keys::SESSION_ERASED,
};

/// A session that is open to be taken out.
pub(super) struct Taken {
    pub(super) row: SessionRow,
    pub(super) grant: InForce,
    pub(super) admitted: Admitted,
}

/// The person who asks. A program uses nobody's grant: its scopes say what it is for, and none says this.
pub(super) fn person(permit: &Permit<can::SessionView>) -> Result<MemberId, AppError> {
    match *permit.actor() {
        Actor::Member { id, .. } => Ok(id),
        _ => Err(forbidden()),
    }
}

impl Parts {
    /// The session, when its taker has a grant for it and no role of theirs denies it. They get what their roles would show
    /// them: a grant to take out is none to watch unmasked.
    pub(super) async fn taken(
        &self,
        read: &TenantRead,
        permit: &Permit<can::SessionView>,
        id: SessionId,
    ) -> Result<Taken, AppError> {
        let (member, holdings) = (person(permit)?, permit.holdings());
        let row = read.session_find(id).await?.filter(|row| permit.reaches(row.project_id)).ok_or(NO_SESSION)?;
        let [taking, watching] = [Action::SessionExport, Action::SessionView].map(|action| holdings.scope(action));
        let by_label = taking.asks_for_labels() || watching.asks_for_labels();
        let labels = if by_label { read.session_label_tokens(id).await? } else { BTreeSet::default() };
        let facts = row.facts(labels);
        if taking.takes_from(&facts) {
            return Err(ACCESS_REQUIRED);
        }
        let masked = watching.admit(&facts).map_or_else(|| holdings.watch_masked(), |admission| admission.masked);
        let grant = in_force::find(read, &self.authorizer, member, &row, Verb::Export, self.clock.now()).await?;
        let grant = grant.ok_or(ACCESS_REQUIRED)?;
        if row.state == SessionState::Erased {
            return Err(SESSION_ERASED);
        }
        Ok(Taken { row, grant, admitted: Admitted::by_grant(grant, masked) })
    }
}

impl Sessions {
    /// Whether a session that is being downloaded is still open to its taker, as far and in the way in which it was opened.
    ///
    /// # Errors
    /// As when it was opened.
    pub async fn still_taken(
        &self,
        permit: &Permit<can::SessionView>,
        id: SessionId,
        opening: &Opening,
    ) -> Result<(), AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let now = self.parts.taken(&read, permit, id).await?.admitted;
        let Opening(then) = opening;
        if now.by == then.by && then.is_within(&now) { Ok(()) } else { Err(ACCESS_REQUIRED) }
    }
}
