//! Acts with and without their leaf, next to what others do, and how soon a leaf is signed.

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use domain::ProjectId;
use ledger::{Leaf, Object};
use store::Store;
use testkit::TestDatabase;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{CLIENTS, deployed::Deployed};
use crate::report::{Report, Target, count, percentile};

/// One turn of one kind of act, …
const TURN: Duration = Duration::from_secs(4);
/// … and turns of each kind, one kind after the other: the machine is faster at one time than at another.
const TURNS: usize = 3;
/// Between two looks at the newest checkpoint; what is measured is too long by at most this.
const LOOK: Duration = Duration::from_millis(20);
/// The longest that leaves may wait for their checkpoint once nobody acts any more.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was done in how much time.
#[derive(Debug, Default)]
struct Rate {
    acts: usize,
    seconds: f64,
}

impl Rate {
    fn add(&mut self, (acts, seconds): (usize, f64)) {
        self.acts += acts;
        self.seconds += seconds;
    }

    fn per_second(&self) -> f64 {
        count(self.acts) / self.seconds
    }
}

pub(super) async fn measure(name: &str, database: TestDatabase, report: &mut Report) {
    let deployed = Deployed::on(database).await;
    let mut log = Log::of(&deployed).await;
    let [mut audited, mut unaudited, mut plain, mut chained] = [const { Rate { acts: 0, seconds: 0.0 } }; 4];
    for _ in 0..TURNS {
        audited.add(log.grow(&deployed).await);
        unaudited.add(turn(&deployed, |side| async move { side.unaudited().await }).await);
        plain.add(turn(&deployed, |side| async move { side.plain().await }).await);
        chained.add(turn(&deployed, |side| async move { side.chained().await }).await);
    }
    report.figure(&format!("{name}_acts_with_leaf_per_s"), audited.per_second());
    report.figure(&format!("{name}_acts_without_leaf_per_s"), unaudited.per_second());
    report.figure(&format!("{name}_plain_inserts_per_s"), plain.per_second());
    report.figure(&format!("{name}_chain_behind_a_lock_per_s"), chained.per_second());
    let kept = audited.per_second() / unaudited.per_second();
    report.target(&format!("{name}_with_leaf_to_without_ratio"), kept, Target::AtLeast(0.8));
    let faster = audited.per_second() / chained.per_second();
    let name_of_chain = format!("{name}_with_leaf_to_chain_ratio");
    // SQLite has one writer: nobody waits there for a chain's head but for the database.
    if name == "postgres" {
        report.target(&name_of_chain, faster, Target::AtLeast(10.0));
    } else {
        report.figure(&name_of_chain, faster);
    }
    let hours = (log.watched + log.drained).as_secs_f64() / 3_600.0;
    report.figure(&format!("{name}_checkpoints_per_hour"), count(log.seen.len()) / hours);
    report.figure(&format!("{name}_signed_after_last_act_s"), log.drained.as_secs_f64() / count(TURNS));
    let mut waits = log.waits(&deployed).await;
    report.target(&format!("{name}_act_to_checkpoint_p50_s"), percentile(&mut waits, 0.5), Target::Below(1.0));
    report.target(&format!("{name}_act_to_checkpoint_p99_s"), percentile(&mut waits, 0.99), Target::Below(5.0));
}

/// All clients do `act` for one turn: how many times, in how many seconds.
async fn turn<F, D>(deployed: &Arc<Deployed>, act: F) -> (usize, f64)
where
    F: Fn(Arc<Deployed>) -> D + Copy + Send + 'static,
    D: Future<Output = ()> + Send + 'static,
{
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let deployed = Arc::clone(deployed);
        clients.spawn(async move {
            let mut acts = 0;
            while begun.elapsed() < TURN {
                act(Arc::clone(&deployed)).await;
                acts += 1;
            }
            acts
        });
    }
    let acts = clients.join_all().await.into_iter().sum();
    (acts, begun.elapsed().as_secs_f64())
}

