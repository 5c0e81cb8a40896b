//! `kill -9` in upload bursts: nothing acknowledged is lost, nothing half-written shows.
//!
//! The same bodies go to two servers: one is killed at seeded moments and started again on the same folder, the other is
//! left alone. What both have stored at the end must be the same, line by line.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use domain::{Clock as _, Entropy as _, SeededEntropy, SystemClock};
use futures::future::join_all;
use sealtape_tests::process::{Agent, Body, Deployment, Member, Refused, Running, Session, Tape};
use serde_json::Value;
use tokio::sync::Notify;

use crate::deployment;

const SESSIONS: usize = 4;
const TABS: u16 = 2;
/// Segments that each tab uploads per burst.
const BURST: u32 = 6;
/// Between two tries of one upload while the server is down.
const AGAIN: Duration = Duration::from_millis(5);
/// Longest time between the ack that a kill waits for and the kill.
const AFTER_ACK_US: u64 = 20_000;
/// Longest time between the start of a process and a kill in its start.
const IN_START_US: u64 = 200_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_in_upload_bursts() {
    let kills = number("SEALTAPE_PROVE_KILL").map_or(3, |kills| u32::try_from(kills).expect("fits"));
    let micros = SystemClock.now().as_micros().unsigned_abs();
    let seed = number("SEALTAPE_PROVE_SEED").unwrap_or(micros);
    let _told = TellSeed(seed);
    let start_ms = 1_790_000_000_000;

    let (struck, calm) = (deployment(), deployment());
    let disturbed = async {
        let mut running = Some(struck.start().await);
        let uploads = Uploads::begin(&struck, start_ms).await;
        let moments = SeededEntropy::new(seed);
        for burst in 0..kills {
            let killing = async {
                let process = running.take().expect("is running");
                running = Some(strike(&struck, process, &moments, &uploads.acks).await);
            };
            tokio::join!(uploads.burst(burst), killing);
        }
        (running, uploads)
    };
    let undisturbed = async {
        let running = calm.start().await;
        let uploads = Uploads::begin(&calm, start_ms).await;
        for burst in 0..kills {
            uploads.burst(burst).await;
        }
        (running, uploads)
    };
    let ((_killed_process, uploads), (_calm_process, reference)) = tokio::join!(disturbed, undisturbed);

    let segments = kills * BURST;
    uploads.finish(segments).await;
    reference.finish(segments).await;
    let member = struck.member(&struck.sheet().await.engineer).await;
    let expected = calm.member(&calm.sheet().await.engineer).await;
    for (session, untouched) in uploads.sessions.iter().zip(&reference.sessions) {
        let manifest = sealed(&member, &session.id).await;
        assert_stored(&manifest, segments, &struck.data());
        let events = member.events(&session.id).await;
        assert_eq!(events.len() as u64, sum_of_events(&manifest));
        assert!(events.iter().all(|line| line.starts_with(r#"{"tab":"#)), "no gap");
        let want = expected.events(&untouched.id).await;
        let differs = events.iter().zip(&want).position(|(have, want)| have != want);
        assert_eq!(differs, None, "line of the first difference");
        assert_eq!(events.len(), want.len());
        let detail = member.json(&format!("/v1/sessions/{}", session.id)).await;
        assert_eq!(detail["gaps"], 0, "{detail}");
        assert_eq!(detail["segments"], segments * u32::from(TABS), "{detail}");
        assert_ne!(detail["validation"], "corrupt", "{detail}");
    }
}

/// Kills the process at the next drawn moment and starts another one, which may be killed while it starts.
async fn strike(deployment: &Deployment, process: Running, moments: &SeededEntropy, acks: &Acks) -> Running {
    let burst_acks = u64::from(BURST) * u64::from(TABS) * SESSIONS as u64;
    // Not behind the last ack: the burst must still be under way.
    acks.wait_for(draw(moments, burst_acks - u64::from(BURST))).await;
    tokio::time::sleep(Duration::from_micros(draw(moments, AFTER_ACK_US))).await;
    process.kill().await;
    if draw(moments, 4) == 0 {
        let starting = deployment.spawn(&[]);
        tokio::time::sleep(Duration::from_micros(draw(moments, IN_START_US))).await;
        starting.kill().await;
    }
    deployment.start().await
}

/// Prints how to repeat the run when the test fails.
pub(crate) struct TellSeed(pub(crate) u64);

impl Drop for TellSeed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the moments of this run: SEALTAPE_PROVE_SEED={}", self.0);
        }
    }
}

pub(crate) fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} must be a number")))
}

/// A number below `below`.
pub(crate) fn draw(entropy: &SeededEntropy, below: u64) -> u64 {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    u64::from_be_bytes(bytes) % below.max(1)
}

/// Acks since the burst began.
#[derive(Default)]
struct Acks {
    count: AtomicU32,
    more: Notify,
}

impl Acks {
    fn add(&self) {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.more.notify_one();
    }

