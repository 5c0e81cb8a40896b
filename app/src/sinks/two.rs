//! Changes of sinks that take two people: which do, how one is proposed, and carrying it out.
//!
//! Whether it takes two is [`policy::proposals::Hearing`]'s to say. Both ways, alone and by a proposal, end in [`apply`].

use domain::{Clock, Entropy, SinkId};
use ledger::Object;
use policy::{
    access::{Can, Permit},
    proposals::{Change, Hearing, WebhookActs, WebhookThen},
};
use store::{SinkRow, TenantTx};
use vault::{Key32, wrap::Purpose};

use super::{ActsChange, Addresses, settings::SinkSettings, trusted};
use crate::{
    AppError,
    grants::Parts,
    rights::{Rights, rows},
};

/// A change that was checked; what is `None` stays.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) name: Option<String>,
    pub(super) url: Option<String>,
    pub(super) acts: ActsChange,
    pub(super) paused: Option<bool>,
    pub(super) detail: Option<bool>,
}

impl Wanted {
    /// Whether it is nobody's alone.
    pub(super) fn takes_two(&self, row: &SinkRow, settings: &SinkSettings) -> bool {
        let now = Hearing {
            address: &settings.url,
            acts: row.acts.as_deref(),
            is_paused: row.paused_at.is_some(),
            detail: settings.detail_from.is_some(),
        };
        let then = Hearing {
            address: self.url.as_deref().unwrap_or(now.address),
            acts: self.acts.after(now.acts),
            is_paused: self.paused.unwrap_or(now.is_paused),
            detail: self.detail.unwrap_or(now.detail),
        };
        now.takes_two(&then, is_deaf(row))
    }

    /// It as a proposal, which names what it changes and nothing else.
    pub(super) fn proposed(
        self,
        row: &SinkRow,
        settings: &SinkSettings,
        key: &Key32,
        entropy: &dyn Entropy,
    ) -> Result<Change, AppError> {
        let url = self.url.filter(|url| *url != settings.url);
        let address = url.map(|then| {
            let addresses = Addresses { now: settings.url.clone(), then };
            addresses.seal(key, row.tenant_id, row.id, entropy)
        });
        let acts = self.acts.after(row.acts.as_deref()).map(<[String]>::to_vec);
        let acts = (acts != row.acts).then(|| WebhookActs { now: row.acts.clone(), then: acts });
        let then = WebhookThen {
            name: self.name.filter(|name| *name != row.name),
            address: address.transpose()?,
            acts,
            paused: self.paused.filter(|paused| *paused != row.paused_at.is_some()),
            detail: self.detail.filter(|detail| *detail != settings.detail_from.is_some()),
        };
        Ok(Change::WebhookUpdate { webhook: row.id, base: row.revision, name: row.name.clone(), then })
    }

    /// What [`Wanted::proposed`] gave.
    fn of(then: &WebhookThen, row: &SinkRow, key: &Key32) -> Result<Self, AppError> {
        let address = then.address.as_deref();
        let addresses = address.map(|sealed| Addresses::open(key, row.tenant_id, row.id, sealed)).transpose()?;
        Ok(Self {
            name: then.name.clone(),
            url: addresses.map(|addresses| addresses.then.clone()),
            acts: match &then.acts {
                None => ActsChange::Keep,
                Some(WebhookActs { then: None, .. }) => ActsChange::All,
                Some(WebhookActs { then: Some(list), .. }) => ActsChange::Only(list.clone()),
            },
            paused: then.paused,
            detail: then.detail,
        })
    }
}

/// Whether nobody hears by it: nothing ever arrived there, not even a test, and what was tried has failed or is not tried any
/// more.
pub(super) const fn is_deaf(row: &SinkRow) -> bool {
    row.last_delivery_at.is_none() && (row.failing_since.is_some() || row.paused_at.is_some())
}

