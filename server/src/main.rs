//! The `sealtape` binary.

use std::{process::ExitCode, time::Duration};

use clap::Parser as _;
use server::cli::Cli;

/// How long blocked threads may hold up the end of the process.
const LAST_WORK: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Into::into).and_then(|runtime| {
            let outcome = runtime.block_on(cli.run());
            runtime.shutdown_timeout(LAST_WORK);
            outcome
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sealtape: {error:?}");
            ExitCode::FAILURE
        }
    }
}
