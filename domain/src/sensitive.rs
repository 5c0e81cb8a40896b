//! Values that must not reach a log. Both wrappers print `***`; taking the value out is a visible act.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A credential or key in text form: prints `***`, is wiped when dropped, and does not serialise.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps a secret.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The secret itself; keep the borrow short.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Personal data on its way to where it is meant to go: serialises as itself, prints `***`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Wraps personal data.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The data itself.
    pub const fn expose(&self) -> &T {
        &self.0
    }
    /// Unwraps the data.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_wrapper_prints_its_value() {
        let printed = format!("{:?} {:?}", Secret::new("hunter2".to_owned()), Personal::new("ada@example.test"));
        assert_eq!(printed, "*** ***");
    }
}
