//! What a segment changes besides its own row: totals of the session, blind search words, gaps, the page last seen.

use domain::{GapId, Timestamp};
use store::{GapRow, SegmentRow, SessionTouch};
use vault::{
    Key32,
    blind::{SearchToken, SearchTokens},
    seal::{self, Codec},
    wrap::Purpose,
};

use super::{Parts, Visit, commit::SegmentCommit, pipeline::SegmentFacts};
use crate::{AppError, columns, columns::SealedPage};

impl Parts {
    pub(super) async fn commit_of(
        &self,
        visit: &Visit,
        row: SegmentRow,
        told: SegmentFacts,
        state: Option<(u32, vault::blob::BlobKey)>,
        now: Timestamp,
    ) -> Result<SegmentCommit, AppError> {
        let tokens = self.tokens(visit, &told.facts).await?;
        let summary = self.last_page(visit, &row, &told.facts).await?;
        let gaps: Vec<GapRow> = told
            .gaps
            .iter()
            .map(|gap| GapRow {
                tenant_id: visit.tenant,
                session_id: visit.session,
                id: GapId::mint(now, &*self.entropy),
                tab: row.tab,
                from_ms: gap.from_ms,
                to_ms: gap.to_ms,
                reason: gap.reason.as_str().to_owned(),
                detail: None,
            })
            .collect();
        let touch = SessionTouch {
            segments: 1,
            events: u64::from(row.events),
            bytes_stored: row.ciphertext_len,
            bytes_raw: told.raw_bytes,
            errors: u64::from(told.facts.errors),
            gaps: gaps.len() as u64,
            first_event_at: Some(Timestamp::from_millis(row.first_ms)),
            last_event_at: Some(Timestamp::from_millis(row.last_ms)),
            received_at: now,
            finish_hint: told.finished,
            validation: told.validation,
            last_page: summary,
        };
        Ok(SegmentCommit { tenant: visit.tenant, session: visit.session, row, touch, tokens, gaps, state })
    }

    /// Blind words under which the session will be found. Nothing of a page or an error is stored in clear.
    async fn tokens(&self, visit: &Visit, facts: &recording::Facts) -> Result<Vec<(String, [u8; 32])>, AppError> {
        if facts.pages.is_empty() && facts.error_fingerprints.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.keys.purpose(visit.tenant, Purpose::Search).await?;
        let words = SearchTokens::new(Key32::from_bytes(*key.expose()));
        let pages = facts.pages.iter().flat_map(|page| words.page(&page.url));
        let errors = facts.error_fingerprints.iter().map(|fingerprint| words.error(fingerprint));
        let mut tokens: Vec<SearchToken> = pages.chain(errors).collect();
        tokens.sort_unstable();
        tokens.dedup();
        Ok(tokens.into_iter().map(|token| (token.kind.to_owned(), token.token)).collect())
    }

    /// The newest page of this segment, sealed, for the list's "last seen on".
    async fn last_page(
        &self,
        visit: &Visit,
        row: &SegmentRow,
        facts: &recording::Facts,
    ) -> Result<Option<Vec<u8>>, AppError> {
        let Some(page) = facts.pages.iter().max_by_key(|page| page.at_ms) else { return Ok(None) };
        let key = self.keys.session(visit.tenant, visit.session, row.generation).await?;
        let json = serde_json::to_vec(&SealedPage { url: page.url.clone(), title: page.title.clone() })
            .map_err(AppError::internal)?;
        let context = columns::context(columns::LAST_PAGE, visit.tenant, visit.session, row.generation);
        Ok(Some(seal::seal(&key, &context, Codec::Raw, &json, &*self.entropy)))
    }
}
