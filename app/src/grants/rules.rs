//! A tenant's approval rules.

use std::time::Duration;

use domain::{ProposalId, Timestamp};
use ledger::Object;
use policy::{
    access::{Action, Permit, can},
    grants::{AccessRules, RulesError},
    proposals::Change,
};
use store::{AccessRulesRow, TenantRead, TenantTx};

use super::{Grants, Parts, Reader};
use crate::{
    AppError,
    proposals::propose,
    rights::{Rights, rows},
};

/// What came of a change.
#[derive(Debug)]
pub enum RulesChange {
    /// The new rules are in force.
    Replaced(RulesView),
    /// They wait for a second person.
    Proposed(ProposalId),
}

/// The rules in force.
#[derive(Debug, Clone)]
pub struct RulesView {
    /// Counts changes; 0 is the default that nobody changed yet.
    pub revision: u64,
    /// When they were last changed.
    pub changed_at: Option<Timestamp>,
    /// The rules.
    pub rules: AccessRules,
}

impl Grants {
    /// The rules in force. Everybody who may ask for access may know what it takes.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn rules(&self, reader: &Reader<'_>) -> Result<RulesView, AppError> {
        let read = self.parts.store.tenant_read(reader.tenant()).await?;
        in_force(&read, &self.parts.authorizer).await
    }

    /// Replaces revision `base` of the rules: at once by rules that let nothing more through, otherwise by a proposal that
    /// takes a second person.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for rules that cannot be any; [`AppError::Conflict`] `rules-changed` when another revision is in
    /// force; what [`propose`] refuses.
    pub async fn rules_replace(
        &self,
        permit: &Permit<can::TenantManage>,
        base: u64,
        rules: AccessRules,
    ) -> Result<RulesChange, AppError> {
        let parts = &self.parts;
        parts.check_rules(&rules)?;
        let now = parts.clock.now();
        let tx = parts.store.tenant(permit.tenant()).await?;
        let present = lock(&tx, &parts.authorizer, now).await?;
        if present.revision != base {
            return Err(AppError::Conflict {
                code: "rules-changed",
                detail: format!("revision {} of the rules is in force; look at it again", present.revision),
                next: None,
            });
        }
        if rules.are_looser_than(&present.rules) {
            let proposal = propose(parts, &tx, permit, &Change::AccessRules { base, rules }).await?;
            tx.commit().await?;
            return Ok(RulesChange::Proposed(proposal));
        }
        let document = serde_json::to_string(&rules).map_err(AppError::internal)?;
        let authority = parts.authorizer.authority_by(&tx).await?;
        let mac = rows::rules(tx.tenant(), base + 1, &document, |of| authority.mac(of));
        tx.access_rules_replace(base, &document, now, &mac).await?;
        parts.audit().allowed(&tx, permit, "access-rules.update", Object::Tenant(permit.tenant())).await?;
        tx.commit().await?;
        Ok(RulesChange::Replaced(RulesView { revision: base + 1, changed_at: Some(now), rules }))
    }
}

/// The tenant's rules, kept from changing until `tx` ends. Whoever counts something over the whole tenant takes this lock
/// first, so that two of them come one after the other.
pub(crate) async fn lock(tx: &TenantTx, rights: &Rights, now: Timestamp) -> Result<RulesView, AppError> {
    let default = serde_json::to_string(&AccessRules::default()).map_err(AppError::internal)?;
    let row = tx.access_rules_lock(&default, now).await?;
    view(tx, rights, &row).await
}

/// The tenant's rules; the default while nobody changed them.
pub(crate) async fn in_force(read: &TenantRead, rights: &Rights) -> Result<RulesView, AppError> {
    let Some(row) = read.access_rules_find().await? else {
        return Ok(RulesView { revision: 0, changed_at: None, rules: AccessRules::default() });
    };
    view(read, rights, &row).await
}

async fn view(read: &TenantRead, rights: &Rights, row: &AccessRulesRow) -> Result<RulesView, AppError> {
    if row.revision == 0 {
        // Nobody wrote these: whatever stands there, the default is meant.
        return Ok(RulesView { revision: 0, changed_at: None, rules: AccessRules::default() });
    }
    let authority = rights.authority_by(read).await?;
    if !rows::rules(read.tenant(), row.revision, &row.document, |of| authority.holds(of, &row.mac)) {
        rights.distrust(read.tenant(), Object::Tenant(read.tenant()), &row.mac).await;
        return Err(AppError::Unavailable {
            retry_after: Duration::from_secs(300),
            detail: "the stored access rules are not those that were set; nothing is decided by them. Tell the operator.",
        });
    }
    // A document that cannot be read is no permission to go on without one.
    let rules = serde_json::from_str(&row.document).map_err(AppError::internal)?;
    Ok(RulesView { revision: row.revision, changed_at: Some(row.changed_at), rules })
}

impl Parts {
    /// Whether these can be a tenant's rules.
    pub(crate) fn check_rules(&self, rules: &AccessRules) -> Result<(), AppError> {
        let reviews = |role: &str| {
            role.parse().is_ok_and(|role| self.authorizer.allows([role].into_iter().collect(), Action::GrantReview))
        };
        rules.check(reviews).map_err(|RulesError { pointer, detail }| AppError::invalid(&pointer, detail))
    }
}
