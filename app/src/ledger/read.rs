//! What an auditor asks for: the newest checkpoint, tiles, bundles of entries, and proofs.
//!
//! Nothing is told of what lies beyond the newest checkpoint: whoever reads here can check every byte against it.

use domain::{AuditId, TenantId};
use ledger::{
    note::Verifier,
    tree::{
        Hash, Tile, TreeHead,
        proof::{self, consistency_ranges, inclusion_ranges},
    },
};
use policy::access::{Permit, can};
use store::{AuditCheckpointRow, TenantRead};

use super::{Ledger, standing::origin_of, tiles};
use crate::{AppError, keys::ledger_public, looks::Look};

/// There is no such tile, bundle or checkpoint in what was signed.
pub(super) const NOT_SIGNED: AppError = AppError::NotFound { kind: "part of the signed log" };

/// That an entry stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// Its index.
    pub index: u64,
    /// The entry's bytes, as they are hashed.
    pub entry: Vec<u8>,
    /// The hashes from the entry's sibling up.
    pub hashes: Vec<Hash>,
    /// The signed note of the checkpoint that they lead to.
    pub checkpoint: String,
}

/// That one tree continues another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Size of the earlier tree.
    pub from: u64,
    /// Size of the later tree.
    pub to: u64,
    /// The hashes.
    pub hashes: Vec<Hash>,
    /// The signed note of the later tree's checkpoint.
    pub checkpoint: String,
}

impl Ledger {
    /// The newest signed note.
    ///
    /// # Errors
    /// [`AppError::NotFound`] before the first is signed.
    pub async fn checkpoint(&self, permit: &Permit<can::AuditRead>) -> Result<String, AppError> {
        let read = self.store.tenant_read(permit.tenant()).await?;
        Ok(newest(&read).await?.note)
    }

    /// The key by which the tenant's checkpoints are verified, as a C2SP verifier key.
    ///
    /// # Errors
    /// [`AppError::NotFound`] before there is one.
    pub async fn verifier(&self, permit: &Permit<can::AuditRead>) -> Result<String, AppError> {
        self.verifier_of(permit.tenant()).await
    }

    pub(super) async fn verifier_of(&self, tenant: TenantId) -> Result<String, AppError> {
        let public_key = ledger_public(&self.store).await?.ok_or(NOT_SIGNED)?;
        let signed = self.store.tenant_read(tenant).await?.audit_checkpoint_newest().await?;
        let origin = signed.map_or_else(|| self.first_origin(tenant), |signed| origin_of(&signed));
        let name = origin.parse().map_err(AppError::internal)?;
        Ok(Verifier::new(name, public_key).to_string())
    }

    /// The hashes of the tile that a path names, `<level>/<number>` and so on, one after the other.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the newest checkpoint has no such tile, or not as wide.
    pub async fn tile(&self, permit: &Permit<can::AuditRead>, path: &str) -> Result<Vec<u8>, AppError> {
        self.tile_of(permit.tenant(), path).await
    }

    pub(super) async fn tile_of(&self, tenant: TenantId, path: &str) -> Result<Vec<u8>, AppError> {
        let tile: Tile = path.parse().map_err(|_| NOT_SIGNED)?;
        let read = self.store.tenant_read(tenant).await?;
        let size = newest(&read).await?.size;
        if !is_signed(tile, size) {
            return Err(NOT_SIGNED);
        }
        let stored = read.audit_tile_find(tile.level, tile.index).await?.unwrap_or_default();
        let wide = usize::try_from(tile.width).map_err(AppError::internal)? * Hash::LENGTH;
        let first = tile.index.checked_shl(8 * (tile.level + 1)).unwrap_or_default();
        stored.get(..wide).map(<[u8]>::to_vec).ok_or_else(|| contradicted(first))
    }

    /// The entries below the tile of height 0 that a path names, each behind its length (C2SP tlog-tiles). Reading them is on
    /// record like reading events.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the newest checkpoint has no such bundle; [`AppError::Conflict`] `integrity-fail` when an
    /// entry is missing.
    pub async fn entries(&self, permit: &Permit<can::AuditRead>, path: &str) -> Result<Vec<u8>, AppError> {
        let tile: Tile = format!("0/{path}").parse().map_err(|_| NOT_SIGNED)?;
        self.record_look(permit, Look::Entries).await?;
        let read = self.store.tenant_read(permit.tenant()).await?;
        let size = newest(&read).await?.size;
        if !is_signed(tile, size) {
            return Err(NOT_SIGNED);
        }
        let first = tile.index * Tile::WIDTH;
        let mut entries = read.audit_entries(first..first + tile.width).await?.into_iter();
        let mut bundle = Vec::new();
        for place in first..first + tile.width {
            let entry = entries.next().filter(|(index, _)| *index == place).map(|(_, entry)| entry);
            let entry = entry.ok_or_else(|| contradicted(place))?;
            bundle.extend(u16::try_from(entry.len()).map_err(AppError::internal)?.to_be_bytes());
            bundle.extend(entry);
        }
        Ok(bundle)
    }

