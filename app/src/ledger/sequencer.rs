//! Leaves get their places.

use std::collections::BTreeMap;

use domain::TenantId;
use ledger::tree::{Frontier, FrontierError, Hash, Place, Tile};
use store::{AuditHeadRow, LedgerTx};

use super::Ledger;
use crate::AppError;

/// Most leaves of one transaction: hashing them takes about a millisecond, and on SQLite nobody else writes meanwhile.
const BATCH: u64 = 1_000;

/// Why a log does not grow. What is stored of it contradicts itself, so nothing is built on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Stuck {
    #[error("the head is no tree's: {0}")]
    Frontier(#[from] FrontierError),
    #[error("the head's root is not that of its frontier")]
    Root,
    #[error("the tile at height {level} and number {number} does not end where the head does")]
    Tile { level: u32, number: u64 },
}

/// New hashes by their tile: where in it they begin, and what they are.
#[derive(Default)]
struct Growth(BTreeMap<(u32, u64), (u64, Vec<Hash>)>);

impl Extend<(Place, Hash)> for Growth {
    fn extend<T: IntoIterator<Item = (Place, Hash)>>(&mut self, kept: T) {
        for (Place { level, index }, hash) in kept {
            let tile = self.0.entry((level, index / Tile::WIDTH));
            tile.or_insert_with(|| (index % Tile::WIDTH, Vec::new())).1.push(hash);
        }
    }
}

impl Ledger {
    /// One round: every tenant whose leaves wait gets one batch of them placed. Says how many leaves that were in all; a
    /// log that cannot grow is left alone and reported, and does not hold up the others.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sequence(&self) -> Result<u64, AppError> {
        let mut placed = 0;
        for tenant in self.store.audit_waiting().await? {
            match self.batch(tenant).await {
                Ok(count) => placed += count,
                Err(AppError::Unavailable { detail, .. }) => tracing::warn!(tenant.id = %tenant, detail, "leaves wait"),
                Err(error) => {
                    metrics::counter!("sealtape_ledger_stuck_total").increment(1);
                    tracing::error!(tenant.id = %tenant, error = ?error, "an audit log does not grow");
                }
            }
        }
        metrics::counter!("sealtape_ledger_leaves_total").increment(placed);
        Ok(placed)
    }

    /// Places the leaves of one tenant that wait longest, in one transaction.
    async fn batch(&self, tenant: TenantId) -> Result<u64, AppError> {
        let tx = self.store.ledger(tenant).await?;
        let now = self.clock.now();
        let root = *Hash::of_empty_tree().as_bytes();
        let empty = AuditHeadRow { tenant_id: tenant, size: 0, root, frontier: Vec::new(), sequenced_at: now };
        let head = tx.audit_head_lock(&empty).await?;
        let mut frontier = Frontier::from_parts(head.size, &head.frontier).map_err(AppError::internal)?;
        if frontier.root().as_bytes() != &head.root {
            return Err(AppError::internal(Stuck::Root));
        }
        // Read behind the lock: whoever held it before has placed what it saw.
        let waiting = tx.audit_waiting_list(BATCH).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let mut growth = Growth::default();
        for leaf in &waiting {
            frontier.append(Hash::of_leaf(&leaf.leaf), &mut growth).map_err(Stuck::from).map_err(AppError::internal)?;
        }
        tx.audit_place(head.size, &waiting).await?;
        store_tiles(&tx, growth).await?;
        let grown = AuditHeadRow {
            size: frontier.size(),
            root: *frontier.root().as_bytes(),
            frontier: frontier.to_bytes(),
            sequenced_at: now,
            ..head
        };
        tx.audit_head_put(&grown).await?;
        tx.commit().await?;
        Ok(waiting.len() as u64)
    }
}

async fn store_tiles(tx: &LedgerTx, growth: Growth) -> Result<(), AppError> {
    for ((level, number), (start, new)) in growth.0 {
        let mut hashes =
            if start == 0 { Vec::new() } else { tx.audit_tile_find(level, number).await?.unwrap_or_default() };
        if hashes.len() as u64 != start * Hash::LENGTH as u64 {
            return Err(AppError::internal(Stuck::Tile { level, number }));
        }
        hashes.extend(new.iter().flat_map(Hash::as_bytes));
        tx.audit_tile_put(level, number, hashes).await?;
    }
    Ok(())
}
