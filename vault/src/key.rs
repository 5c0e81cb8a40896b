//! The one key type.

use domain::Entropy;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroize as _;

/// 32 secret bytes: wiped when dropped, without `Debug`, `Clone`, `PartialEq` or `Serialize`, so that a key cannot end in a
/// log line, an answer or a forgotten copy. Share it as `Arc<Key32>`.
pub struct Key32(Box<[u8; 32]>); // boxed: moving the key leaves no copy behind on the stack

impl Key32 {
    /// A fresh random key.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut key = Self(Box::new([0; 32]));
        entropy.fill(key.0.as_mut_slice());
        key
    }
    /// Takes over key bytes and wipes the array passed in.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let key = Self(Box::new(bytes));
        bytes.zeroize();
        key
    }
    /// From a slice of exactly 32 bytes; `None` for another length.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Self(Box::new([0; 32]));
        if bytes.len() != key.0.len() {
            return None;
        }
        key.0.copy_from_slice(bytes);
        Some(key)
    }
    /// The bytes; keep the borrow short and copy them nowhere.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
    /// Compares in constant time.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.as_slice()).into()
    }
}

impl Drop for Key32 {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SeededEntropy;

    #[test]
    fn keys_differ_and_take_only_32_bytes() {
        let entropy = SeededEntropy::new(1);
        let (a, b) = (Key32::generate(&entropy), Key32::generate(&entropy));
        assert!(!a.same_as(&b));
        assert!(Key32::from_slice(a.expose()).is_some_and(|copy| copy.same_as(&a)));
        assert!(Key32::from_slice(&[0; 31]).is_none());
        assert!(Key32::from_slice(&[0; 33]).is_none());
    }
}