/// Changes a sink in `tx`; gives it as it is now.
pub(super) async fn apply(
    tx: &TenantTx,
    rights: &Rights,
    (clock, entropy): (&dyn Clock, &dyn Entropy),
    (mut row, mut settings, key): (SinkRow, SinkSettings, &Key32),
    wanted: Wanted,
) -> Result<SinkRow, AppError> {
    let (id, now) = (row.id, clock.now());
    if let Some(url) = wanted.url {
        settings.url = url;
    }
    match wanted.detail {
        // A batch under way stays as it is, and so does everything that was handed on before.
        Some(true) if settings.detail_from.is_none() => {
            let open = tx.delivery_open(id).await?;
            settings.detail_from = Some(open.map_or(row.done_size, |open| open.to_index));
        }
        Some(false) => settings.detail_from = None,
        Some(true) | None => {}
    }
    row.settings_sealed = settings.seal(key, row.tenant_id, id, entropy)?;
    row.name = wanted.name.unwrap_or(row.name);
    row.acts = wanted.acts.after(row.acts.as_deref()).map(<[String]>::to_vec);
    match wanted.paused {
        Some(true) => row.paused_at = row.paused_at.or(Some(now)),
        Some(false) if row.paused_at.is_some() => {
            // What failed before it was paused says nothing of what is tried now.
            (row.paused_at, row.failing_since, row.told_at) = (None, None, None);
        }
        Some(false) | None => {}
    }
    let authority = rights.authority_by(tx).await?;
    let row = rows::sealed_sink(&authority, SinkRow { revision: row.revision + 1, ..row });
    replace(tx, row.clone()).await?;
    if row.paused_at.is_none() {
        tx.delivery_hurry(id, now).await?;
    }
    Ok(row)
}

/// Writes a sink's next revision.
pub(super) async fn replace(tx: &TenantTx, row: SinkRow) -> Result<(), AppError> {
    if tx.sink_update(row).await? { Ok(()) } else { Err(changed()) }
}

/// Removes a sink, if it is still of this revision.
pub(super) async fn delete(tx: &TenantTx, id: SinkId, revision: u64) -> Result<(), AppError> {
    if tx.sink_delete(id, revision).await? { Ok(()) } else { Err(changed()) }
}

fn changed() -> AppError {
    let detail = "somebody else has just changed this webhook; look at it and try again".to_owned();
    AppError::Conflict { code: "changed-meanwhile", detail, next: None }
}

/// Whether a sink is still the one that its proposer saw.
///
/// # Errors
/// [`AppError::Conflict`] `changed-meanwhile`.
pub(crate) async fn check(tx: &TenantTx, id: SinkId, base: u64) -> Result<(), AppError> {
    match tx.sink_find(id).await? {
        Some(row) if row.revision == base => Ok(()),
        _ => Err(changed()),
    }
}

/// Removes a sink because two people said so; `rule` names them.
pub(crate) async fn carry_out_removal<A: Can>(
    parts: &Parts,
    tx: &TenantTx,
    permit: &Permit<A>,
    (id, base): (SinkId, u64),
    rule: String,
) -> Result<(), AppError> {
    delete(tx, id, base).await?;
    parts.audit().allowed_by(tx, permit, rule, "webhook.delete", Object::Webhook(id)).await
}

/// Changes a sink because two people said so; `rule` names them. Whether its address may be dialled is asked again before each
/// delivery.
pub(crate) async fn carry_out_change<A: Can>(
    parts: &Parts,
    tx: &TenantTx,
    permit: &Permit<A>,
    (id, then): (SinkId, &WebhookThen),
    rule: String,
) -> Result<(), AppError> {
    let row = tx.sink_find(id).await?.ok_or_else(changed)?;
    let row = trusted(&parts.authorizer, tx, row).await?;
    let key = parts.keys.purpose_by(tx, Purpose::Secrets).await?;
    let settings = SinkSettings::open(&key, &row)?;
    let wanted = Wanted::of(then, &row, &key)?;
    apply(tx, &parts.authorizer, (&*parts.clock, &*parts.entropy), (row, settings, &key), wanted).await?;
    parts.audit().allowed_by(tx, permit, rule, "webhook.update", Object::Webhook(id)).await
}
