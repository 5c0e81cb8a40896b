//! How a session moves along: segments arrive, it ends, manifests cover it. Every step is one conditional update.

use std::time::Duration;

use domain::{CloseReason, SessionId, SubjectId, Timestamp, Validation};

use crate::capture_stop::capture_scope;
use crate::stored::Stored as _;
use crate::{StoreError, TenantRead, TenantTx};

/// What one committed segment adds to its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTouch {
    /// Segments added, normally 1.
    pub segments: u64,
    /// Events added.
    pub events: u64,
    /// Sealed bytes added.
    pub bytes_stored: u64,
    /// Bytes before compression added.
    pub bytes_raw: u64,
    /// Errors added.
    pub errors: u64,
    /// Gaps added.
    pub gaps: u64,
    /// The earliest event of the segment.
    pub first_event_at: Option<Timestamp>,
    /// The latest event of the segment.
    pub last_event_at: Option<Timestamp>,
    /// When the server took it.
    pub received_at: Timestamp,
    /// True when this is the last segment the agent means to send; otherwise an older hint is cleared.
    pub finish_hint: bool,
    /// What the structure check said; the session keeps the worst.
    pub validation: Validation,
    /// The page last seen, sealed under the session's summary generation.
    pub last_page: Option<Vec<u8>>,
}

impl Default for SessionTouch {
    fn default() -> Self {
        Self {
            segments: 0,
            events: 0,
            bytes_stored: 0,
            bytes_raw: 0,
            errors: 0,
            gaps: 0,
            first_event_at: None,
            last_event_at: None,
            received_at: Timestamp::default(),
            finish_hint: false,
            validation: Validation::Valid,
            last_page: None,
        }
    }
}

/// When a session is over (`sealing.md`, "Rows, chain, manifest").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloseLimits {
    /// Silence after the agent's finish hint.
    pub after_finish: Duration,
    /// Silence without one.
    pub idle: Duration,
    /// Longest session.
    pub length: Duration,
}

/// A session the finisher should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionDue {
    /// Which.
    pub id: SessionId,
    /// Why.
    pub reason: CloseReason,
}

/// A manifest that now covers the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Its number, one above the one before.
    pub rev: u32,
    /// Its hash.
    pub hash: [u8; 32],
    /// Segments it covers.
    pub sealed_segments: u64,
    /// Why it was written; the first one's reason stays on the session.
    pub reason: CloseReason,
    /// When.
    pub at: Timestamp,
}

// The worst finding is the smallest text: corrupt < gaps < repaired < valid. A test holds this.
const TOUCH: &str = "
    UPDATE session SET
      segments = segments + $3, events = events + $4, bytes_stored = bytes_stored + $5, bytes_raw = bytes_raw + $6,
      errors = errors + $7, has_error = (errors + $7 > 0), gaps = gaps + $8,
      first_event_at = CASE WHEN first_event_at IS NULL OR $9 < first_event_at THEN COALESCE($9, first_event_at) ELSE first_event_at END,
      last_event_at = CASE WHEN last_event_at IS NULL OR $10 > last_event_at THEN COALESCE($10, last_event_at) ELSE last_event_at END,
      duration_ms = COALESCE((
        CASE WHEN last_event_at IS NULL OR $10 > last_event_at THEN COALESCE($10, last_event_at) ELSE last_event_at END
        - CASE WHEN first_event_at IS NULL OR $9 < first_event_at THEN COALESCE($9, first_event_at) ELSE first_event_at END
      ) / 1000, 0),
      last_received_at = CASE WHEN $11 > last_received_at THEN $11 ELSE last_received_at END,
      finish_hint_at = CASE WHEN $12 THEN $11 ELSE NULL END,
      validation = CASE WHEN $13 < validation THEN $13 ELSE validation END,
      last_page_sealed = COALESCE($14, last_page_sealed),
      changed_at = CASE WHEN $11 > changed_at THEN $11 ELSE changed_at END
    WHERE tenant_id = $1 AND id = $2 AND state <> 'erased'
      AND NOT EXISTS (SELECT 1 FROM capture_stop c WHERE c.tenant_id = $1
                      AND c.scope IN (session.project_id, $15))";

