//! A tenant's approval rules.

use domain::Timestamp;
use ledger::Object;
use policy::{
    access::{Action, Permit, can},
    grants::{AccessRules, RulesError},
};
use store::TenantRead;

use super::{Grants, Parts, Reader};
use crate::AppError;

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
        in_force(&read).await
    }
}

impl Grants {
    /// Replaces revision `base` of the rules by rules that let nothing more through.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for rules that cannot be any; [`AppError::Conflict`] `rules-changed` when another revision is in
    /// force, `takes-two-people` when the new rules are looser.
    pub async fn rules_replace(
        &self,
        permit: &Permit<can::TenantManage>,
        base: u64,
        rules: AccessRules,
    ) -> Result<RulesView, AppError> {
        let parts = &self.parts;
        parts.check_rules(&rules)?;
        let document = serde_json::to_string(&rules).map_err(AppError::internal)?;
        let default = serde_json::to_string(&AccessRules::default()).map_err(AppError::internal)?;
        let now = parts.clock.now();
        let tx = parts.store.tenant(permit.tenant()).await?;
        let row = tx.access_rules_lock(&default, now).await?;
        let present = in_force(&tx).await?;
        if row.revision != base {
            return Err(AppError::Conflict {
                code: "rules-changed",
                detail: format!("revision {} of the rules is in force; look at it again", row.revision),
                next: None,
            });
        }
        if rules.are_looser_than(&present.rules) {
            return Err(AppError::Conflict {
                code: "takes-two-people",
                detail: "these rules ask for less than those in force; that is not one person's decision".to_owned(),
                next: None,
            });
        }
        tx.access_rules_replace(base, &document, now).await?;
        parts.audit().allowed(&tx, permit, "access-rules.update", Object::Tenant(permit.tenant())).await?;
        tx.commit().await?;
        Ok(RulesView { revision: base + 1, changed_at: Some(now), rules })
    }
}

/// The tenant's rules; the default while nobody changed them.
pub(crate) async fn in_force(read: &TenantRead) -> Result<RulesView, AppError> {
    let Some(row) = read.access_rules_find().await? else {
        return Ok(RulesView { revision: 0, changed_at: None, rules: AccessRules::default() });
    };
    // A document that cannot be read is no permission to go on without one.
    let rules = serde_json::from_str(&row.document).map_err(AppError::internal)?;
    Ok(RulesView { revision: row.revision, changed_at: (row.revision > 0).then_some(row.changed_at), rules })
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
