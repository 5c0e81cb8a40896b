//! API keys: for programs that act for a member.
//!
//! A key reads `st_api_<id>_<secret><crc>`, all hexadecimal: the checksum tells a typing mistake from an unknown key and
//! lets scanners of published code recognise a leaked one. It is shown once; SHA-256 of it is stored.
//!
//! What a key may do is decided at every use: its scopes, and of these only what its member may do at that moment. It ends
//! with its member, at its own time, and when it is revoked. It may be bound to one project and to networks.

mod remind;

use std::{net::IpAddr, sync::Arc, time::Duration};

use domain::{ApiKeyId, MemberId, ProjectId, Secret, TenantId, Timestamp};
use ipnet::IpNet;
use ledger::Object;
use policy::access::{Action, ActionSet, Actor, FOR_PROJECT_KEYS, Holdings, NOT_FOR_KEYS, Permit, can};
use store::{ApiKeyRow, TenantRead};
use vault::printed;

pub use remind::{RemindKeys, RemindKeysReport};

use crate::{
    AppError, FieldError, Page, Paged,
    auth::{self, member_of},
    factors::Demand,
    forbidden,
    notices::{Audience, NoticeKind},
    once::{self, Once},
    opaque,
    paging::Cursors,
    rights::rows,
};

/// The kind of credential index row that an API key has.
pub(crate) const API_KEY: &str = "api-key";
const PREFIX: &str = "st_api_";
/// Longest life of a key.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);
/// Longest name, in characters.
const NAME_CHARS: usize = 80;
/// Most networks of one key.
const NETWORKS: usize = 20;
/// Most keys of one member that are in force.
const KEYS: u64 = 50;

/// An API key, without its secret.
#[derive(Debug, Clone)]
pub struct ApiKeyView {
    /// Its id; also the readable part of the key.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// Who made it, and for whom it acts.
    pub member: MemberId,
    /// What it may do, as far as its member may.
    pub scopes: Vec<Action>,
    /// The only project it reaches, when it is bound to one.
    pub project: Option<ProjectId>,
    /// Networks it may come from; from everywhere when there are none.
    pub networks: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// When it was ended before its time.
    pub revoked_at: Option<Timestamp>,
}

/// A key to be.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// Names of actions.
    pub scopes: Vec<String>,
    /// Bind it to one project.
    pub project: Option<ProjectId>,
    /// Networks it may come from, in CIDR form.
    pub networks: Vec<String>,
    /// When it ends.
    pub expires_at: Timestamp,
}

const NO_KEY: AppError = AppError::NotFound { kind: "API key" };

/// Use cases of API keys.
#[derive(Clone)]
pub struct ApiKeys {
    pub(crate) parts: Arc<auth::Parts>,
}

