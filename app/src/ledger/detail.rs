//! Looking at what was put on record beside a leaf.

use domain::{AuditId, Personal};
use ledger::{Leaf, Object};
use policy::access::{Permit, can};

use super::Ledger;
use crate::{
    AppError,
    details::{Stored, Told},
};

/// What was put on record beside a leaf about the member who acted.
#[derive(Debug, Clone)]
pub enum DetailView {
    /// It is there.
    Open {
        /// The network: a /24 of version 4 or a /48 of version 6.
        network: Option<Personal<String>>,
        /// The browser's family.
        browser: Option<String>,
        /// What the member said why.
        reason: Option<Personal<String>>,
    },
    /// The person's key was destroyed: nobody can read it any more.
    Erased,
}

impl Ledger {
    /// Opens an event's detail. Each look is on record before anything is shown.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for an event without detail; [`AppError::Conflict`] `integrity-fail` when it is not what
    /// the leaf commits to.
    pub async fn detail(&self, permit: &Permit<can::AuditRead>, id: AuditId) -> Result<DetailView, AppError> {
        const NO_DETAIL: AppError = AppError::NotFound { kind: "detail" };
        let tenant = permit.tenant();
        let read = self.store.tenant_read(tenant).await?;
        let row = read.audit_leaf_find(id).await?.ok_or(NO_DETAIL)?;
        let stored = read.audit_detail_find(id).await?.ok_or(NO_DETAIL)?;
        drop(read);
        let leaf = Leaf::from_bytes(&row.leaf).map_err(AppError::internal)?;
        let committed = leaf.d.ok_or(NO_DETAIL)?;
        let tx = self.store.tenant(tenant).await?;
        let person = match leaf.actor {
            ledger::Actor::User(member) => Object::Member(member),
            _ => Object::Tenant(tenant),
        };
        let rule = format!("{}/event:{id}", permit.rule());
        self.audit().allowed_by(&tx, permit, rule, "audit.detail", person).await?;
        tx.commit().await?;
        let stored: Stored = serde_json::from_slice(&stored).map_err(AppError::internal)?;
        let key = match self.keys.person(tenant, stored.person).await {
            Ok(key) => key,
            Err(AppError::Gone { .. }) => return Ok(DetailView::Erased),
            Err(error) => return Err(error),
        };
        let Told { network, browser, reason } = stored.open(&key, tenant, id, committed)?;
        Ok(DetailView::Open { network: network.map(Personal::new), browser, reason: reason.map(Personal::new) })
    }
}
