//! The part that costs CPU: decode, redact, compress, seal. Pure work on a bounded pool; nothing here waits or writes.

use std::sync::Arc;

use bytes::Bytes;
use domain::{Entropy, SessionId, TenantId, Timestamp};
use policy::privacy::CaptureRules;
use recording::{Bounds, Rejection, Rewritten, decode};
use sha2::{Digest as _, Sha256};
use store::SegmentRow;
use vault::{
    Key32,
    blob::BlobKey,
    chain::{self, RowKey},
    seal::{self, Codec, Kind, ObjectContext},
};

use super::{Parts, UploadHead, Visit, lane::LaneState};
use crate::AppError;

/// zstd level of hot segments: 3 is the knee of size against CPU (`docs/architecture/ingest.md`).
const ZSTD_LEVEL: i32 = 3;

/// The redactor state is sealed at each full snapshot and every so many segments.
const STATE_EVERY: u32 = 10;

/// A segment ready to be written.
pub(super) struct Draft {
    pub(super) row: SegmentRow,
    pub(super) sealed: Bytes,
    pub(super) blob: BlobKey,
    pub(super) snapshot: Option<SealedState>,
    pub(super) state_ref: Option<(u32, BlobKey)>,
    pub(super) facts: SegmentFacts,
    pub(super) want_snapshot: bool,
    /// The lane after this segment.
    pub(super) state: LaneState,
    /// The redactor state that the new one replaces.
    pub(super) superseded: Option<BlobKey>,
}

/// A redactor state ready to be written.
pub(super) struct SealedState {
    pub(super) blob: BlobKey,
    pub(super) sealed: Bytes,
}

/// What a segment says about its session, besides the events.
pub(super) struct SegmentFacts {
    pub(super) facts: recording::Facts,
    pub(super) gaps: Vec<recording::Gap>,
    pub(super) validation: domain::Validation,
    pub(super) raw_bytes: u64,
    pub(super) finished: bool,
}

/// Everything the work needs, moved to the pool's thread.
struct Task {
    tenant: TenantId,
    session: SessionId,
    head: UploadHead,
    body: Bytes,
    key: Arc<Key32>,
    now: Timestamp,
    rules: Arc<CaptureRules>,
    bounds: Bounds,
    entropy: Arc<dyn Entropy>,
}

impl Parts {
    pub(super) async fn work(
        &self,
        visit: &Visit,
        known: LaneState,
        key: Arc<Key32>,
        body: Bytes,
        now: Timestamp,
    ) -> Result<Result<Draft, (Rejection, LaneState)>, AppError> {
        let task = Task {
            tenant: visit.tenant,
            session: visit.session,
            head: visit.head.clone(),
            body,
            key,
            now,
            rules: Arc::clone(&self.rules),
            bounds: self.settings.bounds.clone(),
            entropy: Arc::clone(&self.entropy),
        };
        let _turn = self.pool.acquire().await.map_err(AppError::internal)?;
        tokio::task::spawn_blocking(move || task.run(known)).await.map_err(AppError::internal)?
    }
}

impl Task {
    fn run(self, mut lane: LaneState) -> Result<Result<Draft, (Rejection, LaneState)>, AppError> {
        let decoded = match decode::decode(&self.body, self.head.encoding, &self.bounds) {
            Ok(decoded) => decoded,
            Err(rejection) => return Ok(Err((rejection, lane))),
        };
        let raw_bytes = decoded.len() as u64;
        let rewritten =
            match recording::rewrite(&decoded, self.now.as_millis(), &mut lane.tab, &self.rules, &self.bounds) {
                Ok(rewritten) => rewritten,
                Err(rejection) => return Ok(Err((rejection, lane))),
            };
        drop(decoded);
        self.draft(lane, rewritten, raw_bytes).map(Ok)
    }

