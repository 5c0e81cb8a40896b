//! Watching: an NDJSON stream of redacted events, through verified rows or the manifest.
//!
//! The audit row and the viewer row commit before the stream exists.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{SessionId, ViewId};
use futures::Stream;
use ledger::Object;
use policy::access::{self, Panes, Permit, can};
use recording::index::Pane;
use store::{SessionRow, SessionViewRow};

use super::{
    Sessions,
    access::{ACCESS_REQUIRED, By, Opening, opened},
    guard::Guard,
    lines::{Show, Watermark, pane_name, stream},
    view::Viewer,
};
use crate::{AppError, auth::member_of, grants::in_force};

/// A continuation within this time of the same member's last view belongs to that view.
const SAME_VIEW: Duration = Duration::from_secs(60);

/// Which part of a session is asked for.
#[derive(Debug, Clone, Default)]
pub struct WatchRange {
    /// Only this tab.
    pub tab: Option<u16>,
    /// From, milliseconds since the epoch; the stream begins at the full snapshot at or before it.
    pub from_ms: Option<i64>,
    /// To.
    pub to_ms: Option<i64>,
    /// Only these panes; all when empty.
    pub panes: Vec<Pane>,
    /// Continue behind these segments: (tab, n) of the last `end` line's cursor.
    pub after: Vec<(u16, u32)>,
}

impl Sessions {
    /// Opens a session for watching. When this returns, the view is on record.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] `access-required`, [`AppError::Gone`], [`AppError::Unavailable`]
    /// without a key: then nothing was recorded as seen, because nothing was.
    pub async fn watch(
        &self,
        permit: &Permit<can::SessionView>,
        id: SessionId,
        range: WatchRange,
    ) -> Result<(Opening, impl Stream<Item = Result<Bytes, io::Error>> + use<>), AppError> {
        let tenant = permit.tenant();
        let read = self.parts.store.tenant_read(tenant).await?;
        let (row, admitted) = opened(&self.parts, &read, permit, id).await?;
        drop(read);
        self.parts.keys.session(tenant, id, row.summary_generation).await?;
        let viewer = self.parts.viewer(permit).await?;
        let range = WatchRange { panes: open_panes(&range.panes, admitted.panes)?, ..range };
        let plan = match self.parts.plan(&row, &range).await {
            Ok(plan) => plan,
            Err(error) => {
                self.record(permit, &row, admitted.by, &range, &viewer, true).await?;
                return Err(error);
            }
        };
        self.record(permit, &row, admitted.by, &range, &viewer, plan.integrity_failed).await?;
        let failure = self.parts.audit().integrity_failure(permit, Object::Session(row.id));
        let guard = Guard::new(&self.parts, member_of(permit.actor())?, &row, admitted.by);
        let watermark = Watermark { viewer: viewer.name, at: self.parts.clock.now(), grant: admitted.by.grant() };
        let show = Show::new(&row, &plan, range.panes, admitted.masked, &watermark);
        Ok((Opening(admitted), stream(Arc::clone(&self.parts), &row, plan, show, failure, guard)))
    }

    /// Commits who watches what; and, when something stored contradicts itself, that too.
    async fn record(
        &self,
        permit: &Permit<can::SessionView>,
        row: &SessionRow,
        by: By,
        range: &WatchRange,
        viewer: &Viewer,
        integrity_failed: bool,
    ) -> Result<(), AppError> {
        let parts = &self.parts;
        let (member, now) = (member_of(permit.actor())?, parts.clock.now());
        let tx = parts.store.tenant(permit.tenant()).await?;
        if let By::Grant(grant) = by {
            in_force::use_in(&tx, &parts.authorizer, grant, member, row, now).await?;
        }
        if !continues(&tx, row.id, member, range, by, now.minus(SAME_VIEW)).await? {
            let panes: Vec<&str> = range.panes.iter().map(|pane| pane_name(*pane)).collect();
            tx.session_view_insert(SessionViewRow {
                tenant_id: permit.tenant(),
                id: ViewId::mint(now, &*parts.entropy),
                session_id: row.id,
                member_id: member,
                at: now,
                from_ms: range.from_ms,
                to_ms: range.to_ms,
                panes: panes.join(","),
            })
            .await?;
            let (rule, object) = (by.rule(permit), Object::Session(row.id));
            parts.audit().allowed_by_telling(&tx, permit, rule, "session.view", object, viewer.telling(permit)).await?;
        }
        if integrity_failed {
            parts.audit().integrity_failed(&tx, permit, Object::Session(row.id)).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Whether `range` goes on with a view that is on record: a later part of it, and nothing that its row does not say was
/// watched. A view from before the grant was by another right.
async fn continues(
    tx: &store::TenantTx,
    session: SessionId,
    member: domain::MemberId,
    range: &WatchRange,
    by: By,
    since: domain::Timestamp,
) -> Result<bool, AppError> {
    if range.after.is_empty() {
        return Ok(false);
    }
    let since = match by {
        By::Role(_) => since,
        By::Grant(grant) => since.max(grant.since),
    };
    let recent = tx.session_view_list(session, None, 50).await?;
    Ok(recent.iter().any(|view| view.member_id == member && view.at >= since && is_part_of(range, view)))
}

fn is_part_of(range: &WatchRange, view: &SessionViewRow) -> bool {
    let recorded: Vec<&str> = view.panes.split(',').collect();
    range.panes.iter().all(|pane| recorded.contains(&pane_name(*pane)))
        && view.from_ms.is_none_or(|from| range.from_ms.is_some_and(|asked| asked >= from))
        && view.to_ms.is_none_or(|to| range.to_ms.is_some_and(|asked| asked <= to))
}

/// What is asked for (everything, when nothing is named), as far as it is open.
pub(super) fn open_panes(asked: &[Pane], open: Panes) -> Result<Vec<Pane>, AppError> {
    let all = [Pane::Dom, Pane::Console, Pane::Network, Pane::Actions, Pane::State];
    let asked = if asked.is_empty() { &all[..] } else { asked };
    let panes: Vec<Pane> = asked.iter().copied().filter(|pane| open.contains(right_to(*pane))).collect();
    if panes.is_empty() { Err(ACCESS_REQUIRED) } else { Ok(panes) }
}

/// The right that a stream of events is part of: what a person did is shown in the page.
const fn right_to(pane: Pane) -> access::Pane {
    match pane {
        Pane::Dom | Pane::Actions => access::Pane::Dom,
        Pane::Console => access::Pane::Console,
        Pane::Network => access::Pane::Network,
        Pane::State => access::Pane::State,
    }
}
