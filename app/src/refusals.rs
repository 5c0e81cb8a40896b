//! Refused acts on record, without letting whoever is refused write the log full (`ledger.md`, "What is logged").
//!
//! **Purpose.** An auditor learns who tried what they may not, and a flood of tries costs the log a line a minute.
//!
//! **Design.** Of a signed-in caller's refusals of one action the first is on record at once, with what it was about; those
//! of the following minute are counted and become one entry when it is over. Failures of callers whom nobody knows are only
//! counted, by tenant. The counts of a minute are in memory: a process that is killed loses them, and never a first one.
//!
//! **How to add one more.** Whoever refuses before a caller is known calls [`Refusals::unproven`]; everything else is met on
//! the way out, by `api`.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{AuditId, Clock, Entropy, RequestId, TenantId, Timestamp};
use ledger::{Actor as LeafActor, Leaf, Object, Outcome};
use policy::access::{Action, Actor, POLICY_NAME};
use store::Store;
use uuid::Uuid;

use crate::{
    AppError,
    audit::{Audit, leaf_actor},
};

/// Refusals of so long are one entry.
const WINDOW: Duration = Duration::from_secs(60);

/// A refused act of somebody who is known.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub(crate) tenant: TenantId,
    pub(crate) actor: Actor,
    pub(crate) request: RequestId,
    pub(crate) action: Action,
    pub(crate) object: Option<Object>,
    pub(crate) code: &'static str,
}

impl Refusal {
    /// The same, with what the request named and the problem that answers it. What cannot be such a thing's id names nothing.
    #[must_use]
    pub fn of(self, named: Option<(&str, &str)>, code: &'static str) -> Self {
        Self { object: named.and_then(|(kind, id)| Object::of(kind, id)), code, ..self }
    }
}

/// Whose refusals of what are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Series {
    Known(TenantId, Uuid, Action),
    /// Nobody knows who: a wrong password, a key that is over.
    Unproven(TenantId),
}

/// A minute of one series.
struct Window {
    began: Timestamp,
    /// Refusals that are not on record yet.
    folded: u64,
    /// Who it is, for the entry of those.
    actor: LeafActor,
}

/// Counts refusals and puts them on record.
pub struct Refusals {
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    open: Mutex<HashMap<Series, Window>>,
}

impl Refusals {
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { store, clock, entropy, open: Mutex::default() }
    }

    /// A known caller was refused. The first of a minute is on record when this returns.
    ///
    /// # Errors
    /// When it could not be put on record; it is counted then.
    pub async fn note(&self, refusal: &Refusal) -> Result<(), AppError> {
        let Refusal { tenant, actor, request, action, object, code } = refusal;
        let series = Series::Known(*tenant, crate::looks::who(actor), *action);
        if !self.opens(&series, leaf_actor(actor)) {
            return Ok(());
        }
        let leaf = Leaf {
            obj: object.unwrap_or(Object::Tenant(*tenant)),
            req: *request,
            ..self.leaf(*tenant, leaf_actor(actor), action.as_str(), format!("{POLICY_NAME}/refused/{code}"))
        };
        let recorded = self.record(&leaf).await;
        if recorded.is_err() {
            self.count(series, 1, leaf.actor);
        }
        recorded
    }

    /// Somebody whom nobody knows failed to prove that they belong to this tenant.
    pub(crate) fn unproven(&self, tenant: TenantId) {
        self.count(Series::Unproven(tenant), 1, LeafActor::Worker("refusals".into()));
    }

    /// Puts every minute on record that is over. Minutes that cannot be put on record now are kept.
    ///
    /// # Errors
    /// The first of them.
    pub async fn fold(&self) -> Result<(), AppError> {
        self.fold_before(self.clock.now().minus(WINDOW)).await
    }

    /// The same for minutes that are not over: nothing is counted any more after this.
    ///
    /// # Errors
    /// The first that cannot be put on record.
    pub async fn fold_all(&self) -> Result<(), AppError> {
        self.fold_before(self.clock.now()).await
    }

    async fn fold_before(&self, latest: Timestamp) -> Result<(), AppError> {
        let over: Vec<_> = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.extract_if(|_, window| window.began <= latest).collect()
        };
        let mut failed = Ok(());
        for (series, window) in over {
            if window.folded == 0 {
                continue;
            }
            let (tenant, act) = match &series {
                Series::Known(tenant, _, action) => (*tenant, action.as_str()),
                Series::Unproven(tenant) => (*tenant, "login.refuse"),
            };
            let rule = format!("{POLICY_NAME}/folded/{}", window.folded);
            if let Err(error) = self.record(&self.leaf(tenant, window.actor.clone(), act, rule)).await {
                self.count(series, window.folded, window.actor);
                failed = failed.and(Err(error));
            }
        }
        failed
    }

    /// Counts one of a series; whether it is the first of a minute and so on record at once.
    fn opens(&self, series: &Series, actor: LeafActor) -> bool {
        let now = self.clock.now();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(series) {
            Some(window) if now < window.began.plus(WINDOW) || window.folded > 0 => {
                // A minute that is over and not folded yet goes on: none is lost, and no two begin at once.
                window.folded += 1;
                false
            }
            Some(window) => {
                window.began = now;
                true
            }
            None => {
                drop(open.insert(series.clone(), Window { began: now, folded: 0, actor }));
                true
            }
        }
    }

    fn count(&self, series: Series, more: u64, actor: LeafActor) {
        let now = self.clock.now();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.entry(series).or_insert(Window { began: now, folded: 0, actor }).folded += more;
    }

    fn leaf(&self, tenant: TenantId, actor: LeafActor, act: &'static str, rule: String) -> Leaf {
        let now = self.clock.now();
        Leaf {
            id: AuditId::mint(now, &*self.entropy),
            t: now,
            tenant,
            actor,
            act: act.into(),
            obj: Object::Tenant(tenant),
            out: Outcome::Deny,
            rule,
            req: RequestId::mint(now, &*self.entropy),
            d: None,
        }
    }

    async fn record(&self, leaf: &Leaf) -> Result<(), AppError> {
        let tx = self.store.tenant(leaf.tenant).await?;
        let audit = Audit { clock: &*self.clock, entropy: &*self.entropy };
        audit.insert(&tx, leaf).await?;
        Ok(tx.commit().await?)
    }
}

impl Drop for Refusals {
    fn drop(&mut self) {
        let open = mem::take(self.open.get_mut().unwrap_or_else(PoisonError::into_inner));
        let lost: u64 = open.values().map(|window| window.folded).sum();
        if lost > 0 {
            tracing::warn!(refusals = lost, "counted refusals were not put on record");
        }
    }
}