pub(crate) const DUE: &str = "
    SELECT id, finish_hint_at, started_at FROM session
    WHERE tenant_id = $1 AND state = 'live'
      AND (finish_hint_at <= $2 OR last_received_at <= $3 OR started_at <= $4)
    ORDER BY last_received_at, id LIMIT $5";

pub(crate) const LATE: &str = "
    SELECT id FROM session
    WHERE tenant_id = $1 AND state = 'closed' AND segments > sealed_segments AND last_received_at <= $2
    ORDER BY id LIMIT $3";

pub(crate) const PROGRESS_DUE: &str = "
    SELECT id FROM session
    WHERE tenant_id = $1 AND state = 'live' AND COALESCE(progress_at, started_at) <= $2
      AND last_received_at > COALESCE(progress_at, 0)
    ORDER BY last_received_at, id LIMIT $3";

impl TenantTx {
    /// Adds what a segment brought. False when there is no such session, it is erased, or capture is stopped there: the segment
    /// must not be acked.
    pub async fn session_touch(&self, session: SessionId, touch: &SessionTouch) -> Result<bool, StoreError> {
        let values = vec![
            session.uuid().into(),
            touch.segments.store()?.into(),
            touch.events.store()?.into(),
            touch.bytes_stored.store()?.into(),
            touch.bytes_raw.store()?.into(),
            touch.errors.store()?.into(),
            touch.gaps.store()?.into(),
            touch.first_event_at.store()?.into(),
            touch.last_event_at.store()?.into(),
            touch.received_at.as_micros().into(),
            touch.finish_hint.into(),
            touch.validation.as_str().into(),
            touch.last_page.clone().into(),
            capture_scope(None).into(),
        ];
        self.won(TOUCH, values).await
    }

    /// Counts gaps that came without a segment (`finish`), and lets the structure finding get worse.
    pub async fn session_gaps_add(
        &self,
        session: SessionId,
        count: u64,
        validation: Validation,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql =
            "UPDATE session SET gaps = gaps + $3, validation = CASE WHEN $4 < validation THEN $4 ELSE validation END,
                     changed_at = CASE WHEN $5 > changed_at THEN $5 ELSE changed_at END
                   WHERE tenant_id = $1 AND id = $2 AND state <> 'erased'";
        let values =
            vec![session.uuid().into(), count.store()?.into(), validation.as_str().into(), now.as_micros().into()];
        self.won(sql, values).await
    }

    /// Notes that the agent says it is done; false when the session is not live.
    pub async fn session_finish_hint(&self, session: SessionId, at: Timestamp) -> Result<bool, StoreError> {
        let sql =
            "UPDATE session SET finish_hint_at = $3, changed_at = CASE WHEN $3 > changed_at THEN $3 ELSE changed_at END
                   WHERE tenant_id = $1 AND id = $2 AND state = 'live'";
        self.won(sql, vec![session.uuid().into(), at.as_micros().into()]).await
    }

    /// Says who was recorded. False when somebody else was said before, or the session is erased.
    pub async fn session_subject_set(
        &self,
        session: SessionId,
        subject: SubjectId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql =
            "UPDATE session SET subject_id = $3, changed_at = CASE WHEN $4 > changed_at THEN $4 ELSE changed_at END
                   WHERE tenant_id = $1 AND id = $2 AND state <> 'erased' AND (subject_id IS NULL OR subject_id = $3)";
        self.won(sql, vec![session.uuid().into(), subject.uuid().into(), now.as_micros().into()]).await
    }

