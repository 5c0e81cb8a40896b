//! What a reader may believe: the rows whose chain holds, or the manifest whose hash is the row's.

use domain::{SessionId, TenantId};
use store::{SegmentRow, SessionRow, SessionTabRow};
use vault::{
    blob::BlobKey,
    chain::{self, RowKey},
    manifest::Manifest,
    seal::{self, ObjectContext},
};

use super::Parts;
use crate::{
    AppError,
    ingest::{canonical_row, unpack},
};

/// Rows read at a time.
const PAGE: u64 = 1_000;

/// One tab's verified rows, and the first number at which the chain stops holding.
pub(crate) struct VerifiedTab {
    pub(crate) tab: u16,
    pub(crate) rows: Vec<SegmentRow>,
    /// The chain after the last good row.
    pub(crate) chain: [u8; 32],
    pub(crate) broken_at: Option<u32>,
}

impl Parts {
    /// The newest manifest, when it opens and its hash is the one in the row. `None` is an integrity failure.
    pub(crate) async fn manifest(&self, row: &SessionRow) -> Result<Option<Manifest>, AppError> {
        let read = self.store.tenant_read(row.tenant_id).await?;
        let stored = read.manifest_find(row.id, row.manifest_rev).await?;
        let generation = self.keys.session_generation(&read, row.id).await?;
        drop(read);
        let Some(stored) = stored.filter(|stored| Some(stored.hash) == row.manifest_hash) else { return Ok(None) };
        let key = self.keys.session(row.tenant_id, row.id, generation).await?;
        let context = ObjectContext::manifest(row.tenant_id, row.id, row.manifest_rev, generation);
        let Ok(blob) = stored.blob.parse::<BlobKey>() else { return Ok(None) };
        let Ok(sealed) = self.blobs.get(&blob).await else { return Ok(None) };
        let Ok(opened) = seal::open(&key, &context, &sealed) else { return Ok(None) };
        let bytes = unpack(opened, MANIFEST_BYTES)?;
        let manifest = Manifest::from_canonical(&bytes).ok();
        Ok(manifest.filter(|manifest| manifest.hash().ok() == Some(stored.hash) && manifest.rev == row.manifest_rev))
    }

    /// All rows of a session by tab, each checked against its predecessor.
    pub(crate) async fn verified_rows(
        &self,
        tenant: TenantId,
        session: SessionId,
    ) -> Result<Vec<VerifiedTab>, AppError> {
        let mut tabs: Vec<VerifiedTab> = Vec::new();
        let mut key: Option<(u32, RowKey)> = None;
        let mut after = None;
        // Read before the rows: a segment that commits meanwhile makes more rows than the tab promised, never fewer.
        let promised = self.store.tenant_read(tenant).await?.session_tab_list(session).await?;
        loop {
            let read = self.store.tenant_read(tenant).await?;
            let rows = read.segment_list(session, after, PAGE).await?;
            drop(read);
            let Some(last) = rows.last() else { break };
            after = Some((last.tab, last.n));
            for row in rows {
                if key.as_ref().is_none_or(|(generation, _)| *generation != row.generation) {
                    let dek = self.keys.session(tenant, session, row.generation).await?;
                    key = Some((row.generation, RowKey::derive(&dek)));
                }
                if tabs.last().is_none_or(|tab| tab.tab != row.tab) {
                    tabs.push(VerifiedTab { tab: row.tab, rows: Vec::new(), chain: chain::GENESIS, broken_at: None });
                }
                if let (Some(tab), Some((_, key))) = (tabs.last_mut(), &key) {
                    tab.take(key, row);
                }
            }
        }
        for tab in promised {
            match tabs.iter_mut().find(|verified| verified.tab == tab.tab) {
                Some(verified) => verified.expect(&tab),
                None if tab.next_n > 0 => {
                    tabs.push(VerifiedTab {
                        tab: tab.tab,
                        rows: Vec::new(),
                        chain: chain::GENESIS,
                        broken_at: Some(0),
                    });
                }
                None => {}
            }
        }
        Ok(tabs)
    }
}

/// The largest manifest that is read: a session at its limits has less.
pub(crate) const MANIFEST_BYTES: usize = 256 << 20;

impl VerifiedTab {
    /// Rows cut off at the end leave the chain whole, but the tab's own row remembers how far it went.
    fn expect(&mut self, tab: &SessionTabRow) {
        let there = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let forged = there == tab.next_n && self.chain != tab.chain;
        if self.broken_at.is_none() && (there < tab.next_n || forged) {
            self.broken_at = Some(there);
        }
    }

    fn take(&mut self, key: &RowKey, row: SegmentRow) {
        if self.broken_at.is_some() {
            return;
        }
        let expected = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        if row.n == expected && key.follows(&self.chain, &canonical_row(&row), &row.chain) {
            self.chain = row.chain;
            self.rows.push(row);
        } else {
            self.broken_at = Some(expected);
        }
    }
}
