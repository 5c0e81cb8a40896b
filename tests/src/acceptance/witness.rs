//! A real witness for the deployment's log: `aics-witness` (C2SP tlog-witness), which nobody here wrote, in the Python
//! environment that the Makefile makes.

use std::{path::PathBuf, process::Stdio};

use app::ledger::OutsideWitness;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// A witness that ends with the test.
pub struct WitnessServer {
    folder: TempDir,
    key: String,
    running: Option<(Child, u16)>,
}

impl WitnessServer {
    /// Makes one that knows the log of this key (`name+id+base64`).
    pub async fn for_log(log: &str) -> Self {
        let folder = TempDir::with_prefix("sealtape-witness-").expect("a temporary folder");
        let mut witness = Self { folder, key: String::new(), running: None };
        let made = witness.run(&["init", "--name", "witness.test/w1", "--listen", "127.0.0.1:0"]).await;
        witness.key = made.lines().last().expect("says its key").to_owned();
        let origin = log.split('+').next().expect("a key has a name");
        witness.run(&["add-log", "--origin", origin, "--vkey", log]).await;
        witness.start().await;
        witness
    }

    /// Its key, `name+id+base64`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The setting that names it.
    ///
    /// # Panics
    /// When it does not run.
    #[must_use]
    pub fn setting(&self) -> OutsideWitness {
        let (_, port) = self.running.as_ref().expect("runs");
        format!("{} http://127.0.0.1:{port}", self.key).parse().expect("is a witness")
    }

    /// Starts it, with what it remembers.
    pub async fn start(&mut self) {
        let mut process = self.command(&["serve"]).stderr(Stdio::piped()).spawn().expect("python starts");
        let mut lines = BufReader::new(process.stderr.take().expect("is piped")).lines();
        let port = loop {
            let line = lines.next_line().await.expect("reads").expect("the witness says where it listens");
            if let Some((_, rest)) = line.split_once("listening on http://127.0.0.1:") {
                break rest.split_whitespace().next().expect("a port").parse().expect("a number");
            }
        };
        // Read on: a full pipe would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.running = Some((process, port));
    }

    /// Ends it by kill -9.
    pub async fn kill(&mut self) {
        let (mut process, _) = self.running.take().expect("runs");
        process.kill().await.expect("ends");
    }

    async fn run(&self, args: &[&str]) -> String {
        let output = self.command(args).stdout(Stdio::piped()).output().await.expect("python starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
    }

    fn command(&self, args: &[&str]) -> Command {
        let python = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/venv/bin/python"));
        assert!(python.exists(), "run `make target/venv/ready` first: the witness is a Python package");
        let mut command = Command::new(python);
        command.args(["-m", "aics_witness"]).args(args).arg("--config").arg(self.folder.path().join("witness.json"));
        command.kill_on_drop(true);
        command
    }
}
