//! The audit log's two tasks: one puts leaves in their places, one signs what that comes to.
//!
//! They are no jobs: a job is put into a queue, leased and reported, and each of these would be one more act to record. They
//! keep no state, so they may be ended at any moment, and several processes may run them side by side: the sequencer takes
//! turns by the lock on a log's head, and signers of one key sign the same bytes.

use std::time::Duration;

use app::{
    App,
    ledger::{Ledger, Signer},
};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

/// What commits within this time after a leaf goes into the same batch.
const GATHER: Duration = Duration::from_millis(200);
/// The longest time in which leaves of other processes go unnoticed.
const LOOK: Duration = Duration::from_secs(1);
/// Between two rounds of signing: with the two above it is below the five seconds within which growth is signed.
const SIGN: Duration = Duration::from_secs(3);

/// Places leaves and signs heads until told to stop.
pub async fn tend_ledger(ledger: Ledger, signer: Signer, stopping: CancellationToken) {
    tokio::join!(place(ledger, &stopping), sign(signer, &stopping));
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

async fn place(ledger: Ledger, stopping: &CancellationToken) {
    loop {
        // First what an earlier process left behind.
        while !stopping.is_cancelled() {
            match ledger.sequence().await {
                Ok(0) => break,
                Ok(_) => {}
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

async fn sign(mut signer: Signer, stopping: &CancellationToken) {
    let mut ticks = interval(SIGN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stopping.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = signer.sign().await {
            tracing::warn!(error = ?error, "heads of audit logs wait for their signature");
        }
    }
}
