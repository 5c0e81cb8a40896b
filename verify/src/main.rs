//! The `sealtape-verify` binary.

use std::process::ExitCode;

use clap::Parser as _;
use verify::Cli;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "what was found is what this program is for")]
fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(found) => {
            println!("{found}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("sealtape-verify: {error:#}");
            ExitCode::FAILURE
        }
    }
}
