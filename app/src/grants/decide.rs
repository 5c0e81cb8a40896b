//! Voting on requests, and ending grants before their time.

use std::collections::BTreeMap;

use domain::{GrantId, MemberId, Personal, SessionId, Timestamp};
use ledger::Object;
use policy::{
    access::{LabelToken, Permit, can},
    grants::{AccessRules, GrantState, Kind, Limits, Needs, Refusal, RuledSession, Turn, Verb},
};
use store::{AccessGrantRow, AccessGrantVoteRow, SessionRow, StoreError, TenantRead, TenantTx, Vote};
use vault::{authority::Authority, blind::SearchTokens};

use super::{
    GrantDetail, Grants, NO_REQUEST, content, people, refused,
    request::{Wanted, end, pin, resolve},
    rules,
};
use crate::{
    AppError,
    auth::member_of,
    columns,
    details::{Telling, Told},
    notices::{Audience, NoticeKind},
    rights::rows,
};

/// Longest comment, in characters.
const COMMENT_CHARS: usize = 1_000;

/// What a reviewer says.
#[derive(Debug, Clone)]
pub struct Ballot {
    /// Names what they were shown (`seen` of the request's page).
    pub seen: String,
    /// What they write.
    pub comment: Option<Personal<String>>,
}

/// A request under lock, with what a vote looks at.
struct Case {
    row: AccessGrantRow,
    votes: Vec<AccessGrantVoteRow>,
    /// What it opens: pinned, or what its filter finds now.
    sessions: Vec<SessionRow>,
    /// Whether they are pinned already.
    pinned: bool,
    seen: [u8; 32],
}

impl Case {
    fn ids(&self) -> Vec<SessionId> {
        self.sessions.iter().map(|session| session.id).collect()
    }
}

impl Grants {
    /// Approves a request. It may be used once everything it needs has been said.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] `own-request`, [`AppError::Conflict`] when it was decided, changed, or the filter finds none
    /// or too many.
    pub async fn approve(
        &self,
        permit: &Permit<can::GrantReview>,
        id: GrantId,
        ballot: Ballot,
    ) -> Result<GrantDetail, AppError> {
        let (parts, voter) = (&self.parts, member_of(permit.actor())?);
        let (comment, telling) = self.comment(permit, id, columns::GRANT_COMMENT, ballot.comment.as_ref()).await?;
        let tokens = parts.label_tokens(permit.tenant()).await?;
        let now = parts.clock.now();
        let authority = parts.authorizer.authority(permit.tenant()).await?;
        let tx = parts.store.tenant(permit.tenant()).await?;
        let case = self.case(&tx, id, voter).await?;
        let earlier = people::approvers(&tx, &parts.authorizer, &case.votes, &case.seen).await?;
        let rules = rules::in_force(&tx, &parts.authorizer).await?.rules;
        let needs = needs_of(&tx, &tokens, &rules, &case.sessions, case.row.verb).await?;
        let own = people::reviewer(&tx, &parts.authorizer, voter).await?;
        let life = content::life(&case.row);
        if case.votes.iter().any(|vote| vote.member_id == voter) {
            return Err(refused(Refusal::Twice));
        }
        let turn = life.approve(&own, &earlier, &needs, now).map_err(refused)?;
        check_seen(&case, &ballot.seen)?;
        if !case.pinned {
            pin(&tx, id, &case.ids()).await?;
        }
        vote((&tx, &authority), &case, voter, Vote::Approve, comment, now).await?;
        if let Turn::Approved { until } = turn {
            let needs = serde_json::to_string(&needs).map_err(AppError::internal)?;
            let (approved_at, expires_at) = (Some(now), Some(until));
            let granted = AccessGrantRow { needs: Some(needs.clone()), approved_at, expires_at, ..case.row.clone() };
            let mac = rows::grant(&granted, &case.seen, |of| authority.mac(of));
            if !tx.access_grant_approve(id, &needs, now, until, &mac).await? {
                return Err(refused(Refusal::TimeOver));
            }
            let asker = Audience::Member(case.row.member_id);
            parts.tell(&tx, NoticeKind::AccessDecided, asker, Object::Grant(id)).await?;
        }
        parts.audit().allowed_telling(&tx, permit, "access-request.approve", Object::Grant(id), telling).await?;
        tx.commit().await?;
        self.detail(permit.tenant(), id).await
    }

