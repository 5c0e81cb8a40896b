//! Closing sessions: the only writer of manifests.
//!
//! A job per tenant looks for sessions that are due, and at each of them alone: read and verify the rows, write
//! the manifest beside them, then switch in one short transaction that holds the session row and notices when anything
//! changed meanwhile (then the next job tries again). A crash between the two leaves a blob that no row names.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{Clock, CloseReason, Entropy, SessionId, TenantId, Timestamp};
use ledger::Object;
use policy::access::{Permit, can};
use store::{CloseLimits, ManifestRow, Seal, SessionRow, Store};
use vault::{
    blob::BlobKey,
    manifest::{AgentRef, FORMAT, Manifest, ManifestGap, ManifestSegment, PolicyRef},
    seal::{self, Codec, ObjectContext},
};

use crate::{
    AppError,
    audit::Audit,
    hex,
    jobs::{JobKind, Payload, Report},
    sessions,
    settings::Limits,
};

/// Sessions closed by one job; the next one takes the rest.
const PER_TURN: u64 = 50;
/// How often a live session's chain is put on record: the window in which a roll-back of the database could hide rows.
const PROGRESS: Duration = Duration::from_secs(5 * 60);

/// The job that finishes a tenant's sessions.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishSessions {}

impl Payload for FinishSessions {
    const KIND: JobKind = JobKind::new("session-finisher");
}

/// What one job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct FinisherReport {
    /// Sessions closed for the first time.
    pub closed: u64,
    /// Sessions sealed again because segments came late.
    pub resealed: u64,
    /// Live sessions whose chain was put on record.
    pub progressed: u64,
    /// Sessions that changed meanwhile and wait for the next job.
    pub postponed: u64,
    /// Sessions that could not be finished; the log says why.
    pub failed: u64,
}

impl Report for FinisherReport {
    // Closing sessions is what happens all day; metrics count it.
    fn is_quiet(&self) -> bool {
        true
    }
}

/// Closes sessions.
#[derive(Clone)]
pub struct Finisher {
    pub(crate) store: Store,
    pub(crate) sessions: Arc<sessions::Parts>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) limits: Limits,
}

