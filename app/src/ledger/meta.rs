//! The meta-tree: checkpoints of the tenants' logs become entries of the deployment's own log.
//!
//! That is a log like any other, the one of [`TenantId::DEPLOYMENT`]: the same sequencer places its entries and the same
//! signer signs its heads. Outsiders see its checkpoints and hashes; a tenant, besides, the entries that name its own.

use std::{collections::BTreeMap, time::Duration};

use domain::{TenantId, Timestamp};
use ledger::{
    Leaf,
    anchor::{self, Anchor},
    checkpoint::Checkpoint,
    entry_proof::EntryProof,
    note::{SignedNote, Verifier},
    tree::{Hash, TreeHead, proof},
};
use policy::access::{Permit, can};
use store::{AuditCheckpointRow, LeafFilter, TenantRead};

use super::{
    Ledger,
    memory::FIRST_EPOCH,
    read::{NOT_SIGNED, contradicted, newest, not_yet_signed},
    standing::{Covered, origin_of},
    tiles,
};
use crate::{AppError, keys::ledger_public};

/// Shortest time between two rounds of entries: a log that grows all the time is signed twice in a second, and who is outside
/// looks every half a minute.
const APART: Duration = Duration::from_secs(10);
/// Entries of one tenant that may lie between what witnesses signed and what was entered since.
const LOOKED_AT: u64 = 20;

/// Checkpoints on their way into the deployment's log.
#[derive(Default)]
pub(super) struct Entering {
    /// Signed, and not entered yet: of each tenant the newest.
    waiting: BTreeMap<TenantId, Checkpoint>,
    /// What each tenant's newest entry says, as far as this process knows.
    entered: BTreeMap<TenantId, String>,
    /// When the next may be entered.
    due: Option<Timestamp>,
}

impl Entering {
    pub(super) fn add(&mut self, tenant: TenantId, checkpoint: Checkpoint) {
        // Its own checkpoint in itself would be the reason for the next.
        if tenant != TenantId::DEPLOYMENT {
            self.waiting.insert(tenant, checkpoint);
        }
    }

    /// Enters what waits, when it is time. What could not be entered waits on.
    pub(super) async fn enter(&mut self, ledger: &Ledger, now: Timestamp) {
        if self.waiting.is_empty() || self.due.is_some_and(|due| now < due) {
            return;
        }
        match ledger.enter(&self.waiting, &self.entered).await {
            Ok(entered) => {
                self.waiting.clear();
                self.entered.extend(entered);
                self.due = Some(now.plus(APART));
            }
            Err(error) => tracing::warn!(error = ?error, "checkpoints wait to be put into the deployment's log"),
        }
    }
}

/// That the newest of a tenant's checkpoints is in the deployment's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchorProof {
    /// The tenant's checkpoint, the entry that names it, and the entry's proof.
    pub anchor: Anchor,
    /// When the first of the witnesses that signed the deployment's checkpoint looked; nothing when none signed it.
    pub witnessed_at: Option<Timestamp>,
    /// How many did.
    pub witnesses: u64,
}

/// A checkpoint of the deployment's log, and who saw it.
struct Seen {
    size: u64,
    signed_at: Timestamp,
    note: String,
    witnessed_at: Option<Timestamp>,
    witnesses: u64,
}

impl Ledger {
    /// Puts those checkpoints into the deployment's log that are not its newest entries already; says what all of them are.
    async fn enter(
        &self,
        waiting: &BTreeMap<TenantId, Checkpoint>,
        entered: &BTreeMap<TenantId, String>,
    ) -> Result<BTreeMap<TenantId, String>, AppError> {
        let mut rules = BTreeMap::new();
        for (&tenant, checkpoint) in waiting {
            rules.insert(
                tenant,
                anchor::rule_of(checkpoint).ok_or_else(|| AppError::internal("a checkpoint of no tenant"))?,
            );
        }
        let read = self.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let mut new = Vec::new();
        for (&tenant, rule) in &rules {
            let known = match entered.get(&tenant) {
                Some(known) => Some(known.clone()),
                None => newest_entry(&read, tenant).await?,
            };
            if known.as_ref() != Some(rule) {
                new.push((tenant, rule.clone()));
            }
        }
        drop(read);
        if !new.is_empty() {
            let tx = self.store.tenant(TenantId::DEPLOYMENT).await?;
            for (tenant, rule) in new {
                self.audit().signed(&tx, tenant, rule).await?;
            }
            tx.commit().await?;
        }
        Ok(rules)
    }

