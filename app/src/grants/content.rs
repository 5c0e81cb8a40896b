//! What a vote is about, as one hash.

use std::time::Duration;

use domain::SessionId;
use policy::grants::Life;
use sha2::{Digest as _, Sha256};
use store::AccessGrantRow;

/// SHA-256 over everything that a reviewer agrees to: who asks, for what, why, for how long, for which sessions. Each part
/// is of fixed length or preceded by its length.
pub(crate) fn of(row: &AccessGrantRow, sessions: &[SessionId]) -> [u8; 32] {
    let mut sorted = sessions.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut hash = Sha256::new();
    hash.update(b"sealtape/access-request/v1\0");
    for id in [row.tenant_id.bytes(), row.id.bytes(), row.member_id.bytes()] {
        hash.update(id);
    }
    for word in [row.kind.as_str(), row.verb.as_str(), row.purpose.as_str()] {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word);
    }
    hash.update(Sha256::digest(&row.reason_sealed));
    hash.update(row.duration_s.to_be_bytes());
    hash.update(row.created_at.as_micros().to_be_bytes());
    hash.update((sorted.len() as u64).to_be_bytes());
    for session in sorted {
        hash.update(session.bytes());
    }
    hash.finalize().into()
}

/// What the rules of its life look at.
pub(crate) fn life(row: &AccessGrantRow) -> Life {
    let duration = Duration::from_secs(u64::from(row.duration_s));
    Life {
        kind: row.kind,
        requester: row.member_id,
        state: row.state,
        decide_by: row.decide_by,
        duration,
        // Whatever the row says: no longer than what was asked for, from the approval on.
        expires_at: row.expires_at.zip(row.approved_at).map(|(until, from)| until.min(from.plus(duration))),
    }
}

#[cfg(test)]
mod tests {
    use domain::{GrantId, MemberId, TenantId, Timestamp};
    use policy::grants::{GrantState, Kind, Purpose, Verb};
    use uuid::Uuid;

    use super::*;

    fn row() -> AccessGrantRow {
        AccessGrantRow {
            tenant_id: TenantId::from_uuid(Uuid::from_u128(1)),
            id: GrantId::from_uuid(Uuid::from_u128(2)),
            kind: Kind::Request,
            state: GrantState::Pending,
            member_id: MemberId::from_uuid(Uuid::from_u128(3)),
            verb: Verb::View,
            purpose: Purpose::Debugging,
            reason_sealed: vec![1, 2, 3],
            filter: None,
            duration_s: 3_600,
            created_at: Timestamp::from_millis(0),
            decide_by: Timestamp::from_millis(1),
            needs: None,
            approved_at: None,
            activated_at: None,
            expires_at: None,
            ended_at: None,
            ended_reason: None,
            ended_by: None,
            role: None,
            review_due_at: None,
            reminded_at: None,
            reviewed_at: None,
            reviewed_by: None,
            review_outcome: None,
            review_sealed: None,
            mac: None,
        }
    }

    fn session(n: u128) -> SessionId {
        SessionId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn any_edit_of_what_was_agreed_to_is_another_hash() {
        let sessions = [session(10), session(11)];
        let agreed = of(&row(), &sessions);
        let edits = [
            AccessGrantRow { member_id: MemberId::from_uuid(Uuid::from_u128(4)), ..row() },
            AccessGrantRow { id: GrantId::from_uuid(Uuid::from_u128(4)), ..row() },
            AccessGrantRow { tenant_id: TenantId::from_uuid(Uuid::from_u128(4)), ..row() },
            AccessGrantRow { kind: Kind::BreakGlass, ..row() },
            AccessGrantRow { verb: Verb::ViewUnmasked, ..row() },
            AccessGrantRow { purpose: Purpose::Support, ..row() },
            AccessGrantRow { reason_sealed: vec![1, 2], ..row() },
            AccessGrantRow { duration_s: 28_800, ..row() },
            AccessGrantRow { created_at: Timestamp::from_millis(9), ..row() },
        ];
        for edited in edits {
            assert_ne!(of(&edited, &sessions), agreed, "{edited:?}");
        }
        for other in [&[session(10)][..], &[session(10), session(12)], &[session(10), session(11), session(12)], &[]] {
            assert_ne!(of(&row(), other), agreed, "{other:?}");
        }
    }

    #[test]
    fn what_a_step_changes_is_not_part_of_it() {
        let sessions = [session(10), session(11)];
        let later = AccessGrantRow {
            state: GrantState::Active,
            needs: Some("[]".to_owned()),
            expires_at: Some(Timestamp::from_millis(5)),
            ..row()
        };
        assert_eq!(of(&later, &sessions), of(&row(), &[session(11), session(10), session(11)]));
    }
}
