//! `sealtape serve`.

use std::time::Duration;

use anyhow::{Context as _, bail};
use app::App;
use domain::Secret;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{say, sign::signer};
use crate::{
    Server, ServerParts,
    cli::ServeArgs,
    config::{self, Config, validate_serve},
    folders::Folders,
    listeners::{Listeners, ascii},
    open::{self, Sources},
    telemetry,
};

/// Shortest set-up token in a file: one that nobody guesses within five tries.
const SETUP_TOKEN_CHARS: usize = 20;

pub(crate) async fn serve(args: ServeArgs) -> anyhow::Result<()> {
    #[cfg(feature = "demo")]
    let shop_listen = args.demo.then_some(args.shop_listen);
    #[cfg(not(feature = "demo"))]
    let shop_listen = None;
    let loaded = Config::load(&args.settings.sources())?;
    validate_serve(&loaded)?;
    let config = loaded.config;
    telemetry::log(&config.log)?;
    let metrics = telemetry::metrics()?;
    let mut signals = Signals::new()?;

    #[cfg(feature = "demo")]
    if let Some(shop) = shop_listen {
        crate::demo::refuse_unsafe(&config, shop)?;
    }
    let folders = Folders::of(&config.storage)?;
    folders.create()?;
    let _lock = folders.lock()?;
    let listeners = Listeners::bind(config.server.listen, config.server.metrics_listen, shop_listen)?;
    let origins = listeners.origins(&config.server)?;
    let shop_origin = listeners.shop_origin()?;
    let from = Sources::system();
    let opened = tokio::select! {
        opened = open::open(&config, &folders, &origins, shop_origin.as_ref(), &from) => opened?,
        () = signals.next() => return Ok(()),
    };
    #[cfg(feature = "demo")]
    let demo = match shop_origin {
        Some(shop_origin) => {
            let sheet = crate::demo::seed(&opened, &folders, &shop_origin).await?;
            Some(crate::demo::Demo { sheet, shop_origin })
        }
        None => None,
    };

    let jobs = workers::standard(Duration::from_millis(config.finisher.interval_ms));
    let runner = workers::Runner::new(opened.app.clone(), config.jobs, jobs).await.context("cannot work on jobs")?;
    let signer = if config.ledger.sign { Some(signer(&opened.app, &folders).await?) } else { None };
    let setup = offer_setup(&opened.app, &config.server).await?;
    let running = Server::start(ServerParts {
        work: Some(runner.start().await.context("cannot work on jobs")?),
        signer,
        app: opened.app,
        clock: from.clock,
        entropy: from.entropy,
        listeners,
        metrics,
        stop_within: Duration::from_secs(config.server.stop_seconds),
        workers: None,
        #[cfg(feature = "demo")]
        demo: demo.clone(),
    })?;
    say(format_args!("listening on {} (console, API, ingest, replay)", running.addr))?;
    say(format_args!("listening on {} (metrics, probes)", running.metrics_addr))?;
    if let Some(shop) = running.shop_addr {
        say(format_args!("listening on {shop} (sample shop)"))?;
    }
    #[cfg(feature = "demo")]
    if let Some(demo) = &demo {
        say(demo.boxed(&origins))?;
    }
    if let Some(setup) = setup {
        say(format_args!("set-up: open {}/setup {setup}", ascii(&origins.console)))?;
    }
    say(format_args!("ready: console {}, replay {}", ascii(&origins.console), ascii(&origins.replay)))?;

    signals.next().await;
    tracing::info!("stopping: no more connections are taken; a second signal stops at once");
    tokio::select! {
        () = running.stop() => {}
        () = signals.next() => bail!("stopped at the second signal"),
    }
    opened.store.close().await.context("cannot close the database")?;
    tracing::info!("stopped");
    Ok(())
}

/// Opens set-up when there is no tenant yet, and says how to do it.
async fn offer_setup(app: &App, server: &config::Server) -> anyhow::Result<Option<String>> {
    if !app.setup().is_needed().await? {
        return Ok(None);
    }
    let Some(file) = &server.setup_token_file else {
        let token = app.setup().fresh_token();
        app.setup().offer(&token);
        return Ok(Some(format!("and use the token {}", token.expose())));
    };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("server.setup_token_file: cannot read {}", file.display()))?;
    let token = Secret::new(text.trim().to_owned());
    if token.expose().len() < SETUP_TOKEN_CHARS {
        bail!("server.setup_token_file: the token must have at least {SETUP_TOKEN_CHARS} characters");
    }
    app.setup().offer(&token);
    Ok(Some(format!("and use the token in {}", file.display())))
}

/// SIGINT and SIGTERM, which mean the same.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(super) fn new() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen to signals");
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
