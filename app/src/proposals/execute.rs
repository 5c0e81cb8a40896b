//! What a change needs to be possible, and doing it. Both in the transaction that decides.

use domain::{MemberId, ProposalId, RoleBindingId, Timestamp};
use ledger::Object;
use policy::{
    access::{Can, Permit, Role},
    proposals::Change,
};
use store::{Influence, TenantTx};

use super::conflict;
use crate::{
    AppError,
    details::{Changed, Telling, Told},
    grants::{Parts, rules},
    members::may_give,
    notices::{Audience, NoticeKind},
    rights::rows,
    sinks,
};

/// Who proposed, through which proposal, and by which rule it is carried out.
pub(super) struct Order {
    pub(super) proposal: ProposalId,
    pub(super) proposer: MemberId,
    pub(super) rule: String,
}

/// Whether the change is possible now, and its proposer still one who may make it: whoever was disabled or demoted does
/// nothing more by what they left behind. Their rights and those of whom it is about do not change until `tx` ends.
///
/// # Errors
/// [`AppError::Conflict`] saying what is in its way.
pub(super) async fn check(parts: &Parts, tx: &TenantTx, proposer: MemberId, change: &Change) -> Result<(), AppError> {
    if !parts.authorizer.may(tx, proposer, change.action()).await? {
        return Err(conflict("not-possible", "its proposer may not make this change any more"));
    }
    match change {
        Change::RoleGrant { member, role } => {
            let own = parts.authorizer.roles(tx, proposer).await?;
            let given = |role| Change::role_takes_two(role) && may_give(own, role) && proposer != *member;
            let known = role.parse::<Role>().is_ok_and(given);
            let active = parts.authorizer.active(tx, *member).await?.is_some();
            let held = tx.role_binding_list(*member).await?.iter().any(|binding| binding.role == *role);
            if !known || !active {
                return Err(conflict(
                    "not-possible",
                    "the member is not active, or the role is not its proposer's to give",
                ));
            }
            if held { Err(conflict("not-possible", "the member has this role")) } else { Ok(()) }
        }
        Change::AccessRules { base, rules } => {
            if rules::in_force(tx, &parts.authorizer).await?.revision != *base {
                return Err(conflict("rules-changed", "another revision of the rules is in force"));
            }
            parts.check_rules(rules).map_err(|_| conflict("not-possible", "the rules cannot be met any more"))
        }
        Change::WebhookDelete { webhook, base, .. } | Change::WebhookUpdate { webhook, base, .. } => {
            sinks::two::check(tx, *webhook, *base).await
        }
    }
}

/// Carries the change out.
///
/// # Errors
/// What the store said; [`check`] has said before that it is possible.
pub(super) async fn carry_out<A: Can>(
    parts: &Parts,
    tx: &TenantTx,
    permit: &Permit<A>,
    change: &Change,
    order: &Order,
    now: Timestamp,
) -> Result<(), AppError> {
    match change {
        Change::RoleGrant { member, role } => give_role(parts, tx, permit, *member, role, order, now).await,
        Change::AccessRules { base, rules } => {
            let document = serde_json::to_string(rules).map_err(AppError::internal)?;
            let authority = parts.authorizer.authority_by(tx).await?;
            let mac = rows::rules(tx.tenant(), base + 1, &document, |of| authority.mac(of));
            if !tx.access_rules_replace(*base, &document, now, &mac).await? {
                return Err(AppError::internal("the locked rules changed"));
            }
            let tenant = Object::Tenant(tx.tenant());
            parts.audit().allowed_by(tx, permit, order.rule.clone(), "access-rules.update", tenant).await
        }
        Change::WebhookDelete { webhook, base, .. } => {
            sinks::two::carry_out_removal(parts, tx, permit, (*webhook, *base), order.rule.clone()).await
        }
        Change::WebhookUpdate { webhook, then, .. } => {
            sinks::two::carry_out_change(parts, tx, permit, (*webhook, then), order.rule.clone()).await
        }
    }
}

async fn give_role<A: Can>(
    parts: &Parts,
    tx: &TenantTx,
    permit: &Permit<A>,
    member: MemberId,
    role: &str,
    order: &Order,
    now: Timestamp,
) -> Result<(), AppError> {
    let authority = parts.authorizer.authority_by(tx).await?;
    let binding = RoleBindingId::from_uuid(order.proposal.uuid());
    tx.role_binding_insert(rows::new_binding(&authority, tx.tenant(), (binding, member), role.to_owned(), None, now))
        .await?;
    // Whoever got the role by somebody's proposal does not soon approve that person's next one.
    tx.member_influence_put(member, order.proposer, Influence::Promoted, now).await?;
    let told = Told::change(Changed::Role, None, Some(role));
    let telling = Telling::of(&parts.keys, tx, permit).await.about_member(&parts.keys, tx, member, told).await;
    let (by, object) = (order.rule.clone(), Object::RoleBinding(binding));
    parts.audit().allowed_by_telling(tx, permit, by, "role-binding.create", object, telling).await?;
    parts.tell(tx, NoticeKind::RoleChanged, Audience::Member(member), Object::Member(member)).await
}