    /// Replaces the sealed summary; false when the session is erased.
    pub async fn session_summary_set(
        &self,
        session: SessionId,
        sealed: Vec<u8>,
        generation: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE session SET summary_sealed = $3, summary_generation = $4,
                     changed_at = CASE WHEN $5 > changed_at THEN $5 ELSE changed_at END
                   WHERE tenant_id = $1 AND id = $2 AND state <> 'erased'";
        let values = vec![session.uuid().into(), sealed.into(), generation.store()?.into(), now.as_micros().into()];
        self.won(sql, values).await
    }

    /// Notes that the session's chains were put on record.
    pub async fn session_progress_set(&self, session: SessionId, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE session SET progress_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'live'";
        self.won(sql, vec![session.uuid().into(), at.as_micros().into()]).await
    }

    /// Records a manifest. False when another finisher was first, or the session is erased.
    pub async fn session_seal(&self, session: SessionId, seal: &Seal) -> Result<bool, StoreError> {
        let sql = "UPDATE session SET state = 'closed', manifest_rev = $3, manifest_hash = $4, sealed_segments = $5,
                     closed_at = COALESCE(closed_at, $6), close_reason = COALESCE(close_reason, $7),
                     changed_at = CASE WHEN $6 > changed_at THEN $6 ELSE changed_at END
                   WHERE tenant_id = $1 AND id = $2 AND state IN ('live', 'closed') AND manifest_rev = $3 - 1";
        let values = vec![
            session.uuid().into(),
            seal.rev.store()?.into(),
            seal.hash.to_vec().into(),
            seal.sealed_segments.store()?.into(),
            seal.at.as_micros().into(),
            seal.reason.as_str().into(),
        ];
        self.won(sql, values).await
    }
}

impl TenantRead {
    /// Live sessions whose time has come, longest silent first, then closed ones with segments no manifest covers.
    pub async fn session_due(
        &self,
        now: Timestamp,
        limits: &CloseLimits,
        limit: u64,
    ) -> Result<Vec<SessionDue>, StoreError> {
        let finished = now.minus(limits.after_finish).as_micros();
        let idle = now.minus(limits.idle).as_micros();
        let length = now.minus(limits.length).as_micros();
        let values = vec![finished.into(), idle.into(), length.into(), limit.store()?.into()];
        let mut due = Vec::new();
        for row in self.rows(DUE, values).await? {
            let hint: Option<i64> = row.try_get("", "finish_hint_at")?;
            let started: i64 = row.try_get("", "started_at")?;
            let reason = if hint.is_some_and(|at| at <= finished) {
                CloseReason::Finished
            } else if started <= length {
                CloseReason::Length
            } else {
                CloseReason::Idle
            };
            due.push(SessionDue { id: SessionId::from_uuid(row.try_get("", "id")?), reason });
        }
        let left = limit.saturating_sub(due.len() as u64);
        due.extend(self.session_late(finished, left).await?);
        Ok(due)
    }

    /// Live sessions that took segments since their chains were last put on record, which was before `before`; longest
    /// silent first.
    pub async fn session_progress_due(&self, before: Timestamp, limit: u64) -> Result<Vec<SessionId>, StoreError> {
        let rows = self.rows(PROGRESS_DUE, vec![before.as_micros().into(), limit.store()?.into()]).await?;
        rows.iter().map(|row| Ok(SessionId::from_uuid(row.try_get("", "id")?))).collect()
    }

    /// A trickle of late segments is sealed once it pauses, not one manifest per segment.
    async fn session_late(&self, quiet_since: i64, limit: u64) -> Result<Vec<SessionDue>, StoreError> {
        let rows = self.rows(LATE, vec![quiet_since.into(), limit.store()?.into()]).await?;
        rows.iter()
            .map(|row| Ok(SessionDue { id: SessionId::from_uuid(row.try_get("", "id")?), reason: CloseReason::Late }))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_validation_has_the_smallest_name() {
        let mut by_name = [Validation::Valid, Validation::Repaired, Validation::Gaps, Validation::Corrupt];
        by_name.sort_by_key(|validation| std::cmp::Reverse(validation.as_str()));
        let mut by_badness = by_name;
        by_badness.sort();
        assert_eq!(by_name, by_badness);
    }
}
