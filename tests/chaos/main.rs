//! What only a process can show: that it may be killed, that an ack means what it says on the disk, that it stops and
//! starts again, and that its files tell nothing.

mod apart;
mod disk;
mod kill;
mod ledger;
mod stop;
mod trace;

use std::path::PathBuf;

use sealtape_tests::process::{Deployment, binary_beside};

fn binary() -> PathBuf {
    binary_beside(&std::env::current_exe().expect("this program"))
}

/// A deployment that seals sessions soon after they are over and whose limits do not slow tests down.
fn deployment() -> Deployment {
    Deployment::new(binary())
        .with("FINISHER__INTERVAL_MS", "100")
        .with("LIMITS__FINISH_GRACE_SECONDS", "1")
        // One member signs in again after each kill.
        .with("LIMITS__ACCOUNT_LOGINS_PER_MINUTE", "10000")
        .with("LIMITS__SEGMENTS_PER_SECOND", "100000")
}
