//! Making, changing and removing sinks, each by somebody who has just proved who they are: a stolen token neither sends the log
//! elsewhere nor stops it. What takes two people is proposed instead ([`super::two`]).

use std::time::Duration;

use domain::{ProposalId, Secret, SinkId, Timestamp};
use egress::Target;
use ledger::Object;
use policy::{
    access::{Permit, can},
    proposals::Change,
};
use store::{SinkKind, SinkRow};
use vault::{hook::HookSecret, wrap::Purpose};

use super::{
    Made, NO_SINK, SINKS, SinkView, Sinks,
    settings::SinkSettings,
    trusted,
    two::{self, Wanted},
};
use crate::{
    AppError,
    auth::member_of,
    factors::Demand,
    once::{self, Once},
    proposals::propose,
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
    /// Whether it gets what lies beside entries, too.
    pub detail: Option<bool>,
}

/// What came of a change.
#[derive(Debug)]
pub enum SinkChanged {
    /// It is made.
    Changed(Box<SinkView>),
    /// It waits for a second person.
    Proposed(ProposalId),
}

/// What came of a removal.
#[derive(Debug, Clone, Copy)]
pub enum SinkRemoved {
    /// It is gone.
    Removed,
    /// It waits for a second person.
    Proposed(ProposalId),
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

impl ActsChange {
    /// The acts of a sink that has `present`, afterwards; all when there is no list.
    pub(super) fn after<'a>(&'a self, present: Option<&'a [String]>) -> Option<&'a [String]> {
        match self {
            Self::Keep => present,
            Self::All => None,
            Self::Only(list) => Some(list),
        }
    }
}

impl Sinks {
    /// Makes a sink. It gets the log from its first entry on. The secret is in the answer and nowhere else.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]; [`AppError::Invalid`] for a name, address or act that is none; [`AppError::Conflict`]
    /// `webhook-limit`.
    pub async fn create(
        &self,
        permit: &Permit<can::WebhookManage>,
        new: NewSink,
        once: Option<Once>,
    ) -> Result<Made, AppError> {
        self.prove(permit).await?;
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

    /// Changes a sink, and tries at once what waits for it; or proposes the change, when it makes the sink hear less or more
    /// about persons.
    ///
    /// # Errors
    /// As [`Sinks::create`]; [`AppError::NotFound`]; [`AppError::Conflict`] `integrity-fail`, `no-detail` for syslog, or when
    /// somebody else changes it at this moment; what a proposal refuses.
    pub async fn update(
        &self,
        permit: &Permit<can::WebhookManage>,
        id: SinkId,
        change: SinkChange,
    ) -> Result<SinkChanged, AppError> {
        let (parts, tenant) = (&self.parts, permit.tenant());
        parts.store.tenant_read(tenant).await?.sink_find(id).await?.ok_or(NO_SINK)?;
        self.prove(permit).await?;
        let name = change.name.as_deref().map(name).transpose()?;
        let acts = match change.acts {
            ActsChange::Only(list) => acts(Some(list))?.map_or(ActsChange::All, ActsChange::Only),
            given => given,
        };
        let key = parts.keys.purpose(tenant, Purpose::Secrets).await?;
        let tx = parts.store.tenant(tenant).await?;
        let row = trusted(&parts.authorizer, &tx, tx.sink_find(id).await?.ok_or(NO_SINK)?).await?;
        let url = change.url.map(|url| self.address(row.kind, &url)).transpose()?;
        if change.detail == Some(true) && row.kind == SinkKind::Syslog {
            let detail = "what is told of persons goes to webhooks only, not through syslog".to_owned();
            return Err(AppError::Conflict { code: "no-detail", detail, next: None });
        }
        let wanted = Wanted { name, url, acts, paused: change.paused, detail: change.detail };
        let settings = SinkSettings::open(&key, &row)?;
        if wanted.takes_two(&row, &settings) {
            let change = wanted.proposed(&row, &settings, &key, &*parts.entropy)?;
            let id = propose(&self.proposals.parts, &tx, permit, &change).await?;
            tx.commit().await?;
            return Ok(SinkChanged::Proposed(id));
        }
        let (clock, entropy) = (&*parts.clock, &*parts.entropy);
        let row = two::apply(&tx, &parts.authorizer, (clock, entropy), (row, settings, &key), wanted).await?;
        parts.audit().allowed(&tx, permit, "webhook.update", Object::Webhook(id)).await?;
        let view = self.shown(&tx, row).await?;
        tx.commit().await?;
        Ok(SinkChanged::Changed(Box::new(view)))
    }

    /// Gives a webhook another secret; the present one signs as well for a day.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]; [`AppError::NotFound`]; [`AppError::Conflict`] `no-secret` for syslog, `integrity-fail`.
    pub async fn rotate(
        &self,
        permit: &Permit<can::WebhookManage>,
        id: SinkId,
    ) -> Result<(Secret<String>, Timestamp), AppError> {
        let (tenant, now) = (permit.tenant(), self.parts.clock.now());
        self.parts.store.tenant_read(tenant).await?.sink_find(id).await?.ok_or(NO_SINK)?;
        self.prove(permit).await?;
        let key = self.parts.keys.purpose(tenant, Purpose::Secrets).await?;
        let authority = self.parts.authorizer.authority(tenant).await?;
        let tx = self.parts.store.tenant(tenant).await?;
        let row = trusted(&self.parts.authorizer, &tx, tx.sink_find(id).await?.ok_or(NO_SINK)?).await?;
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
        two::replace(&tx, rows::sealed_sink(&authority, row)).await?;
        self.parts.audit().allowed(&tx, permit, "webhook.rotate", Object::Webhook(id)).await?;
        tx.commit().await?;
        Ok((secret.printed(), until))
    }

    /// Removes a sink and the log of its deliveries, so that what waited for it is handed to nobody; or proposes to, when
    /// somebody hears by it.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]; [`AppError::NotFound`]; what a proposal refuses.
    pub async fn remove(&self, permit: &Permit<can::WebhookManage>, id: SinkId) -> Result<SinkRemoved, AppError> {
        let (store, tenant) = (&self.parts.store, permit.tenant());
        store.tenant_read(tenant).await?.sink_find(id).await?.ok_or(NO_SINK)?;
        self.prove(permit).await?;
        let tx = store.tenant(tenant).await?;
        let row = tx.sink_find(id).await?.ok_or(NO_SINK)?;
        if !two::is_deaf(&row) {
            let change = Change::WebhookDelete { webhook: id, base: row.revision, name: row.name };
            let id = propose(&self.proposals.parts, &tx, permit, &change).await?;
            tx.commit().await?;
            return Ok(SinkRemoved::Proposed(id));
        }
        two::delete(&tx, id, row.revision).await?;
        self.parts.audit().allowed(&tx, permit, "webhook.delete", Object::Webhook(id)).await?;
        tx.commit().await?;
        Ok(SinkRemoved::Removed)
    }

    /// Refuses who has not proved lately who they are; a program with a key cannot.
    async fn prove(&self, permit: &Permit<can::WebhookManage>) -> Result<(), AppError> {
        self.parts.require_fresh(permit, Demand::Any, self.parts.fresh_for()).await.map(drop)
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
