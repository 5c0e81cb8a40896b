//! Ingest: what a second of server CPU takes in, next to what the pipeline alone would.

use std::time::{Duration, Instant};

use futures::future::join_all;
use sealtape_tests::process::{Agent, Deployment};

use crate::{
    Bench, ceiling,
    process::{cpu_seconds, resident_mib},
    report::{Report, Target, count, percentile},
    streams::{Stream, bodies, decoded_mb, streams, upload_all},
};

/// Tabs that upload at the same time.
const TABS: usize = 6;
/// What an agent sends at most, compressed.
const FULL_BYTES: usize = 60_000;
/// How often an agent sends, in milliseconds.
const INTERVAL_MS: i64 = 5_000;
/// How long the trivial route is asked.
const TRIVIAL: Duration = Duration::from_secs(4);

pub(crate) async fn run(bench: &Bench) -> Report {
    let mut report = Report::default();
    let deployment = bench.deployment();
    let running = deployment.start().await;
    let agent = deployment.agent().await;
    let pid = running.pid();
    // Connections, keys and code are warm before anything counts.
    upload_all(&agent, pid, &streams(TABS, 4, |tape| tape.cut_by_size(FULL_BYTES))).await;
    report.figure("rss_start_mib", resident_mib(pid));

    let full = streams(TABS, 50, |tape| tape.cut_by_size(FULL_BYTES));
    let share = measure(&mut report, "full", &agent, pid, &full).await;
    report.target("ingest_of_ceiling_share", share, Target::AtLeast(0.5));
    let regular = streams(TABS, 180, |tape| tape.cut_by_time(INTERVAL_MS));
    let share = measure(&mut report, "5s", &agent, pid, &regular).await;
    report.figure("5s_ingest_of_ceiling_share", share);

    report.figure("trivial_route_per_cpu_s", trivial(&deployment, pid).await);
    report.figure("rss_end_mib", resident_mib(pid));
    running.stop().await;
    report
}

/// Uploads `streams` between two runs of the pipeline alone; the share of its speed that was reached.
async fn measure(report: &mut Report, kind: &str, agent: &Agent, pid: u32, streams: &[Stream]) -> f64 {
    let before = ceiling::measure(streams);
    let mut cost = upload_all(agent, pid, streams).await;
    let alone = f64::midpoint(before, ceiling::measure(streams));
    let (mb, segments) = (decoded_mb(streams), count(bodies(streams)));
    let wire: f64 = streams.iter().flat_map(|stream| stream.iter()).map(|body| count(body.gzip.len())).sum();
    report.figure(&format!("{kind}_body_gzip_bytes"), wire / segments);
    report.figure(&format!("{kind}_body_decoded_bytes"), mb * 1e6 / segments);
    report.figure(&format!("{kind}_ceiling_mb_per_cpu_s"), mb / alone);
    report.figure(&format!("{kind}_ingest_mb_per_cpu_s"), mb / cost.cpu);
    report.figure(&format!("{kind}_ceiling_segments_per_cpu_s"), segments / alone);
    report.figure(&format!("{kind}_ingest_segments_per_cpu_s"), segments / cost.cpu);
    report.figure(&format!("{kind}_ingest_segments_per_s"), segments / cost.wall);
    report.figure(&format!("{kind}_ack_p50_ms"), percentile(&mut cost.acks_ms, 0.5));
    report.figure(&format!("{kind}_ack_p99_ms"), percentile(&mut cost.acks_ms, 0.99));
    alone / cost.cpu
}

/// Answers of a route that does nothing, per second of server CPU.
async fn trivial(deployment: &Deployment, pid: u32) -> f64 {
    let (http, url) = (deployment.http(), format!("{}/v1/deployment", deployment.origin()));
    let process = pid.to_string();
    let (begun, cpu) = (Instant::now(), cpu_seconds(&process));
    let answered = join_all((0..8).map(|_| async {
        let mut answered = 0_usize;
        while begun.elapsed() < TRIVIAL {
            let answer = http.get(&url).send().await.expect("answers");
            answer.bytes().await.expect("answers whole");
            answered += 1;
        }
        answered
    }))
    .await;
    count(answered.into_iter().sum()) / (cpu_seconds(&process) - cpu)
}