/// The log while acts grow it.
struct Log {
    observer: Store,
    /// Sizes of checkpoints and when they were there.
    seen: Vec<(u64, Instant)>,
    size: u64,
    watched: Duration,
    drained: Duration,
}

impl Log {
    /// The log with everything in it that setting up has written.
    async fn of(deployed: &Deployed) -> Self {
        let ledger = deployed.app.ledger();
        while ledger.sequence().await.expect("places") > 0 {}
        ledger.signer(&deployed.signer_file()).await.expect("a signer").sign().await.expect("signs");
        let observer = deployed.observer().await;
        let size = newest(deployed, &observer).await;
        Self { observer, seen: Vec::new(), size, watched: Duration::ZERO, drained: Duration::ZERO }
    }

    /// One turn of acts with sequencer and signer at work, and the time until all of it is signed.
    async fn grow(&mut self, deployed: &Arc<Deployed>) -> (usize, f64) {
        let ledger = deployed.app.ledger().clone();
        let signer = ledger.signer(&deployed.signer_file()).await.expect("a signer");
        let stopping = CancellationToken::new();
        let tended = tokio::spawn(workers::tend_ledger(ledger, signer, stopping.clone()));
        let acting = tokio::spawn({
            let deployed = Arc::clone(deployed);
            async move { turn(&deployed, |side| async move { side.audited().await }).await }
        });
        let begun = Instant::now();
        let mut looked = self.seen.last().map_or(self.size, |(size, _)| *size);
        let mut over: Option<Instant> = None;
        loop {
            let size = newest(deployed, &self.observer).await;
            if size > looked {
                self.seen.push((size, Instant::now()));
                looked = size;
            }
            if acting.is_finished() && over.is_none() {
                over = Some(Instant::now());
                self.watched += begun.elapsed();
            }
            let wanted = self.size + deployed.done.lock().expect("not poisoned").len() as u64;
            if let Some(over) = over {
                if looked >= wanted {
                    self.drained += over.elapsed();
                    break;
                }
                assert!(over.elapsed() < PATIENCE, "{looked} of {wanted} leaves are signed");
            }
            sleep(LOOK).await;
        }
        stopping.cancel();
        timeout(PATIENCE, tended).await.expect("ends").expect("does not panic");
        acting.await.expect("does not panic")
    }

    /// Seconds from each act's acknowledgement to the first checkpoint that holds its leaf.
    async fn waits(&self, deployed: &Deployed) -> Vec<f64> {
        let places = self.places(deployed).await;
        let done = deployed.done.lock().expect("not poisoned");
        let wait = |(project, at): &(ProjectId, Instant)| {
            let place = places[project];
            let first = self.seen.partition_point(|(size, _)| *size <= place);
            let (_, seen) = self.seen[first];
            seen.saturating_duration_since(*at).as_secs_f64()
        };
        done.iter().map(wait).collect()
    }

    /// Where in the log each act's leaf is.
    async fn places(&self, deployed: &Deployed) -> HashMap<ProjectId, u64> {
        let mut places = HashMap::new();
        let end = self.seen.last().map_or(0, |(size, _)| *size);
        for start in (0..end).step_by(5_000) {
            let read = self.observer.tenant_read(deployed.tenant).await.expect("begins");
            for (place, leaf) in read.audit_entries(start..(start + 5_000).min(end)).await.expect("reads") {
                if let Object::Project(project) = Leaf::from_bytes(&leaf).expect("a leaf").obj {
                    places.insert(project, place);
                }
            }
        }
        places
    }
}

/// The size of the newest checkpoint.
async fn newest(deployed: &Deployed, observer: &Store) -> u64 {
    let read = observer.tenant_read(deployed.tenant).await.expect("begins");
    read.audit_checkpoint_newest().await.expect("reads").map_or(0, |row| row.size)
}
