//! Taking a segment in: bounded decode → redact and validate → compress → seal → put blob → commit row → ack.
//!
//! **Order.** Segments of one tab are taken strictly in order, because the redactor needs the tab's node map. Each tab
//! has a [`lane::Lane`]: a queue of one, holding the map between segments. A segment that is ahead waits a little for its
//! predecessors; one that was taken before is recognised and gets the same ack.
//!
//! **Durability.** The ack is returned after the blob is written and fsynced and the row is committed. Whatever fails on
//! the way leaves no row; the lane then forgets what it knew and reads the truth from the store again.
//!
//! **Back-pressure.** [`Ingest::reserve`] comes before the body is read: when too much is under way the caller is told to
//! come back, at the cost of a header.

mod commit;
mod facts;
mod lane;
mod pipeline;
mod state;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{Clock, Entropy, ProjectId, SessionId, TenantId, Timestamp};
use policy::{
    access::{Actor, Permit, can},
    privacy::CaptureRules,
};
use recording::decode::Encoding;
use sha2::{Digest as _, Sha256};
use store::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vault::blob::{BlobKey, BlobStore};

use crate::{
    AppError, capture,
    keys::{Keys, SESSION_ERASED},
    limits::{Allowance, RateLimit},
    settings::Settings,
};
use commit::{Committed, Committer, RETRY_AFTER};
use lane::{Lanes, Position};
pub(crate) use pipeline::{canonical_row, facts_context};
pub(crate) use state::unpack;

/// What the first line or the headers of an upload say.
#[derive(Debug, Clone)]
pub struct UploadHead {
    /// The tab, as the server numbered it.
    pub tab: u16,
    /// The segment's number in its tab, from 0.
    pub n: u32,
    /// How the body is packed.
    pub encoding: Encoding,
    /// SHA-256 of the body as sent.
    pub digest: [u8; 32],
    /// The page is going away: with this segment the tab may be over.
    pub finished: bool,
}

/// The durable answer to an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ack {
    /// The policy version under which the session is recorded.
    pub policy_version: u32,
    /// The number the tab's next segment must have.
    pub next: u32,
    /// Whether the agent should take a full snapshot: the server met nodes that it does not know.
    pub snapshot: bool,
}

/// The right to have one upload worked on; given back when dropped.
#[derive(Debug)]
pub struct IngestSlot {
    #[expect(dead_code, reason = "held for its drop")]
    place: OwnedSemaphorePermit,
    allowance: Allowance,
}

impl IngestSlot {
    /// What is left of the project's rate.
    #[must_use]
    pub const fn allowance(&self) -> Allowance {
        self.allowance
    }
}

/// Takes segments in.
#[derive(Clone)]
pub struct Ingest {
    parts: Arc<Parts>,
}

struct Parts {
    store: Store,
    blobs: BlobStore,
    keys: Keys,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    settings: Arc<Settings>,
    rules: Arc<CaptureRules>,
    slots: Arc<Semaphore>,
    pool: Arc<Semaphore>,
    rates: RateLimit<ProjectId>,
    lanes: Lanes,
    committer: Committer,
}

/// What is in hand while one segment is being taken in.
struct Visit {
    tenant: TenantId,
    session: SessionId,
    head: UploadHead,
}

impl Ingest {
    pub(crate) fn new(
        store: Store,
        blobs: BlobStore,
        keys: Keys,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        settings: Arc<Settings>,
        rules: Arc<CaptureRules>,
    ) -> Self {
        let limits = &settings.limits;
        let committer = Committer::start(store.clone(), limits.uploads_in_flight);
        let parts = Parts {
            slots: Arc::new(Semaphore::new(limits.uploads_in_flight)),
            pool: Arc::new(Semaphore::new(limits.pipeline_threads.max(1))),
            rates: RateLimit::per_second(
                "segments",
                limits.segments_per_second,
                "this project sends more segments than its limit allows",
            ),
            lanes: Lanes::new(limits.lanes),
            committer,
            store,
            blobs,
            keys,
            clock,
            entropy,
            settings,
            rules,
        };
        Self { parts: Arc::new(parts) }
    }

    /// Asks for the right to send a body.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when too many uploads are under way, [`AppError::TooMany`] beyond the project's rate.
    pub fn reserve(&self, project: ProjectId) -> Result<IngestSlot, AppError> {
        let allowance = self.parts.rates.admit(&project)?;
        let place = Arc::clone(&self.parts.slots).try_acquire_owned().map_err(|_| {
            metrics::counter!("sealtape_ingest_refused_total", "reason" => "busy").increment(1);
            AppError::Unavailable { retry_after: Duration::from_secs(1), detail: "too many uploads are under way" }
        })?;
        Ok(IngestSlot { place, allowance })
    }

