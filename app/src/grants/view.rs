//! From rows to what people see.

use std::collections::HashMap;

use domain::{GrantId, MemberId, Personal, ProjectId, TenantId};
use policy::grants::{GrantState, Need, Needs};
use store::{AccessGrantRow, SessionRow};

use super::{
    GrantDetail, GrantSummary, NO_REQUEST, Parts, Review, SessionMetadata, VoteView, content,
    decide::{needs_of, sessions_of},
    rules,
};
use crate::{AppError, columns};

impl Parts {
    /// A row as lists show it; `sessions` is how many it names.
    pub(super) async fn summary(&self, row: &AccessGrantRow, sessions: usize) -> Result<GrantSummary, AppError> {
        let tenant = row.tenant_id;
        let (reason, ticket) = match self.reason(row).await {
            Ok(told) => told,
            // Nobody may decide on what they were not shown; what is decided can be looked at without.
            Err(error) if row.state == GrantState::Pending => return Err(error),
            Err(_) => (Personal::new(String::new()), Personal::new(String::new())),
        };
        Ok(GrantSummary {
            id: row.id,
            kind: row.kind,
            state: row.state,
            requester: self.person(tenant, row.member_id).await,
            verb: row.verb,
            purpose: row.purpose,
            reason,
            ticket,
            sessions,
            by_filter: row.filter.is_some(),
            duration_s: row.duration_s,
            created_at: row.created_at,
            decide_by: row.decide_by,
            approved_at: row.approved_at,
            activated_at: row.activated_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            ended_reason: row.ended_reason,
            ended_by: self.maybe_person(tenant, row.ended_by).await,
            review: self.review_of(row).await?,
        })
    }

    async fn review_of(&self, row: &AccessGrantRow) -> Result<Option<Review>, AppError> {
        let Some(due_at) = row.review_due_at else { return Ok(None) };
        Ok(Some(Review {
            due_at,
            reviewed_at: row.reviewed_at,
            reviewed_by: self.maybe_person(row.tenant_id, row.reviewed_by).await,
            outcome: row.review_outcome,
            comment: match (&row.review_sealed, row.reviewed_by) {
                (Some(sealed), Some(by)) => {
                    self.comment(row.tenant_id, by, columns::GRANT_REVIEW, row.id, sealed).await?
                }
                _ => None,
            },
        }))
    }

    async fn maybe_person(&self, tenant: TenantId, id: Option<MemberId>) -> Option<super::Person> {
        match id {
            Some(id) => Some(self.person(tenant, id).await),
            None => None,
        }
    }

    async fn comment(
        &self,
        tenant: TenantId,
        by: MemberId,
        column: u64,
        grant: GrantId,
        sealed: &[u8],
    ) -> Result<Option<Personal<String>>, AppError> {
        let bytes = self.open_text(tenant, by, column, grant, sealed).await?;
        let text = bytes.map(String::from_utf8).transpose().map_err(AppError::internal)?;
        Ok(text.map(Personal::new))
    }

    /// Everything about one request or grant.
    pub(super) async fn detail(&self, tenant: TenantId, id: GrantId) -> Result<GrantDetail, AppError> {
        let tokens = self.label_tokens(tenant).await?;
        let read = self.store.tenant_read(tenant).await?;
        let row = read.access_grant_find(id).await?.ok_or(NO_REQUEST)?;
        let (mut sessions, pinned) = sessions_of(&read, &row).await?;
        let ids: Vec<_> = sessions.iter().map(|session| session.id).collect();
        let seen = crate::hex(&content::of(&row, &ids));
        let votes = read.access_grant_vote_list(&[id]).await?;
        let needs: Vec<Need> = if row.state == GrantState::Pending {
            let rules = rules::in_force(&read, &self.authorizer).await?.rules;
            needs_of(&read, &tokens, &rules, &sessions, row.verb).await?.iter().cloned().collect()
        } else {
            let needs = row.needs.as_deref().map(serde_json::from_str::<Needs>).transpose();
            needs.map_err(AppError::internal)?.map_or_else(Vec::new, |needs| needs.iter().cloned().collect())
        };
        let names: HashMap<ProjectId, String> =
            read.project_list().await?.into_iter().map(|project| (project.id, project.name)).collect();
        drop(read);
        let mut said = Vec::with_capacity(votes.len());
        for vote in votes {
            let by = self.person(tenant, vote.member_id).await;
            let comment = match &vote.comment_sealed {
                Some(sealed) => self.comment(tenant, vote.member_id, columns::GRANT_COMMENT, id, sealed).await?,
                None => None,
            };
            said.push(VoteView { by, vote: vote.vote, comment, at: vote.at });
        }
        let summary = self.summary(&row, if pinned { sessions.len() } else { 0 }).await?;
        let wanted = match &row.filter {
            Some(filter) => Some(serde_json::from_str(filter).map_err(AppError::internal)?),
            None => None,
        };
        // One more than may be approved is read, to tell "too many"; more is not shown.
        sessions.truncate(policy::grants::Limits::SESSIONS);
        let sessions = sessions.into_iter().map(|session| metadata(session, &names)).collect();
        Ok(GrantDetail { summary, sessions, wanted, needs, votes: said, seen: Some(seen) })
    }
}

fn metadata(session: SessionRow, names: &HashMap<ProjectId, String>) -> SessionMetadata {
    SessionMetadata {
        project_name: names.get(&session.project_id).cloned().unwrap_or_default(),
        id: session.id,
        project_id: session.project_id,
        state: session.state,
        started_at: session.started_at,
        duration_ms: session.duration_ms,
        has_error: session.has_error,
        release: session.release,
        browser: session.browser,
        os: session.os,
    }
}
