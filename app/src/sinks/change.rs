//! Making, changing and removing sinks.

use std::time::Duration;

use domain::{Secret, SinkId, Timestamp};
use egress::Target;
use ledger::Object;
use policy::access::{Permit, can};
use store::{SinkKind, SinkRow};
use vault::{hook::HookSecret, wrap::Purpose};

use super::{Made, NO_SINK, SINKS, SinkView, Sinks, settings::SinkSettings};
use crate::{
    AppError,
    auth::member_of,
    once::{self, Once},
    rights::rows,
};

/// Longest name, in characters.
const NAME_CHARS: usize = 80;
/// Acts of one list.
const ACTS: usize = 64;
/// Longest act.
const ACT_BYTES: usize = 64;
/// A secret that was replaced signs so long beside its successor.
const OVERLAP: Duration = Duration::from_secs(24 * 3_600);

/// A sink to be.
#[derive(Debug, Clone)]
pub struct NewSink {
    /// What people call it.
    pub name: String,
    /// What is at the other end.
    pub kind: SinkKind,
    /// Where.
    pub url: String,
    /// Acts whose entries it gets; all when there is no list.
    pub acts: Option<Vec<String>>,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct SinkChange {
    /// What people call it.
    pub name: Option<String>,
    /// Where.
    pub url: Option<String>,
    /// Acts whose entries it gets from now on.
    pub acts: ActsChange,
    /// Whether anything is sent.
    pub paused: Option<bool>,
}

/// Which entries a sink gets from now on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ActsChange {
    /// Those that it gets.
    #[default]
    Keep,
    /// All.
    All,
    /// Those of these acts.
    Only(Vec<String>),
}

impl Sinks {
    /// Makes a sink. It gets the log from its first entry on. The secret is in the answer and nowhere else.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a name, address or act that is none; [`AppError::Conflict`] `webhook-limit`.
    pub async fn create(
        &self,
        permit: &Permit<can::WebhookManage>,
        new: NewSink,
        once: Option<Once>,
    ) -> Result<Made, AppError> {
        let (tenant, created_by, now) = (permit.tenant(), member_of(permit.actor())?, self.parts.clock.now());
        let (name, url, acts) = (name(&new.name)?, self.address(new.kind, &new.url)?, acts(new.acts)?);
        let id = SinkId::mint(now, &*self.parts.entropy);
        let secret = (new.kind == SinkKind::Webhook).then(|| {
            HookSecret::from_bits(once::secret(once, &self.parts.deployment.lookup, id.uuid(), &*self.parts.entropy))
        });
        let settings = SinkSettings::new(url.clone(), secret.as_ref());
        let key = self.parts.keys.purpose(tenant, Purpose::Secrets).await?;
        let row = SinkRow {
            tenant_id: tenant,
            id,
            name,
            kind: new.kind,
            acts,
            settings_sealed: settings.seal(&key, tenant, id, &*self.parts.entropy)?,
            revision: 1,
            created_by,
            created_at: now,
            paused_at: None,
            failing_since: None,
            told_at: None,
            last_delivery_at: None,
            done_size: 0,
            sent_size: 0,
            mac: Vec::new(),
        };
        let row = rows::sealed_sink(&self.parts.authorizer.authority(tenant).await?, row);
        let tx = self.parts.store.tenant(tenant).await?;
        let listed = row.acts.as_ref().map_or_else(|| "*".to_owned(), |acts| acts.join(" "));
        let asked = [row.name.as_str(), row.kind.as_str(), &url, &listed];
        if let Some(earlier) = once::claim(once, &tx, permit, &asked, id.uuid(), now).await? {
            let row = tx.sink_find(SinkId::from_uuid(earlier)).await?.ok_or(NO_SINK)?;
            let secret = self.settings_by(&tx, &row).await?.secret();
            return Ok(Made { sink: self.shown(&tx, row).await?, secret });
        }
        if tx.sink_count().await? >= SINKS {
            let detail = format!("a tenant has at most {SINKS} webhooks and syslog receivers; remove one first");
            return Err(AppError::Conflict { code: "webhook-limit", detail, next: None });
        }
        tx.sink_insert(row.clone()).await?;
        self.parts.audit().allowed(&tx, permit, "webhook.create", Object::Webhook(id)).await?;
        let sink = self.shown(&tx, row).await?;
        tx.commit().await?;
        Ok(Made { sink, secret: settings.secret() })
    }