    async fn wait_for(&self, count: u64) {
        while u64::from(self.count.load(Ordering::SeqCst)) < count {
            self.more.notified().await;
        }
    }
}

/// Parallel sessions with parallel tabs, and how far they are.
struct Uploads {
    agent: Agent,
    sessions: Vec<Session>,
    tapes: Vec<Tape>,
    start_ms: i64,
    acks: Acks,
}

impl Uploads {
    async fn begin(deployment: &Deployment, start_ms: i64) -> Self {
        let agent = deployment.agent().await;
        let mut sessions = Vec::new();
        for _ in 0..SESSIONS {
            let session = agent.start("https://shop.example/", "Shop").await.expect("starts");
            for _ in 1..TABS {
                agent.open_tab(&session).await.expect("opens");
            }
            sessions.push(session);
        }
        let tapes = ["todo-5min", "claim-5min", "swagger-5min"].map(|name| Tape::load(name).cut_by_count(40)).into();
        Self { agent, sessions, tapes, start_ms, acks: Acks::default() }
    }

    /// Every tab's next segments, each sent until it is acknowledged.
    async fn burst(&self, burst: u32) {
        self.acks.count.store(0, Ordering::SeqCst);
        let tabs = (0..SESSIONS).flat_map(|session| (0..TABS).map(move |tab| (session, tab)));
        join_all(tabs.map(|(session, tab)| async move {
            for n in burst * BURST..(burst + 1) * BURST {
                let body = self.body(session, tab, n);
                self.send(&self.sessions[session], tab, n, &body).await;
                self.acks.add();
            }
        }))
        .await;
    }

    fn body(&self, session: usize, tab: u16, n: u32) -> Body {
        let tape = &self.tapes[(session + usize::from(tab)) % self.tapes.len()];
        // Tabs are apart by a few milliseconds, so that the merge by time has something to do.
        tape.body(n as usize, self.start_ms + i64::from(tab) * 7)
    }

    async fn send(&self, session: &Session, tab: u16, n: u32, body: &Body) {
        loop {
            let sent = match n % 2 {
                0 => self.agent.upload(session, tab, n, body).await,
                _ => self.agent.put(session, tab, n, body).await,
            };
            match sent {
                Ok(ack) => {
                    assert!(ack.durable && ack.next == n + 1, "tab {tab} segment {n}: {ack:?}");
                    return;
                }
                Err(refused) if refused.is_passing() => tokio::time::sleep(AGAIN).await,
                // In particular 409: the server would have forgotten a segment that it had acknowledged.
                Err(refused) => panic!("tab {tab} segment {n}: {refused:?}"),
            }
        }
    }

    async fn finish(&self, segments: u32) {
        for session in &self.sessions {
            for tab in 0..TABS {
                let finished: Result<(), Refused> = self.agent.finish(session, tab, segments).await;
                finished.expect("is noted");
            }
        }
    }
}

/// The session's manifest, when there is one.
async fn sealed(member: &Member, session: &str) -> Value {
    let patience = tokio::time::Instant::now() + Duration::from_secs(60);
    loop {
        let detail = member.json(&format!("/v1/sessions/{session}")).await;
        if detail["state"] == "closed" {
            return member.json(&format!("/v1/sessions/{session}/manifest")).await;
        }
        assert!(tokio::time::Instant::now() < patience, "is not closed: {detail}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn sum_of_events(manifest: &Value) -> u64 {
    let segments = manifest["segments"].as_array().expect("segments");
    segments.iter().map(|segment| segment["events"].as_u64().expect("a count")).sum()
}

/// Every number of every tab once, and for each a blob of exactly these bytes.
fn assert_stored(manifest: &Value, segments: u32, data: &Path) {
    assert_eq!(manifest["verified"], true);
    let listed = manifest["segments"].as_array().expect("segments");
    let numbers: Vec<_> = listed.iter().map(|s| (s["tab"].as_u64(), s["n"].as_u64())).collect();
    let wanted: Vec<_> =
        (0..u64::from(TABS)).flat_map(|tab| (0..u64::from(segments)).map(move |n| (Some(tab), Some(n)))).collect();
    assert_eq!(numbers, wanted);
    let mut files = BTreeMap::new();
    crate::disk::files(data, &mut |path| {
        files.insert(path.file_name().expect("a name").to_string_lossy().into_owned(), path.to_owned());
    });
    for segment in listed {
        let (tab, n, sha256) = (&segment["tab"], &segment["n"], segment["sha256"].as_str().expect("a digest"));
        let path =
            files.get(&format!("{tab}-{n}-{sha256}")).unwrap_or_else(|| panic!("tab {tab} segment {n} has no blob"));
        let bytes = std::fs::read(path).expect("reads");
        assert_eq!(segment["ciphertext_length"], bytes.len());
        assert_eq!(hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes)), sha256, "{}", path.display());
    }
}
