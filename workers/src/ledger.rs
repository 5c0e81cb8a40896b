//! The audit log's two tasks: one puts leaves in their places, one signs what that comes to.
//!
//! They are no jobs: a job is put into a queue, leased and reported, and each of these would be one more act to record. They
//! keep no state, so they may be ended at any moment, and several processes may run them side by side: the sequencer takes
//! turns by the lock on a log's head, and signers of one key sign the same bytes.

use std::time::Duration;

use app::{
    App,
    ledger::{Anchoring, Ledger, Signer},
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, sleep_until, timeout_at},
};
use tokio_util::sync::CancellationToken;

/// What commits within this time after a leaf goes into the same batch.
const GATHER: Duration = Duration::from_millis(200);
/// The longest time in which leaves of other processes go unnoticed.
const LOOK: Duration = Duration::from_secs(1);
/// Shortest time between two rounds of signing: a log that grows all the time has at most this many checkpoints, each of
/// which is kept, and a round looks at the heads of all logs.
const APART: Duration = Duration::from_millis(500);
/// The longest: growth that another process placed is found then.
const SIGN: Duration = Duration::from_secs(3);

/// How often witnesses are asked, when there is something to sign.
const WITNESS: Duration = Duration::from_secs(30);

/// How often it is looked whether an anchor is due; how often one is put is a setting.
const ANCHOR: Duration = Duration::from_secs(30);
/// A storage that does not answer is asked less and less often, down to 32 times this time apart.
const MOST_DOUBLED: u32 = 5;

/// Places leaves, signs heads, asks witnesses and puts anchors until told to stop.
pub async fn tend_ledger(ledger: Ledger, signer: Signer, stopping: CancellationToken) {
    let placed = Notify::new();
    let heads = async {
        let mut anchoring = match signer.anchoring() {
            Ok(anchoring) => anchoring,
            Err(error) => {
                tracing::error!(error = ?error, "no anchors are put");
                None
            }
        };
        // Before the first signature: a log that was taken back while nobody looked must get none. A storage that does not
        // answer holds nobody up.
        let failed = match &mut anchoring {
            Some(anchoring) => stopping.run_until_cancelled(anchor_once(anchoring, 0)).await.unwrap_or(0),
            None => 0,
        };
        let anchored = async {
            if let Some(anchoring) = anchoring {
                anchor(anchoring, failed, &stopping).await;
            }
        };
        tokio::join!(sign(signer, &placed, &stopping), witness(ledger.clone(), &stopping), anchored);
    };
    tokio::join!(place(ledger.clone(), &placed, &stopping), heads);
}

/// Apart from signing, like witnesses. `failed` rounds went before.
async fn anchor(mut anchoring: Anchoring, mut failed: u32, stopping: &CancellationToken) {
    while stopping.run_until_cancelled(sleep(ANCHOR * 2_u32.pow(failed.min(MOST_DOUBLED)))).await.is_some() {
        let Some(after) = stopping.run_until_cancelled(anchor_once(&mut anchoring, failed)).await else { return };
        failed = after;
    }
}

/// One round, after so many that failed; how many those are now.
async fn anchor_once(anchoring: &mut Anchoring, failed: u32) -> u32 {
    match anchoring.round().await {
        Ok(_) => 0,
        Err(error) => {
            tracing::warn!(error = ?error, "checkpoints wait to be anchored");
            failed.saturating_add(1)
        }
    }
}

/// Puts counted refusals on record, a minute's at a time, until told to stop; then what is left. Every process that answers
/// requests counts its own.
pub async fn fold_refusals(app: App, stopping: CancellationToken) {
    while stopping.run_until_cancelled(sleep(LOOK)).await.is_some() {
        if let Err(error) = app.refusals().fold().await {
            tracing::warn!(error = ?error, "counted refusals wait to be put on record");
        }
    }
    if let Err(error) = app.refusals().fold_all().await {
        tracing::warn!(error = ?error, "counted refusals are lost");
    }
}

async fn place(ledger: Ledger, placed: &Notify, stopping: &CancellationToken) {
    loop {
        // First what an earlier process left behind.
        while !stopping.is_cancelled() {
            match ledger.sequence().await {
                Ok(0) => break,
                Ok(_) => placed.notify_one(),
                Err(error) => {
                    tracing::warn!(error = ?error, "audit leaves wait for their places");
                    break;
                }
            }
        }
        let gathered = async {
            ledger.grown(LOOK).await;
            sleep(GATHER).await;
        };
        if stopping.run_until_cancelled(gathered).await.is_none() {
            return;
        }
    }
}

/// Apart from signing: a witness may take its time, or be gone.
async fn witness(ledger: Ledger, stopping: &CancellationToken) {
    let ask = async || match ledger.witness().await {
        Ok(_) => sleep(WITNESS).await,
        Err(error) => {
            tracing::warn!(error = ?error, "witnesses are not asked");
            sleep(WITNESS).await;
        }
    };
    while stopping.run_until_cancelled(ask()).await.is_some() {}
}

async fn sign(mut signer: Signer, placed: &Notify, stopping: &CancellationToken) {
    let mut due = Instant::now();
    while stopping.run_until_cancelled(sleep_until(due)).await.is_some() {
        if let Err(error) = signer.sign().await {
            tracing::warn!(error = ?error, "heads of audit logs wait for their signature");
        }
        let now = Instant::now();
        let Some(next) = stopping.run_until_cancelled(next_round(placed, now)).await else { return };
        due = next;
    }
}

/// When to sign again after a round that ended at `last`: as soon as this process has placed something, though not at once.
async fn next_round(placed: &Notify, last: Instant) -> Instant {
    // Either way it is time.
    let _ = timeout_at(last + SIGN, placed.notified()).await;
    last + APART
}
