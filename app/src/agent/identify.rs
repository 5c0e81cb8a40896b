//! Who the recorded person says to be. A session knows a random subject id; identifiers lie apart, as a blind index.

use domain::{Personal, SubjectId, TenantId};
use policy::access::{Permit, can};
use store::{SubjectIdentifierRow, SubjectRow};
use vault::{
    Key32,
    blind::{BlindIndex, IdentifierKind, SearchTokens},
    wrap::Purpose,
};

use super::{AgentSessions, session_of};
use crate::AppError;

/// Longest identifier in bytes (an e-mail address has at most 254, RFC 5321 §4.5.3.1.3).
pub(crate) const LONGEST_IDENTIFIER: usize = 254;

/// Identifiers that a page claims for its visitor; nothing proves them.
#[derive(Debug, Clone)]
pub struct ClaimedSubject {
    /// The customer application's user id.
    pub user_id: Option<Personal<String>>,
    /// An e-mail address.
    pub email: Option<Personal<String>>,
}

impl AgentSessions {
    /// The page says who the visitor is.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `subject-changed` when the session is another person's already.
    pub async fn identify(
        &self,
        permit: &Permit<can::SessionAppend>,
        claimed: &ClaimedSubject,
    ) -> Result<(), AppError> {
        let session = session_of(permit.actor())?;
        let subject = self.subject_for(permit.tenant(), claimed, "").await?;
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        if !tx.session_subject_set(session, subject, self.parts.clock.now()).await? {
            return Err(AppError::Conflict {
                code: "subject-changed",
                detail: "this session belongs to another person; start a new session".to_owned(),
                next: None,
            });
        }
        tx.commit().await?;
        Ok(())
    }

    /// The subject of these identifiers, made when none of them is known. Identifiers seen together are one subject.
    /// `place` points to where they stand in the input.
    pub(super) async fn subject_for(
        &self,
        tenant: TenantId,
        claimed: &ClaimedSubject,
        place: &str,
    ) -> Result<SubjectId, AppError> {
        let values =
            [(IdentifierKind::UserId, &claimed.user_id, "user_id"), (IdentifierKind::Email, &claimed.email, "email")];
        let key = self.parts.keys.purpose(tenant, Purpose::BlindIndex).await?;
        let index = BlindIndex::new(vec![Key32::from_bytes(*key.expose())]).ok_or(AppError::KEY_MISSING)?;
        let mut tokens = Vec::new();
        for (kind, value, name) in values {
            let Some(value) = value.as_ref().map(Personal::expose) else { continue };
            if value.trim().is_empty() || value.len() > LONGEST_IDENTIFIER {
                return Err(AppError::invalid(
                    &format!("{place}/{name}"),
                    format!("must have 1 to {LONGEST_IDENTIFIER} bytes"),
                ));
            }
            tokens.push((kind, index.token(kind, value)));
        }
        if tokens.is_empty() {
            return Err(AppError::invalid(place, "needs a user_id, an email or both"));
        }

        let tx = self.parts.store.tenant(tenant).await?;
        let mut known = None;
        let mut missing = Vec::new();
        for (kind, token) in tokens {
            match tx.subject_find_by_identifier(kind.as_str(), &token).await? {
                Some(row) => known = known.or(Some(row.subject_id)),
                None => missing.push((kind, token)),
            }
        }
        let now = self.parts.clock.now();
        let subject = if let Some(subject) = known {
            subject
        } else {
            let id = SubjectId::mint(now, &*self.parts.entropy);
            tx.subject_insert(SubjectRow { tenant_id: tenant, id, created_at: now }).await?;
            id
        };
        for (kind, token) in missing {
            tx.subject_identifier_insert(SubjectIdentifierRow {
                tenant_id: tenant,
                kind: kind.as_str().to_owned(),
                token,
                subject_id: subject,
                verified: false,
            })
            .await?;
        }
        tx.commit().await?;
        Ok(subject)
    }

    /// Blind words of a page's address.
    pub(super) async fn page_words(&self, tenant: TenantId, url: &str) -> Result<Vec<(String, [u8; 32])>, AppError> {
        let key = self.parts.keys.purpose(tenant, Purpose::Search).await?;
        let words = SearchTokens::new(Key32::from_bytes(*key.expose()));
        Ok(words.page(url).into_iter().map(|word| (word.kind.to_owned(), word.token)).collect())
    }
}
