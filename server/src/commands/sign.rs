//! `sealtape sign`.

use anyhow::{Context as _, bail};
use app::{App, ledger::Signer};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{say, serve::Signals};
use crate::{
    Server,
    cli::SettingArgs,
    config::Config,
    folders::Folders,
    listeners::{self, Origins},
    open::{self, Sources},
    telemetry,
};

pub(crate) async fn sign(args: SettingArgs) -> anyhow::Result<()> {
    let config = Config::load(&args.sources())?.config;
    if config.database.url.is_none() {
        bail!("the embedded database belongs to one process, and `serve` signs its audit log itself; set database.url");
    }
    telemetry::log(&config.log)?;
    let metrics = telemetry::metrics()?;
    let mut signals = Signals::new()?;
    let folders = Folders::of(&config.storage)?;
    folders.create()?;
    let _lock = folders.lock()?;
    let probes = listeners::bind(config.server.metrics_listen, "--metrics-listen")?;
    let probes_addr = probes.local_addr().context("the listener has no address")?;
    // Nobody asks this process for a page.
    let url = |text: &str| Url::parse(text).context("an origin of this machine");
    let origins = Origins { console: url("http://localhost:8080")?, replay: url("http://127.0.0.1:8080")? };
    let from = Sources::system();
    let opened = tokio::select! {
        opened = open::open(&config, &folders, &origins, None, &from) => opened?,
        () = signals.next() => return Ok(()),
    };
    let signer = signer(&opened.app, &folders).await?;
    let stopping = CancellationToken::new();
    let serving = Server::probes(opened.app.clone(), metrics, probes)?;
    let handle = serving.handle();
    let serving = tokio::spawn(serving);
    let tending = tokio::spawn(workers::tend_ledger(opened.app.ledger().clone(), signer, stopping.clone()));
    say(format_args!("listening on {probes_addr} (metrics, probes)"))?;
    say("ready: the audit log is placed and signed here")?;

    signals.next().await;
    tracing::info!("stopping");
    stopping.cancel();
    tending.await.context("signing ended by itself")?;
    handle.stop(true).await;
    serving.await.context("a listener ended by itself")?.context("a listener failed")?;
    opened.store.close().await.context("cannot close the database")?;
    tracing::info!("stopped");
    Ok(())
}

/// The signer whose memory is in the state folder.
pub(super) async fn signer(app: &App, folders: &Folders) -> anyhow::Result<Signer> {
    let memory = folders.ledger_signer();
    app.ledger().signer(&memory).await.with_context(|| {
        let memory = memory.display();
        format!(
            "cannot sign the audit log: its key cannot be opened, or {memory}, which says what was signed last, be read"
        )
    })
}
