//! Bringing a database to the present schema.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::Timestamp;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};

use crate::connect::{base_options, sqlite_options};
use crate::{Backend, StoreError};

/// How long a copy made before a migration is kept: as long as a shred epoch, since the copy holds wrapped keys too.
const COPY_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// Migrates the database a URL names to the present schema; doing it again changes nothing.
///
/// On PostgreSQL the role must be `sealtape_owner` itself, or a superuser or CREATEROLE role that may become it; see
/// [`migrations::postgres`] for what is expected of the operator.
pub async fn migrate(url: &str) -> Result<(), StoreError> {
    let db = connect(url).await?;
    migrations::run(&db).await.map_err(StoreError::from)?;
    db.close().await?;
    Ok(())
}

/// The migrations that [`migrate`] would run, by name.
pub async fn pending_migrations(url: &str) -> Result<Vec<String>, StoreError> {
    let db = connect(url).await?;
    let pending = migrations::pending(&db).await?;
    db.close().await?;
    Ok(pending)
}

/// Migrates the embedded default's database file. When something is pending and the file exists, a copy is made first
/// beside it and its path returned; older copies are removed.
pub async fn migrate_embedded(file: &Path, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    let existed = std::fs::metadata(file).is_ok_and(|file| file.len() > 0);
    let db = connect(&format!("sqlite://{}?mode=rwc", file.display())).await?;
    let pending = migrations::pending(&db).await?;
    let copy = if existed && !pending.is_empty() { Some(copy_before(&db, file, now).await?) } else { None };
    remove_copies(file, copy.as_deref(), now).map_err(StoreError::Copy)?;
    migrations::run(&db).await?;
    db.close().await?;
    Ok(copy)
}

async fn connect(url: &str) -> Result<DatabaseConnection, StoreError> {
    let acquire = Duration::from_secs(30);
    let options = match Backend::of(url)? {
        Backend::Sqlite => sqlite_options(url, 1, acquire, false),
        // One connection: the role it takes on stays for the whole run. No statement time limit: DDL may wait its turn.
        Backend::Postgres => base_options(url, 1, acquire),
    };
    Ok(Database::connect(options).await?)
}

/// VACUUM INTO gives one consistent file, the log folded in.
async fn copy_before(db: &DatabaseConnection, file: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let copy = PathBuf::from(format!("{}.before-{}", file.display(), now.as_millis()));
    let path = copy.to_str().ok_or_else(|| StoreError::Config("the database path is not UTF-8".to_owned()))?;
    db.execute_raw(Statement::from_sql_and_values(Backend::Sqlite.sea_orm(), "VACUUM INTO $1", [path.into()])).await?;
    std::fs::File::open(&copy).and_then(|copy| copy.sync_all()).map_err(StoreError::Copy)?;
    if let Some(folder) = copy.parent() {
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(StoreError::Copy)?;
    }
    Ok(copy)
}

/// Keeps `keep`, or without one the copies of the last [`COPY_KEPT`].
fn remove_copies(file: &Path, keep: Option<&Path>, now: Timestamp) -> std::io::Result<()> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str())) else {
        return Ok(());
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mark = format!("{name}.before-");
    let oldest = now.minus(COPY_KEPT).as_millis();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(made) = name.to_str().and_then(|name| name.strip_prefix(&mark)) else { continue };
        let Ok(made) = made.parse::<i64>() else { continue };
        let stale = keep.map_or(made < oldest, |keep| entry.path() != keep);
        if stale {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