    /// Denies a request. One reviewer's no is enough.
    ///
    /// # Errors
    /// As [`Grants::approve`].
    pub async fn deny(
        &self,
        permit: &Permit<can::GrantReview>,
        id: GrantId,
        comment: Option<Personal<String>>,
    ) -> Result<GrantDetail, AppError> {
        let (parts, voter) = (&self.parts, member_of(permit.actor())?);
        let (comment, telling) = self.comment(permit, id, columns::GRANT_COMMENT, comment.as_ref()).await?;
        let now = parts.clock.now();
        let authority = parts.authorizer.authority(permit.tenant()).await?;
        let tx = parts.store.tenant(permit.tenant()).await?;
        let case = self.case(&tx, id, voter).await?;
        let own = people::reviewer(&tx, &parts.authorizer, voter).await?;
        let turn = content::life(&case.row).deny(&own, now).map_err(refused)?;
        // Whoever approved and has second thoughts says so by denying: their approval stays on record beside the end.
        if case.votes.iter().all(|vote| vote.member_id != voter) {
            vote((&tx, &authority), &case, voter, Vote::Deny, comment, now).await?;
        }
        end(&tx, &case.row, turn, Some(voter), now).await?;
        parts.audit().allowed_telling(&tx, permit, "access-request.deny", Object::Grant(id), telling).await?;
        let asker = Audience::Member(case.row.member_id);
        parts.tell(&tx, NoticeKind::AccessDecided, asker, Object::Grant(id)).await?;
        tx.commit().await?;
        self.detail(permit.tenant(), id).await
    }

    /// Ends a grant before its time; streams under it are cut within five seconds.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Conflict`] when it is not in force.
    pub async fn revoke(&self, permit: &Permit<can::GrantRevoke>, id: GrantId) -> Result<GrantDetail, AppError> {
        let (parts, by) = (&self.parts, member_of(permit.actor())?);
        let now = parts.clock.now();
        let tx = parts.store.tenant(permit.tenant()).await?;
        let row = tx.access_grant_lock(id).await?.ok_or(AppError::NotFound { kind: "grant" })?;
        if row.state == GrantState::Pending {
            return Err(AppError::NotFound { kind: "grant" });
        }
        let turn = content::life(&row).revoke().map_err(refused)?;
        end(&tx, &row, turn, Some(by), now).await?;
        let telling = Telling::of(&parts.keys, &tx, permit).await;
        parts.audit().allowed_telling(&tx, permit, "grant.revoke", Object::Grant(id), telling).await?;
        let holder = Audience::Member(row.member_id);
        parts.tell(&tx, NoticeKind::GrantRevoked, holder, Object::Grant(id)).await?;
        tx.commit().await?;
        self.detail(permit.tenant(), id).await
    }

    /// What a reviewer writes, sealed under their key before any row is locked, and what is put on record of it.
    pub(super) async fn comment<A: policy::access::Can>(
        &self,
        permit: &Permit<A>,
        id: GrantId,
        column: u64,
        comment: Option<&Personal<String>>,
    ) -> Result<(Option<Vec<u8>>, Telling), AppError> {
        let (parts, tenant) = (&self.parts, permit.tenant());
        let Some(text) = comment.map(|text| text.expose().trim()).filter(|text| !text.is_empty()) else {
            let read = parts.store.tenant_read(tenant).await?;
            return Ok((None, Telling::of(&parts.keys, &read, permit).await));
        };
        if text.chars().count() > COMMENT_CHARS {
            return Err(AppError::invalid("/comment", format!("must have at most {COMMENT_CHARS} characters")));
        }
        let (reviewer, key) = parts.own_key(tenant, member_of(permit.actor())?).await?;
        let sealed = parts.seal_text(&key, column, tenant, id, text.as_bytes());
        let told = Told::reason(text).placed(permit.place());
        Ok((Some(sealed), Telling::by(reviewer.person_key_id, key, told)))
    }

