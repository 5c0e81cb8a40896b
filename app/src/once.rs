//! `Idempotency-Key`: a creating request that is sent again creates nothing again (draft-ietf-httpapi-idempotency-key-header).
//!
//! The key is claimed in the creation's own transaction and names what was created, not the answer: the answer is made
//! again from the row, so nothing of it is kept twice. A key belongs to one member and to one exact request.

use std::time::Duration;

use domain::Timestamp;
use policy::access::{Can, Permit};
use sha2::{Digest as _, Sha256};
use store::{OnceRow, TenantTx};
use uuid::Uuid;

use crate::{AppError, auth::member_of};

/// How long a key is remembered.
pub const REMEMBERED: Duration = Duration::from_secs(24 * 3_600);

/// The key of one creating request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once([u8; 32]);

impl Once {
    /// From the header's text; only its hash is kept.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(Sha256::digest(key).into())
    }
}

/// Claims `once` for the creation of `object` in `tx`, or says what the same request created before. `asked` is everything
/// of the request that decides what is created.
///
/// # Errors
/// [`AppError::Invalid`] `idempotency-key-reused` when the key was used for another request.
pub(crate) async fn claim<A: Can>(
    once: Option<Once>,
    tx: &TenantTx,
    permit: &Permit<A>,
    asked: &[&str],
    object: Uuid,
    now: Timestamp,
) -> Result<Option<Uuid>, AppError> {
    let Some(Once(key)) = once else { return Ok(None) };
    let member = member_of(permit.actor())?;
    tx.once_forget(member, now.minus(REMEMBERED)).await?;
    let request = request_hash(A::ACTION.as_str(), asked);
    let row = OnceRow { tenant_id: permit.tenant(), member_id: member, key, request, object, created_at: now };
    if tx.once_claim(&row).await? {
        return Ok(None);
    }
    let earlier = tx.once_find(member, &key).await?.ok_or_else(|| AppError::internal("a claimed key has no row"))?;
    if earlier.request == request {
        return Ok(Some(earlier.object));
    }
    Err(AppError::Invalid {
        code: "idempotency-key-reused",
        detail: "this Idempotency-Key was used for another request; take a new one".to_owned(),
        errors: Vec::new(),
    })
}

/// Lengths stand before the parts: no two requests have one hash.
fn request_hash(act: &str, asked: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in std::iter::once(&act).chain(asked) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_all_of_its_parts() {
        let base = request_hash("project.create", &["ab", "c"]);
        assert_eq!(base, request_hash("project.create", &["ab", "c"]));
        for other in [&["a", "bc"][..], &["abc"], &["ab", "c", ""], &["ab"]] {
            assert_ne!(base, request_hash("project.create", other), "{other:?}");
        }
        assert_ne!(base, request_hash("agent-key.create", &["ab", "c"]));
        assert_ne!(Once::new("a"), Once::new("b"));
    }
}
