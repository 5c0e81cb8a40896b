//! From a checked configuration to the use cases: engines opened in the order in which they depend on each other.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use app::{App, AppParts, settings::Settings};
use domain::{Clock, Entropy};
use store::{Backend, Store};
use url::Url;
use vault::{blob::BlobStore, root::FileKeyring};

use crate::{config::Config, folders::Folders, listeners::Origins};

/// Leftovers of uploads cut off by a crash are removed at start when they are older than this; a younger one may belong
/// to a copy of the folder being made right now.
const STAGED_FOR: Duration = Duration::from_secs(3_600);

/// Opened engines.
pub struct Opened {
    /// The use cases.
    pub app: App,
    /// The database, to be closed at the end.
    pub store: Store,
}

/// Where time and randomness come from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Sources {
    /// The machine's.
    #[must_use]
    pub fn system() -> Self {
        Self { clock: Arc::new(domain::SystemClock), entropy: Arc::new(domain::SystemEntropy) }
    }
}

/// Opens everything for the folders of `config`. The embedded database is migrated first, after a copy of the file;
/// PostgreSQL with pending migrations is refused.
///
/// # Errors
/// When an engine does not open, or the folder is a demo's and `demo` is off, or the other way round.
pub async fn open(
    config: &Config,
    folders: &Folders,
    origins: &Origins,
    demo: Option<&Url>,
    from: &Sources,
) -> anyhow::Result<Opened> {
    if config.database.url.is_none() {
        migrate_embedded(folders, from).await?;
    }
    let connection = config.database.connection(&folders.database());
    let store = Store::connect(&connection).await.context("cannot open the database")?;
    refuse_other_kind(&store, demo.is_some()).await?;

    let keyring = FileKeyring::open_or_create(&folders.keyring(), Arc::clone(&from.entropy))
        .context("cannot open the file keyring")?;
    let blobs = BlobStore::local(&folders.blobs()).context("cannot open the blob folder")?;
    let removed =
        blobs.remove_staged(from.clock.now().minus(STAGED_FOR)).await.context("cannot tidy the blob folder")?;
    if removed > 0 {
        tracing::info!(removed, "removed {removed} files of uploads that a crash had cut off");
    }
    let app = App::open(AppParts {
        store: store.clone(),
        blobs,
        kms: Arc::new(keyring),
        deployment: folders.deployment(&*from.entropy)?,
        clock: Arc::clone(&from.clock),
        entropy: Arc::clone(&from.entropy),
        resolver: Arc::new(egress::SystemResolver),
        settings: Settings {
            console_origin: origins.console.clone(),
            replay_origin: origins.replay.clone(),
            shop_origin: demo.cloned(),
            demo: demo.is_some(),
            trusted_proxies: config.server.proxies().context("server.trusted_proxies")?,
            bounds: config.segment.clone(),
            limits: config.limits.clone(),
            password: config.password,
            jobs: config.jobs,
            mail: config.mail.settings()?,
            egress: config.egress.policy()?,
            witnesses: config.ledger.witnesses().context("ledger.witnesses")?,
            anchors: config.ledger.anchors().map_err(|(key, reason)| anyhow!("{key}: {reason}"))?,
        },
    })
    .await
    .context("cannot start")?;
    Ok(Opened { app, store })
}

async fn migrate_embedded(folders: &Folders, from: &Sources) -> anyhow::Result<()> {
    let file = folders.database();
    let copy =
        store::migrate_embedded(&file, from.clock.now()).await.context("cannot bring the database up to date")?;
    if let Some(copy) = copy {
        let copy = copy.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        tracing::info!(copy, "the database was brought up to date; the copy made before is kept for seven days");
    }
    Ok(())
}

/// A demo shows its passwords to anybody on this machine, so nothing real may be in its folder, and a demo must never be
/// mistaken for a real deployment.
async fn refuse_other_kind(store: &Store, demo: bool) -> anyhow::Result<()> {
    if demo && store.backend() != Backend::Sqlite {
        bail!("--demo works with the embedded database only");
    }
    let tenants = store.system("demo-check").await?.tenant_list().await.context("cannot read the tenants")?;
    if demo && tenants.iter().any(|tenant| !tenant.demo) {
        bail!(
            "--demo refuses this data folder: it holds a tenant that is not the demo's; name another folder with --data"
        );
    }
    if !demo && tenants.iter().any(|tenant| tenant.demo) {
        bail!(
            "this data folder belongs to a demo, whose passwords are shown: add --demo, or name another folder with --data"
        );
    }
    Ok(())
}
