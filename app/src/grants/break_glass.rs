//! Breaking glass: opening sessions at once, in front of everybody, reviewed afterwards.
//!
//! A use is a grant that begins in use and stands on no approval. Uses of a tenant and their reviews come one after the
//! other, behind the tenant's rules row: three a day are three, however many ask at once, and two people cannot review each
//! other past the rule that forbids it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use domain::{GrantId, MemberId, Personal, Sensitivity, SessionId, TenantId, Timestamp};
use ledger::Object;
use policy::{
    access::{Action, Permit, Scope, can},
    grants::{
        GrantState, Kind, Purpose, ReviewOutcome, Verb,
        break_glass::{self, Facts, Refusal},
    },
};
use serde::{Deserialize, Serialize};
use store::{AccessGrantFilter, AccessGrantRow, SessionRow, TenantTx};

use super::{
    GrantDetail, GrantSummary, Grants, content, people,
    request::{checked_reason, found_in, pin},
    rules,
};
use crate::{
    AppError, Page, Paged,
    auth::member_of,
    columns,
    details::{Telling, Told},
    factors::Demand,
    jobs::{JobKind, Payload, Report},
    looks::Look,
    notices::{Audience, NoticeKind},
    once::{self, Once},
    rights::rows,
};

/// Between two reminders of one review.
const REMIND_EVERY: Duration = Duration::from_secs(24 * 3_600);

/// A use to be.
#[derive(Debug)]
pub struct BreakGlassInput {
    /// Which sessions.
    pub sessions: Vec<SessionId>,
    /// What for.
    pub purpose: Purpose,
    /// Why, in the user's words.
    pub reason: Personal<String>,
    /// The ticket it belongs to.
    pub ticket: Personal<String>,
    /// For how long.
    pub duration: Duration,
}

/// The job that reminds of reviews.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemindReviews {}

impl Payload for RemindReviews {
    const KIND: JobKind = JobKind::new("review-remind");
}

/// What one sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RemindReport {
    /// Reviews of which people were reminded.
    pub reminded: u64,
}

impl Report for RemindReport {
    fn is_quiet(&self) -> bool {
        *self == Self::default()
    }
}

impl Grants {
    /// Breaks glass: opens sessions at once. Everybody who reviews is told in the same transaction.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`] without a fresh second factor; [`AppError::Forbidden`] for restricted sessions;
    /// [`AppError::Conflict`] when the day's uses are spent, a review is owed, or it would renew an earlier use.
    pub async fn break_glass(
        &self,
        permit: &Permit<can::BreakGlassUse>,
        input: BreakGlassInput,
        once: Option<Once>,
    ) -> Result<GrantDetail, AppError> {
        let (parts, tenant, member) = (&self.parts, permit.tenant(), member_of(permit.actor())?);
        let mfa_at = parts.factors.require(permit, Demand::Factor, break_glass::FRESH).await?.mfa_at;
        let reason = checked_reason(&input.reason, &input.ticket)?;
        let sessions: BTreeSet<SessionId> = input.sessions.iter().copied().collect();
        if sessions.is_empty() || sessions.len() > break_glass::SESSIONS || sessions.len() != input.sessions.len() {
            return Err(refused(Refusal::Sessions));
        }
        let sessions: Vec<SessionId> = sessions.into_iter().collect();
        let (user, key) = parts.own_key(tenant, member).await?;
        let now = parts.clock.now();
        let id = GrantId::mint(now, &*parts.entropy);

        let tx = parts.store.tenant(tenant).await?;
        rules::lock(&tx, &parts.authorizer, now).await?;
        let ids = sessions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let told = String::from_utf8_lossy(&reason);
        let asked = [input.purpose.as_str(), &input.duration.as_secs().to_string(), &ids, &told];
        if let Some(earlier) = once::claim(once, &tx, permit, &asked, id.uuid(), now).await? {
            drop(tx);
            return self.detail(tenant, GrantId::from_uuid(earlier)).await;
        }
        people::hold(&tx, [member]).await?;
        if !parts.authorizer.may(&tx, member, Action::BreakGlassUse).await? {
            return Err(crate::forbidden());
        }
        let rows = found_in(&tx, &sessions).await?;
        let facts = Facts { mfa_at, duration: input.duration, ..facts(&tx, member, &rows, now).await? };
        break_glass::may_break(&facts, now).map_err(refused)?;
        // What a role is limited to is what glass is broken for; what a role denies stays denied.
        if denied(&tx, &permit.scope(), &rows).await? {
            return Err(crate::forbidden());
        }
        let sealed = parts.seal_text(&key, columns::GRANT_REASON, tenant, id, &reason);
        let role = role_in(&permit.rule())?.to_owned();
        let row = row(tenant, id, member, role, &input, sealed, now)?;
        let authority = parts.authorizer.authority_by(&tx).await?;
        let row = rows::sealed_grant(&authority, row.clone(), &content::of(&row, &sessions));
        tx.access_grant_insert(row).await?;
        pin(&tx, id, &sessions).await?;
        let told = Told::reason(input.reason.expose().trim()).placed(permit.place());
        let telling = Telling::by(user.person_key_id, key, told);
        parts.audit().allowed_telling(&tx, permit, "break-glass.use", Object::Grant(id), telling).await?;
        // Also who broke it: if it was somebody else with their credentials, they learn of it.
        let watchers = Audience::HoldersAnd(Action::BreakGlassReview, member);
        parts.tell(&tx, NoticeKind::BreakGlassUsed, watchers, Object::Grant(id)).await?;
        tx.commit().await?;
        tracing::warn!(tenant.id = %tenant, grant.id = %id, sessions = sessions.len(), "glass was broken");
        metrics::counter!("sealtape_break_glass_uses_total").increment(1);
        self.detail(tenant, id).await
    }