    /// Takes one segment in; returns when it is durable.
    ///
    /// # Errors
    /// [`AppError::Rejected`] for a body that is not acceptable, [`AppError::Conflict`] `not-next` or `other-bytes`,
    /// [`AppError::Gone`] for a session that takes no more, [`AppError::TooMany`] and [`AppError::Unavailable`]. In every
    /// case nothing of this segment is kept.
    pub async fn upload(
        &self,
        slot: IngestSlot,
        permit: &Permit<can::SessionAppend>,
        head: UploadHead,
        body: Bytes,
    ) -> Result<Ack, AppError> {
        let Actor::Session { session, .. } = *permit.actor() else {
            return Err(AppError::Forbidden { code: "forbidden", detail: "only a session token can upload" });
        };
        self.parts.admit(&head)?;
        check_digest(&head, &body)?;
        let visit = Visit { tenant: permit.tenant(), session, head };
        let ack = self.parts.take_in(&visit, body).await;
        drop(slot);
        let outcome = if ack.is_ok() { "acked" } else { "refused" };
        metrics::counter!("sealtape_ingest_segments_total", "outcome" => outcome).increment(1);
        ack
    }
}

impl Parts {
    fn admit(&self, head: &UploadHead) -> Result<(), AppError> {
        if head.n >= self.settings.limits.segments_per_tab {
            return Err(AppError::Conflict {
                code: "segment-limit",
                detail: "this tab has reached its number of segments; start a new session".to_owned(),
                next: None,
            });
        }
        Ok(())
    }

    async fn take_in(&self, visit: &Visit, body: Bytes) -> Result<Ack, AppError> {
        let lane = self.lanes.of(visit.tenant, visit.session, visit.head.tab).await;
        let patience = Duration::from_millis(self.settings.limits.ahead_wait_millis);
        // Once around for a predecessor that arrives in time, the others for another process that was faster.
        for _ in 0..4 {
            let mut guard = lane.lock().await;
            let known = match guard.take() {
                Some(state) => state,
                None => self.load_lane(visit).await?,
            };
            lane.publish(known.next);
            match known.position(visit.head.n) {
                Position::Taken => {
                    let next = known.next;
                    *guard = Some(known);
                    return self.resent(visit, next).await;
                }
                Position::Ahead => {
                    let next = known.next;
                    // Another process may have taken the tab further: then what this lane knows is old.
                    if self.stored_next(visit).await? != next {
                        continue;
                    }
                    *guard = Some(known);
                    drop(guard);
                    if !lane.reaches(visit.head.n, patience).await && self.stored_next(visit).await? == next {
                        return Err(not_next(next));
                    }
                }
                Position::Next => match self.take_next(visit, known, body.clone()).await? {
                    Taken::Done(ack, state) => {
                        lane.publish(state.next);
                        *guard = Some(state);
                        return Ok(ack);
                    }
                    Taken::Refused(error, state) => {
                        *guard = Some(state);
                        return Err(error);
                    }
                    Taken::Overtaken => {}
                },
            }
        }
        Err(AppError::Unavailable { retry_after: RETRY_AFTER, detail: "this tab is being written elsewhere" })
    }

    /// The tab's next number, whoever wrote last.
    async fn stored_next(&self, visit: &Visit) -> Result<u32, AppError> {
        let read = self.store.tenant_read(visit.tenant).await?;
        let tab = read.session_tab_find(visit.session, visit.head.tab).await?;
        Ok(tab.ok_or(AppError::NotFound { kind: "tab" })?.next_n)
    }