    /// The newest checkpoint of the deployment's log, with what witnesses signed when they signed this one.
    ///
    /// # Errors
    /// [`AppError::NotFound`] before the first is signed.
    pub async fn deployment_checkpoint(&self) -> Result<String, AppError> {
        let read = self.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let signed = newest(&read).await?;
        let witnessed = read.audit_witnessed_newest().await?.filter(|witnessed| witnessed.size == signed.size);
        Ok(witnessed.map_or(signed.note, |witnessed| witnessed.note))
    }

    /// A tile of the deployment's log.
    ///
    /// # Errors
    /// As [`Ledger::tile`].
    pub async fn deployment_tile(&self, path: &str) -> Result<Vec<u8>, AppError> {
        self.tile_of(TenantId::DEPLOYMENT, path).await
    }

    /// The key by which checkpoints of the deployment's log are verified, as a C2SP verifier key.
    ///
    /// # Errors
    /// [`AppError::NotFound`] before there is one.
    pub async fn deployment_verifier(&self) -> Result<String, AppError> {
        self.verifier_of(TenantId::DEPLOYMENT).await
    }

    /// That the newest checkpoint of the tenant's log that witnesses saw, or, where none look, the newest that was entered, is
    /// in the deployment's log; with `size`, the newest that is in the checkpoint of so many entries, which somebody has. The proof
    /// was checked before it is handed out.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `not-yet-signed` before there is one, and `integrity-fail` when what is stored does not fit;
    /// [`AppError::NotFound`] when no checkpoint has this size.
    pub async fn prove_anchor(
        &self,
        permit: &Permit<can::AuditRead>,
        size: Option<u64>,
    ) -> Result<AnchorProof, AppError> {
        let tenant = permit.tenant();
        let read = self.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let seen = match size {
            Some(size) => seen_at(&read, size).await?,
            None => seen(&read).await?,
        };
        let entered = entered_in(&read, tenant, seen.size, seen.signed_at).await?;
        let (index, entry, leaf) = entered.ok_or_else(not_yet_signed)?;
        let ranges = proof::inclusion_ranges(index, seen.size).map_err(|_| contradicted(index))?;
        let kept = tiles::needed(&read, &ranges, seen.size).await?;
        drop(read);
        let hashes = proof::collect(&kept, &ranges).map_err(|_| contradicted(index))?;
        let checkpoint = self.named(tenant, &leaf.rule).await?.ok_or_else(|| contradicted(index))?;
        let note = |text: &str| SignedNote::parse(text).map_err(|_| contradicted(index));
        let proof = EntryProof { index, hashes, checkpoint: note(&seen.note)? };
        let anchor = Anchor { checkpoint: note(&checkpoint.note)?, entry, proof };
        let deployment: Verifier = self.deployment_verifier().await?.parse().map_err(AppError::internal)?;
        let origin = origin_of(&checkpoint);
        let name = origin.parse().map_err(AppError::internal)?;
        let key = Verifier::new(name, ledger_public(&self.store).await?.ok_or(NOT_SIGNED)?);
        let (deployed, keys) = (deployment.name().to_string(), [deployment]);
        anchor.check((&origin, &[key]), (&deployed, &keys)).map_err(|_| contradicted(index))?;
        Ok(AnchorProof { anchor, witnessed_at: seen.witnessed_at, witnesses: seen.witnesses })
    }

    /// How much of the tenant's log witnesses saw, and how much of it lies in WORM storage. Each is nothing where nobody was ever
    /// asked for it: what is asked for is known to the process that signs, which may be another one.
    pub(super) async fn covered_outside(
        &self,
        tenant: TenantId,
    ) -> Result<(Option<Covered>, Option<Covered>), AppError> {
        let read = self.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let witnessed = match read.audit_witnessed_newest().await? {
            Some(row) => Some(covered_by(&read, tenant, row.size, row.witnessed_at).await?),
            None => (!self.witnesses.all.is_empty()).then(Covered::default),
        };
        let anchored = match read.audit_anchored_newest().await? {
            Some(row) => Some(covered_by(&read, tenant, row.size, row.anchored_at).await?),
            None => self.anchors.is_some().then(Covered::default),
        };
        Ok((witnessed, anchored))
    }

    /// The tenant's checkpoint that an entry's rule names.
    async fn named(&self, tenant: TenantId, rule: &str) -> Result<Option<AuditCheckpointRow>, AppError> {
        let Some(size) = size_named(rule) else { return Ok(None) };
        let row = self.store.tenant_read(tenant).await?.audit_checkpoint_of(size).await?;
        Ok(row.filter(|row| {
            let head = TreeHead { size: row.size, root: Hash::from_bytes(row.root) };
            anchor::rule_of(&Checkpoint { origin: origin_of(row), head }).as_deref() == Some(rule)
        }))
    }

