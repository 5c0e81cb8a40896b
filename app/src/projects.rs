//! Projects of a tenant and their agent keys.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{AgentKeyId, Clock, Entropy, Environment, ProjectId, Sensitivity, Timestamp};
use ledger::Object;
use policy::access::{Can, Permit, Predicate, can};
use sha2::{Digest as _, Sha256};
use store::{AgentKeyRow, ProjectRow, Store, StoreError, TenantRead};
pub use store::{EnvironmentChange, ProjectChange};

use crate::{
    AppError, Page, Paged,
    agent::AGENT_KEY,
    audit::Audit,
    auth,
    capture::{CaptureStop, stop_of},
    keys::DeploymentKeys,
    once::{self, Once},
    paging::Cursors,
    rights::{Rights, rows},
};

/// Longest name of a project, in characters.
const NAME_CHARS: usize = 80;
/// Most origins of one agent key.
const ORIGINS: usize = 20;
/// Most agent keys of one project, revoked ones included.
const KEYS: usize = 100;

/// A project with what is recorded in it.
#[derive(Debug, Clone)]
pub struct ProjectView {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How closely its sessions are kept.
    pub sensitivity: Sensitivity,
    /// Where it runs.
    pub environment: Option<Environment>,
    /// Sessions being recorded now, of those that the caller may list.
    pub sessions_live: u64,
    /// All sessions that the caller may list.
    pub sessions_total: u64,
    /// What stops its capture, if anything does.
    pub stopped: Option<CaptureStop>,
}

/// An agent key. It is public: every visitor of the page can read it.
#[derive(Debug, Clone)]
pub struct AgentKeyView {
    /// Its id.
    pub id: AgentKeyId,
    /// The key.
    pub key: String,
    /// Origins whose pages may use it.
    pub origins: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Use cases of projects.
#[derive(Clone)]
pub struct Projects {
    pub(crate) rights: Arc<Rights>,
    pub(crate) store: Store,
    pub(crate) deployment: Arc<DeploymentKeys>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Projects {
    pub(crate) fn new(parts: &auth::Parts) -> Self {
        Self {
            rights: Arc::clone(&parts.authorizer),
            store: parts.store.clone(),
            deployment: Arc::clone(&parts.deployment),
            clock: Arc::clone(&parts.clock),
            entropy: Arc::clone(&parts.entropy),
        }
    }

    /// The tenant's projects, newest last.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn list(&self, permit: &Permit<can::ProjectList>, page: Page) -> Result<Paged<ProjectView>, AppError> {
        let tenant = permit.tenant();
        let cursors = Cursors::new(&self.deployment.cursor);
        let size = page.size()?;
        let after: Option<ProjectId> = match &page.cursor {
            Some(cursor) => Some(cursors.read(tenant, "projects", cursor)?),
            None => None,
        };
        let read = self.store.tenant_read(tenant).await?;
        let mut rows = read.project_list().await?;
        rows.sort_by_key(|row| row.id);
        rows.retain(|row| permit.reaches(row.id) && after.is_none_or(|after| row.id > after));
        let next_cursor = cursors.cut(tenant, "projects", &mut rows, size, |last| last.id)?;
        let items = views(&read, rows, &permit.holdings().listable()).await?;
        Ok(Paged { items, next_cursor })
    }

    /// One project.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn find(&self, permit: &Permit<can::ProjectList>, id: ProjectId) -> Result<ProjectView, AppError> {
        let read = self.store.tenant_read(permit.tenant()).await?;
        let row = read.project_find(id).await?.filter(|row| permit.reaches(row.id)).ok_or(NO_PROJECT)?;
        one(&read, row, permit).await
    }

    /// Makes a project under the default policy.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a name that is none, [`AppError::Conflict`] for one that is taken.
    pub async fn create(
        &self,
        permit: &Permit<can::ProjectCreate>,
        name: String,
        once: Option<Once>,
    ) -> Result<ProjectView, AppError> {
        let name = checked_name(&name)?;
        let now = self.clock.now();
        let id = ProjectId::mint(now, &*self.entropy);
        let tx = self.store.tenant(permit.tenant()).await?;
        if let Some(earlier) = once::claim(once, &tx, permit, &[&name], id.uuid(), now).await? {
            let row = tx.project_find(ProjectId::from_uuid(earlier)).await?.ok_or(NO_PROJECT)?;
            return one(&tx, row, permit).await;
        }
        let sensitivity = Sensitivity::Normal;
        let row = ProjectRow {
            tenant_id: permit.tenant(),
            id,
            name: name.clone(),
            created_at: now,
            sensitivity,
            environment: None,
        };
        tx.project_insert(row).await.map_err(name_taken)?;
        let stops = tx.capture_stop_list().await?;
        self.audit().allowed(&tx, permit, "project.create", Object::Project(id)).await?;
        tx.commit().await?;
        Ok(ProjectView {
            id,
            name,
            created_at: now,
            sensitivity,
            environment: None,
            sessions_live: 0,
            sessions_total: 0,
            stopped: stop_of(&stops, id),
        })
    }

