//! `sealtape audit begin-epoch`: a restored audit log goes on under the next number.

use anyhow::{Context as _, bail};
use app::ledger::EpochReason;
use domain::TenantId;
use url::Url;

use super::{audit_export::the_tenant, say};
use crate::{
    cli::AuditEpochArgs,
    config::Config,
    folders::Folders,
    listeners::Origins,
    open::{self, Sources},
    telemetry,
};

/// Begins the log anew. Whoever signs must be stopped: it is told by the file that this writes.
///
/// # Errors
/// When the folder is in use, nothing was signed yet, or the tenant is not there.
pub(crate) async fn audit_epoch(args: AuditEpochArgs) -> anyhow::Result<()> {
    let (sources, tenant, deployment) = args.parts();
    let config = Config::load(&sources)?.config;
    telemetry::log(&config.log)?;
    let folders = Folders::of(&config.storage)?;
    if !folders.has_deployment() {
        bail!("{} is not this deployment's state folder: name it with --state", folders.state().display());
    }
    let Some(_lock) = folders.try_lock()? else {
        bail!("somebody works on this folder: stop what runs `serve` or `sign` first");
    };
    // Nobody asks this process for a page.
    let url = |text: &str| Url::parse(text).context("an origin of this machine");
    let origins = Origins { console: url("http://localhost:8080")?, replay: url("http://127.0.0.1:8080")? };
    let opened = open::open(&config, &folders, &origins, None, &Sources::system()).await?;
    let tenant = if deployment { TenantId::DEPLOYMENT } else { the_tenant(&opened.store, tenant.as_deref()).await? };
    let begun = opened.app.ledger().begin_epoch(tenant, EpochReason::Restore, &folders.ledger_signer()).await;
    let begun = begun.context("the log is not begun anew")?;
    opened.store.close().await.context("cannot close the database")?;
    say(format_args!(
        "{} ended with {} entries and the root {}",
        begun.last.origin, begun.last.head.size, begun.last.head.root
    ))?;
    say(format_args!("the log goes on as {}; tell those who keep its key and checkpoints", begun.origin))
}
