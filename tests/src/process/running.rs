//! One server process.

use std::{process::ExitStatus, time::Duration};

use tokio::{process::Child, time::Instant};

use super::Deployment;

/// The longest a start may take, debug build and busy machine included.
const START: Duration = Duration::from_secs(120);
/// Between two looks at a socket that does not exist yet: there is no event to wait for.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Running {
    pub(super) const fn new(child: Child) -> Self {
        Self { child }
    }

    /// The process id.
    ///
    /// # Panics
    /// When it has ended.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id().expect("has not ended")
    }

    /// Waits until the server answers.
    ///
    /// # Panics
    /// When it ends or takes too long; the message has the end of its log.
    pub async fn ready(&mut self, deployment: &Deployment) {
        let http = deployment.http();
        let url = format!("{}/v1/deployment", deployment.origin());
        let give_up = Instant::now() + START;
        loop {
            let ended = self.child.try_wait().expect("can be asked");
            if ended.is_some() || Instant::now() > give_up {
                let log = deployment.log();
                let tail = log.len().saturating_sub(4_000);
                panic!("the server did not start ({ended:?}); it said:\n{}", log.get(tail..).unwrap_or(&log));
            }
            match http.get(&url).send().await {
                Ok(answer) if answer.status().is_success() => return,
                _ => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// `kill -9`, and waits until it is gone.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("can be killed");
    }

    /// Sends SIGTERM.
    ///
    /// # Panics
    /// When it has ended.
    pub fn terminate(&self) {
        let kill = format!("kill -TERM {}", self.pid());
        let sent = std::process::Command::new("sh").args(["-c", &kill]).status().expect("runs sh");
        assert!(sent.success(), "{kill}: {sent}");
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not come within `patience`.
    pub async fn exited(&mut self, patience: Duration) -> ExitStatus {
        let ended = tokio::time::timeout(patience, self.child.wait()).await;
        ended.unwrap_or_else(|_| panic!("still running after {patience:?}")).expect("can be waited for")
    }

    /// SIGTERM, and waits for a clean end.
    ///
    /// # Panics
    /// When it ends otherwise.
    pub async fn stop(mut self) {
        self.terminate();
        let status = self.exited(Duration::from_secs(30)).await;
        assert!(status.success(), "{status}");
    }
}