    /// Changes a sink. What waits for it is tried at once.
    ///
    /// # Errors
    /// As [`Sinks::create`]; [`AppError::NotFound`]; [`AppError::Conflict`] `integrity-fail`, or when somebody else changes it
    /// at this moment.
    pub async fn update(
        &self,
        permit: &Permit<can::WebhookManage>,
        id: SinkId,
        change: SinkChange,
    ) -> Result<SinkView, AppError> {
        let (tenant, now) = (permit.tenant(), self.parts.clock.now());
        let name = change.name.as_deref().map(name).transpose()?;
        let changed_acts = match change.acts {
            ActsChange::Keep => None,
            ActsChange::All => Some(acts(None)?),
            ActsChange::Only(list) => Some(acts(Some(list))?),
        };
        let key = self.parts.keys.purpose(tenant, Purpose::Secrets).await?;
        let authority = self.parts.authorizer.authority(tenant).await?;
        let tx = self.parts.store.tenant(tenant).await?;
        let row = tx.sink_find(id).await?.ok_or(NO_SINK)?;
        let mut row = self.trusted(&tx, row).await?;
        if let Some(url) = change.url {
            let mut settings = SinkSettings::open(&key, &row)?;
            settings.url = self.address(row.kind, &url)?;
            row.settings_sealed = settings.seal(&key, tenant, id, &*self.parts.entropy)?;
        }
        row.name = name.unwrap_or(row.name);
        row.acts = changed_acts.unwrap_or(row.acts);
        let resumed = change.paused == Some(false) && row.paused_at.is_some();
        match change.paused {
            Some(true) => row.paused_at = row.paused_at.or(Some(now)),
            Some(false) => row.paused_at = None,
            None => {}
        }
        if resumed {
            // What failed before it was paused says nothing of what is tried now.
            (row.failing_since, row.told_at) = (None, None);
        }
        let row = rows::sealed_sink(&authority, SinkRow { revision: row.revision + 1, ..row });
        self.replace(&tx, row.clone()).await?;
        if row.paused_at.is_none() {
            tx.delivery_hurry(id, now).await?;
        }
        self.parts.audit().allowed(&tx, permit, "webhook.update", Object::Webhook(id)).await?;
        let view = self.shown(&tx, row).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Gives a webhook another secret; the present one signs as well for a day.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `no-secret` for syslog, `integrity-fail`.
    pub async fn rotate(
        &self,
        permit: &Permit<can::WebhookManage>,
        id: SinkId,
    ) -> Result<(Secret<String>, Timestamp), AppError> {
        let (tenant, now) = (permit.tenant(), self.parts.clock.now());
        let key = self.parts.keys.purpose(tenant, Purpose::Secrets).await?;
        let authority = self.parts.authorizer.authority(tenant).await?;
        let tx = self.parts.store.tenant(tenant).await?;
        let row = tx.sink_find(id).await?.ok_or(NO_SINK)?;
        let row = self.trusted(&tx, row).await?;
        if row.kind != SinkKind::Webhook {
            let detail = "a syslog receiver has no secret: it is known by its certificate".to_owned();
            return Err(AppError::Conflict { code: "no-secret", detail, next: None });
        }
        let mut bits = [0; 32];
        self.parts.entropy.fill(&mut bits);
        let (secret, until) = (HookSecret::from_bits(bits), now.plus(OVERLAP));
        let mut settings = SinkSettings::open(&key, &row)?;
        settings.rotate(&secret, until);
        let settings_sealed = settings.seal(&key, tenant, id, &*self.parts.entropy)?;
        let row = SinkRow { settings_sealed, revision: row.revision + 1, ..row };
        self.replace(&tx, rows::sealed_sink(&authority, row)).await?;
        self.parts.audit().allowed(&tx, permit, "webhook.rotate", Object::Webhook(id)).await?;
        tx.commit().await?;
        Ok((secret.printed(), until))
    }

    /// Removes a sink and the log of its deliveries. What waited for it is handed to nobody.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn remove(&self, permit: &Permit<can::WebhookManage>, id: SinkId) -> Result<(), AppError> {
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        if !tx.sink_delete(id).await? {
            return Err(NO_SINK);
        }
        self.parts.audit().allowed(&tx, permit, "webhook.delete", Object::Webhook(id)).await?;
        Ok(tx.commit().await?)
    }

    async fn replace(&self, tx: &store::TenantTx, row: SinkRow) -> Result<(), AppError> {
        if tx.sink_update(row).await? {
            return Ok(());
        }
        let detail = "somebody else has just changed this webhook; look at it and try again".to_owned();
        Err(AppError::Conflict { code: "changed-meanwhile", detail, next: None })
    }

    /// The address in its one spelling, if it may be dialled.
    fn address(&self, kind: SinkKind, text: &str) -> Result<String, AppError> {
        let target =
            Target::parse(egress_kind(kind), text).and_then(|target| self.guard.admit(&target).map(|()| target));
        target.map(|target| target.to_string()).map_err(|error| AppError::invalid("/url", error.to_string()))
    }
}

pub(super) const fn egress_kind(kind: SinkKind) -> egress::Kind {
    match kind {
        SinkKind::Webhook => egress::Kind::Webhook,
        SinkKind::Syslog => egress::Kind::Syslog,
    }
}

fn name(text: &str) -> Result<String, AppError> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(AppError::invalid("/name", format!("must have 1 to {NAME_CHARS} printable characters")));
    }
    Ok(name.to_owned())
}

/// A list of acts, in order and each once. An act is known by its form alone: newer versions have more of them.
fn acts(list: Option<Vec<String>>) -> Result<Option<Vec<String>>, AppError> {
    let Some(mut list) = list else { return Ok(None) };
    if list.is_empty() || list.len() > ACTS {
        return Err(AppError::invalid("/acts", format!("must name 1 to {ACTS} acts; leave it out for all of them")));
    }
    if let Some(at) = list.iter().position(|act| !is_act(act)) {
        return Err(AppError::invalid(&format!("/acts/{at}"), "must be an act such as session.view"));
    }
    list.sort_unstable();
    list.dedup();
    Ok(Some(list))
}

fn is_act(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    text.len() <= ACT_BYTES && text.split_once('.').is_some_and(|(thing, verb)| word(thing) && word(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_words_with_a_dot_between_them() {
        let list = |acts: &[&str]| Some(acts.iter().map(|act| (*act).to_owned()).collect::<Vec<_>>());
        let sorted = acts(list(&["session.view", "api-key.create", "session.view"])).expect("acts");
        assert_eq!(sorted, list(&["api-key.create", "session.view"]));
        assert_eq!(acts(None).expect("all"), None);
        for wrong in [&[][..], &["session"], &["Session.view"], &["session.view "], &["a.b.c"], &["*"], &[".view"]] {
            assert!(acts(list(wrong)).is_err(), "{wrong:?}");
        }
    }
}
