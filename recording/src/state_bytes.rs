//! The stored form of a tab's memory: compact, versioned, the same bytes for the same state.

use crate::{
    TabState,
    node::{Node, Tag},
};

/// First bytes of the stored form; the last is its version.
const HEAD: &[u8; 4] = b"STS\x01";

/// Most nodes that a stored state may hold, whatever the bounds are now.
const MOST_NODES: u64 = 4_000_000;

/// The bytes are not a stored tab state of a version that we read. The state must be rebuilt from a full snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a stored tab state")]
pub struct StateError;

impl TabState {
    /// The stored form. Holds ids, tag classes and flags; no text and no value of the page.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32 + self.nodes.len() * 6);
        out.extend_from_slice(HEAD);
        out.push(u8::from(self.seen_meta) | u8::from(self.seen_full) << 1);
        out.extend_from_slice(&self.last_ms.to_le_bytes());
        put(&mut out, self.retired.len() as u64);
        for id in &self.retired {
            put(&mut out, u64::from(*id));
        }
        let mut ids: Vec<u32> = self.nodes.keys().copied().collect();
        ids.sort_unstable();
        put(&mut out, ids.len() as u64);
        let mut last = 0;
        for id in ids {
            let Some(node) = self.nodes.get(&id) else { continue };
            put(&mut out, u64::from(id - last));
            put(&mut out, u64::from(node.parent));
            out.push(node.tag as u8);
            put(&mut out, u64::from(node.flags));
            last = id;
        }
        out
    }

    /// Reads [`TabState::to_bytes`].
    ///
    /// # Errors
    /// [`StateError`] for anything else, whatever the bytes are.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StateError> {
        let mut input = bytes.strip_prefix(HEAD).ok_or(StateError)?;
        let bits = *input.split_off_first().ok_or(StateError)?;
        let last_ms = input.split_off(..8).and_then(|b| b.try_into().ok()).map(i64::from_le_bytes).ok_or(StateError)?;
        if bits > 3 || last_ms < 0 {
            return Err(StateError);
        }
        let mut state = Self { seen_meta: bits & 1 != 0, seen_full: bits & 2 != 0, last_ms, ..Self::default() };
        for _ in 0..take(&mut input)? {
            state.retired.insert(id(take(&mut input)?)?);
        }
        let count = take(&mut input)?;
        // Four bytes a node at least: a count that the rest cannot hold must not reserve memory.
        if count > MOST_NODES || count > input.len() as u64 / 4 {
            return Err(StateError);
        }
        let mut ids = Vec::new();
        let mut last = 0_u64;
        for _ in 0..count {
            let step = take(&mut input)?;
            last = last.checked_add(step).filter(|_| step > 0).ok_or(StateError)?;
            let parent = u32::try_from(take(&mut input)?).map_err(|_| StateError)?;
            let tag = *input.split_off_first().ok_or(StateError)?;
            let tag = *Tag::ALL.get(usize::from(tag)).ok_or(StateError)?;
            let flags = u16::try_from(take(&mut input)?).map_err(|_| StateError)?;
            let id = id(last)?;
            ids.push(id);
            state.nodes.insert(id, Node { parent, first_child: 0, next: 0, previous: 0, tag, flags });
        }
        if !input.is_empty() {
            return Err(StateError);
        }
        for id in ids {
            state.link(id)?;
        }
        Ok(state)
    }

    /// Puts a read node into its parent's list of children.
    fn link(&mut self, id: u32) -> Result<(), StateError> {
        let parent = self.nodes.get(&id).ok_or(StateError)?.parent;
        if parent == 0 {
            return Ok(());
        }
        let above = self.nodes.get_mut(&parent).filter(|_| parent != id).ok_or(StateError)?;
        let next = std::mem::replace(&mut above.first_child, id);
        if let Some(node) = self.nodes.get_mut(&id) {
            node.next = next;
        }
        if let Some(node) = self.nodes.get_mut(&next) {
            node.previous = id;
        }
        Ok(())
    }
}

fn id(value: u64) -> Result<u32, StateError> {
    u32::try_from(value).ok().filter(|id| *id > 0).ok_or(StateError)
}

/// LEB128.
fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

fn take(input: &mut &[u8]) -> Result<u64, StateError> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *input.split_off_first().ok_or(StateError)?;
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(StateError)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut framed = HEAD.to_vec();
            framed.extend_from_slice(&bytes);
            for input in [&bytes, &framed] {
                if let Ok(state) = TabState::from_bytes(input) {
                    let again = state.to_bytes();
                    prop_assert_eq!(TabState::from_bytes(&again).map(|s| s.to_bytes()), Ok(again));
                }
            }
        }
    }

    #[test]
    fn a_state_round_trips() {
        let mut state = TabState { last_ms: 1_795_341_209_714, seen_full: true, ..TabState::default() };
        for (id, parent) in [(1, 0), (70_000, 1), (3, 70_000), (4, 1)] {
            state.insert(id, parent, Tag::Input, 3, 10).expect("fits");
        }
        let bytes = state.to_bytes();
        let read = TabState::from_bytes(&bytes).expect("reads");
        assert_eq!(read.to_bytes(), bytes);
        assert_eq!(read.inside(3), state.inside(3));
        assert!(bytes.len() < 60);
    }
}
