//! Looking at what was put on record beside a leaf.

use domain::{AuditId, Personal};
use ledger::{About, Leaf, Object};
use policy::access::{Permit, can};

use super::Ledger;
use crate::{
    AppError,
    details::{Change, Stored, Told, contradicted},
};

/// What was put on record beside a leaf about one person.
#[derive(Debug, Clone)]
pub struct DetailPart {
    /// About whom.
    pub about: About,
    /// What; `None` when the person's key was destroyed: nobody can read it any more.
    pub told: Option<DetailView>,
}

/// What is told about somebody.
#[derive(Debug, Clone)]
pub struct DetailView {
    /// The network they acted from: a /24 of version 4 or a /48 of version 6.
    pub network: Option<Personal<String>>,
    /// Their browser's family.
    pub browser: Option<String>,
    /// What was said why.
    pub reason: Option<Personal<String>>,
    /// What the act changed.
    pub changes: Vec<Change>,
}

impl From<Told> for DetailView {
    fn from(Told { network, browser, reason, changes }: Told) -> Self {
        Self { network: network.map(Personal::new), browser, reason: reason.map(Personal::new), changes }
    }
}

impl Ledger {
    /// Opens an event's detail. Each look is on record before anything is shown: one entry for each person that a part is
    /// about.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for an event without detail; [`AppError::Conflict`] `integrity-fail` when it is not what
    /// the leaf commits to, or is gone.
    pub async fn detail(&self, permit: &Permit<can::AuditRead>, id: AuditId) -> Result<Vec<DetailPart>, AppError> {
        const NO_DETAIL: AppError = AppError::NotFound { kind: "detail" };
        let tenant = permit.tenant();
        let read = self.store.tenant_read(tenant).await?;
        let row = read.audit_leaf_find(id).await?.ok_or(NO_DETAIL)?;
        let stored = read.audit_detail_find(id).await?;
        drop(read);
        let leaf = Leaf::from_bytes(&row.leaf).map_err(AppError::internal)?;
        let committed = leaf.d.ok_or(NO_DETAIL)?;
        let stored = stored.and_then(|stored| serde_json::from_slice::<Stored>(&stored).ok());
        let stored = stored.ok_or_else(|| contradicted(id))?;
        let parts = stored.parts(id, committed)?;
        let tx = self.store.tenant(tenant).await?;
        for (about, ..) in &parts {
            let rule = format!("{}/event:{id}", permit.rule());
            self.audit().allowed_by(&tx, permit, rule, "audit.detail", person(&leaf, *about)).await?;
        }
        tx.commit().await?;
        let mut shown = Vec::with_capacity(parts.len());
        for (about, sealed, committed) in parts {
            let told = match self.keys.person(tenant, sealed.person).await {
                Ok(key) => Some(sealed.open(&key, (tenant, id, about), committed)?.into()),
                Err(AppError::Gone { .. }) => None,
                Err(error) => return Err(error),
            };
            shown.push(DetailPart { about, told });
        }
        Ok(shown)
    }
}

/// Whom a part is about, as far as the leaf names them.
fn person(leaf: &Leaf, about: About) -> Object {
    match (about, &leaf.actor) {
        (About::Actor, ledger::Actor::User(member)) => Object::Member(*member),
        (About::Actor, _) => Object::Tenant(leaf.tenant),
        (About::Subject, _) => leaf.obj,
    }
}
