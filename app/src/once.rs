//! `Idempotency-Key`: a creating request that is sent again creates nothing again (draft-ietf-httpapi-idempotency-key-header).
//!
//! The key is claimed in the creation's own transaction and names what was created, not the answer: the answer is made
//! again from the row, so nothing of it is kept twice. A key belongs to one member and to one exact request.

use std::{fmt, time::Duration};

use domain::{Entropy, Timestamp};
use policy::access::{Can, Permit};
use sha2::{Digest as _, Sha256};
use store::{OnceRow, TenantTx};
use uuid::Uuid;
use vault::{Key32, chain::RowKey};

use crate::{AppError, auth::member_of};

/// How long a key is remembered.
pub const REMEMBERED: Duration = Duration::from_secs(24 * 3_600);

/// The key of one creating request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// What is stored.
    key: [u8; 32],
    /// What is not, and follows from the header's text alone.
    seed: [u8; 32],
}

impl fmt::Debug for Once {
    /// The seed makes secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Once {
    /// From the header's text; only its hash is kept.
    #[must_use]
    pub fn new(key: &str) -> Self {
        let seed = Sha256::new().chain_update(b"sealtape/once/seed/v1\0").chain_update(key);
        Self { key: Sha256::digest(key).into(), seed: seed.finalize().into() }
    }

    /// 256 bits for a secret of `object`, which is created by this request: the same when the request is sent again, so that
    /// it is answered alike without keeping the secret. It takes the server's key, and the header's text, which is not kept.
    pub(crate) fn secret(self, server: &Key32, object: Uuid) -> [u8; 32] {
        let bound = Sha256::new().chain_update(b"sealtape/once/secret/v1\0").chain_update(self.seed);
        RowKey::derive(server).body_mac(&bound.chain_update(object.as_bytes()).finalize().into())
    }
}

/// 256 bits for a secret of `object`: those of the request's key when it has one, else fresh ones.
pub(crate) fn secret(once: Option<Once>, server: &Key32, object: Uuid, entropy: &dyn Entropy) -> [u8; 32] {
    let fresh = || {
        let mut bytes = [0_u8; 32];
        entropy.fill(&mut bytes);
        bytes
    };
    once.map_or_else(fresh, |once| once.secret(server, object))
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
    let Some(Once { key, .. }) = once else { return Ok(None) };
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

    #[test]
    fn a_secret_takes_the_request_the_server_and_what_is_created() {
        let (server, other) = (Key32::from_bytes([1; 32]), Key32::from_bytes([2; 32]));
        let (once, object) = (Once::new("a"), Uuid::from_u128(1));
        let secret = once.secret(&server, object);
        assert_eq!(secret, Once::new("a").secret(&server, object));
        for differs in [
            Once::new("b").secret(&server, object),
            once.secret(&other, object),
            once.secret(&server, Uuid::from_u128(2)),
        ] {
            assert_ne!(secret, differs);
        }
        assert!(!format!("{once:?}").contains("97"), "a seed is never printed");
    }
}
