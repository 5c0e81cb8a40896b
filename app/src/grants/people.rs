//! Who people are and what they may do, as the rows say at this moment.

use domain::{MemberId, Personal, TenantId};
use ledger::Object;
use policy::{access::Action, grants::Reviewer};
use serde::{Deserialize, Serialize};
use store::{AccessGrantRow, AccessGrantVoteRow, MemberRow, TenantRead, TenantTx, Vote};
use vault::{
    Key32,
    blind::SearchTokens,
    seal::{self, Codec, Kind as SealKind, ObjectContext},
    wrap::Purpose,
};

use super::{Parts, Person};
use crate::{
    AppError,
    auth::member_context,
    columns,
    keys::open_error,
    rights::{Rights, rows},
};

/// A reason and its ticket, as they are sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct SealedReason {
    pub(super) text: String,
    pub(super) ticket: String,
}

/// Somebody's rights now. Whoever is disabled has none.
pub(crate) async fn reviewer(read: &TenantRead, rights: &Rights, member: MemberId) -> Result<Reviewer, AppError> {
    let bound = rights.bound(read, member).await?;
    Ok(Reviewer {
        member,
        // A role that is held for some sessions only makes nobody a reviewer of all.
        roles: bound
            .iter()
            .filter(|b| b.sound && !b.held.terms.is_limited())
            .map(|bound| bound.role.to_string())
            .collect(),
        may_review: rights.may(read, member, Action::GrantReview).await?,
    })
}

/// Those whose approval of exactly `seen` stands, with their rights as they are now.
pub(crate) async fn approvers(
    read: &TenantRead,
    rights: &Rights,
    votes: &[AccessGrantVoteRow],
    seen: &[u8; 32],
) -> Result<Vec<Reviewer>, AppError> {
    if votes.is_empty() {
        return Ok(Vec::new());
    }
    let authority = rights.authority_by(read).await?;
    let mut people = Vec::with_capacity(votes.len());
    for vote in votes.iter().filter(|vote| vote.vote == Vote::Approve && vote.seen == *seen) {
        if !rows::vote(vote, |of| authority.holds(of, &vote.mac)) {
            rights.distrust(read.tenant(), Object::Grant(vote.grant_id), &vote.mac).await;
            continue;
        }
        people.push(reviewer(read, rights, vote.member_id).await?);
    }
    Ok(people)
}

/// Keeps the rights of these people from changing until `tx` ends. In one order, so that two of these never wait for each
/// other.
pub(crate) async fn hold(tx: &TenantTx, people: impl IntoIterator<Item = MemberId>) -> Result<(), AppError> {
    let mut people: Vec<MemberId> = people.into_iter().collect();
    people.sort_unstable();
    people.dedup();
    for member in people {
        tx.member_share(member).await?;
    }
    Ok(())
}

/// The context of a grant's sealed column.
const fn context(column: u64, row_tenant: TenantId, grant: domain::GrantId) -> ObjectContext {
    ObjectContext { kind: SealKind::Metadata, tenant: row_tenant, object: grant.uuid(), number: column, generation: 1 }
}

impl Parts {
    /// A member of the tenant with the key that seals what is theirs.
    pub(crate) async fn own_key(
        &self,
        tenant: TenantId,
        member: MemberId,
    ) -> Result<(MemberRow, std::sync::Arc<Key32>), AppError> {
        let read = self.store.tenant_read(tenant).await?;
        let row = read.member_find(member).await?.ok_or(AppError::NotFound { kind: "member" })?;
        drop(read);
        let key = self.keys.person(tenant, row.person_key_id).await?;
        Ok((row, key))
    }

    /// Makes tokens of labels.
    pub(super) async fn label_tokens(&self, tenant: TenantId) -> Result<SearchTokens, AppError> {
        let key = self.keys.purpose(tenant, Purpose::Search).await?;
        Ok(SearchTokens::new(Key32::from_bytes(*key.expose())))
    }

    /// Seals a text that belongs to a grant.
    pub(super) fn seal_text(
        &self,
        key: &Key32,
        column: u64,
        tenant: TenantId,
        grant: domain::GrantId,
        text: &[u8],
    ) -> Vec<u8> {
        seal::seal(key, &context(column, tenant, grant), Codec::Raw, text, &*self.entropy)
    }

    /// What a person wrote in a grant's column; `None` when their key is gone.
    ///
    /// # Errors
    /// When the key is not to be had, or the text does not open: nobody may decide on what they were not shown.
    pub(super) async fn open_text(
        &self,
        tenant: TenantId,
        by: MemberId,
        column: u64,
        grant: domain::GrantId,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, AppError> {
        let key = match self.own_key(tenant, by).await {
            Ok((_, key)) => key,
            Err(AppError::Gone { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let opened = seal::open(&key, &context(column, tenant, grant), sealed).map_err(open_error)?;
        Ok(Some(opened.plaintext))
    }

    /// Reason and ticket of a request; empty when the requester's key is gone.
    ///
    /// # Errors
    /// As [`Parts::open_text`].
    pub(super) async fn reason(&self, row: &AccessGrantRow) -> Result<(Personal<String>, Personal<String>), AppError> {
        let sealed = &row.reason_sealed;
        let bytes = self.open_text(row.tenant_id, row.member_id, columns::GRANT_REASON, row.id, sealed).await?;
        let SealedReason { text, ticket } = match bytes {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(AppError::internal)?,
            None => SealedReason { text: String::new(), ticket: String::new() },
        };
        Ok((Personal::new(text), Personal::new(ticket)))
    }

    /// A person with their name, which is empty when their key is gone or not to be had.
    pub(crate) async fn person(&self, tenant: TenantId, id: MemberId) -> Person {
        let name = self.name(tenant, id).await.unwrap_or_else(|_| Personal::new(String::new()));
        Person { id, name }
    }

    async fn name(&self, tenant: TenantId, id: MemberId) -> Result<Personal<String>, AppError> {
        let (row, key) = self.own_key(tenant, id).await?;
        let context = member_context(columns::MEMBER_NAME, tenant, row.person_key_id);
        let opened = seal::open(&key, &context, &row.name_sealed).map_err(open_error)?;
        String::from_utf8(opened.plaintext).map(Personal::new).map_err(AppError::internal)
    }
}
