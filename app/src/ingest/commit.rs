//! Row commits in batches: whatever is waiting when the previous commit returns shares the next one's fsync.
//!
//! SQLite has one writer and PostgreSQL groups its own commits, so waiting for a timer would only add latency: the queue
//! fills while a commit is under way, and that is the tick. Each item is a savepoint; one that fails is refused alone.

use std::time::Duration;

use domain::{SessionId, TenantId};
use store::{GapRow, SegmentRow, SessionTouch, Store, StoreError, TenantTx};
use tokio::sync::{mpsc, oneshot};
use vault::blob::BlobKey;

/// Most items of one transaction: bounds how long the writer is held.
const BATCH: usize = 128;

/// Everything that one accepted segment changes.
pub(crate) struct SegmentCommit {
    pub(crate) tenant: TenantId,
    pub(crate) session: SessionId,
    pub(crate) row: SegmentRow,
    pub(crate) touch: SessionTouch,
    pub(crate) tokens: Vec<(String, [u8; 32])>,
    pub(crate) gaps: Vec<GapRow>,
    /// The redactor state written beside this segment: (covers segments up to, blob).
    pub(crate) state: Option<(u32, BlobKey)>,
}

/// What became of a commit. Everything but `Done` means that nothing was written.
#[derive(Debug)]
pub(crate) enum Committed {
    /// Written and durable.
    Done,
    /// The tab's next number is another: somebody else took this tab further.
    NotNext,
    /// The session's key generation is no longer active: seal again under the new one.
    KeyGone,
    /// The session is erased or unknown.
    SessionGone,
    /// Capture is stopped where the session is recorded.
    Stopped,
    /// The database refused this item.
    Failed(StoreError),
    /// The batch was not committed; the reason is in the log.
    Unavailable,
}

struct Job {
    item: SegmentCommit,
    done: oneshot::Sender<Committed>,
}

/// The queue in front of the one task that commits.
#[derive(Clone)]
pub(crate) struct Committer {
    queue: mpsc::Sender<Job>,
}

impl Committer {
    /// Starts the task; it ends when the last handle is dropped.
    pub(crate) fn start(store: Store, depth: usize) -> Self {
        let (queue, jobs) = mpsc::channel(depth.max(1));
        tokio::spawn(run(store, jobs));
        Self { queue }
    }

    /// Waits until `item` is committed and durable, or refused.
    pub(crate) async fn commit(&self, item: SegmentCommit) -> Committed {
        let (done, outcome) = oneshot::channel();
        if self.queue.send(Job { item, done }).await.is_err() {
            return Committed::Unavailable;
        }
        outcome.await.unwrap_or(Committed::Unavailable)
    }
}

async fn run(store: Store, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut batch, BATCH).await > 0 {
        // Neighbours of one tenant share a transaction, and row locks are always taken in the same order.
        batch.sort_by_key(|job| (job.item.tenant, job.item.session, job.item.row.tab, job.item.row.n));
        let started = std::time::Instant::now();
        let size = batch.len();
        commit_batch(&store, std::mem::take(&mut batch)).await;
        metrics::histogram!("sealtape_ingest_commit_seconds").record(started.elapsed());
        metrics::histogram!("sealtape_ingest_commit_items").record(f64::from(u32::try_from(size).unwrap_or(u32::MAX)));
    }
}

async fn commit_batch(store: &Store, jobs: Vec<Job>) {
    let mut batch = store.batch();
    let mut written = Vec::with_capacity(jobs.len());
    for job in jobs {
        let outcome = match batch.item(job.item.tenant).await {
            Ok(tx) => write(tx, &job.item).await.unwrap_or_else(Committed::Failed),
            Err(error) => Committed::Failed(error),
        };
        match outcome {
            Committed::Done => written.push(job),
            refused => drop(job.done.send(refused)),
        }
    }
    let outcome = batch.commit().await;
    for job in written {
        let durable = outcome.committed(job.item.tenant);
        drop(job.done.send(if durable { Committed::Done } else { Committed::Unavailable }));
    }
}

async fn write(tx: TenantTx, item: &SegmentCommit) -> Result<Committed, StoreError> {
    let row = &item.row;
    if !tx.session_key_share(item.session, row.generation).await? {
        return Ok(Committed::KeyGone);
    }
    if !tx.session_tab_advance(item.session, row.tab, row.n, &row.chain).await? {
        return Ok(Committed::NotNext);
    }
    if !tx.session_touch(item.session, &item.touch).await? {
        let stopped = tx.capture_is_stopped_for(item.session).await?;
        return Ok(if stopped { Committed::Stopped } else { Committed::SessionGone });
    }
    tx.segment_insert(row.clone()).await?;
    if let Some((n, blob)) = &item.state {
        tx.session_tab_state_set(item.session, row.tab, *n, blob.as_str()).await?;
    }
    if !item.tokens.is_empty() {
        tx.search_token_put(item.session, &item.tokens).await?;
    }
    for gap in &item.gaps {
        tx.gap_insert(gap.clone()).await?;
    }
    tx.commit().await?;
    Ok(Committed::Done)
}

/// How long a caller should wait before it sends again after [`Committed::Failed`].
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(2);