impl ApiKeys {
    /// Keys, newest first, ended ones too: everybody's for those who may see members, one's own otherwise.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn list(&self, permit: &Permit<can::ApiKeyList>, page: Page) -> Result<Paged<ApiKeyView>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let cursors = Cursors::new(&self.parts.deployment.cursor);
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, "api-keys", cursor)).transpose()?;
        let read = self.parts.store.tenant_read(tenant).await?;
        let whose = self.whose(&read, permit.actor()).await?;
        let mut rows = read.api_key_page(whose, after, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, "api-keys", &mut rows, size, |last| last.id)?;
        Ok(Paged { items: rows.into_iter().map(view).collect(), next_cursor })
    }

    /// Makes a key. The key itself is in the answer and nowhere else. A person must have proved lately who they are: a
    /// stolen access token is no way to a key that outlives it.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`];
    /// [`AppError::Forbidden`] `scope-not-yours` for more than the caller may do, [`AppError::Invalid`] for what is no
    /// scope, network or time, [`AppError::NotFound`] for a project that is not there.
    pub async fn create(
        &self,
        permit: &Permit<can::ApiKeyCreate>,
        new: NewApiKey,
        once: Option<Once>,
    ) -> Result<(ApiKeyView, Secret<String>), AppError> {
        let (tenant, member) = (permit.tenant(), member_of(permit.actor())?);
        if let Actor::Member { .. } = permit.actor() {
            self.parts.require_fresh(permit, Demand::Any, self.parts.fresh_for()).await?;
        }
        let now = self.parts.clock.now();
        let checked = Checked::of(&new, now)?;
        let id = ApiKeyId::mint(now, &*self.parts.entropy);
        let secret = |id: ApiKeyId| once::secret(once, &self.parts.deployment.lookup, id.uuid(), &*self.parts.entropy);
        let key = printed::compose(PREFIX, id.uuid(), &secret(id));
        let row = ApiKeyRow {
            tenant_id: tenant,
            id,
            member_id: member,
            name: checked.name,
            key_hash: opaque::hash(key.expose()),
            scopes: checked.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            project_id: new.project,
            networks: checked.networks.iter().map(ToString::to_string).collect(),
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
            revoked_at: None,
            mac: Vec::new(),
        };
        let row = rows::sealed_api_key(&self.parts.authorizer.authority(tenant).await?, row);
        let tx = self.parts.store.tenant(tenant).await?;
        let asked = asked(&row);
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        if let Some(earlier) = once::claim(once, &tx, permit, &asked, id.uuid(), now).await? {
            let row = tx.api_key_find(ApiKeyId::from_uuid(earlier)).await?.ok_or(NO_KEY)?;
            let key = printed::compose(PREFIX, row.id.uuid(), &secret(row.id));
            return Ok((view(row), key));
        }
        self.refuse_more(&tx, permit.actor(), &row, checked.scopes, &checked.networks).await?;
        if let Some(project) = new.project {
            tx.project_find(project).await?.ok_or(AppError::NotFound { kind: "project" })?;
        }
        if tx.api_key_count(member, now).await? >= KEYS {
            let detail = format!("a member has at most {KEYS} API keys in force");
            return Err(AppError::Conflict { code: "api-key-limit", detail, next: None });
        }
        tx.api_key_insert(row.clone()).await?;
        tx.credential_put(API_KEY, &row.key_hash, id.uuid()).await?;
        self.parts.audit().allowed(&tx, permit, "api-key.create", Object::ApiKey(id)).await?;
        let audience = Audience::HoldersAnd(Action::MemberManage, member);
        self.parts.tell(&tx, NoticeKind::ApiKeyCreated, audience, Object::ApiKey(id)).await?;
        tx.commit().await?;
        Ok((view(row), key))
    }

    /// Ends a key within five seconds. Ending it again changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for somebody else's when the caller may not see members.
    pub async fn revoke(&self, permit: &Permit<can::ApiKeyRevoke>, id: ApiKeyId) -> Result<(), AppError> {
        let authority = self.parts.authorizer.authority(permit.tenant()).await?;
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        let whose = self.whose(&tx, permit.actor()).await?;
        let row = tx.api_key_find(id).await?.filter(|row| whose.is_none_or(|member| row.member_id == member));
        let row = row.ok_or(NO_KEY)?;
        let row = ApiKeyRow { revoked_at: Some(self.parts.clock.now()), ..row };
        let row = rows::sealed_api_key(&authority, row);
        if tx.api_key_revoke(&row).await? {
            tx.credential_drop(API_KEY, &row.key_hash).await?;
            self.parts.audit().allowed(&tx, permit, "api-key.revoke", Object::ApiKey(id)).await?;
        }
        tx.commit().await?;
        self.parts.forget_key(&row.key_hash).await;
        Ok(())
    }

    /// Whose keys an actor sees: everybody's (`None`) or one's own.
    async fn whose(&self, read: &TenantRead, actor: &Actor) -> Result<Option<MemberId>, AppError> {
        let all = self.parts.may(read, actor, Action::MemberList).await?;
        Ok(if all { None } else { Some(member_of(actor)?) })
    }

    /// Nobody makes a key that may do more than they may, and no key one that may do more than it may itself.
    async fn refuse_more(
        &self,
        read: &TenantRead,
        actor: &Actor,
        new: &ApiKeyRow,
        scopes: ActionSet,
        networks: &[IpNet],
    ) -> Result<(), AppError> {
        let held = self.parts.authorizer.of(read, member_of(actor)?).await?;
        let mut own: ActionSet = held.actions().collect();
        if let Actor::ApiKey { key, scopes: of_key, project, .. } = actor {
            let parent = read.api_key_find(*key).await?.ok_or_else(forbidden)?;
            let inside = |net: &IpNet| nets(&parent.networks).iter().any(|outer| outer.contains(net));
            let narrower = (project.is_none() || new.project_id == *project)
                && new.expires_at <= parent.expires_at
                && (parent.networks.is_empty() || !networks.is_empty() && networks.iter().all(inside));
            if !narrower {
                return Err(AppError::Forbidden {
                    code: "scope-not-yours",
                    detail: "a key cannot make one that lives longer, or reaches further, than it does itself",
                });
            }
            own = own.iter().filter(|action| of_key.contains(*action)).collect();
        }
        if own.covers(scopes) {
            return Ok(());
        }
        Err(AppError::Forbidden {
            code: "scope-not-yours",
            detail: "a key can have no scope that whoever makes it does not have",
        })
    }
}

