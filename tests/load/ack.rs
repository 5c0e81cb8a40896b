//! An ack at the beginning of a tab and at segment 20 000: cost and memory must be the same.
//!
//! On the disk, as in production: a fresh session's new folder is part of what its first acks cost. Both tabs are looked
//! at while the process and its database file have long been at work: a young process is another question.

use sealtape_tests::process::{Agent, Body, Session, Tape};

use crate::{
    Bench,
    process::{Cpu, cpu, resident_mib},
    report::{Report, Target, count},
};

/// Segments of the long tab before it is compared with fresh ones.
const LONG: u32 = 20_000;
/// Segments of one turn, …
const TURN: u32 = 50;
/// … and turns of each side: many short ones, because the machine is faster at one time than at another.
const TURNS: u32 = 40;
/// After so many segments caches are full and memory should not grow any more.
const WARM: u32 = 1_000;

pub(crate) async fn run(bench: &Bench) -> Report {
    let mut report = Report::default();
    let deployment = bench.deployment();
    let running = deployment.start().await;
    let agent = deployment.agent().await;
    let pid = running.pid();

    let long = Tab::open(&agent).await;
    long.upload(1..WARM).await;
    let warm = resident_mib(pid);
    report.figure("rss_warm_mib", warm);
    let begun = std::time::Instant::now();
    long.upload(WARM..LONG).await;
    report.figure("acks_per_s_one_tab", f64::from(LONG - WARM) / begun.elapsed().as_secs_f64());
    let grown = resident_mib(pid);
    report.figure("rss_at_20000_mib", grown);

    let (mut at_1, mut at_20000) = (Cpu::default(), Cpu::default());
    for turn in 0..TURNS {
        let fresh = Tab::open(&agent).await;
        at_1 += fresh.cost(pid, 1).await;
        at_20000 += long.cost(pid, LONG + turn * TURN).await;
    }
    let acks = count(TURN as usize * TURNS as usize);
    report.figure("ack_cpu_us_at_1", at_1.all() / acks * 1e6);
    report.figure("ack_cpu_us_at_20000", at_20000.all() / acks * 1e6);
    // Whose cost it is: ours, or the file system's for a young folder.
    report.figure("ack_cost_20000_to_1_user", at_20000.user / at_1.user);
    report.figure("ack_cost_20000_to_1_kernel", at_20000.kernel / at_1.kernel);
    report.target("ack_cost_20000_to_1_ratio", at_20000.all() / at_1.all(), Target::Between(0.9, 1.1));
    report.target("rss_20000_to_warm_ratio", grown / warm, Target::Between(0.9, 1.1));
    running.stop().await;
    report
}

/// A tab that takes many small segments.
struct Tab<'a> {
    agent: &'a Agent,
    session: Session,
}

impl<'a> Tab<'a> {
    /// A tab with its page, so that what follows is about known nodes.
    async fn open(agent: &'a Agent) -> Self {
        let session = agent.start("https://shop.example/", "Shop").await.expect("starts");
        let page = Tape::load("todo-5min").cut_by_count(40).body(0, 0);
        agent.upload(&session, 0, 0, &page).await.expect("is taken");
        Self { agent, session }
    }

    async fn upload(&self, numbers: std::ops::Range<u32>) {
        for n in numbers {
            let data = r#"{"source":1,"positions":[{"x":100,"y":200,"id":1,"timeOffset":0}]}"#;
            let event = format!(r#"{{"type":3,"data":{data},"timestamp":{}}}"#, 100_000 + u64::from(n) * 100);
            let ack = self.agent.upload(&self.session, 0, n, &Body::of([&*event])).await.expect("is taken");
            assert_eq!(ack.next, n + 1);
        }
    }

    /// Server CPU of one turn from segment `from`.
    async fn cost(&self, pid: u32, from: u32) -> Cpu {
        let process = pid.to_string();
        let before = cpu(&process);
        self.upload(from..from + TURN).await;
        cpu(&process) - before
    }
}
