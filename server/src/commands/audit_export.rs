//! `sealtape audit export`: a tenant's whole audit log in one file, from the database itself.

use std::{fs, fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use anyhow::{Context as _, bail};
use app::ledger::whole_log;
use domain::TenantId;
use futures::{Stream, StreamExt as _};
use store::Store;

use super::say;
use crate::{cli::AuditExportArgs, config::Config, folders::Folders, telemetry};

/// Writes the file; it needs no server, and does not mind one that runs.
///
/// # Errors
/// When there is nothing to read, more than one tenant and none was named, or the file cannot be written: then it is not there.
pub(crate) async fn audit_export(args: AuditExportArgs) -> anyhow::Result<()> {
    let (sources, out, tenant) = args.parts();
    let config = Config::load(&sources)?.config;
    telemetry::log(&config.log)?;
    let folders = Folders::of(&config.storage)?;
    if config.database.url.is_none() && !folders.database().exists() {
        bail!("there is no database in {}: name the data folder with --data", folders.data().display());
    }
    if !folders.has_deployment() {
        bail!("{} is not this deployment's state folder: name it with --state", folders.state().display());
    }
    let connection = config.database.connection(&folders.database());
    let store = Store::connect(&connection).await.context("cannot open the database")?;
    let tenant = the_tenant(&store, tenant.as_deref()).await?;
    let log = whole_log(&store, tenant).await.context("the log cannot be taken out")?;
    write(&out, log.file).await.with_context(|| format!("cannot write {}", out.display()))?;
    store.close().await.context("cannot close the database")?;
    say(format_args!("{} entries of {} are in {}", log.size, log.origin, out.display()))?;
    say(format_args!("key as this database has it: {}", log.verifier))?;
    say(format_args!("check it with the key that you kept: sealtape-verify export {} --key …", out.display()))
}

/// The tenant of this name or id, or the only one.
pub(super) async fn the_tenant(store: &Store, named: Option<&str>) -> anyhow::Result<TenantId> {
    let system = store.system("audit-export").await.context("cannot read the tenants")?;
    let all = system.tenant_list().await.context("cannot read the tenants")?;
    drop(system);
    match (named, &all[..]) {
        (Some(named), _) => {
            let found = all.iter().find(|tenant| tenant.slug == named || tenant.id.to_string() == named);
            found.map(|tenant| tenant.id).with_context(|| format!("there is no tenant {named}"))
        }
        (None, [only]) => Ok(only.id),
        (None, []) => bail!("there is no tenant yet"),
        (None, _) => {
            let slugs: Vec<&str> = all.iter().map(|tenant| tenant.slug.as_str()).collect();
            bail!("there are several tenants; name one with --tenant: {}", slugs.join(", "))
        }
    }
}

/// Whole and durable, or not at all; readable by its owner alone.
async fn write(path: &Path, file: impl Stream<Item = std::io::Result<impl AsRef<[u8]>>>) -> anyhow::Result<()> {
    let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = async {
        let mut file = std::pin::pin!(file);
        while let Some(part) = file.next().await {
            to.write_all(part?.as_ref())?;
        }
        to.sync_all()
    };
    if let Err(error) = written.await {
        // It would be known as cut; it is of no use to anybody.
        let _ = fs::remove_file(path);
        return Err(error.into());
    }
    Ok(())
}