/// What was asked for, as far as it makes sense by itself.
struct Checked {
    name: String,
    scopes: ActionSet,
    networks: Vec<IpNet>,
}

impl Checked {
    fn of(new: &NewApiKey, now: Timestamp) -> Result<Self, AppError> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
            return Err(AppError::invalid("/name", format!("must have 1 to {NAME_CHARS} printable characters")));
        }
        if new.expires_at <= now || new.expires_at > now.plus(LONGEST) {
            return Err(AppError::invalid("/expires_at", "must lie in the future, and at most one year ahead"));
        }
        Ok(Self {
            name: name.to_owned(),
            scopes: scopes(&new.scopes, new.project.is_some())?,
            networks: networks(&new.networks)?,
        })
    }
}

fn scopes(names: &[String], bound: bool) -> Result<ActionSet, AppError> {
    if names.is_empty() {
        return Err(AppError::invalid("/scopes", "must name at least one action"));
    }
    let mut actions = Vec::with_capacity(names.len());
    let mut errors = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let action = Action::from_name(name).filter(|action| !NOT_FOR_KEYS.contains(action));
        match action {
            Some(action) if !bound || FOR_PROJECT_KEYS.contains(&action) => actions.push(action),
            _ => errors.push(FieldError {
                pointer: format!("/scopes/{index}"),
                detail: if bound && action.is_some() {
                    "is not an action that a key of one project can have".to_owned()
                } else {
                    "is not an action that a key can have".to_owned()
                },
            }),
        }
    }
    if errors.is_empty() {
        return Ok(actions.into_iter().collect());
    }
    Err(AppError::Invalid { code: "invalid-input", detail: "there is a scope that no key can have".to_owned(), errors })
}

fn networks(names: &[String]) -> Result<Vec<IpNet>, AppError> {
    if names.len() > NETWORKS {
        return Err(AppError::invalid("/networks", format!("must be at most {NETWORKS}")));
    }
    let parse = |(index, name): (usize, &String)| {
        let net = name.trim().parse::<IpNet>().ok().or_else(|| name.trim().parse::<IpAddr>().ok().map(IpNet::from));
        let refused = "must be a network such as 203.0.113.0/24 or 2001:db8::/32";
        net.map(|net| net.trunc()).ok_or_else(|| AppError::invalid(&format!("/networks/{index}"), refused))
    };
    names.iter().enumerate().map(parse).collect()
}

fn nets(stored: &[String]) -> Vec<IpNet> {
    stored.iter().filter_map(|net| net.parse().ok()).collect()
}

fn view(row: ApiKeyRow) -> ApiKeyView {
    ApiKeyView {
        id: row.id,
        name: row.name,
        member: row.member_id,
        scopes: row.scopes.iter().filter_map(|scope| Action::from_name(scope)).collect(),
        project: row.project_id,
        networks: row.networks,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    }
}

