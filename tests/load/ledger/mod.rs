//! The audit log: what an act pays for its leaf, how soon the leaf is signed, and what proving costs.
//!
//! In this process, not over HTTP: what is compared with a plain insert must not hide behind a request. The use case, its
//! transaction, the sequencer and the signer are those of the server.

mod acts;
mod chain;
mod deployed;
mod tree;

use testkit::TestDatabase;
use tokio::{runtime::Builder, task::spawn_blocking};

use crate::{Bench, report::Report};

/// Clients at once.
const CLIENTS: usize = 16;

pub(crate) async fn run(_: &Bench) -> Report {
    // A server's runtime has one thread for each core; the one of this program has one.
    let measured = spawn_blocking(|| {
        let mut report = Report::default();
        tree::measure(&mut report);
        let runtime = Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            acts::measure("sqlite", TestDatabase::sqlite().await, &mut report).await;
            acts::measure("postgres", TestDatabase::postgres().await, &mut report).await;
        });
        report
    });
    measured.await.expect("measures")
}
