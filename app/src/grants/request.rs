//! Asking for access, and taking the request back.

use std::{collections::BTreeSet, time::Duration};

use domain::{GrantId, Personal, ProjectId, SessionId, SessionState, Timestamp};
use ledger::Object;
use policy::{
    access::{Action, Permit, can},
    grants::{GrantState, Kind, Limits, Purpose, Turn, Verb},
};
use serde::{Deserialize, Serialize};
use store::{AccessGrantFilter, AccessGrantRow, AccessGrantSessionRow, SessionFilter, TenantRead, TenantTx};
use vault::chain::{RowKey, sha256};

use super::{GrantDetail, Grants, NO_REQUEST, Reader, content, people::SealedReason, refused};
use crate::{
    AppError,
    auth::member_of,
    columns,
    details::{Telling, Told},
    notices::{Audience, NoticeKind},
    once::{self, Once},
};

/// Shortest and longest reason, in characters.
const REASON_CHARS: std::ops::RangeInclusive<usize> = 10..=2_000;
/// Longest ticket, in characters.
const TICKET_CHARS: usize = 100;
/// Longest word of a filter, in characters.
const WORD_CHARS: usize = 200;
/// Most requests of one person that wait for a decision.
const WAITING: usize = 20;

/// What sessions are chosen by until the first approval pins them: what is in clear, and so can be shown to a reviewer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Of this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectId>,
    /// Started at or after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Started before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// With or without errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_error: Option<bool>,
    /// Of this release; a trailing `*` means "starts with".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// In this browser family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// On this system family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
}

impl Wanted {
    /// As it is stored, in clear: words that sessions can have, and no room for a text.
    fn checked(&self) -> Result<String, AppError> {
        for (field, word) in [("release", &self.release), ("browser", &self.browser), ("os", &self.os)] {
            let fits =
                |word: &String| (1..=WORD_CHARS).contains(&word.chars().count()) && !word.contains(char::is_control);
            if !word.as_ref().is_none_or(fits) {
                let detail = format!("must have 1 to {WORD_CHARS} characters and no control characters");
                return Err(AppError::invalid(&format!("/filter/{field}"), detail));
            }
        }
        serde_json::to_string(self).map_err(AppError::internal)
    }
}

/// Which sessions are asked for.
#[derive(Debug, Clone)]
pub enum WantedSessions {
    /// These.
    Named(Vec<SessionId>),
    /// Those that a filter finds when the first reviewer approves.
    Found(Wanted),
}

/// An access request to be.
#[derive(Debug)]
pub struct RequestInput {
    /// Which sessions.
    pub sessions: WantedSessions,
    /// To do what.
    pub verb: Verb,
    /// What for.
    pub purpose: Purpose,
    /// Why, in the requester's words.
    pub reason: Personal<String>,
    /// The ticket it belongs to.
    pub ticket: Personal<String>,
    /// For how long.
    pub duration: Duration,
}

