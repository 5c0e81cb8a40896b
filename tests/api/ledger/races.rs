//! Many writers and several sequencers at once (`threats.md` 30): no gap, no fork, no place twice. Only PostgreSQL has
//! writers side by side.
//!
//! `SEALTAPE_PROVE_RACE_SECONDS` sets for how long they write; `make prove` takes 60.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use futures::future::join_all;
use sealtape_tests::acceptance::TestApp;
use tokio_util::sync::CancellationToken;

use super::{Stored, add, sequence};

/// Leaves of each writer, before it looks whether it has written for long enough.
const EACH: usize = 25;

async fn race(writers: usize) {
    let app = TestApp::on_postgres().await;
    let seconds = std::env::var("SEALTAPE_PROVE_RACE_SECONDS").map_or(0, |count| count.parse().expect("a number"));
    let tenants = [app.ours.id, app.theirs.id];
    // Four writers share a process's connections.
    let mut processes = Vec::new();
    for _ in 0..writers.div_ceil(4) {
        processes.push(app.store().await);
    }
    let others = [app.another().await, app.another().await];
    let written = CancellationToken::new();
    let sequencers = join_all(others.iter().map(|process| async {
        // At least one of them is under way while the last leaf commits.
        while !written.is_cancelled() {
            process.app().ledger().sequence().await.unwrap();
        }
    }));
    let until = Instant::now() + Duration::from_secs(seconds);
    let write = async |n: usize| {
        add(&app, &processes[n / 4], tenants[n % 2], EACH).await;
        while Instant::now() < until {
            add(&app, &processes[n / 4], tenants[n % 2], EACH).await;
        }
    };
    let writing = async {
        join_all((0..writers).map(write)).await;
        written.cancel();
    };
    tokio::join!(sequencers, writing);
    sequence(&app).await;

    for tenant in tenants {
        let stored = Stored::of(&processes[0], tenant).await;
        stored.assert_whole();
        let committed = format!("SELECT count(*) FROM audit_outbox WHERE tenant_id = {}", app.id(&tenant.to_string()));
        assert_eq!(
            i64::try_from(stored.entries.len()),
            Ok(app.number(&committed).await),
            "every leaf that was committed"
        );
        let entries: BTreeSet<&Vec<u8>> = stored.entries.iter().map(|(_, entry)| entry).collect();
        assert_eq!(entries.len(), stored.entries.len(), "and each once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_30_sixteen_writers_make_one_log() {
    race(16).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_30_sixty_four_writers_make_one_log() {
    race(64).await;
}
