//! `sealtape demo`.

use std::time::Duration;

use anyhow::{Context as _, bail};
use url::Url;

use super::{SHOP_LISTEN, say};
use crate::{
    cli::DemoArgs,
    config::Config,
    demo::{self, ROLES, Sheet, SheetFile},
    folders::Folders,
    listeners::Origins,
    open::{self, Sources},
};

/// How long a server that has just been started may take to make the demo.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

pub(crate) async fn demo(args: DemoArgs) -> anyhow::Result<()> {
    let json = args.json;
    let config = Config::load(&args.folders.sources())?.config;
    demo::refuse_unsafe(&config, SHOP_LISTEN.parse()?)?;
    let folders = Folders::of(&config.storage)?;
    folders.create()?;
    let sheet = match made(&folders)? {
        Some(sheet) => sheet,
        None => make(&config, &folders).await?,
    };
    if json {
        return say(serde_json::to_string_pretty(&sheet)?);
    }
    say(format_args!("tenant     {} ({})", sheet.tenant.slug, sheet.tenant.id))?;
    say(format_args!("project    {}", sheet.project.id))?;
    say(format_args!("agent key  {}", sheet.agent_key))?;
    for (role, account) in ROLES.iter().zip(sheet.accounts()) {
        say(format_args!("{role:<16} {:<32} {}", account.email, account.password))?;
    }
    Ok(())
}

/// The sheet, when the demo was made and its database is still there.
fn made(folders: &Folders) -> anyhow::Result<Option<Sheet>> {
    if !folders.database().exists() {
        return Ok(None);
    }
    Ok(SheetFile::read(folders)?.and_then(|file| file.made).map(|made| made.sheet))
}

async fn make(config: &Config, folders: &Folders) -> anyhow::Result<Sheet> {
    let give_up = tokio::time::Instant::now() + PATIENCE;
    let _lock = loop {
        if let Some(lock) = folders.try_lock()? {
            break lock;
        }
        // A server has the folder. If it is starting with --demo, it writes the sheet in a moment.
        if let Some(sheet) = made(folders)? {
            return Ok(sheet);
        }
        if tokio::time::Instant::now() > give_up {
            bail!("the server on this data folder runs without --demo");
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    };
    // Nothing is served here; keys and rows of a demo do not depend on the origins except the shop's.
    let url = |text: &str| Url::parse(text).context("an origin of this machine");
    let origins = Origins { console: url("http://localhost:8080")?, replay: url("http://127.0.0.1:8080")? };
    let shop = url(&format!("http://{SHOP_LISTEN}"))?;
    let opened = open::open(config, folders, &origins, Some(&shop), &Sources::system()).await?;
    let sheet = demo::seed(&opened, folders, &shop).await?;
    opened.store.close().await.context("cannot close the database")?;
    Ok(sheet)
}
