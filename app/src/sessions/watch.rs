//! Watching: an NDJSON stream of redacted events, through verified rows or the manifest.
//!
//! The audit row and the viewer row commit before the stream exists. Segments are opened one at a time and per tab, and
//! their events merged by time; a segment that is missing or does not open becomes a gap line, and the rest goes on.
//! The last line is `end`; a stream without it was cut.

use std::{
    collections::VecDeque,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_stream::try_stream;
use bytes::{BufMut as _, Bytes, BytesMut};
use domain::{SessionId, TenantId, ViewId};
use futures::Stream;
use ledger::{Leaf, Object};
use policy::access::{self, Panes, Permit, can};
use recording::{
    Mask,
    index::{self, Pane},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{SessionRow, SessionViewRow};
use vault::seal::{self, ObjectContext};

use super::{
    GapView, Parts, Sessions,
    access::{ACCESS_REQUIRED, By, Opening, opened},
    guard::Guard,
    plan::{BROKEN, Item, Plan},
};
use crate::{AppError, auth::member_of, grants::in_force, ingest::unpack};

/// Bytes gathered before they are handed to the connection.
const CHUNK: usize = 64 << 10;
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
        let viewer = self.parts.member_name(tenant, member_of(permit.actor())?).await?;
        let range = WatchRange { panes: open_panes(&range.panes, admitted.panes)?, ..range };
        let plan = match self.parts.plan(&row, &range).await {
            Ok(plan) => plan,
            Err(error) => {
                self.record(permit, &row, admitted.by, &range, true).await?;
                return Err(error);
            }
        };
        self.record(permit, &row, admitted.by, &range, plan.integrity_failed).await?;
        let failure = self.parts.audit().integrity_failure(permit, Object::Session(row.id));
        let guard = Guard::new(&self.parts, member_of(permit.actor())?, &row, admitted.by);
        let mut head = head_line(&row, &plan);
        // Drawn over the picture, so that a photograph of it says who took it and when.
        head["head"]["watermark"] =
            json!({ "viewer": viewer.expose(), "at": self.parts.clock.now(), "grant": admitted.by.grant() });
        head["head"]["masked"] = admitted.masked.into();
        head["head"]["panes"] = range.panes.iter().map(|pane| pane_name(*pane)).collect();
        let show = Show { head, panes: range.panes, masked: admitted.masked };
        Ok((Opening(admitted), stream(Arc::clone(&self.parts), &row, plan, show, failure, guard)))
    }

    /// Commits who watches what; and, when something stored contradicts itself, that too.
    async fn record(
        &self,
        permit: &Permit<can::SessionView>,
        row: &SessionRow,
        by: By,
        range: &WatchRange,
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
            parts.audit().allowed_by(&tx, permit, by.rule(permit), "session.view", Object::Session(row.id)).await?;
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
fn open_panes(asked: &[Pane], open: Panes) -> Result<Vec<Pane>, AppError> {
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

const fn pane_name(pane: Pane) -> &'static str {
    match pane {
        Pane::Dom => "dom",
        Pane::Console => "console",
        Pane::Network => "network",
        Pane::Actions => "actions",
        Pane::State => "state",
    }
}

/// One tab's place in the merge.
struct Cursor {
    items: VecDeque<Item>,
    lines: VecDeque<(i64, Bytes)>,
    tab: u16,
    last_read: Option<u32>,
    /// Hides the text of the tab's page from who may watch and not read.
    mask: Option<Mask>,
}

/// What a stream shows of what it reads.
struct Show {
    head: serde_json::Value,
    panes: Vec<Pane>,
    masked: bool,
}

fn stream(
    parts: Arc<Parts>,
    row: &SessionRow,
    plan: Plan,
    show: Show,
    failure: Leaf,
    mut guard: Option<Guard>,
) -> impl Stream<Item = Result<Bytes, io::Error>> + use<> {
    let Show { head, panes, masked } = show;
    let told = AtomicBool::new(plan.integrity_failed);
    let reader = Reader { parts, tenant: row.tenant_id, session: row.id, panes, failure, told };
    let start_ms = start_ms(row);
    let mut complete = !plan.integrity_failed && plan.gaps.iter().all(|gap| gap.reason != BROKEN);
    let mut cursors: Vec<Cursor> = plan
        .tabs
        .into_iter()
        .map(|items| Cursor {
            tab: items[0].tab,
            items: items.into(),
            lines: VecDeque::new(),
            last_read: None,
            mask: masked.then(Mask::default),
        })
        .collect();
    try_stream! {
        let mut out = BytesMut::with_capacity(CHUNK + 4_096);
        line(&mut out, &head);
        for gap in &plan.gaps {
            line(&mut out, &gap_line(gap));
        }
        let mut events = 0_u64;
        let mut next_ms = start_ms;
        loop {
            for cursor in &mut cursors {
                while cursor.lines.is_empty() && let Some(item) = cursor.items.pop_front() {
                    cursor.last_read = Some(item.n);
                    if let Some(guard) = &mut guard {
                        guard.check().await?;
                    }
                    match reader.open(&item, cursor.mask.as_mut()).await {
                        Ok(lines) => cursor.lines = lines,
                        Err(reason) => {
                            complete = false;
                            line(&mut out, &gap_line(&missing(&item, reason)));
                        }
                    }
                }
            }
            let Some(first) = cursors.iter_mut().filter(|c| !c.lines.is_empty()).min_by_key(|c| c.lines[0].0) else { break };
            let Some((at_ms, raw)) = first.lines.pop_front() else { break };
            out.put_slice(b"{\"tab\":");
            out.put_slice(first.tab.to_string().as_bytes());
            out.put_slice(b",\"event\":");
            out.put_slice(&raw);
            out.put_slice(b"}\n");
            events += 1;
            next_ms = next_ms.max(at_ms);
            if out.len() >= CHUNK {
                yield out.split().freeze();
            }
        }
        let cursor: Vec<String> =
            cursors.iter().filter_map(|c| c.last_read.map(|n| format!("{}:{n}", c.tab))).collect();
        let end = json!({ "end": { "complete": complete, "events": events, "next_ms": next_ms, "cursor": cursor.join(",") } });
        line(&mut out, &end);
        yield out.freeze();
    }
}

fn start_ms(row: &SessionRow) -> i64 {
    row.first_event_at.unwrap_or(row.started_at).as_millis()
}

fn head_line(row: &SessionRow, plan: &Plan) -> serde_json::Value {
    let tabs: Vec<u16> = plan.tabs.iter().filter_map(|items| items.first()).map(|item| item.tab).collect();
    json!({ "head": { "session_id": row.id, "start_ms": start_ms(row), "state": row.state, "tabs": tabs } })
}

fn line(out: &mut BytesMut, value: &serde_json::Value) {
    out.put_slice(value.to_string().as_bytes());
    out.put_u8(b'\n');
}

fn gap_line(gap: &GapView) -> serde_json::Value {
    json!({ "gap": { "tab": gap.tab, "from_ms": gap.from_ms, "to_ms": gap.to_ms, "reason": gap.reason, "detail": gap.detail } })
}

fn missing(item: &Item, reason: &str) -> GapView {
    GapView { tab: item.tab, from_ms: item.first_ms, to_ms: item.last_ms, reason: reason.to_owned(), detail: None }
}

struct Reader {
    parts: Arc<Parts>,
    tenant: TenantId,
    session: SessionId,
    panes: Vec<Pane>,
    /// What goes on record when a segment is not what its row says …
    failure: Leaf,
    /// … once for one view.
    told: AtomicBool,
}

impl Reader {
    /// The lines of one segment, or the reason for its gap.
    async fn open(&self, item: &Item, mut mask: Option<&mut Mask>) -> Result<VecDeque<(i64, Bytes)>, &'static str> {
        let sealed = self.parts.blobs.get(&item.blob).await.map_err(|_| "segment-missing")?;
        if <[u8; 32]>::from(Sha256::digest(&sealed)) != item.sha256 {
            self.tell("its bytes are not those of its row", item).await;
            return Err("segment-corrupt");
        }
        let key =
            self.parts.keys.session(self.tenant, self.session, item.generation).await.map_err(|_| "key-missing")?;
        let context = ObjectContext::segment(self.tenant, self.session, item.tab, item.n, item.generation);
        let opened = match seal::open(&key, &context, &sealed) {
            Ok(opened) => opened,
            Err(error) => {
                self.tell(error.code(), item).await;
                return Err("segment-corrupt");
            }
        };
        let ndjson = unpack(opened, self.parts.settings.bounds.decoded_bytes).map_err(|_| "segment-corrupt")?;
        let ndjson = Bytes::from(ndjson);
        let mut lines = VecDeque::new();
        for event in index::events(&ndjson) {
            let event = event.map_err(|_| "segment-corrupt")?;
            if !self.panes.contains(&event.pane) {
                continue;
            }
            match &mut mask {
                None => lines.push_back((event.time_ms, ndjson.slice_ref(event.raw.as_bytes()))),
                Some(mask) => {
                    let shown = mask.event(event.raw).map_err(|_| "segment-corrupt")?;
                    lines.extend(shown.map(|line| (event.time_ms, Bytes::from(line))));
                }
            }
        }
        Ok(lines)
    }

    async fn tell(&self, what: &'static str, item: &Item) {
        tracing::error!(session.id = %self.session, tab = item.tab, segment = item.n, what, "a stored segment is corrupt");
        metrics::counter!("sealtape_integrity_failures_total", "kind" => "segment").increment(1);
        if !self.told.swap(true, Ordering::Relaxed)
            && let Err(error) = self.record().await
        {
            tracing::error!(session.id = %self.session, error = ?error, "an integrity failure could not be put on record");
        }
    }

    async fn record(&self) -> Result<(), AppError> {
        let tx = self.parts.store.tenant(self.tenant).await?;
        self.parts.audit().noticed(&tx, &self.failure).await?;
        Ok(tx.commit().await?)
    }
}