impl Grants {
    /// Asks for access.
    ///
    /// # Errors
    /// [`AppError::Invalid`], [`AppError::NotFound`] for a session that is not the tenant's, [`AppError::Conflict`] when
    /// too many requests of the same person wait.
    pub async fn request(
        &self,
        permit: &Permit<can::GrantRequest>,
        input: RequestInput,
        once: Option<Once>,
    ) -> Result<GrantDetail, AppError> {
        let (parts, tenant, member) = (&self.parts, permit.tenant(), member_of(permit.actor())?);
        if !(Limits::SHORTEST..=Limits::LONGEST).contains(&input.duration) {
            return Err(AppError::invalid("/minutes", "must be a number from 5 to 480"));
        }
        let named = checked_sessions(&input.sessions, Limits::SESSIONS)?;
        let reason = checked_reason(&input.reason, &input.ticket)?;
        let filter = match &input.sessions {
            WantedSessions::Named(_) => None,
            WantedSessions::Found(wanted) => Some(wanted.checked()?),
        };
        let (requester, key) = parts.own_key(tenant, member).await?;
        let now = parts.clock.now();
        let id = GrantId::mint(now, &*parts.entropy);
        let asked = [input.verb.as_str(), input.purpose.as_str(), &input.duration.as_secs().to_string()];
        let ids = named.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        // Sealed elsewhere: here only a mark that nobody can make without the asker's key, and nobody at all once it is gone.
        let told = crate::hex(&RowKey::derive(&key).body_mac(&sha256(&reason)));
        let asked = [&asked[..], &[&ids, filter.as_deref().unwrap_or_default(), &told]].concat();
        let tx = parts.store.tenant(tenant).await?;
        if let Some(earlier) = once::claim(once, &tx, permit, &asked, id.uuid(), now).await? {
            drop(tx);
            return self.find(&Reader::Own(permit), GrantId::from_uuid(earlier)).await;
        }
        // Two requests of one person at the same time are counted one after the other.
        tx.member_lock(member).await?;
        let waiting = AccessGrantFilter {
            member: Some(member),
            states: vec![GrantState::Pending],
            ..AccessGrantFilter::default()
        };
        if tx.access_grant_list(&waiting, None, WAITING as u64).await?.len() >= WAITING {
            return Err(AppError::Conflict {
                code: "access-request-limit",
                detail: format!("{WAITING} of your requests wait for a decision; take one back or wait"),
                next: None,
            });
        }
        found_in(&tx, &named).await?;
        let row = AccessGrantRow {
            tenant_id: tenant,
            id,
            kind: Kind::Request,
            state: GrantState::Pending,
            member_id: member,
            verb: input.verb,
            purpose: input.purpose,
            reason_sealed: parts.seal_text(&key, columns::GRANT_REASON, tenant, id, &reason),
            filter,
            duration_s: u32::try_from(input.duration.as_secs()).map_err(AppError::internal)?,
            created_at: now,
            decide_by: now.plus(Limits::PENDING),
            needs: None,
            approved_at: None,
            activated_at: None,
            expires_at: None,
            ended_at: None,
            ended_reason: None,
            ended_by: None,
            role: None,
            review_due_at: None,
            reminded_at: None,
            reviewed_at: None,
            reviewed_by: None,
            review_outcome: None,
            review_sealed: None,
            mac: None,
        };
        tx.access_grant_insert(row).await?;
        pin(&tx, id, &named).await?;
        let told = Told::reason(input.reason.expose().trim()).placed(permit.place());
        let telling = Telling::by(requester.person_key_id, key, told);
        parts.audit().allowed_telling(&tx, permit, "access-request.create", Object::Grant(id), telling).await?;
        let reviewers = Audience::HoldersBut(Action::GrantReview, member);
        parts.tell(&tx, NoticeKind::AccessRequested, reviewers, Object::Grant(id)).await?;
        tx.commit().await?;
        self.find(&Reader::Own(permit), id).await
    }

    /// Takes a request of one's own back, or gives a grant up.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for one that is not the caller's, [`AppError::Conflict`] for one that is over.
    pub async fn withdraw(&self, permit: &Permit<can::GrantRequest>, id: GrantId) -> Result<GrantDetail, AppError> {
        let (parts, member) = (&self.parts, member_of(permit.actor())?);
        let now = parts.clock.now();
        let tx = parts.store.tenant(permit.tenant()).await?;
        let row = tx.access_grant_lock(id).await?.ok_or(NO_REQUEST)?;
        let turn = content::life(&row).withdraw(member).map_err(refused)?;
        end(&tx, &row, turn, Some(member), now).await?;
        let telling = Telling::of(&parts.keys, &tx, permit).await;
        parts.audit().allowed_telling(&tx, permit, "access-request.cancel", Object::Grant(id), telling).await?;
        tx.commit().await?;
        self.find(&Reader::Own(permit), id).await
    }
}

/// Writes an end that the life of `row` came to.
pub(super) async fn end(
    tx: &TenantTx,
    row: &AccessGrantRow,
    turn: Turn,
    by: Option<domain::MemberId>,
    now: Timestamp,
) -> Result<(), AppError> {
    let Turn::Over { state, reason } = turn else { return Ok(()) };
    if tx.access_grant_end(row.id, row.state, state, reason, by, now).await? {
        return Ok(());
    }
    // The row is locked, so this is a defect and not somebody faster.
    Err(AppError::internal("a locked request changed its state"))
}

