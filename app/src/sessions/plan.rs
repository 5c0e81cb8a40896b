//! Which segments a view reads, in which order, and what it must say is missing.

use domain::SessionState;
use store::{GapRow, SessionRow};
use vault::{blob::BlobKey, manifest::Manifest};

use super::{GapView, Parts, WatchRange, verify::VerifiedTab, view::integrity_failed};
use crate::AppError;

/// The reason of a gap whose stored rows do not fit together.
pub(super) const BROKEN: &str = "integrity-fail";

/// A segment that a view will read.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) tab: u16,
    pub(super) n: u32,
    pub(super) generation: u32,
    pub(super) blob: BlobKey,
    pub(super) sha256: [u8; 32],
    pub(super) first_ms: i64,
    pub(super) last_ms: i64,
    pub(super) full_snapshot: bool,
}

/// A view's reading list.
pub(super) struct Plan {
    /// Per tab, in order.
    pub(super) tabs: Vec<Vec<Item>>,
    /// What the store says is missing, and where a chain broke.
    pub(super) gaps: Vec<GapView>,
    /// Whether something stored contradicted what protects it.
    pub(super) integrity_failed: bool,
}

impl Parts {
    /// The reading list of `row` for `range`.
    pub(super) async fn plan(&self, row: &SessionRow, range: &WatchRange) -> Result<Plan, AppError> {
        let sealed = row.state == SessionState::Closed && row.segments == row.sealed_segments;
        let Plan { mut tabs, mut gaps, integrity_failed } =
            if sealed { self.plan_by_manifest(row).await? } else { self.plan_by_rows(row).await? };
        tabs.retain(|items| items.first().is_some_and(|item| range.tab.is_none_or(|tab| tab == item.tab)));
        for items in &mut tabs {
            narrow(items, range);
        }
        tabs.retain(|items| !items.is_empty());
        let read = self.store.tenant_read(row.tenant_id).await?;
        gaps.extend(read.gap_list(row.id).await?.into_iter().map(gap_view));
        gaps.sort_by_key(|gap| gap.from_ms);
        Ok(Plan { tabs, gaps, integrity_failed })
    }

    async fn plan_by_manifest(&self, row: &SessionRow) -> Result<Plan, AppError> {
        let Some(manifest) = self.manifest(row).await? else { return Err(integrity_failed()) };
        // What did not fit together when the session was sealed stays missing for whoever watches it later.
        let broken = manifest.gaps.iter().filter(|gap| gap.reason == BROKEN).map(|gap| GapView {
            tab: gap.tab,
            from_ms: gap.from_ms,
            to_ms: gap.to_ms,
            reason: gap.reason.clone(),
            detail: None,
        });
        Ok(Plan { gaps: broken.collect(), tabs: items_of(row, &manifest)?, integrity_failed: false })
    }

    async fn plan_by_rows(&self, row: &SessionRow) -> Result<Plan, AppError> {
        let (mut tabs, mut gaps, mut integrity_failed) = (Vec::new(), Vec::new(), false);
        for tab in self.verified_rows(row.tenant_id, row.id).await? {
            if tab.broken_at.is_some() {
                integrity_failed = true;
                gaps.push(broken_gap(row, &tab));
            }
            let mut items = Vec::with_capacity(tab.rows.len());
            for segment in tab.rows {
                items.push(Item {
                    tab: segment.tab,
                    n: segment.n,
                    generation: segment.generation,
                    blob: segment.blob.parse().map_err(AppError::internal)?,
                    sha256: segment.ciphertext_sha256,
                    first_ms: segment.first_ms,
                    last_ms: segment.last_ms,
                    full_snapshot: segment.full_snapshot,
                });
            }
            tabs.push(items);
        }
        Ok(Plan { tabs, gaps, integrity_failed })
    }
}

/// A stored gap, as people see it.
pub(crate) fn gap_view(gap: GapRow) -> GapView {
    GapView { tab: gap.tab, from_ms: gap.from_ms, to_ms: gap.to_ms, reason: gap.reason, detail: gap.detail }
}