    /// One page of broken glass, newest first; without a review only, when asked so. Reading it is on record.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn broken(
        &self,
        permit: &Permit<can::BreakGlassReview>,
        unreviewed: bool,
        page: Page,
    ) -> Result<Paged<GrantSummary>, AppError> {
        let wanted = AccessGrantFilter { kind: Some(Kind::BreakGlass), unreviewed, ..AccessGrantFilter::default() };
        self.after("break-glass", permit.tenant(), &wanted, &page)?;
        self.record_look(permit, Look::BrokenGlass).await?;
        self.page(permit.tenant(), "break-glass", wanted, page).await
    }

    /// Reviews a use, once it is over.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] `own-request` for one's own use; [`AppError::Conflict`] while it is
    /// open, when it was reviewed, or while a use of the reviewer's own waits for its review.
    pub async fn review(
        &self,
        permit: &Permit<can::BreakGlassReview>,
        id: GrantId,
        outcome: ReviewOutcome,
        comment: Option<&Personal<String>>,
    ) -> Result<GrantDetail, AppError> {
        let (parts, reviewer) = (&self.parts, member_of(permit.actor())?);
        let (comment, telling) = self.comment(permit, id, columns::GRANT_REVIEW, comment).await?;
        let now = parts.clock.now();
        let tx = parts.store.tenant(permit.tenant()).await?;
        rules::lock(&tx, &parts.authorizer, now).await?;
        let row = tx.access_grant_lock(id).await?.filter(|row| row.kind == Kind::BreakGlass).ok_or(NO_USE)?;
        people::hold(&tx, [reviewer]).await?;
        if !parts.authorizer.may(&tx, reviewer, Action::BreakGlassReview).await? {
            return Err(crate::forbidden());
        }
        if row.member_id == reviewer {
            return Err(super::refused(policy::grants::Refusal::Own));
        }
        if row.reviewed_at.is_some() {
            return Err(conflict("already-reviewed", "this use has been reviewed"));
        }
        if row.state == GrantState::Active && row.expires_at.is_some_and(|until| now < until) {
            return Err(conflict("break-glass-open", "this use is still open; end it first, or wait for its end"));
        }
        if tx.access_grant_unreviewed().await?.iter().any(|open| open.member_id == reviewer) {
            return Err(conflict(
                "review-of-own-open",
                "a use of your own waits for its review; until then you review nobody's",
            ));
        }
        if !tx.access_grant_review(id, reviewer, outcome, comment, now).await? {
            return Err(conflict("already-reviewed", "this use has been reviewed"));
        }
        parts.audit().allowed_telling(&tx, permit, "break-glass.review", Object::Grant(id), telling).await?;
        let user = Audience::Member(row.member_id);
        parts.tell(&tx, NoticeKind::BreakGlassReviewed, user, Object::Grant(id)).await?;
        tx.commit().await?;
        self.detail(permit.tenant(), id).await
    }

    /// Whether the tenant has a use that waits for its review.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remind_wanted(&self, tenant: TenantId) -> Result<bool, AppError> {
        Ok(!self.parts.store.tenant_read(tenant).await?.access_grant_unreviewed().await?.is_empty())
    }

    /// Reminds everybody who reviews of uses that wait, once a day each.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remind(&self, permit: &Permit<can::ReviewRemind>) -> Result<RemindReport, AppError> {
        let (parts, mut report) = (&self.parts, RemindReport::default());
        let now = parts.clock.now();
        let due = |row: &AccessGrantRow| now >= row.reminded_at.unwrap_or(row.created_at).plus(REMIND_EVERY);
        let waiting = parts.store.tenant_read(permit.tenant()).await?.access_grant_unreviewed().await?;
        for row in waiting.iter().filter(|row| due(row)) {
            let tx = parts.store.tenant(permit.tenant()).await?;
            let Some(row) = tx.access_grant_lock(row.id).await? else { continue };
            if !due(&row) || !tx.access_grant_reminded(row.id, now).await? {
                continue;
            }
            parts.audit().allowed(&tx, permit, "break-glass.remind", Object::Grant(row.id)).await?;
            let reviewers = Audience::HoldersBut(Action::BreakGlassReview, row.member_id);
            parts.tell(&tx, NoticeKind::BreakGlassReviewDue, reviewers, Object::Grant(row.id)).await?;
            tx.commit().await?;
            report.reminded += 1;
        }
        Ok(report)
    }
}

