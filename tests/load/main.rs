//! Benchmarks: each starts a server of its own (`ledger` works in this process), prints a table and writes `<out>/<name>.json` as
//! `{name, figures: {…}, targets: {<what>: {value, target, met}}}`.
//!
//! **Design.** Cost is the server's CPU time, not the clock: a busy machine makes everything slower but hardly dearer.
//! What is compared is measured in one run on one machine, in turns where it matters.
//!
//! **How to add one more.** A file with `pub(crate) async fn run(&Bench) -> Report` and a line in [`BENCHES`].

mod ack;
mod ceiling;
mod ingest;
mod ledger;
mod process;
mod report;
mod streams;
mod watch;

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use futures::future::LocalBoxFuture;
use report::Report;
use sealtape_tests::process::{Deployment, binary_beside};

const USAGE: &str = "usage: sealtape-bench [--server PROGRAM] [--out FOLDER] [NAME …]

Names are ingest, ack, watch and ledger; without a name all run. ledger needs SEALTAPE_TEST_PG, a durable PostgreSQL.";

type Run = for<'b> fn(&'b Bench) -> LocalBoxFuture<'b, Report>;

/// Every benchmark by name.
const BENCHES: [(&str, Run); 4] = [
    ("ingest", |bench| Box::pin(ingest::run(bench))),
    ("ack", |bench| Box::pin(ack::run(bench))),
    ("watch", |bench| Box::pin(watch::run(bench))),
    ("ledger", |bench| Box::pin(ledger::run(bench))),
];

/// What every benchmark is given.
struct Bench {
    server: PathBuf,
}

impl Bench {
    /// A fresh deployment with the default settings but for the rates, which would be what is measured.
    fn deployment(&self) -> Deployment {
        Deployment::below(&std::env::temp_dir(), self.server.clone())
            .with("LIMITS__SEGMENTS_PER_SECOND", "1000000")
            .with("LIMITS__STARTS_PER_MINUTE", "100000")
    }
}

fn main() -> ExitCode {
    let (mut server, mut out, mut names) = (None, PathBuf::from("target/bench"), Vec::new());
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match (&*word, BENCHES.iter().find(|(name, _)| *name == word)) {
            ("--server", _) => server = words.next().map(PathBuf::from),
            ("--out", _) => out = words.next().map(PathBuf::from).unwrap_or_default(),
            (_, Some(bench)) => names.push(bench),
            (_, None) => {
                eprintln!("{word} is no benchmark\n{USAGE}");
                return ExitCode::FAILURE;
            }
        }
    }
    if names.is_empty() {
        names.extend(&BENCHES);
    }
    let program = std::env::current_exe().expect("this program has a path");
    let server = server.map_or_else(|| binary_beside(&program), |path| path.canonicalize().expect("the server's path"));
    std::fs::create_dir_all(&out).expect("makes the folder of results");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let bench = Bench { server };
    for (name, run) in names {
        say(&format!("{name} …"));
        let report = runtime.block_on(run(&bench));
        say(&report.table());
        let path = out.join(format!("{name}.json"));
        std::fs::write(&path, report.json(name)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    ExitCode::SUCCESS
}

/// One line, at once.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("can be printed");
}
