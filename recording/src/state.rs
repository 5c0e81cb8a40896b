//! What the server remembers of one tab between segments: the node map.
//!
//! Changes go through an undo log, so that a refused segment leaves the state as it was and an accepted one costs what
//! it changed, however many nodes there are.

use std::collections::BTreeSet;

use crate::{
    Rejection, StatusClass,
    node::{Context, Node, Nodes, Tag, flag},
};

/// Ancestors that are followed; deeper nodes count as unknown, so that a crafted tree costs little.
const CHAIN: usize = 1_024;

/// Removed nodes under the floor that are remembered: rrweb gives a node that comes back its old id.
const RETIRED: usize = 4_096;

/// How to take one change back.
pub(crate) enum Undo {
    Node(u32, Option<Node>),
    Retired(u32, bool),
    All(Nodes, BTreeSet<u32>),
}

/// One tab's memory: its node map and where its stream stands. Starts empty; see [`TabState::from_bytes`].
#[derive(Default)]
pub struct TabState {
    pub(crate) nodes: Nodes,
    pub(crate) retired: BTreeSet<u32>,
    pub(crate) last_ms: i64,
    pub(crate) seen_meta: bool,
    pub(crate) seen_full: bool,
    pub(crate) undo: Vec<Undo>,
    /// The whole map was put aside in this segment: taking that back takes back everything since.
    pub(crate) renewed: bool,
}

impl std::fmt::Debug for TabState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TabState")
            .field("nodes", &self.nodes.len())
            .field("last_ms", &self.last_ms)
            .finish_non_exhaustive()
    }
}

/// Where a segment started; see [`TabState::roll_back`].
pub(crate) struct Mark {
    last_ms: i64,
    seen_meta: bool,
    seen_full: bool,
}

impl TabState {
    /// Memory held, in bytes, roughly.
    #[must_use]
    pub fn approx_bytes(&self) -> usize {
        self.nodes.capacity() * (size_of::<(u32, Node)>() + 1) + self.retired.len() * 16 + size_of::<Self>()
    }

    /// Time of the newest event so far, milliseconds since the epoch; 0 before the first.
    #[must_use]
    pub fn last_ms(&self) -> i64 {
        self.last_ms
    }

    /// Whether the tab has had a full snapshot.
    #[must_use]
    pub fn has_full_snapshot(&self) -> bool {
        self.seen_full
    }

    pub(crate) fn begin(&mut self) -> Mark {
        self.undo.clear();
        self.renewed = false;
        Mark { last_ms: self.last_ms, seen_meta: self.seen_meta, seen_full: self.seen_full }
    }

    /// Keeps what was changed since [`TabState::begin`].
    pub(crate) fn keep(&mut self) {
        self.undo = Vec::new();
    }

    /// Undoes what was changed since [`TabState::begin`].
    pub(crate) fn roll_back(&mut self, mark: &Mark) {
        for step in std::mem::take(&mut self.undo).into_iter().rev() {
            match step {
                Undo::Node(id, Some(node)) => {
                    self.nodes.insert(id, node);
                }
                Undo::Node(id, None) => {
                    self.nodes.remove(&id);
                }
                Undo::Retired(id, true) => {
                    self.retired.insert(id);
                }
                Undo::Retired(id, false) => {
                    self.retired.remove(&id);
                }
                Undo::All(nodes, retired) => {
                    self.nodes = nodes;
                    self.retired = retired;
                }
            }
        }
        self.last_ms = mark.last_ms;
        self.seen_meta = mark.seen_meta;
        self.seen_full = mark.seen_full;
    }

    /// Forgets the page: a full snapshot follows.
    pub(crate) fn clear(&mut self) {
        if self.renewed {
            self.nodes.clear();
            self.retired.clear();
            return;
        }
        self.undo.push(Undo::All(std::mem::take(&mut self.nodes), std::mem::take(&mut self.retired)));
        self.renewed = true;
    }

    fn note(&mut self, step: Undo) {
        if !self.renewed {
            self.undo.push(step);
        }
    }

    pub(crate) fn get(&self, id: u32) -> Option<&Node> {
        self.nodes.get(&id)
    }

    fn set(&mut self, id: u32, node: Node) {
        let old = self.nodes.insert(id, node);
        self.note(Undo::Node(id, old));
    }

    fn update(&mut self, id: u32, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(&id) {
            let old = *node;
            change(node);
            self.note(Undo::Node(id, Some(old)));
        }
    }

    fn retire(&mut self, id: u32) {
        if self.retired.insert(id) {
            self.note(Undo::Retired(id, false));
        }
        if self.retired.len() > RETIRED
            && let Some(oldest) = self.retired.pop_first()
        {
            self.note(Undo::Retired(oldest, true));
        }
    }

    /// Adds a node below `parent` (0: a root), or moves it there. Gives the flags that it has now.
    ///
    /// A node that would become its own ancestor is forgotten: its content is then hidden.
    pub(crate) fn insert(
        &mut self,
        id: u32,
        parent: u32,
        tag: Tag,
        flags: u16,
        limit: usize,
    ) -> Result<u16, Rejection> {
        if parent != 0 && !self.nodes.contains_key(&parent) {
            // Its parent was forgotten within the same event (an id that stands twice): then so is the node.
            self.remove(id);
            return Ok(flags);
        }
        let old = self.nodes.get(&id).copied();
        let mut flags = flags;
        if let Some(old) = old {
            flags |= old.flags & flag::STICKY;
            if id == parent || (old.first_child != 0 && self.is_below(parent, id)) {
                self.remove(id);
                return Ok(flags);
            }
            self.unlink(id);
        } else if self.nodes.len() >= limit {
            return Err(Rejection::new("tab.nodes", StatusClass::TooLarge, "the page has more nodes than allowed"));
        }
        if self.retired.remove(&id) {
            self.note(Undo::Retired(id, true));
            flags |= flag::FLOOR;
        }
        let next = self.nodes.get(&parent).map_or(0, |node| node.first_child);
        let first_child = old.map_or(0, |node| node.first_child);
        self.set(id, Node { parent, first_child, next, previous: 0, tag, flags });
        self.update(parent, |node| node.first_child = id);
        if next != 0 {
            self.update(next, |node| node.previous = id);
        }
        Ok(flags)
    }