    /// Locks a request, and the rights of everybody whose voice it rests on.
    async fn case(&self, tx: &TenantTx, id: GrantId, voter: MemberId) -> Result<Case, AppError> {
        let row = tx.access_grant_lock(id).await?.filter(|row| row.kind == Kind::Request).ok_or(NO_REQUEST)?;
        let given = tx.access_grant_vote_list(&[id]).await?;
        people::hold(tx, given.iter().map(|vote| vote.member_id).chain([voter])).await?;
        let (sessions, pinned) = sessions_of(tx, &row).await?;
        let ids: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
        let seen = content::of(&row, &ids);
        Ok(Case { row, votes: given, sessions, pinned, seen })
    }
}

/// What a request opens, and whether that is pinned. An unpinned filter that finds none or too many gives what it finds.
pub(super) async fn sessions_of(read: &TenantRead, row: &AccessGrantRow) -> Result<(Vec<SessionRow>, bool), AppError> {
    let pinned: Vec<SessionId> =
        read.access_grant_session_list(&[row.id]).await?.into_iter().map(|session| session.session_id).collect();
    if !pinned.is_empty() {
        let mut rows = Vec::with_capacity(pinned.len());
        for id in pinned {
            // An erased session stays named: what was agreed to is not changed by it.
            rows.extend(read.session_find(id).await?);
        }
        return Ok((rows, true));
    }
    match &row.filter {
        Some(filter) => {
            let wanted: Wanted = serde_json::from_str(filter).map_err(AppError::internal)?;
            Ok((resolve(read, &wanted).await?, false))
        }
        None => Ok((Vec::new(), true)),
    }
}

/// What this request needs by these rules. Labels of sessions are sealed; those that a rule names are known by their tokens.
pub(super) async fn needs_of(
    read: &TenantRead,
    tokens: &SearchTokens,
    rules: &AccessRules,
    sessions: &[SessionRow],
    verb: Verb,
) -> Result<Needs, AppError> {
    let named: Vec<(&String, LabelToken)> =
        rules.rules.iter().flat_map(|rule| &rule.labels).map(|label| (label, tokens.label(label).token)).collect();
    let ids: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
    let mut marks = if named.is_empty() { BTreeMap::new() } else { read.session_label_tokens_of(&ids).await? };
    let fact_of = |session: &SessionRow| {
        let marked = marks.remove(&session.id).unwrap_or_default();
        let labels = named.iter().filter(|(_, token)| marked.contains(token)).map(|(label, _)| (*label).clone());
        RuledSession { project: session.project_id, labels: labels.collect(), sensitivity: session.sensitivity }
    };
    let facts: Vec<RuledSession> = sessions.iter().map(fact_of).collect();
    Ok(rules.needs(&facts, verb))
}

/// The voter saw what is here, and it can be approved at all.
fn check_seen(case: &Case, seen: &str) -> Result<(), AppError> {
    let conflict = |code, detail: &str| AppError::Conflict { code, detail: detail.to_owned(), next: None };
    if case.sessions.is_empty() {
        return Err(conflict("filter-finds-none", "the request's filter finds no session now"));
    }
    if case.sessions.len() > Limits::SESSIONS {
        return Err(conflict("filter-finds-too-many", "the request's filter finds more than 50 sessions now"));
    }
    if crate::unhex(seen) == Some(case.seen) {
        return Ok(());
    }
    Err(conflict("request-changed", "the request is not what you were shown; look at it again"))
}

async fn vote(
    (tx, authority): (&TenantTx, &Authority),
    case: &Case,
    voter: MemberId,
    vote: Vote,
    comment_sealed: Option<Vec<u8>>,
    at: Timestamp,
) -> Result<(), AppError> {
    let row = AccessGrantVoteRow {
        tenant_id: tx.tenant(),
        grant_id: case.row.id,
        member_id: voter,
        requester_id: case.row.member_id,
        vote,
        seen: case.seen,
        comment_sealed,
        at,
        mac: Vec::new(),
    };
    let row = rows::sealed_vote(authority, row);
    match tx.access_grant_vote_insert(row).await {
        Err(StoreError::Conflict) => Err(refused(Refusal::Twice)),
        outcome => Ok(outcome?),
    }
}
