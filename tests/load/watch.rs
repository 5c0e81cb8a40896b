//! Watching: how long until the player has what it needs for the first frame of a session of an hour.

use std::time::Instant;

use futures::StreamExt as _;
use sealtape_tests::process::{Agent, Member, Session, Tape};

use crate::{
    Bench,
    process::{cpu_seconds, forget_peak, peak_mib, resident_mib},
    report::{Report, Target, count},
};

const HOUR_MS: i64 = 3_600_000;
const SHORT_MS: i64 = 300_000;
const INTERVAL_MS: i64 = 5_000;
const START_MS: i64 = 1_790_000_000_000;
/// Tries; the slowest one counts.
const TRIES: usize = 5;

pub(crate) async fn run(bench: &Bench) -> Report {
    let mut report = Report::default();
    let deployment = bench.deployment();
    let running = deployment.start().await;
    let agent = deployment.agent().await;
    let (short, _) = record(&agent, SHORT_MS).await;
    let (session, segments) = record(&agent, HOUR_MS).await;
    report.figure("segments", count(segments));
    let member = deployment.member(&deployment.sheet().await.engineer).await;
    let pid = running.pid();
    report.figure("rss_before_mib", resident_mib(pid));

    let events = format!("/v1/sessions/{}/events", session.id);
    let start = first_frame(&member, &events).await;
    report.target("first_frame_s", start, Target::Below(1.0));
    let late = START_MS + 59 * 60_000;
    let seek = first_frame(&member, &format!("{events}?from_ms={late}")).await;
    report.target("first_frame_at_minute_59_s", seek, Target::Below(1.0));

    forget_peak(pid);
    whole(&member, &short).await;
    let short_peak = peak_mib(pid);
    forget_peak(pid);
    let (begun, cpu) = (Instant::now(), cpu_seconds(&pid.to_string()));
    let mb = count(whole(&member, &session).await) / 1e6;
    report.figure("whole_stream_mb", mb);
    report.figure("whole_stream_s", begun.elapsed().as_secs_f64());
    report.figure("whole_stream_mb_per_cpu_s", mb / (cpu_seconds(&pid.to_string()) - cpu));
    let peak = peak_mib(pid);
    report.figure("peak_memory_5min_mib", short_peak);
    report.figure("peak_memory_hour_mib", peak);
    report.target("peak_memory_hour_to_5min_ratio", peak / short_peak, Target::Between(0.9, 1.1));
    running.stop().await;
    report
}

/// A visit to the heaviest of the recorded applications, a segment every five seconds.
async fn record(agent: &Agent, length_ms: i64) -> (Session, usize) {
    let tape = Tape::load("swagger-5min").cut_by_time(INTERVAL_MS);
    let session = agent.start("https://shop.example/", "Shop").await.expect("starts");
    let mut n = 0;
    loop {
        let body = tape.body(n, START_MS);
        let number = u32::try_from(n).expect("a visit has few segments");
        agent.upload(&session, 0, number, &body).await.expect("is taken");
        n += 1;
        if tape.start_of(n) >= length_ms {
            return (session, n);
        }
    }
}

/// Reads all of a session; bytes of the stream.
async fn whole(member: &Member, session: &Session) -> usize {
    member.events(&session.id).await.iter().map(|line| line.len() + 1).sum()
}

/// Seconds from asking to the whole line of the first full snapshot; the slowest of some tries.
async fn first_frame(member: &Member, path: &str) -> f64 {
    let mut slowest = 0.0_f64;
    for _ in 0..TRIES {
        let asked = Instant::now();
        let mut stream = member.ask(path).await.bytes_stream();
        let mut read = Vec::new();
        while !has_frame(&read) {
            read.extend_from_slice(&stream.next().await.expect("has a snapshot").expect("is not cut"));
        }
        slowest = slowest.max(asked.elapsed().as_secs_f64());
    }
    slowest
}

fn has_frame(read: &[u8]) -> bool {
    let whole = read.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
    read[..whole].split(|byte| *byte == b'\n').any(|line| line.starts_with(br#"{"tab":0,"event":{"type":2,"#))
}