impl Finisher {
    /// Whether any session of the tenant is due.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn wanted(&self, tenant: TenantId) -> Result<bool, AppError> {
        let now = self.clock.now();
        let read = self.store.tenant_read(tenant).await?;
        Ok(!read.session_due(now, &self.close_limits(), 1).await?.is_empty()
            || !read.session_progress_due(now.minus(PROGRESS), 1).await?.is_empty())
    }

    /// Finishes the tenant's sessions that are due, at most so many that other tenants have their turn. A session that
    /// fails does not stop the others.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tenant(&self, permit: &Permit<can::SessionSeal>) -> Result<FinisherReport, AppError> {
        let (tenant, now) = (permit.tenant(), self.clock.now());
        let mut report = FinisherReport::default();
        let due = self.store.tenant_read(tenant).await?.session_due(now, &self.close_limits(), PER_TURN).await?;
        for session in due {
            match self.finish(permit, session.id, session.reason).await {
                Ok(outcome) => *outcome.counter(&mut report) += 1,
                Err(error) => {
                    report.failed += 1;
                    tracing::error!(session.id = %session.id, error = ?error, "a session could not be finished");
                }
            }
        }
        let silent = self.store.tenant_read(tenant).await?.session_progress_due(now.minus(PROGRESS), PER_TURN).await?;
        for session in silent {
            self.progress(permit, session, now).await?;
            report.progressed += 1;
        }
        Ok(report)
    }

    const fn close_limits(&self) -> CloseLimits {
        CloseLimits {
            after_finish: Duration::from_secs(self.limits.finish_grace_seconds),
            idle: Duration::from_secs(self.limits.idle_seconds),
            length: Duration::from_secs(self.limits.session_seconds),
        }
    }

    /// Writes the session's next manifest.
    async fn finish(
        &self,
        permit: &Permit<can::SessionSeal>,
        id: SessionId,
        reason: CloseReason,
    ) -> Result<Outcome, AppError> {
        let tenant = permit.tenant();
        let read = self.store.tenant_read(tenant).await?;
        let Some(row) = read.session_find(id).await? else { return Ok(Outcome::Postponed) };
        let mut gaps: Vec<_> = read.gap_list(id).await?.into_iter().map(sessions::gap_view).collect();
        let generation = self.sessions.keys.session_generation(&read, id).await?;
        drop(read);
        let tabs = self.sessions.verified_rows(tenant, id).await?;
        let broken = tabs.iter().any(|tab| tab.broken_at.is_some());
        if !broken && tabs.iter().map(|tab| tab.rows.len() as u64).sum::<u64>() != row.segments {
            return Ok(Outcome::Postponed);
        }
        // What no longer fits together is left out and shown as a gap: the rest can still be proved.
        gaps.extend(tabs.iter().filter(|tab| tab.broken_at.is_some()).map(|tab| sessions::broken_gap(&row, tab)));
        let segments: Vec<ManifestSegment> = tabs.iter().flat_map(|tab| &tab.rows).map(segment_of).collect();
        let (rev, now) = (row.manifest_rev + 1, self.clock.now());
        let gaps = gaps
            .into_iter()
            .map(|gap| ManifestGap { tab: gap.tab, from_ms: gap.from_ms, to_ms: gap.to_ms, reason: gap.reason })
            .collect();
        let manifest = manifest_of(&row, rev, reason, now, segments, gaps);
        let (blob, hash) = self.put(tenant, id, rev, generation, &manifest).await?;

        let tx = self.store.tenant(tenant).await?;
        let current = tx.session_lock(id).await?.ok_or(AppError::NotFound { kind: "session" })?;
        if current.segments != row.segments || current.manifest_rev != row.manifest_rev {
            return Ok(Outcome::Postponed);
        }
        tx.manifest_insert(ManifestRow {
            tenant_id: tenant,
            session_id: id,
            rev,
            hash,
            blob: blob.as_str().to_owned(),
            cause: reason.as_str().to_owned(),
            created_at: now,
        })
        .await?;
        if !tx.session_seal(id, &Seal { rev, hash, sealed_segments: row.segments, reason, at: now }).await? {
            return Ok(Outcome::Postponed);
        }
        let act = if rev == 1 { "session.sealed" } else { "session.resealed" };
        self.audit().allowed(&tx, permit, act, Object::Session(id)).await?;
        if broken {
            tracing::error!(session.id = %id, "stored rows do not fit together; they are left out of the manifest");
            tx.session_gaps_add(id, 1, domain::Validation::Corrupt, now).await?;
            self.audit().integrity_failed(&tx, permit, Object::Session(id)).await?;
        }
        tx.commit().await?;
        Ok(if rev == 1 { Outcome::Closed } else { Outcome::Resealed })
    }

    async fn put(
        &self,
        tenant: TenantId,
        id: SessionId,
        rev: u32,
        generation: u32,
        manifest: &Manifest,
    ) -> Result<(BlobKey, [u8; 32]), AppError> {
        let bytes = manifest.canonical().map_err(AppError::internal)?;
        let hash = vault::chain::sha256(&bytes);
        let packed = zstd::bulk::compress(&bytes, 3).map_err(AppError::internal)?;
        let key = self.sessions.keys.session(tenant, id, generation).await?;
        let context = ObjectContext::manifest(tenant, id, rev, generation);
        let sealed = seal::seal(&key, &context, Codec::Zstd, &packed, &*self.entropy);
        // Named by the sealed bytes: two tries never meet, and neither overwrites the other.
        let blob = BlobKey::manifest(tenant, id, generation, rev, &vault::chain::sha256(&sealed));
        self.sessions.blobs.put_new(&blob, Bytes::from(sealed)).await.map_err(AppError::internal)?;
        Ok((blob, hash))
    }

    /// Puts a live session's chains on record.
    async fn progress(&self, permit: &Permit<can::SessionSeal>, id: SessionId, now: Timestamp) -> Result<(), AppError> {
        let tx = self.store.tenant(permit.tenant()).await?;
        for tab in tx.session_tab_list(id).await? {
            self.audit().progress(&tx, permit, id, tab.tab, tab.next_n, &tab.chain).await?;
        }
        tx.session_progress_set(id, now).await?;
        Ok(tx.commit().await?)
    }

    fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.clock, entropy: &*self.entropy }
    }
}

enum Outcome {
    Closed,
    Resealed,
    Postponed,
}

impl Outcome {
    const fn counter(self, report: &mut FinisherReport) -> &mut u64 {
        match self {
            Self::Closed => &mut report.closed,
            Self::Resealed => &mut report.resealed,
            Self::Postponed => &mut report.postponed,
        }
    }
}

fn segment_of(row: &store::SegmentRow) -> ManifestSegment {
    ManifestSegment {
        tab: row.tab,
        n: row.n,
        generation: row.generation,
        ciphertext_length: row.ciphertext_len,
        sha256: hex(&row.ciphertext_sha256),
        plaintext_length: row.plaintext_len,
        first_ms: row.first_ms,
        last_ms: row.last_ms,
        events: row.events,
        full_snapshot: row.full_snapshot,
    }
}

fn manifest_of(
    row: &SessionRow,
    rev: u32,
    reason: CloseReason,
    now: Timestamp,
    segments: Vec<ManifestSegment>,
    gaps: Vec<ManifestGap>,
) -> Manifest {
    Manifest {
        format: FORMAT.to_owned(),
        tenant: row.tenant_id,
        session: row.id,
        rev,
        cause: reason.as_str().to_owned(),
        closed_at: now,
        policy: PolicyRef { version: row.policy_version, hash: hex(&row.policy_hash) },
        agent: AgentRef { name: row.agent_name.clone(), version: row.agent_version.clone() },
        segments,
        gaps,
        previous: row.manifest_hash.map(|hash| hex(&hash)),
    }
}