/// What bears on a use of `member`'s for these sessions, as the rows say now; their second factor and how long are not here.
async fn facts(tx: &TenantTx, member: MemberId, rows: &[SessionRow], now: Timestamp) -> Result<Facts, AppError> {
    // Whoever has several roles is of each of them: a debt is not passed by using another one.
    let roles: BTreeSet<String> = tx.role_binding_list(member).await?.into_iter().map(|binding| binding.role).collect();
    let unreviewed = tx.access_grant_unreviewed().await?;
    Ok(Facts {
        sessions: rows.len(),
        restricted: rows.iter().any(|row| row.sensitivity != Sensitivity::Normal),
        uses: tx.access_grant_broken_since(now.minus(break_glass::WINDOW)).await?,
        role_owes_review: unreviewed.iter().any(|past| owes(past, &roles, now)),
        again: renews(tx, &unreviewed, member, rows).await?,
        ..Facts::default()
    })
}

/// A use that begins now, open.
fn row(
    tenant_id: TenantId,
    id: GrantId,
    member_id: MemberId,
    role: String,
    input: &BreakGlassInput,
    reason_sealed: Vec<u8>,
    now: Timestamp,
) -> Result<AccessGrantRow, AppError> {
    Ok(AccessGrantRow {
        tenant_id,
        id,
        kind: Kind::BreakGlass,
        state: GrantState::Active,
        member_id,
        verb: Verb::View,
        purpose: input.purpose,
        reason_sealed,
        filter: None,
        duration_s: u32::try_from(input.duration.as_secs()).map_err(AppError::internal)?,
        created_at: now,
        decide_by: now,
        needs: None,
        approved_at: Some(now),
        activated_at: Some(now),
        expires_at: Some(now.plus(input.duration)),
        ended_at: None,
        ended_reason: None,
        ended_by: None,
        role: Some(role),
        review_due_at: Some(now.plus(break_glass::REVIEW_WITHIN)),
        reminded_at: None,
        reviewed_at: None,
        reviewed_by: None,
        review_outcome: None,
        review_sealed: None,
        mac: None,
    })
}

/// The role that allowed it, as its rule names it: `policy/role/action`.
fn role_in(rule: &str) -> Result<&str, AppError> {
    rule.split('/').nth(1).ok_or_else(|| AppError::internal("a rule without a role"))
}

/// Whether this use is past its review and was made by somebody of one of these roles.
fn owes(past: &AccessGrantRow, roles: &BTreeSet<String>, now: Timestamp) -> bool {
    let ours = past.role.as_ref().is_some_and(|role| roles.contains(role));
    ours && past.review_due_at.is_none_or(|due| due <= now)
}

/// Whether a role denies breaking glass for one of these sessions.
async fn denied(tx: &TenantTx, scope: &Scope<'_>, rows: &[SessionRow]) -> Result<bool, AppError> {
    let ids: Vec<SessionId> = rows.iter().map(|row| row.id).collect();
    let mut labels = if scope.asks_for_labels() { tx.session_label_tokens_of(&ids).await? } else { BTreeMap::new() };
    Ok(rows.iter().any(|row| scope.takes_from(&row.facts(labels.remove(&row.id).unwrap_or_default()))))
}

/// Whether one of these sessions was opened by this member in a use that nobody has reviewed.
async fn renews(
    tx: &TenantTx,
    unreviewed: &[AccessGrantRow],
    member: MemberId,
    rows: &[SessionRow],
) -> Result<bool, AppError> {
    let own: Vec<GrantId> = unreviewed.iter().filter(|row| row.member_id == member).map(|row| row.id).collect();
    let opened = tx.access_grant_session_list(&own).await?;
    Ok(opened.iter().any(|past| rows.iter().any(|row| row.id == past.session_id)))
}

const NO_USE: AppError = AppError::NotFound { kind: "broken glass" };

fn conflict(code: &'static str, detail: &str) -> AppError {
    AppError::Conflict { code, detail: detail.to_owned(), next: None }
}

fn refused(refusal: Refusal) -> AppError {
    match refusal {
        // The second factor was asked for before; the clock has moved since.
        Refusal::NotFresh => crate::forbidden(),
        Refusal::Sessions => AppError::invalid("/sessions", "must name 1 to 20 sessions, each once"),
        Refusal::TooLong => AppError::invalid("/minutes", "must be a number from 1 to 60"),
        Refusal::Restricted => AppError::Forbidden {
            code: "break-glass-restricted",
            detail: "restricted sessions are never opened by breaking glass; ask for access to them",
        },
        Refusal::Spent => conflict("break-glass-spent", "your tenant has broken glass three times within 24 hours"),
        Refusal::ReviewOwed => {
            conflict("review-owed", "a use by somebody of your role was not reviewed within 72 hours; have it reviewed")
        }
        Refusal::NotRenewable => {
            conflict("break-glass-not-renewable", "you opened one of these sessions before, and nobody has reviewed it")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_its_role() {
        assert_eq!(role_in("access@4/engineer/break-glass.use").expect("names one"), "engineer");
        assert!(role_in("access").is_err());
    }
}