/// Says what a request opens.
pub(super) async fn pin(tx: &TenantTx, grant: GrantId, sessions: &[SessionId]) -> Result<(), AppError> {
    for session in sessions {
        let row = AccessGrantSessionRow { tenant_id: tx.tenant(), grant_id: grant, session_id: *session };
        match tx.access_grant_session_insert(row).await {
            Err(store::StoreError::MissingParent) => return Err(NO_SESSION),
            outcome => outcome?,
        }
    }
    Ok(())
}

const NO_SESSION: AppError = AppError::NotFound { kind: "session" };

/// The tenant's sessions of these ids; one that is missing or erased is not found.
pub(super) async fn found_in(read: &TenantRead, ids: &[SessionId]) -> Result<Vec<store::SessionRow>, AppError> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let row = read.session_find(*id).await?.filter(|row| row.state != SessionState::Erased);
        rows.push(row.ok_or(NO_SESSION)?);
    }
    Ok(rows)
}

/// What a filter finds now. One that finds none or too many cannot be approved.
pub(super) async fn resolve(read: &TenantRead, wanted: &Wanted) -> Result<Vec<store::SessionRow>, AppError> {
    let filter = SessionFilter {
        project: wanted.project,
        from: wanted.from,
        to: wanted.to,
        has_error: wanted.has_error,
        release: wanted.release.clone(),
        browser: wanted.browser.clone(),
        os: wanted.os.clone(),
        ..SessionFilter::default()
    };
    let rows = read.session_list(&filter, None, Limits::SESSIONS as u64 + 1).await?;
    Ok(rows.into_iter().filter(|row| row.state != SessionState::Erased).collect())
}

fn checked_sessions(wanted: &WantedSessions, most: usize) -> Result<Vec<SessionId>, AppError> {
    let WantedSessions::Named(named) = wanted else { return Ok(Vec::new()) };
    let distinct: BTreeSet<SessionId> = named.iter().copied().collect();
    if distinct.is_empty() || distinct.len() > most || distinct.len() != named.len() {
        return Err(AppError::invalid("/sessions", format!("must name 1 to {most} sessions, each once")));
    }
    Ok(distinct.into_iter().collect())
}

/// Reason and ticket as they are sealed. Both are free text: they may name people, and so never stand in clear.
pub(super) fn checked_reason(reason: &Personal<String>, ticket: &Personal<String>) -> Result<Vec<u8>, AppError> {
    let (text, ticket) = (reason.expose().trim(), ticket.expose().trim());
    if !REASON_CHARS.contains(&text.chars().count()) {
        return Err(AppError::invalid("/reason", "must say why, in 10 to 2000 characters"));
    }
    if ticket.is_empty() || ticket.chars().count() > TICKET_CHARS || ticket.chars().any(char::is_control) {
        return Err(AppError::invalid("/ticket", format!("must name a ticket, in 1 to {TICKET_CHARS} characters")));
    }
    serde_json::to_vec(&SealedReason { text: text.to_owned(), ticket: ticket.to_owned() }).map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_few_and_named_once() {
        let id = |n: u128| SessionId::from_uuid(uuid::Uuid::from_u128(n));
        let check = |ids: Vec<SessionId>| checked_sessions(&WantedSessions::Named(ids), 50).is_ok();
        assert!(check(vec![id(1)]) && check((0..50).map(id).collect()));
        assert!(!check(vec![]) && !check((0..51).map(id).collect()) && !check(vec![id(1), id(1)]));
    }

    #[test]
    fn a_reason_is_one_and_a_ticket_is_named() {
        let check = |reason: &str, ticket: &str| {
            checked_reason(&Personal::new(reason.to_owned()), &Personal::new(ticket.to_owned())).is_ok()
        };
        assert!(check("the checkout fails for some", "SHOP-17"));
        assert!(!check("because", "SHOP-17") && !check("          x          ", "SHOP-17"));
        assert!(!check(&"x".repeat(2_001), "SHOP-17"));
        for ticket in ["", "  ", "A\nB", &"x".repeat(101)] {
            assert!(!check("the checkout fails for some", ticket), "{ticket:?}");
        }
    }
}