    /// Changes a project. A new sensitivity or environment counts for sessions that start from now on.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Invalid`] for a change of nothing or a name that is none,
    /// [`AppError::Conflict`] for a name that is taken.
    pub async fn update(
        &self,
        permit: &Permit<can::ProjectManage>,
        id: ProjectId,
        change: ProjectChange,
    ) -> Result<ProjectView, AppError> {
        if change == ProjectChange::default() {
            return Err(AppError::invalid("", "must change the name, the sensitivity or the environment"));
        }
        let change = ProjectChange { name: change.name.as_deref().map(checked_name).transpose()?, ..change };
        let tx = self.store.tenant(permit.tenant()).await?;
        if !tx.project_update(id, &change).await.map_err(name_taken)? {
            return Err(NO_PROJECT);
        }
        self.audit().allowed(&tx, permit, "project.update", Object::Project(id)).await?;
        let row = tx.project_find(id).await?.ok_or(NO_PROJECT)?;
        let changed = one(&tx, row, permit).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// The project's agent keys, newest first, revoked ones included.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn agent_keys(
        &self,
        permit: &Permit<can::AgentKeyList>,
        project: ProjectId,
    ) -> Result<Vec<AgentKeyView>, AppError> {
        let read = self.store.tenant_read(permit.tenant()).await?;
        read.project_find(project).await?.filter(|row| permit.reaches(row.id)).ok_or(NO_PROJECT)?;
        let mut rows = read.agent_key_list(project).await?;
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
        Ok(rows.into_iter().map(key_view).collect())
    }

    /// Makes an agent key for pages of these origins.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for something that is not an origin, [`AppError::NotFound`].
    pub async fn agent_key_create(
        &self,
        permit: &Permit<can::AgentKeyCreate>,
        project: ProjectId,
        origins: Vec<String>,
        once: Option<Once>,
    ) -> Result<AgentKeyView, AppError> {
        let origins = checked_origins(&origins)?;
        let tenant = permit.tenant();
        let now = self.clock.now();
        let id = AgentKeyId::mint(now, &*self.entropy);
        let key = self.fresh_key();
        let tx = self.store.tenant(tenant).await?;
        tx.project_find(project).await?.filter(|row| permit.reaches(row.id)).ok_or(NO_PROJECT)?;
        let mut asked = vec![project.to_string()];
        asked.extend(origins.iter().cloned());
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        if let Some(earlier) = once::claim(once, &tx, permit, &asked, id.uuid(), now).await? {
            let row = tx.agent_key_find(AgentKeyId::from_uuid(earlier)).await?.ok_or(NO_KEY)?;
            return Ok(key_view(row));
        }
        if tx.agent_key_list(project).await?.len() >= KEYS {
            return Err(AppError::Conflict {
                code: "agent-key-limit",
                detail: format!("a project has at most {KEYS} agent keys"),
                next: None,
            });
        }
        let row = AgentKeyRow {
            tenant_id: tenant,
            id,
            project_id: project,
            public_key: key.clone(),
            origins,
            created_at: now,
            revoked_at: None,
            mac: Vec::new(),
        };
        let row = rows::sealed_agent_key(&self.rights.authority_by(&tx).await?, row);
        tx.agent_key_insert(row.clone()).await?;
        tx.credential_put(AGENT_KEY, &Sha256::digest(&key).into(), id.uuid()).await?;
        self.audit().allowed(&tx, permit, "agent-key.create", Object::AgentKey(id)).await?;
        tx.commit().await?;
        Ok(key_view(row))
    }

