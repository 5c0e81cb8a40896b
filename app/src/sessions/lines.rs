//! The lines of a recording: one JSON line per event, gap and end, read from verified segments.
//!
//! Segments are opened one at a time and per tab, and their events merged by time; a segment that is missing or does not
//! open becomes a gap line, and the rest goes on. The last line is `end`; a stream without it was cut.

use std::{
    collections::VecDeque,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_stream::try_stream;
use bytes::{BufMut as _, Bytes, BytesMut};
use domain::{GrantId, Personal, SessionId, TenantId, Timestamp};
use futures::Stream;
use ledger::Leaf;
use recording::{
    Mask,
    index::{self, Pane},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::SessionRow;
use vault::seal::{self, ObjectContext};

use super::{
    GapView, Parts,
    guard::Guard,
    plan::{BROKEN, Item, Plan},
};
use crate::{AppError, ingest::unpack};

/// Bytes gathered before they are handed to the connection.
const CHUNK: usize = 64 << 10;

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
pub(super) struct Show {
    /// Its first lines.
    pub(super) opening: Vec<serde_json::Value>,
    pub(super) panes: Vec<Pane>,
    pub(super) masked: bool,
}

/// Who looks, for the mark drawn over the picture: a photograph of it says who took it and when.
pub(super) struct Watermark {
    pub(super) viewer: Personal<String>,
    pub(super) at: Timestamp,
    pub(super) grant: Option<GrantId>,
}

impl Show {
    /// What `watermark`'s viewer sees in these panes.
    pub(super) fn new(row: &SessionRow, plan: &Plan, panes: Vec<Pane>, masked: bool, watermark: &Watermark) -> Self {
        let tabs: Vec<u16> = plan.tabs.iter().filter_map(|items| items.first()).map(|item| item.tab).collect();
        let Watermark { viewer, at, grant } = watermark;
        let head = json!({ "head": {
            "session_id": row.id,
            "start_ms": start_ms(row),
            "state": row.state,
            "tabs": tabs,
            "watermark": { "viewer": viewer.expose(), "at": at, "grant": grant },
            "masked": masked,
            "panes": panes.iter().map(|pane| pane_name(*pane)).collect::<Vec<_>>(),
        } });
        Self { opening: vec![head], panes, masked }
    }
}

/// The lines of what `plan` says. `failure` goes on record when something stored turns out not to be what its row says.
pub(super) fn stream(
    parts: Arc<Parts>,
    row: &SessionRow,
    plan: Plan,
    show: Show,
    failure: Leaf,
    mut guard: Option<Guard>,
) -> impl Stream<Item = Result<Bytes, io::Error>> + use<> {
    let Show { opening, panes, masked } = show;
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
        for first in &opening {
            line(&mut out, first);
        }
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

/// The published name of a stream of events.
pub(super) const fn pane_name(pane: Pane) -> &'static str {
    match pane {
        Pane::Dom => "dom",
        Pane::Console => "console",
        Pane::Network => "network",
        Pane::Actions => "actions",
        Pane::State => "state",
    }
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
