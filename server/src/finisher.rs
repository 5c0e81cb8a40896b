//! The task that closes and seals sessions: a plain loop, one turn at a time.

use std::time::Duration;

use app::{App, finisher::FinisherReport};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// Turns every `interval` until told to stop; a turn under way is finished.
pub(crate) async fn run(app: App, interval: Duration, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = ticks.tick() => turn(&app).await,
        }
    }
}

async fn turn(app: &App) {
    match app.finisher().turn().await {
        Ok(report) => tell(&report),
        Err(error) => tracing::error!(error = ?error, "the finisher could not read the list of tenants"),
    }
}

fn tell(report: &FinisherReport) {
    if *report == FinisherReport::default() {
        return;
    }
    let FinisherReport { closed, resealed, progressed, postponed } = *report;
    tracing::info!(closed, resealed, progressed, postponed, "sessions finished");
    for (outcome, count) in
        [("closed", closed), ("resealed", resealed), ("progressed", progressed), ("postponed", postponed)]
    {
        metrics::counter!("sealtape_finisher_sessions_total", "outcome" => outcome).increment(count);
    }
}