    /// Changes the flags of a node that is known.
    pub(crate) fn set_flags(&mut self, id: u32, flags: u16) {
        if self.nodes.get(&id).is_some_and(|node| node.flags != flags) {
            self.update(id, |node| node.flags = flags);
        }
    }

    fn is_below(&self, id: u32, ancestor: u32) -> bool {
        let mut at = id;
        for _ in 0..CHAIN {
            if at == ancestor {
                return true;
            }
            match self.nodes.get(&at) {
                Some(node) if node.parent != 0 => at = node.parent,
                _ => return false,
            }
        }
        true
    }

    fn unlink(&mut self, id: u32) {
        let Some(node) = self.nodes.get(&id).copied() else { return };
        if node.previous != 0 {
            self.update(node.previous, |previous| previous.next = node.next);
        } else {
            self.update(node.parent, |parent| parent.first_child = node.next);
        }
        if node.next != 0 {
            self.update(node.next, |next| next.previous = node.previous);
        }
    }

    /// Forgets a node and all below it.
    pub(crate) fn remove(&mut self, id: u32) {
        self.unlink(id);
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let Some(node) = self.nodes.remove(&id) else { continue };
            self.note(Undo::Node(id, Some(node)));
            if node.flags & flag::FLOOR != 0 {
                self.retire(id);
            }
            let mut child = node.first_child;
            while child != 0 {
                open.push(child);
                child = self.nodes.get(&child).map_or(0, |node| node.next);
            }
        }
    }

    /// The context inside node `id`; [`Context::UNKNOWN`] when the tab does not know it.
    pub(crate) fn inside(&self, id: u32) -> Context {
        self.chain(id, true)
    }

    /// The context in which node `id` itself stands (what its own text is subject to).
    pub(crate) fn around(&self, id: u32) -> Context {
        self.chain(id, false)
    }

    /// Follows the ancestors once, from the inside out: the innermost word on typing counts, the strictest action.
    fn chain(&self, id: u32, with_self: bool) -> Context {
        let Some(mut node) = self.nodes.get(&id) else { return Context::UNKNOWN };
        let mut context = Context::default();
        let mut typed = None;
        let mut innermost = true;
        let mut counts = with_self;
        for _ in 0..CHAIN {
            if counts {
                let here = Context::default().inside(node.tag, node.flags);
                context.action = context.action.strictest(here.action);
                context.foreign |= here.foreign;
                if innermost {
                    (context.css, context.title) = (here.css, here.title);
                    innermost = false;
                }
                if typed.is_none() && (here.typed || node.flags & flag::FIXED != 0) {
                    typed = Some(here.typed);
                }
            }
            counts = true;
            if node.parent == 0 {
                context.typed = typed.unwrap_or(false);
                return context;
            }
            match self.nodes.get(&node.parent) {
                Some(parent) => node = parent,
                None => return Context::UNKNOWN,
            }
        }
        Context::UNKNOWN
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(a: &TabState, b: &TabState) -> bool {
        a.to_bytes() == b.to_bytes()
    }

    proptest! {
        #[test]
        fn rolling_back_restores_everything(
            before in proptest::collection::vec((1_u32..20, 0_u32..20, any::<bool>()), 0..40),
            after in proptest::collection::vec((1_u32..20, 0_u32..20, 0_u8..4), 0..40),
        ) {
            let mut state = TabState::default();
            let build = |state: &mut TabState| for (id, parent, floor) in &before {
                if *parent == 0 || state.get(*parent).is_some() {
                    state.insert(*id, *parent, Tag::Other, u16::from(*floor), 100).expect("fits");
                }
            };
            build(&mut state);
            state.keep();
            let untouched = TabState::from_bytes(&state.to_bytes()).expect("reads");
            let mark = state.begin();
            for (id, parent, what) in after {
                match what {
                    0 => state.remove(id),
                    1 if id % 7 == 0 => state.clear(),
                    2 => state.set_flags(id, 9),
                    _ => if parent == 0 || state.get(parent).is_some() {
                        state.insert(id, parent, Tag::Input, 0, 100).expect("fits");
                    },
                }
                state.last_ms += 1;
            }
            state.roll_back(&mark);
            prop_assert!(same(&state, &untouched));
        }
    }

    #[test]
    fn removing_takes_the_subtree_and_remembers_floor_nodes() {
        let mut state = TabState::default();
        for (id, parent, flags) in [(1, 0, 0), (2, 1, 0), (3, 2, flag::FLOOR), (4, 1, 0)] {
            state.insert(id, parent, Tag::Other, flags, 10).expect("fits");
        }
        state.remove(2);
        assert!(state.get(2).is_none() && state.get(3).is_none() && state.get(4).is_some());
        assert_eq!(state.insert(3, 1, Tag::Input, 0, 10), Ok(flag::FLOOR));
    }

    #[test]
    fn a_node_cannot_become_its_own_ancestor() {
        let mut state = TabState::default();
        for (id, parent) in [(1, 0), (2, 1), (3, 2)] {
            state.insert(id, parent, Tag::Other, 0, 10).expect("fits");
        }
        state.insert(2, 3, Tag::Other, 0, 10).expect("no error");
        assert!(state.inside(3).unknown && !state.inside(1).unknown);
    }
}