    /// That the entry of an event is in the newest checkpoint. The proof was checked before it is handed out.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `not-yet-signed` for an event that no checkpoint holds yet, and
    /// `integrity-fail` when the log does not hold the event's bytes.
    pub async fn prove_inclusion(
        &self,
        permit: &Permit<can::AuditRead>,
        event: AuditId,
    ) -> Result<InclusionProof, AppError> {
        let read = self.store.tenant_read(permit.tenant()).await?;
        let leaf = read.audit_leaf_find(event).await?.ok_or(AppError::NotFound { kind: "event" })?;
        let signed = read.audit_checkpoint_newest().await?;
        let (Some(index), Some(signed)) = (leaf.index, signed) else { return Err(not_yet_signed()) };
        let Ok(ranges) = inclusion_ranges(index, signed.size) else { return Err(not_yet_signed()) };
        let kept = tiles::needed(&read, &ranges, signed.size).await?;
        let hashes = proof::collect(&kept, &ranges).map_err(|_| contradicted(index))?;
        proof::check_inclusion(head(&signed), index, Hash::of_leaf(&leaf.leaf), &hashes)
            .map_err(|_| contradicted(index))?;
        Ok(InclusionProof { index, entry: leaf.leaf, hashes, checkpoint: signed.note })
    }

    /// That the tree of `to` leaves, which was signed, continues the one of `from` leaves; `to` is the newest checkpoint's
    /// size when it is not named.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when no checkpoint has the size `to`; [`AppError::Invalid`] when `from` is larger.
    pub async fn prove_consistency(
        &self,
        permit: &Permit<can::AuditRead>,
        from: u64,
        to: Option<u64>,
    ) -> Result<ConsistencyProof, AppError> {
        let read = self.store.tenant_read(permit.tenant()).await?;
        let signed = match to {
            Some(to) if to > ledger::tree::MAX_SIZE => return Err(NOT_SIGNED),
            Some(to) => read.audit_checkpoint_of(to).await?.ok_or(NOT_SIGNED)?,
            None => newest(&read).await?,
        };
        let ranges = consistency_ranges(from, signed.size)
            .map_err(|_| AppError::invalid("/from", format!("must be a number up to {}", signed.size)))?;
        let kept = tiles::needed(&read, &ranges, signed.size).await?;
        let hashes =
            proof::collect(&kept, &ranges).map_err(|missing| contradicted(missing.0.index << missing.0.level))?;
        Ok(ConsistencyProof { from, to: signed.size, hashes, checkpoint: signed.note })
    }
}

fn head(signed: &AuditCheckpointRow) -> TreeHead {
    TreeHead { size: signed.size, root: Hash::from_bytes(signed.root) }
}

pub(super) async fn newest(read: &TenantRead) -> Result<AuditCheckpointRow, AppError> {
    read.audit_checkpoint_newest().await?.ok_or(NOT_SIGNED)
}

/// Whether a tree of `size` leaves has all hashes of `tile`.
fn is_signed(tile: Tile, size: u64) -> bool {
    let hashes = size.checked_shr(8 * tile.level).unwrap_or(0);
    tile.index.checked_mul(Tile::WIDTH).and_then(|first| first.checked_add(tile.width)).is_some_and(|end| end <= hashes)
}

pub(super) fn not_yet_signed() -> AppError {
    AppError::Conflict {
        code: "not-yet-signed",
        detail: "no signed checkpoint holds the event yet; one does within seconds".to_owned(),
        next: None,
    }
}

/// What is stored of the log is not what was signed.
pub(crate) fn contradicted(index: u64) -> AppError {
    metrics::counter!("sealtape_integrity_failures_total", "kind" => "ledger").increment(1);
    tracing::error!(index, "an audit log does not hold what was signed of it");
    AppError::Conflict {
        code: "integrity-fail",
        detail: format!("what is stored of the log does not match what was signed of it: see index {index}"),
        next: None,
    }
}