    /// The name of a log before anything of it was signed.
    pub(super) fn first_origin(&self, tenant: TenantId) -> String {
        format!("{}{FIRST_EPOCH}", self.origin_prefix(tenant))
    }
}

/// What witnesses signed last or, where nobody looks, the newest checkpoint.
async fn seen(read: &TenantRead) -> Result<Seen, AppError> {
    if let Some(row) = read.audit_witnessed_newest().await? {
        return seen_at(read, row.size).await;
    }
    let signed = read.audit_checkpoint_newest().await?.ok_or_else(not_yet_signed)?;
    Ok(Seen { size: signed.size, signed_at: signed.signed_at, note: signed.note, witnessed_at: None, witnesses: 0 })
}

/// The checkpoint of so many entries, and who saw it.
async fn seen_at(read: &TenantRead, size: u64) -> Result<Seen, AppError> {
    let size = Some(size).filter(|size| *size <= ledger::tree::MAX_SIZE).ok_or(NOT_SIGNED)?;
    let signed = read.audit_checkpoint_of(size).await?.ok_or(NOT_SIGNED)?;
    let signed_at = signed.signed_at;
    Ok(match read.audit_witnessed_of(size).await? {
        Some(row) => {
            let (witnessed_at, witnesses) = (Some(row.witnessed_at), row.witnesses);
            Seen { size, signed_at, note: row.note, witnessed_at, witnesses }
        }
        None => Seen { size, signed_at, note: signed.note, witnessed_at: None, witnesses: 0 },
    })
}

/// The newest entry of the tenant's checkpoints among the first `size` of the deployment's log, which were signed at
/// `signed_at`: its place, its bytes and what they say.
async fn entered_in(
    read: &TenantRead,
    tenant: TenantId,
    size: u64,
    signed_at: Timestamp,
) -> Result<Option<(u64, Vec<u8>, Leaf)>, AppError> {
    let filter = LeafFilter { to: Some(signed_at.plus(APART)), ..entries_of(tenant) };
    let leaves = read.audit_leaf_list(filter, None, LOOKED_AT).await?;
    // Of those of one moment the ids say nothing; their places do.
    let placed = leaves.into_iter().filter_map(|leaf| Some((leaf.index.filter(|index| *index < size)?, leaf.leaf)));
    let Some((index, entry)) = placed.max_by_key(|(index, _)| *index) else { return Ok(None) };
    let leaf = Leaf::from_bytes(&entry).map_err(|_| contradicted(index))?;
    Ok(Some((index, entry, leaf)))
}

/// How much of a tenant's log the deployment's checkpoint of `size` entries covers, which somebody holds since `at`.
async fn covered_by(read: &TenantRead, tenant: TenantId, size: u64, at: Timestamp) -> Result<Covered, AppError> {
    // Of a database that was taken back, what is held outside may be larger than all that it knows.
    let Some(signed) = read.audit_checkpoint_of(size).await? else { return Ok(Covered::default()) };
    let entered = entered_in(read, tenant, size, signed.signed_at).await?;
    let covered = entered.and_then(|(_, _, leaf)| size_named(&leaf.rule));
    Ok(covered.map_or_else(Covered::default, |size| Covered { size, at: Some(at) }))
}

/// How many entries the checkpoint has that an entry's rule names.
fn size_named(rule: &str) -> Option<u64> {
    rule.split('/').nth(2)?.parse().ok()
}

fn entries_of(tenant: TenantId) -> LeafFilter {
    LeafFilter {
        object_kind: Some("tenant".to_owned()),
        object: Some(tenant.to_string()),
        act: Some(anchor::ACT.to_owned()),
        ..LeafFilter::default()
    }
}

/// What the tenant's newest entry says.
async fn newest_entry(read: &TenantRead, tenant: TenantId) -> Result<Option<String>, AppError> {
    let leaves = read.audit_leaf_list(entries_of(tenant), None, LOOKED_AT).await?;
    // One that waits for its place is newer than all that have one.
    let newest = leaves.iter().max_by_key(|leaf| (leaf.index.is_none(), leaf.index));
    let leaf = newest.map(|leaf| Leaf::from_bytes(&leaf.leaf)).transpose().map_err(AppError::internal)?;
    Ok(leaf.map(|leaf| leaf.rule))
}
