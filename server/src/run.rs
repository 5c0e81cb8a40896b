//! Serving: listeners, background tasks, and their orderly end.

use std::{
    future::Future,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{App as ActixApp, HttpServer, dev::ServerHandle};
use anyhow::Context as _;
use api::{Interface, Probes};
use app::{App, ledger::Signer};
use domain::{Clock, Entropy};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::listeners::Listeners;

/// How often metrics are compacted.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// What a server is made of. The origins are in the settings that `app` was opened with.
pub struct ServerParts {
    /// The use cases.
    pub app: App,
    /// Time, for request ids and the agents' clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for request ids and nonces.
    pub entropy: Arc<dyn Entropy>,
    /// Bound sockets. The shop's is served in demo mode only.
    pub listeners: Listeners,
    /// What was measured.
    pub metrics: PrometheusHandle,
    /// Background work, started; `None` leaves it to other processes.
    pub work: Option<workers::Running>,
    /// Whoever signs heads of audit logs; `None` leaves sequencing and signing to other processes.
    pub signer: Option<Signer>,
    /// How long requests under way may take when the server stops.
    pub stop_within: Duration,
    /// Threads that answer requests; `None` is one per core.
    pub workers: Option<usize>,
    /// The demo's sign-ins and the shop's snippet.
    #[cfg(feature = "demo")]
    pub demo: Option<crate::demo::Demo>,
}

/// Starts servers.
#[derive(Debug, Clone, Copy)]
pub struct Server;

/// A server that runs until it is told to stop. Dropping it leaves it running.
pub struct RunningServer {
    /// Where console, API, uploads and player are.
    pub addr: SocketAddr,
    /// Where metrics and probes are.
    pub metrics_addr: SocketAddr,
    /// Where the sample shop is.
    pub shop_addr: Option<SocketAddr>,
    /// The use cases, for callers in the same process.
    pub app: App,
    servers: Vec<ServerHandle>,
    tasks: TaskTracker,
    stop: CancellationToken,
    work: Option<workers::Running>,
    stop_within: Duration,
}

impl Server {
    /// Starts listeners and background tasks on the current tokio runtime, which must be a multi-threaded one.
    ///
    /// # Errors
    /// When a listener cannot be served or the origins do not do.
    pub fn start(parts: ServerParts) -> anyhow::Result<RunningServer> {
        let addr = |listener: &TcpListener| listener.local_addr().context("a listener has no address");
        let mut running = RunningServer {
            addr: addr(&parts.listeners.main)?,
            metrics_addr: addr(&parts.listeners.metrics)?,
            shop_addr: None,
            app: parts.app.clone(),
            servers: Vec::new(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            work: None,
            stop_within: parts.stop_within,
        };
        running.serve_main(&parts)?;
        running.serve_probes(&parts)?;
        #[cfg(feature = "demo")]
        if let (Some(shop), Some(demo)) = (&parts.listeners.shop, &parts.demo) {
            running.shop_addr = Some(addr(shop)?);
            running.serve_shop(shop, demo, &parts)?;
        }
        running.tasks.spawn(upkeep(parts.metrics, running.stop.clone()));
        running.tasks.spawn(workers::fold_refusals(parts.app.clone(), running.stop.clone()));
        if let Some(signer) = parts.signer {
            let ledger = parts.app.ledger().clone();
            running.tasks.spawn(workers::tend_ledger(ledger, signer, running.stop.clone()));
        }
        running.tasks.close();
        running.work = parts.work;
        Ok(running)
    }

    /// Metrics and probes, to be spawned.
    ///
    /// # Errors
    /// When the listener cannot be served.
    pub fn probes(
        app: App,
        metrics: PrometheusHandle,
        listener: TcpListener,
    ) -> anyhow::Result<actix_web::dev::Server> {
        let probes = Probes {
            ready: Arc::new(move || {
                let app = app.clone();
                Box::pin(async move { app.is_ready().await })
            }),
            metrics: Arc::new(move || metrics.render()),
        };
        let server = HttpServer::new(move || ActixApp::new().configure(api::probes(probes.clone())))
            .workers(1)
            .listen(listener)
            .context("cannot serve the metrics listener")?;
        Ok(server.shutdown_timeout(1).disable_signals().run())
    }
}

impl RunningServer {
    fn serve_main(&mut self, parts: &ServerParts) -> anyhow::Result<()> {
        #[cfg(feature = "demo")]
        let sheet = parts.demo.as_ref().map(crate::demo::Demo::sheet);
        #[cfg(not(feature = "demo"))]
        let sheet = None;
        let (clock, entropy) = (Arc::clone(&parts.clock), Arc::clone(&parts.entropy));
        let interface = Interface::new(parts.app.clone(), clock, entropy, sheet)?;
        let mut server = HttpServer::new(move || interface.service());
        if let Some(workers) = parts.workers {
            server = server.workers(workers);
        }
        let server = server.listen(parts.listeners.main.try_clone()?).context("cannot serve the main listener")?;
        self.spawn(server.shutdown_timeout(parts.stop_within.as_secs()).disable_signals().run());
        Ok(())
    }

    fn serve_probes(&mut self, parts: &ServerParts) -> anyhow::Result<()> {
        let listener = parts.listeners.metrics.try_clone()?;
        self.spawn(Server::probes(parts.app.clone(), parts.metrics.clone(), listener)?);
        Ok(())
    }

    #[cfg(feature = "demo")]
    fn serve_shop(&mut self, shop: &TcpListener, demo: &crate::demo::Demo, parts: &ServerParts) -> anyhow::Result<()> {
        let site = demo.shop(parts.app.settings());
        let server = HttpServer::new(move || ActixApp::new().configure(site.clone().routes()))
            .workers(1)
            .listen(shop.try_clone()?)
            .context("cannot serve the sample shop")?;
        self.spawn(server.shutdown_timeout(1).disable_signals().run());
        Ok(())
    }

    fn spawn(&mut self, server: actix_web::dev::Server) {
        self.servers.push(server.handle());
        self.tasks.spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(error = ?error, "a listener failed");
            }
        });
    }

    /// Takes no more connections, lets requests under way and background tasks finish, and returns when all have ended.
    pub async fn stop(self) {
        for server in &self.servers {
            server.pause().await;
        }
        self.stop.cancel();
        let answered = async {
            for server in &self.servers {
                server.stop(true).await;
            }
        };
        // Side by side: requests and jobs under way have the same time.
        let worked = async {
            if let Some(work) = self.work {
                work.stop(self.stop_within).await;
            }
        };
        tokio::join!(answered, worked);
        self.tasks.wait().await;
    }

    /// Ends at once, whatever is under way; everything acknowledged is durable.
    pub fn abort(self) -> impl Future<Output = ()> {
        self.stop.cancel();
        if let Some(work) = self.work {
            work.abort();
        }
        let stops: Vec<_> = self.servers.iter().map(|server| server.stop(false)).collect();
        async move {
            for stop in stops {
                stop.await;
            }
        }
    }
}

/// Compacts what histograms have gathered; without it they grow until somebody scrapes.
async fn upkeep(metrics: PrometheusHandle, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(METRICS_UPKEEP);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => metrics.run_upkeep(),
        }
    }
}
