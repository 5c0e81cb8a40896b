//! `sealtape migrate`.

use anyhow::Context as _;
use domain::{Clock as _, SystemClock};

use super::say;
use crate::{cli::MigrateArgs, config::Config, folders::Folders, telemetry};

pub(crate) async fn migrate(args: MigrateArgs) -> anyhow::Result<()> {
    let config = Config::load(&args.sources())?.config;
    telemetry::log(&config.log)?;
    match &config.database.url {
        Some(url) => migrate_postgres(url.expose()).await,
        None => migrate_embedded(&Folders::of(&config.storage)?).await,
    }
}

async fn migrate_postgres(url: &str) -> anyhow::Result<()> {
    let pending = store::pending_migrations(url).await.context("cannot read the database's state")?;
    // Also without pending ones: partitions of the months ahead are made on every run.
    store::migrate(url).await.context("cannot migrate the database")?;
    say(format_args!("the database is up to date; {} migrations were applied", pending.len()))
}

async fn migrate_embedded(folders: &Folders) -> anyhow::Result<()> {
    folders.create()?;
    let _lock = folders.lock()?;
    let copy = store::migrate_embedded(&folders.database(), SystemClock.now()).await;
    match copy.context("cannot migrate the database file")? {
        Some(copy) => say(format_args!("the database is up to date; before that it was copied to {}", copy.display())),
        None => say("the database is up to date"),
    }
}
