//! An ack follows the fsyncs, seen in the system calls of the whole server: a kill cannot show a missing one.

use std::{path::Path, time::Duration};

use sealtape_tests::process::{Deployment, Tape};

use crate::binary;

/// One finished system call. Others may have begun or ended while it ran.
#[derive(Debug)]
struct Call {
    name: String,
    text: String,
    /// Line of the trace on which it began.
    began: usize,
    /// Line on which it had returned.
    ended: usize,
}

#[tokio::test]
async fn acks_follow_fsync() {
    // Turns of the finisher would write in between.
    let deployment = Deployment::new(binary()).with("FINISHER__INTERVAL_MS", "3600000");
    let trace = deployment.folder().join("trace");
    let calls = "trace=openat,linkat,fsync,fdatasync,write,writev,sendto,sendmsg,read,readv,recvfrom,recvmsg";
    // -D: strace steps aside, so that the process that we started is the server.
    let strace = ["strace", "-D", "-f", "-yy", "-s", "4000", "-e", calls, "-o", trace.to_str().expect("a plain path")];
    let mut running = deployment.spawn(&strace);
    running.ready(&deployment).await;
    let agent = deployment.agent().await;
    let session = agent.start("https://shop.example/", "Shop").await.expect("starts");
    let tape = Tape::load("todo-5min").cut_by_count(50);
    for n in 0..2 {
        agent.put(&session, 0, n, &tape.body(n as usize, 1_790_000_000_000)).await.expect("is taken");
    }
    running.stop().await;

    let calls = read(&trace).await;
    let data = deployment.data().canonicalize().expect("a path");
    for n in 0..2 {
        let asked = calls
            .iter()
            .position(|call| is_in(call, "<TCP:") && call.text.contains(&format!("/segments/0/{n} HTTP/1.1")));
        let asked = asked.unwrap_or_else(|| panic!("nobody read the request of segment {n}"));
        let answered = calls[asked..].iter().find(|call| {
            matches!(&*call.name, "write" | "writev" | "sendto" | "sendmsg")
                && call.text.contains(r#"\"durable\":true"#)
        });
        let answered = answered.unwrap_or_else(|| panic!("segment {n} was not acknowledged"));
        let during: Vec<&Call> =
            calls.iter().filter(|call| call.began > calls[asked].began && call.ended < answered.began).collect();
        let blob = format!("/1/0-{n}-");
        assert_order(
            &during,
            &[
                ("fsync of the staged blob", &|call| {
                    is_sync(call) && call.text.contains(&blob) && call.text.contains("#1>")
                }),
                ("link of the blob's name", &|call| call.name == "linkat" && call.text.contains(&blob)),
                ("fsync of the blob's folder", &|call| {
                    is_sync(call) && call.text.contains(&session.id) && call.text.contains("/1>)")
                }),
                ("fsync of the database's log", &|call| {
                    is_sync(call) && call.text.contains(&format!("<{}/sealtape.db-wal>", data.display()))
                }),
            ],
        );
    }
}

fn is_in(call: &Call, kind: &str) -> bool {
    matches!(&*call.name, "read" | "readv" | "recvfrom" | "recvmsg") && call.text.contains(kind)
}

fn is_sync(call: &Call) -> bool {
    matches!(&*call.name, "fsync" | "fdatasync") && call.text.ends_with("= 0")
}

/// What a step is called, and how it is recognised.
type Step<'a> = (&'a str, &'a dyn Fn(&Call) -> bool);

/// Asserts that each step begins after the one before has returned.
fn assert_order(calls: &[&Call], steps: &[Step<'_>]) {
    let mut after = 0;
    for (step, is) in steps {
        let found = calls.iter().find(|call| call.began >= after && is(call));
        let listed =
            || calls.iter().map(|call| format!("{}..{} {}", call.began, call.ended, call.text)).collect::<Vec<_>>();
        after = found.unwrap_or_else(|| panic!("no {step} in its place:\n{}", listed().join("\n"))).ended + 1;
    }
}

/// The finished calls in the order in which they ended, when the whole trace is written.
async fn read(trace: &Path) -> Vec<Call> {
    let text = loop {
        let text = std::fs::read(trace).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let begun = text.lines().next().and_then(|line| line.split(' ').next()).unwrap_or_default().to_owned();
        if text.lines().any(|line| line.starts_with(&begun) && line.contains("+++ exited")) {
            break text;
        }
        // strace writes on for a moment after the server's end.
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let mut calls = Vec::new();
    let mut open: Vec<(&str, usize, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(begun) = rest.strip_suffix(" <unfinished ...>") {
            open.push((thread, number, begun.to_owned()));
        } else if rest.starts_with("<... ") {
            let Some(at) = open.iter().position(|(of, ..)| *of == thread) else { continue };
            let (_, began, head) = open.swap_remove(at);
            let end = rest.split_once(" resumed>").map_or("", |(_, end)| end);
            calls.push(call(&format!("{head}{end}"), began, number));
        } else {
            calls.push(call(rest, number, number));
        }
    }
    calls
}

fn call(text: &str, began: usize, ended: usize) -> Call {
    // Padding before the result is for people.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = text.split('(').next().unwrap_or_default().to_owned();
    Call { name, text, began, ended }
}
