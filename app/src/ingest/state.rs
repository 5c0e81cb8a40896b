//! Bringing a tab's lane up from the store: the sealed redactor state, rolled forward over what was stored since.

use recording::TabState;
use store::{SegmentRow, SessionRow, SessionTabRow};
use vault::{
    Key32,
    seal::{self, Codec, ObjectContext, Opened},
};

use super::{Parts, Visit, lane::LaneState, pipeline};
use crate::{
    AppError,
    keys::{SESSION_ERASED, open_error},
};

/// Segments read at a time while rolling forward.
const PAGE: u64 = 64;

impl Parts {
    /// What the store knows of this tab.
    ///
    /// A state that is missing or does not open is not fatal: the tab starts with an empty node map, so that everything
    /// is masked and the agent is asked for a full snapshot.
    pub(super) async fn load_lane(&self, visit: &Visit) -> Result<LaneState, AppError> {
        let read = self.store.tenant_read(visit.tenant).await?;
        let session = read.session_find(visit.session).await?.ok_or(AppError::NotFound { kind: "session" })?;
        if session.state == domain::SessionState::Erased {
            return Err(SESSION_ERASED);
        }
        let tab =
            read.session_tab_find(visit.session, visit.head.tab).await?.ok_or(AppError::NotFound { kind: "tab" })?;
        let generation = self.keys.session_generation(&read, visit.session).await?;
        drop(read);
        let key = self.keys.session(visit.tenant, visit.session, generation).await?;
        let state = self.load_state(visit, &tab, &session, &key).await?;
        Ok(LaneState {
            tab: state,
            next: tab.next_n,
            chain: tab.chain,
            generation,
            policy_version: session.policy_version,
            started_at: session.started_at,
            session_bytes: session.bytes_stored,
            unsaved: tab.next_n.saturating_sub(tab.state_n.map_or(0, |n| n + 1)),
            saved: tab.state_blob.and_then(|blob| blob.parse().ok()),
        })
    }

    async fn load_state(
        &self,
        visit: &Visit,
        tab: &SessionTabRow,
        session: &SessionRow,
        key: &Key32,
    ) -> Result<TabState, AppError> {
        let mut state = TabState::default();
        let mut after = None;
        if let (Some(n), Some(blob)) = (tab.state_n, &tab.state_blob) {
            let generation = session.summary_generation.max(1);
            let context = pipeline::state_context(visit.tenant, visit.session, tab.tab, n, generation);
            match self
                .open_blob(blob, key, &context)
                .await
                .and_then(|bytes| TabState::from_bytes(&bytes).map_err(AppError::internal))
            {
                Ok(saved) => (state, after) = (saved, Some(n)),
                Err(error) => {
                    tracing::error!(session.id = %visit.session, tab = tab.tab, error = %error, "a redactor state did not open");
                    return Ok(state);
                }
            }
        }
        loop {
            let read = self.store.tenant_read(visit.tenant).await?;
            let rows = read.segment_list_tab(visit.session, tab.tab, after, PAGE).await?;
            drop(read);
            let Some(last) = rows.last().map(|row| row.n) else { return Ok(state) };
            for row in &rows {
                self.roll(visit, row, key, &mut state).await?;
            }
            after = Some(last);
        }
    }

    /// Applies one stored segment's structure. Stored events are redacted already; reading them again changes nothing.
    async fn roll(&self, visit: &Visit, row: &SegmentRow, key: &Key32, state: &mut TabState) -> Result<(), AppError> {
        let context = ObjectContext::segment(visit.tenant, visit.session, row.tab, row.n, row.generation);
        let ndjson = self.open_blob(&row.blob, key, &context).await?;
        let arrived = row.received_at.as_millis();
        if recording::rewrite(&ndjson, arrived, state, &self.rules, &self.settings.bounds).is_err() {
            // Cannot be read as it was written: forget the map, so that what follows is masked.
            *state = TabState::default();
        }
        Ok(())
    }

    async fn open_blob(&self, blob: &str, key: &Key32, context: &ObjectContext) -> Result<Vec<u8>, AppError> {
        let sealed = self.blobs.get(&blob.parse().map_err(AppError::internal)?).await.map_err(AppError::internal)?;
        let opened = seal::open(key, context, &sealed).map_err(open_error)?;
        unpack(opened, self.settings.bounds.decoded_bytes)
    }
}

/// The plaintext of an opened object, never longer than `most` bytes.
pub(crate) fn unpack(opened: Opened, most: usize) -> Result<Vec<u8>, AppError> {
    match opened.codec {
        Codec::Raw => Ok(opened.plaintext),
        // Redaction can lengthen a segment (a short value becomes a mask): twice the upload's bound is enough for all.
        Codec::Zstd => zstd::bulk::decompress(&opened.plaintext, most * 2).map_err(AppError::internal),
    }
}