/// What was last found about a key.
pub(crate) struct KeyStanding {
    pub(crate) id: ApiKeyId,
    pub(crate) tenant: TenantId,
    pub(crate) member: MemberId,
    /// What its member holds.
    pub(crate) holdings: Holdings,
    pub(crate) expires_at: Timestamp,
    scopes: ActionSet,
    project: Option<ProjectId>,
    /// `None`: from everywhere. A network that cannot be read admits nobody.
    networks: Option<Vec<IpNet>>,
}

impl KeyStanding {
    pub(crate) fn new(row: &ApiKeyRow, holdings: Holdings) -> Self {
        Self {
            id: row.id,
            tenant: row.tenant_id,
            member: row.member_id,
            holdings,
            expires_at: row.expires_at,
            scopes: row.scopes.iter().filter_map(|scope| Action::from_name(scope)).collect(),
            project: row.project_id,
            networks: (!row.networks.is_empty()).then(|| nets(&row.networks)),
        }
    }

    pub(crate) const fn actor(&self) -> Actor {
        Actor::ApiKey { key: self.id, member: self.member, scopes: self.scopes, project: self.project }
    }

    pub(crate) fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.as_ref().is_none_or(|nets| nets.iter().any(|net| net.contains(&address)))
    }
}

/// Whether a bearer credential is meant to be an API key: a token of ours never begins so.
pub(crate) fn looks_like_one(credential: &str) -> bool {
    credential.starts_with(PREFIX)
}

/// The id in a key whose form and checksum are right.
pub(crate) fn id_of(key: &str) -> Option<ApiKeyId> {
    printed::parse(PREFIX, key).map(|(id, _)| ApiKeyId::from_uuid(id))
}

/// Everything of a request that decides what it creates.
fn asked(row: &ApiKeyRow) -> Vec<String> {
    let project = row.project_id.map(|project| project.to_string()).unwrap_or_default();
    let mut asked = vec![row.name.clone(), project, row.expires_at.to_string(), row.scopes.len().to_string()];
    asked.extend(row.scopes.iter().chain(&row.networks).cloned());
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_ours_is_no_key() {
        let id = ApiKeyId::from_uuid(uuid::Uuid::from_u128(1));
        let key = printed::compose(PREFIX, id.uuid(), &[7; 32]);
        assert_eq!(id_of(key.expose()), Some(id));
        assert!(looks_like_one(key.expose()));
        assert!(!looks_like_one("st_agent_x") && !looks_like_one("eyJhbGciOiJFZERTQSJ9.e30.x"));
    }

    #[test]
    fn attack_19_networks_are_checked_as_networks() {
        let row = |networks: &[&str]| ApiKeyRow {
            tenant_id: TenantId::DEPLOYMENT,
            id: ApiKeyId::from_uuid(uuid::Uuid::nil()),
            member_id: MemberId::from_uuid(uuid::Uuid::nil()),
            name: String::new(),
            key_hash: [0; 32],
            scopes: Vec::new(),
            project_id: None,
            networks: networks.iter().map(|net| (*net).to_owned()).collect(),
            created_at: Timestamp::from_millis(0),
            expires_at: Timestamp::from_millis(1),
            last_used_at: None,
            revoked_at: None,
            mac: Vec::new(),
        };
        let admits = |networks: &[&str], address: &str| {
            KeyStanding::new(&row(networks), Holdings::default()).admits(address.parse().expect("an address"))
        };
        assert!(admits(&[], "198.51.100.7"));
        assert!(admits(&["203.0.113.0/24"], "203.0.113.255") && !admits(&["203.0.113.0/24"], "203.0.114.0"));
        assert!(admits(&["203.0.113.0/24"], "::ffff:203.0.113.1"), "one machine, two spellings");
        assert!(admits(&["2001:db8::/32"], "2001:db8:ffff::1") && !admits(&["2001:db8::/32"], "203.0.113.1"));
        assert!(!admits(&["nonsense"], "203.0.113.1"), "what cannot be read admits nobody");
        assert_eq!(networks(&["203.0.113.9/24".to_owned()]).expect("reads")[0].to_string(), "203.0.113.0/24");
        assert!(networks(&["203.0.113.0/33".to_owned()]).is_err() && networks(&["all".to_owned()]).is_err());
    }
}