    fn draft(&self, mut lane: LaneState, rewritten: Rewritten, raw_bytes: u64) -> Result<Draft, AppError> {
        let (tab, n) = (self.head.tab, self.head.n);
        let context = ObjectContext::segment(self.tenant, self.session, tab, n, lane.generation);
        let packed = compress(&rewritten.ndjson)?;
        let sealed = seal::seal(&self.key, &context, Codec::Zstd, &packed, &*self.entropy);
        let ciphertext_sha256: [u8; 32] = Sha256::digest(&sealed).into();
        let blob = BlobKey::segment(self.tenant, self.session, lane.generation, tab, n, &ciphertext_sha256);
        let rows = RowKey::derive(&self.key);
        let facts_sealed = self.seal_facts(&rewritten.facts, lane.generation, tab, n)?;
        let mut row = SegmentRow {
            tenant_id: self.tenant,
            session_id: self.session,
            tab,
            n,
            generation: lane.generation,
            blob: blob.as_str().to_owned(),
            ciphertext_len: sealed.len() as u64,
            ciphertext_sha256,
            plaintext_len: rewritten.ndjson.len() as u64,
            first_ms: rewritten.first_ms,
            last_ms: rewritten.last_ms,
            events: rewritten.events,
            full_snapshot: rewritten.full_snapshot,
            chain: chain::GENESIS,
            body_mac: rows.body_mac(&self.head.digest),
            received_at: self.now,
            facts_sealed,
        };
        row.chain = rows.next(&lane.chain, &canonical_row(&row));

        lane.next = n + 1;
        lane.chain = row.chain;
        lane.session_bytes += row.ciphertext_len;
        lane.unsaved += 1;
        let snapshot = self.seal_state(&mut lane, rewritten.full_snapshot)?;
        let superseded = snapshot.as_ref().and_then(|new| lane.saved.replace(new.blob.clone()));
        Ok(Draft {
            state_ref: snapshot.as_ref().map(|s| (n, s.blob.clone())),
            snapshot,
            superseded,
            sealed: sealed.into(),
            blob,
            row,
            want_snapshot: rewritten.want_snapshot,
            facts: SegmentFacts {
                facts: rewritten.facts,
                gaps: rewritten.gaps,
                validation: rewritten.validation,
                raw_bytes,
                finished: self.head.finished,
            },
            state: lane,
        })
    }

    /// Seals the redactor state when it is due.
    fn seal_state(&self, lane: &mut LaneState, full_snapshot: bool) -> Result<Option<SealedState>, AppError> {
        if !full_snapshot && lane.unsaved < STATE_EVERY {
            return Ok(None);
        }
        lane.unsaved = 0;
        let context = state_context(self.tenant, self.session, self.head.tab, self.head.n, lane.generation);
        let packed = compress(&lane.tab.to_bytes())?;
        let sealed = seal::seal(&self.key, &context, Codec::Zstd, &packed, &*self.entropy);
        let digest: [u8; 32] = Sha256::digest(&sealed).into();
        let blob = state_key(self.tenant, self.session, lane.generation, self.head.tab, self.head.n, &digest)?;
        Ok(Some(SealedState { blob, sealed: sealed.into() }))
    }

    /// Pages and error texts tell a story: they are sealed beside the row. Most segments have none.
    fn seal_facts(
        &self,
        facts: &recording::Facts,
        generation: u32,
        tab: u16,
        n: u32,
    ) -> Result<Option<Vec<u8>>, AppError> {
        if facts.pages.is_empty() {
            return Ok(None);
        }
        let json = serde_json::to_vec(&facts.pages).map_err(AppError::internal)?;
        let context = facts_context(self.tenant, self.session, tab, n, generation);
        Ok(Some(seal::seal(&self.key, &context, Codec::Raw, &json, &*self.entropy)))
    }
}

/// Column numbers of sealed metadata (kind 3). Segment facts use their segment's number with bit 47 set, so that they
/// never meet a plain column's.
pub(crate) fn facts_context(tenant: TenantId, session: SessionId, tab: u16, n: u32, generation: u32) -> ObjectContext {
    let number = seal::segment_number(tab, n) | 1 << 47;
    ObjectContext { kind: Kind::Metadata, tenant, object: session.uuid(), number, generation }
}

/// The context of a tab's redactor state after segment `n`.
pub(super) fn state_context(tenant: TenantId, session: SessionId, tab: u16, n: u32, generation: u32) -> ObjectContext {
    let number = seal::segment_number(tab, n);
    ObjectContext { kind: Kind::RedactorState, tenant, object: session.uuid(), number, generation }
}

/// Where a tab's redactor state lies: `<tenant>/<session>/<generation>/state-<tab>-<n>-<sha256 hex>`.
fn state_key(
    tenant: TenantId,
    session: SessionId,
    generation: u32,
    tab: u16,
    n: u32,
    digest: &[u8; 32],
) -> Result<BlobKey, AppError> {
    let name = format!("{tenant}/{session}/{generation}/state-{tab}-{n}-{}", crate::hex(digest));
    name.parse().map_err(AppError::internal)
}

/// The row as the chain covers it.
pub(crate) fn canonical_row(row: &SegmentRow) -> Vec<u8> {
    let fixed = chain::SegmentRow {
        tab: row.tab,
        n: row.n,
        generation: row.generation,
        ciphertext_len: row.ciphertext_len,
        ciphertext_sha256: row.ciphertext_sha256,
        plaintext_len: row.plaintext_len,
        first_ms: row.first_ms,
        last_ms: row.last_ms,
        events: row.events,
        full_snapshot: row.full_snapshot,
        body_mac: row.body_mac,
        received_us: row.received_at.as_micros(),
    };
    fixed.canonical()
}

/// One zstd frame with its content size in the header.
fn compress(bytes: &[u8]) -> Result<Vec<u8>, AppError> {
    zstd::bulk::compress(bytes, ZSTD_LEVEL).map_err(AppError::internal)
}