/// The part of a tab behind the first row that does not fit its chain.
pub(crate) fn broken_gap(row: &SessionRow, tab: &VerifiedTab) -> GapView {
    let from_ms = tab.rows.last().map_or(row.started_at.as_millis(), |last| last.last_ms);
    GapView {
        tab: tab.tab,
        from_ms,
        to_ms: row.last_event_at.map_or(from_ms, domain::Timestamp::as_millis).max(from_ms),
        reason: BROKEN.to_owned(),
        detail: Some("stored rows do not fit together from here on".to_owned()),
    }
}

fn items_of(row: &SessionRow, manifest: &Manifest) -> Result<Vec<Vec<Item>>, AppError> {
    let mut tabs: Vec<Vec<Item>> = Vec::new();
    for segment in &manifest.segments {
        let sha256 = crate::unhex(&segment.sha256).ok_or_else(integrity_failed)?;
        let blob = BlobKey::segment(row.tenant_id, row.id, segment.generation, segment.tab, segment.n, &sha256);
        let item = Item {
            tab: segment.tab,
            n: segment.n,
            generation: segment.generation,
            blob,
            sha256,
            first_ms: segment.first_ms,
            last_ms: segment.last_ms,
            full_snapshot: segment.full_snapshot,
        };
        match tabs.last_mut().filter(|items| items.first().is_some_and(|first| first.tab == segment.tab)) {
            Some(items) => items.push(item),
            None => tabs.push(vec![item]),
        }
    }
    Ok(tabs)
}

/// Keeps what the range needs: from the newest full snapshot at or before its start to its end.
fn narrow(items: &mut Vec<Item>, range: &WatchRange) {
    if let Some(tab) = items.first().map(|item| item.tab)
        && let Some((_, n)) = range.after.iter().find(|(after, _)| *after == tab)
    {
        items.retain(|item| item.n > *n);
        return;
    }
    if let Some(from) = range.from_ms {
        let start = items.iter().rposition(|item| item.full_snapshot && item.first_ms <= from).unwrap_or(0);
        items.drain(..start);
    }
    if let Some(to) = range.to_ms {
        items.retain(|item| item.first_ms <= to);
    }
}

#[cfg(test)]
mod tests {
    use domain::{SessionId, TenantId};

    use super::*;

    fn items() -> Vec<Item> {
        let (tenant, session) = (TenantId::from_uuid(uuid::Uuid::nil()), SessionId::from_uuid(uuid::Uuid::nil()));
        (0..6_u32)
            .map(|n| Item {
                tab: 0,
                n,
                generation: 1,
                blob: BlobKey::segment(tenant, session, 1, 0, n, &[0; 32]),
                sha256: [0; 32],
                first_ms: i64::from(n) * 100,
                last_ms: i64::from(n) * 100 + 99,
                full_snapshot: n % 3 == 0,
            })
            .collect()
    }

    fn kept(range: &WatchRange) -> Vec<u32> {
        let mut items = items();
        narrow(&mut items, range);
        items.iter().map(|item| item.n).collect()
    }

    #[test]
    fn a_view_starts_at_the_snapshot_before_its_start() {
        assert_eq!(kept(&WatchRange::default()), [0, 1, 2, 3, 4, 5]);
        assert_eq!(kept(&WatchRange { from_ms: Some(450), ..WatchRange::default() }), [3, 4, 5]);
        assert_eq!(kept(&WatchRange { from_ms: Some(299), ..WatchRange::default() }), [0, 1, 2, 3, 4, 5]);
        assert_eq!(kept(&WatchRange { from_ms: Some(300), to_ms: Some(400), ..WatchRange::default() }), [3, 4]);
        assert_eq!(kept(&WatchRange { after: vec![(0, 4)], ..WatchRange::default() }), [5]);
        assert_eq!(kept(&WatchRange { after: vec![(1, 4)], ..WatchRange::default() }), [0, 1, 2, 3, 4, 5]);
    }
}
