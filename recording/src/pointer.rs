//! RFC 6901 pointers that tell nothing personal.

use policy::privacy::MASK;

/// A pointer under construction.
pub(crate) struct Place(String);

impl Place {
    /// The event with this number.
    pub(crate) fn event(number: usize) -> Self {
        Self(format!("/{number}"))
    }

    /// An element of an array.
    pub(crate) fn element(&mut self, number: usize) {
        self.0.push('/');
        self.0.push_str(&number.to_string());
    }

    /// A member of an object, by its raw name. Only plain identifiers are shown: a name can be an address.
    pub(crate) fn name(&mut self, raw: &[u8]) {
        self.0.push('/');
        let plain = raw.len() <= 32
            && raw.first().is_some_and(u8::is_ascii_alphabetic)
            && raw.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'));
        match std::str::from_utf8(raw) {
            Ok(name) if plain => self.0.push_str(name),
            _ => self.0.push_str(MASK),
        }
    }

    /// The pointer.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}