    /// Works on the tab's next segment with what the lane knows.
    async fn take_next(&self, visit: &Visit, known: lane::LaneState, body: Bytes) -> Result<Taken, AppError> {
        let now = self.clock.now();
        if let Err(error) = self.still_open(&known, now) {
            return Ok(Taken::Refused(error, known));
        }
        let key = self.keys.session(visit.tenant, visit.session, known.generation).await?;
        let worked = self.work(visit, known, key, body, now).await?;
        let mut draft = match worked {
            Ok(draft) => draft,
            Err((rejection, state)) => return Ok(Taken::Refused(AppError::Rejected(rejection), state)),
        };
        self.put(&draft.blob, draft.sealed).await?;
        if let Some(snapshot) = draft.snapshot.take() {
            self.put(&snapshot.blob, snapshot.sealed).await?;
        }
        let written = [Some(draft.blob.clone()), draft.state_ref.as_ref().map(|(_, state)| state.clone())];
        let refused = || written.iter().flatten().for_each(|blob| self.forget(blob.clone()));
        let commit = self.commit_of(visit, draft.row, draft.facts, draft.state_ref, now).await?;
        match self.committer.commit(commit).await {
            Committed::Done => {
                if let Some(old) = draft.superseded {
                    self.forget(old);
                }
                let ack = Ack {
                    policy_version: draft.state.policy_version,
                    next: draft.state.next,
                    snapshot: draft.want_snapshot,
                };
                Ok(Taken::Done(ack, draft.state))
            }
            Committed::NotNext | Committed::KeyGone => {
                refused();
                Ok(Taken::Overtaken)
            }
            Committed::SessionGone => {
                refused();
                Err(SESSION_ERASED)
            }
            Committed::Stopped => {
                refused();
                Err(capture::STOPPED)
            }
            Committed::Failed(error) => {
                tracing::warn!(error = %error, "a segment was not committed");
                Err(UNAVAILABLE)
            }
            Committed::Unavailable => Err(UNAVAILABLE),
        }
    }

    fn still_open(&self, known: &lane::LaneState, now: Timestamp) -> Result<(), AppError> {
        if known.started_at.plus(self.settings.limits.upload_window()) < now {
            return Err(AppError::Gone {
                code: "session-closed",
                detail: "uploads of this session ended 72 hours after its start",
            });
        }
        if known.session_bytes > self.settings.limits.session_bytes {
            return Err(AppError::Gone {
                code: "session-full",
                detail: "this session has reached its size limit; start a new one",
            });
        }
        Ok(())
    }

    async fn put(&self, blob: &BlobKey, bytes: Bytes) -> Result<(), AppError> {
        self.blobs.put_new(blob, bytes).await.map_err(|error| {
            tracing::error!(error = %error, "a blob could not be written");
            AppError::Unavailable { retry_after: RETRY_AFTER, detail: "the blob store does not take writes now" }
        })
    }

    /// Removes a blob that no row names. Best effort: the orphan sweep finds what is left.
    fn forget(&self, blob: BlobKey) {
        let blobs = self.blobs.clone();
        tokio::spawn(async move {
            if let Err(error) = blobs.delete(&blob).await {
                tracing::debug!(error = %error, "an unreferenced blob was left for the sweep");
            }
        });
    }

    /// A number that was taken before: the same bytes get the same ack, other bytes are refused.
    async fn resent(&self, visit: &Visit, next: u32) -> Result<Ack, AppError> {
        let read = self.store.tenant_read(visit.tenant).await?;
        let row = read
            .segment_find(visit.session, visit.head.tab, visit.head.n)
            .await?
            .ok_or(AppError::NotFound { kind: "segment" })?;
        let policy_version = read.session_find(visit.session).await?.map_or(0, |session| session.policy_version);
        drop(read);
        let key = self.keys.session(visit.tenant, visit.session, row.generation).await?;
        if vault::chain::RowKey::derive(&key).body_mac(&visit.head.digest) == row.body_mac {
            return Ok(Ack { policy_version, next, snapshot: false });
        }
        Err(AppError::Conflict {
            code: "other-bytes",
            detail: format!("segment {} of tab {} was taken with other bytes", visit.head.n, visit.head.tab),
            next: Some(next),
        })
    }
}

/// What became of a tab's next segment.
enum Taken {
    Done(Ack, lane::LaneState),
    /// Nothing was written and the lane is as before.
    Refused(AppError, lane::LaneState),
    /// Somebody else wrote first: read the truth and look again.
    Overtaken,
}

fn check_digest(head: &UploadHead, body: &[u8]) -> Result<(), AppError> {
    let actual: [u8; 32] = Sha256::digest(body).into();
    if actual == head.digest {
        return Ok(());
    }
    Err(AppError::Invalid {
        code: "digest-mismatch",
        detail: "the body's SHA-256 is not the one announced; nothing was kept, send it again".to_owned(),
        errors: Vec::new(),
    })
}

fn not_next(next: u32) -> AppError {
    AppError::Conflict { code: "not-next", detail: format!("the tab's next segment is {next}"), next: Some(next) }
}

const UNAVAILABLE: AppError =
    AppError::Unavailable { retry_after: RETRY_AFTER, detail: "the database does not take writes now" };
