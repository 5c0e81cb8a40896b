//! Prepared uploads: several tabs at once, each with its bodies in order.

use std::{sync::Arc, time::Instant};

use futures::future::join_all;
use sealtape_tests::process::{Agent, Body, Tape};

use crate::process::cpu_seconds;

/// Where recordings begin: any time will do.
const START_MS: i64 = 1_790_000_000_000;

/// One tab's bodies.
pub(crate) type Stream = Arc<Vec<Body>>;

/// `tabs` streams of `length` bodies from all recordings, cut by `cut`.
pub(crate) fn streams(tabs: usize, length: usize, cut: impl Fn(Tape) -> Tape) -> Vec<Stream> {
    let tapes = ["todo-5min", "claim-5min", "swagger-5min"].map(|name| cut(Tape::load(name)));
    let stream = |tab: usize| (0..length).map(|n| tapes[tab % tapes.len()].body(n, START_MS)).collect();
    (0..tabs).map(|tab| Arc::new(stream(tab))).collect()
}

/// Decoded bytes of all bodies, in MB (10⁶).
pub(crate) fn decoded_mb(streams: &[Stream]) -> f64 {
    streams.iter().flat_map(|stream| stream.iter()).map(|body| crate::report::count(body.decoded) / 1e6).sum()
}

/// Number of bodies.
pub(crate) fn bodies(streams: &[Stream]) -> usize {
    streams.iter().map(|stream| stream.len()).sum()
}

/// What uploading cost.
pub(crate) struct Cost {
    /// CPU seconds of the server.
    pub(crate) cpu: f64,
    /// Seconds by the clock.
    pub(crate) wall: f64,
    /// Milliseconds from sending to each ack.
    pub(crate) acks_ms: Vec<f64>,
}

/// Uploads all streams, each into a session of its own, all at the same time and each as fast as it is acknowledged.
pub(crate) async fn upload_all(agent: &Agent, pid: u32, streams: &[Stream]) -> Cost {
    let mut sessions = Vec::new();
    for _ in streams {
        sessions.push(agent.start("https://shop.example/", "Shop").await.expect("starts"));
    }
    let process = pid.to_string();
    let (begun, cpu) = (Instant::now(), cpu_seconds(&process));
    let acks = join_all(streams.iter().zip(&sessions).map(|(stream, session)| async move {
        let mut acks = Vec::with_capacity(stream.len());
        for (n, body) in (0..).zip(stream.iter()) {
            let sent = Instant::now();
            agent.upload(session, 0, n, body).await.expect("is taken");
            acks.push(sent.elapsed().as_secs_f64() * 1e3);
        }
        acks
    }))
    .await;
    Cost { cpu: cpu_seconds(&process) - cpu, wall: begun.elapsed().as_secs_f64(), acks_ms: acks.concat() }
}
