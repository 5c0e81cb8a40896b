//! A leaf's tie to details that it must not hold itself.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Entropy, PersonKeyId};
use sha2::{Digest as _, Sha256};

const SALT: usize = 32;
/// Stands where a lone part has its salt, so that nothing can be read both ways.
const JOINED: &[u8; SALT] = b"sealtape/audit-detail-parts/v1\0\0";

/// `SHA-256(salt ‖ detail)`: binds a leaf to its detail and tells nothing about it once salt and detail are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment([u8; 32]);

impl Commitment {
    /// The text that stands in the leaf: base64url without padding.
    #[must_use]
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads [`Commitment::to_text`].
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

/// A detail with its salt, as it is to be sealed under a person's key: the salt stays inside the ciphertext.
#[derive(Clone, PartialEq, Eq)]
pub struct Detail {
    salted: Vec<u8>,
}

impl Detail {
    /// Joins `detail` with a fresh 32-byte salt.
    #[must_use]
    pub fn new(detail: &[u8], entropy: &dyn Entropy) -> Self {
        let mut salted = vec![0; SALT];
        entropy.fill(&mut salted);
        salted.extend_from_slice(detail);
        Self { salted }
    }

    /// Reads what [`Detail::to_seal`] gave; `None` when it is too short to hold a salt.
    #[must_use]
    pub fn from_opened(salted: Vec<u8>) -> Option<Self> {
        (salted.len() >= SALT).then_some(Self { salted })
    }

    /// Salt ‖ detail: what is sealed and stored beside the leaf.
    #[must_use]
    pub fn to_seal(&self) -> &[u8] {
        &self.salted
    }

    /// The salt without its detail.
    #[must_use]
    pub fn salt(&self) -> &[u8] {
        &self.salted[..SALT]
    }

    /// The detail without its salt.
    #[must_use]
    pub fn detail(&self) -> &[u8] {
        &self.salted[SALT..]
    }

    /// What goes into the leaf as `d`.
    #[must_use]
    pub fn commitment(&self) -> Commitment {
        Commitment(Sha256::digest(&self.salted).into())
    }
}

/// Whom a part of a detail is about. What one person's key seals says nothing about anybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// Whoever acted.
    Actor,
    /// Whom they acted upon.
    Subject,
}

impl About {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Subject => "subject",
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Actor => 1,
            Self::Subject => 2,
        }
    }
}

/// What a leaf knows of one part: whose key seals it, and its salted hash. Both lie beside the leaf in clear, so that the
/// other part can be checked when this one is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The key that seals it.
    pub key: PersonKeyId,
    /// [`Detail::commitment`] of what is sealed.
    pub commitment: Commitment,
}

/// The parts of one detail; at most one about each person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts {
    /// About whoever acted.
    pub actor: Option<Part>,
    /// About whom they acted upon.
    pub subject: Option<Part>,
}

impl Parts {
    /// What goes into the leaf as `d`; `None` without any part.
    ///
    /// Alone, the acting person's part stands for itself. Otherwise it is
    /// `SHA-256(tag ‖ (1 ‖ key ‖ commitment) ‖ (2 ‖ key ‖ commitment))` over the parts that there are.
    #[must_use]
    pub fn commitment(&self) -> Option<Commitment> {
        let Some(subject) = self.subject else { return self.actor.map(|actor| actor.commitment) };
        let mut joined = Sha256::new();
        joined.update(JOINED);
        let parts = self.actor.map(|actor| (About::Actor, actor)).into_iter().chain([(About::Subject, subject)]);
        for (about, Part { key, commitment: Commitment(hash) }) in parts {
            joined.update([about.byte()]);
            joined.update(key.uuid().as_bytes());
            joined.update(hash);
        }
        Some(Commitment(joined.finalize().into()))
    }
}

impl std::fmt::Debug for Detail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Detail(***)")
    }
}

#[cfg(test)]
mod tests {
    use domain::SeededEntropy;

    use super::*;

    #[test]
    fn the_commitment_is_sha256_of_salt_and_detail_and_binds_both() {
        let entropy = SeededEntropy::new(7);
        let detail = Detail::new(b"{\"ip\":\"192.0.2.1\"}", &entropy);
        let want: [u8; 32] = Sha256::digest(detail.to_seal()).into();
        assert_eq!(detail.commitment().to_text(), URL_SAFE_NO_PAD.encode(want));
        assert_eq!(Commitment::from_text(&detail.commitment().to_text()), Some(detail.commitment()));
        assert_eq!(detail.detail(), b"{\"ip\":\"192.0.2.1\"}");

        let same_text = Detail::new(b"{\"ip\":\"192.0.2.1\"}", &entropy);
        assert_ne!(same_text.commitment(), detail.commitment(), "equal details must not be recognisable");
        let reopened = Detail::from_opened(detail.to_seal().to_vec()).expect("long enough");
        assert_eq!(reopened.commitment(), detail.commitment());
        let mut forged = detail.to_seal().to_vec();
        *forged.last_mut().expect("not empty") ^= 1;
        assert_ne!(Detail::from_opened(forged).expect("long enough").commitment(), detail.commitment());
        assert_eq!(Detail::from_opened(vec![0; 31]), None);
        assert_eq!(format!("{detail:?}"), "Detail(***)");
    }
}