    /// Ends an agent key. Sessions it started keep their tokens until these end; it starts no more.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn agent_key_revoke(
        &self,
        permit: &Permit<can::AgentKeyRevoke>,
        project: ProjectId,
        id: AgentKeyId,
    ) -> Result<(), AppError> {
        let authority = self.rights.authority(permit.tenant()).await?;
        let tx = self.store.tenant(permit.tenant()).await?;
        let row = tx
            .agent_key_find(id)
            .await?
            .filter(|row| row.project_id == project && permit.reaches(project))
            .ok_or(NO_KEY)?;
        let row = AgentKeyRow { revoked_at: Some(self.clock.now()), ..row };
        let row = rows::sealed_agent_key(&authority, row);
        if tx.agent_key_revoke(&row).await? {
            tx.credential_drop(AGENT_KEY, &Sha256::digest(&row.public_key).into()).await?;
            self.audit().allowed(&tx, permit, "agent-key.revoke", Object::AgentKey(id)).await?;
        }
        Ok(tx.commit().await?)
    }

    fn fresh_key(&self) -> String {
        let mut bytes = [0_u8; 24];
        self.entropy.fill(&mut bytes);
        format!("st_agent_{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.clock, entropy: &*self.entropy }
    }
}

const NO_PROJECT: AppError = AppError::NotFound { kind: "project" };
const NO_KEY: AppError = AppError::NotFound { kind: "agent key" };

fn checked_name(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(AppError::invalid("/name", format!("must have 1 to {NAME_CHARS} printable characters")));
    }
    Ok(name.to_owned())
}

fn name_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Conflict => {
            AppError::Conflict { code: "name-taken", detail: "another project has this name".to_owned(), next: None }
        }
        error => error.into(),
    }
}

/// `listable`: which sessions are counted.
async fn one<A: Can>(read: &TenantRead, row: ProjectRow, permit: &Permit<A>) -> Result<ProjectView, AppError> {
    views(read, vec![row], &permit.holdings().listable()).await?.pop().ok_or(NO_PROJECT)
}

async fn views(read: &TenantRead, rows: Vec<ProjectRow>, listable: &Predicate) -> Result<Vec<ProjectView>, AppError> {
    let ids: Vec<ProjectId> = rows.iter().map(|row| row.id).collect();
    let counts = read.project_counts(&ids, listable).await?;
    let stops = read.capture_stop_list().await?;
    let view = |row: ProjectRow| {
        let counts = counts.get(&row.id).copied().unwrap_or_default();
        ProjectView {
            id: row.id,
            name: row.name,
            created_at: row.created_at,
            sensitivity: row.sensitivity,
            environment: row.environment,
            sessions_live: counts.live,
            sessions_total: counts.total,
            stopped: stop_of(&stops, row.id),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

fn key_view(row: AgentKeyRow) -> AgentKeyView {
    AgentKeyView {
        id: row.id,
        key: row.public_key,
        origins: row.origins,
        created_at: row.created_at,
        revoked_at: row.revoked_at,
    }
}

/// Origins as browsers send them (RFC 6454 §6.1): scheme, host and port that is not the scheme's own, nothing else.
fn checked_origins(origins: &[String]) -> Result<Vec<String>, AppError> {
    if origins.is_empty() || origins.len() > ORIGINS {
        return Err(AppError::invalid("/origins", format!("must name 1 to {ORIGINS} origins")));
    }
    let mut checked = Vec::with_capacity(origins.len());
    for (index, origin) in origins.iter().enumerate() {
        let normal = url::Url::parse(origin.trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
            .filter(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none())
            .filter(|url| url.username().is_empty() && url.password().is_none())
            .map(|url| url.origin().ascii_serialization())
            .ok_or_else(|| {
                AppError::invalid(
                    &format!("/origins/{index}"),
                    "must be an origin such as https://shop.example or http://localhost:3000",
                )
            })?;
        if !checked.contains(&normal) {
            checked.push(normal);
        }
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let one = |text: &str| checked_origins(&[text.to_owned()]).ok().map(|mut list| list.remove(0));
        assert_eq!(one("https://Shop.Example/").as_deref(), Some("https://shop.example"));
        assert_eq!(one("http://127.0.0.1:8081").as_deref(), Some("http://127.0.0.1:8081"));
        assert_eq!(one("https://shop.example:443").as_deref(), Some("https://shop.example"));
        for bad in [
            "*",
            "shop.example",
            "https://shop.example/path",
            "https://a@b.example",
            "file:///x",
            "null",
            "",
            "https://x/?q",
        ] {
            assert_eq!(one(bad), None, "{bad}");
        }
    }
}
