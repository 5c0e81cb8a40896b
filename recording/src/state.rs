//! What the server remembers of one tab between segments: the node map.
//!
//! Changes go through an undo log, so that a refused segment leaves the state as it was and an accepted one costs what
//! it changed, however many nodes there are.

use std::collections::{BTreeSet, HashMap};

use policy::privacy::ElementAction;

use crate::{Rejection, StatusClass};

/// What matters about an element's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Tag {
    /// A block, or anything that no rule names.
    Other = 0,
    /// Does not interrupt a run of text.
    Inline = 1,
    /// A text node.
    Text = 2,
    /// `<input>`.
    Input = 3,
    /// `<textarea>`.
    Textarea = 4,
    /// `<select>`.
    Select = 5,
    /// `<style>`.
    Style = 6,
    /// `<link>`.
    Link = 7,
    /// `<meta>`.
    Meta = 8,
    /// `<title>`.
    Title = 9,
    /// `<iframe>` or `<frame>`.
    Frame = 10,
    /// An SVG element whose references are part of the drawing.
    SvgReference = 11,
}

impl Tag {
    /// All tags, in the order of their numbers.
    pub(crate) const ALL: [Self; 12] = [
        Self::Other,
        Self::Inline,
        Self::Text,
        Self::Input,
        Self::Textarea,
        Self::Select,
        Self::Style,
        Self::Link,
        Self::Meta,
        Self::Title,
        Self::Frame,
        Self::SvgReference,
    ];

    /// Whether a person can type or choose here.
    pub(crate) const fn takes_input(self) -> bool {
        matches!(self, Self::Input | Self::Textarea | Self::Select)
    }
}

/// Facts about a node, as bits.
pub(crate) mod flag {
    /// Is, or ever was, under the floor.
    pub(crate) const FLOOR: u16 = 1;
    /// `data-sealtape`: the two bits of the element action.
    pub(crate) const ACTION_SHIFT: u16 = 1;
    /// Mask of those two bits.
    pub(crate) const ACTION: u16 = 0b11 << ACTION_SHIFT;
    /// `contenteditable` is on here.
    pub(crate) const EDITABLE: u16 = 1 << 3;
    /// `contenteditable` is off here.
    pub(crate) const FIXED: u16 = 1 << 4;
    /// An input whose value a person changes (or did once): not a button.
    pub(crate) const TYPED: u16 = 1 << 5;
    /// A frame of another origin.
    pub(crate) const FOREIGN: u16 = 1 << 6;
    /// What a node keeps for its whole life.
    pub(crate) const STICKY: u16 = FLOOR | TYPED;
}

/// One node of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) parent: u32,
    pub(crate) first_child: u32,
    pub(crate) next: u32,
    pub(crate) previous: u32,
    pub(crate) tag: Tag,
    pub(crate) flags: u16,
}

/// What a node's surroundings say about what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one place, each named where it is read")]
pub(crate) struct Context {
    /// Strictest rule of the node and its ancestors.
    pub(crate) action: ElementAction,
    /// Whether text here is typed.
    pub(crate) typed: bool,
    /// Whether text here is CSS.
    pub(crate) css: bool,
    /// Whether text here is the page's title.
    pub(crate) title: bool,
    /// Inside a frame of another origin.
    pub(crate) foreign: bool,
    /// The tab does not know the node.
    pub(crate) unknown: bool,
}

impl Context {
    /// Where nothing is known, everything is hidden.
    pub(crate) const UNKNOWN: Self =
        Self { action: ElementAction::Mask, typed: false, css: false, title: false, foreign: false, unknown: true };

    /// The context inside a node that stands in this context.
    pub(crate) fn inside(self, tag: Tag, flags: u16) -> Self {
        let typed = match (tag, flags & (flag::EDITABLE | flag::FIXED)) {
            (Tag::Textarea, _) | (_, flag::EDITABLE) => true,
            (_, flag::FIXED) => false,
            _ => self.typed,
        };
        Self {
            action: self.action.strictest(action_of(flags)),
            typed,
            css: tag == Tag::Style,
            title: tag == Tag::Title,
            foreign: self.foreign || flags & flag::FOREIGN != 0,
            unknown: self.unknown,
        }
    }
}

/// The element action in a node's flags.
pub(crate) fn action_of(flags: u16) -> ElementAction {
    match (flags & flag::ACTION) >> flag::ACTION_SHIFT {
        0 => ElementAction::Allow,
        1 => ElementAction::Mask,
        2 => ElementAction::Block,
        _ => ElementAction::Ignore,
    }
}

/// The flags of an element action.
pub(crate) fn flags_of(action: ElementAction) -> u16 {
    (action as u16) << flag::ACTION_SHIFT
}

/// Ancestors that are followed; deeper nodes count as unknown, so that a crafted tree costs little.
const CHAIN: usize = 1_024;

/// Removed nodes under the floor that are remembered: rrweb gives a node that comes back its old id.
const RETIRED: usize = 4_096;

/// How to take one change back.
pub(crate) enum Undo {
    Node(u32, Option<Node>),
    Retired(u32, bool),
    All(HashMap<u32, Node>, BTreeSet<u32>),
}

/// One tab's memory: its node map and where its stream stands. Starts empty; see [`TabState::from_bytes`].
#[derive(Default)]
pub struct TabState {
    pub(crate) nodes: HashMap<u32, Node>,
    pub(crate) retired: BTreeSet<u32>,
    pub(crate) last_ms: i64,
    pub(crate) seen_meta: bool,
    pub(crate) seen_full: bool,
    pub(crate) undo: Vec<Undo>,
}

impl std::fmt::Debug for TabState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TabState").field("nodes", &self.nodes.len()).field("last_ms", &self.last_ms).finish_non_exhaustive()
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
        self.undo.push(Undo::All(std::mem::take(&mut self.nodes), std::mem::take(&mut self.retired)));
    }

    pub(crate) fn get(&self, id: u32) -> Option<&Node> {
        self.nodes.get(&id)
    }

    fn set(&mut self, id: u32, node: Node) {
        let old = self.nodes.insert(id, node);
        self.undo.push(Undo::Node(id, old));
    }

    fn update(&mut self, id: u32, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(&id) {
            self.undo.push(Undo::Node(id, Some(*node)));
            change(node);
        }
    }

    fn retire(&mut self, id: u32) {
        if self.retired.insert(id) {
            self.undo.push(Undo::Retired(id, false));
        }
        if self.retired.len() > RETIRED
            && let Some(oldest) = self.retired.pop_first()
        {
            self.undo.push(Undo::Retired(oldest, true));
        }
    }

    /// Adds a node below `parent` (0: a root), or moves it there. Gives the flags that it has now.
    ///
    /// A node that would become its own ancestor is forgotten: its content is then hidden.
    pub(crate) fn insert(&mut self, id: u32, parent: u32, tag: Tag, flags: u16, limit: usize) -> Result<u16, Rejection> {
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
            self.undo.push(Undo::Retired(id, true));
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
            self.undo.push(Undo::Node(id, Some(node)));
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

    fn chain(&self, id: u32, with_self: bool) -> Context {
        let mut nodes = Vec::with_capacity(32);
        let mut at = id;
        while at != 0 {
            match self.nodes.get(&at) {
                Some(node) if nodes.len() < CHAIN => {
                    nodes.push(node);
                    at = node.parent;
                }
                _ => return Context::UNKNOWN,
            }
        }
        if nodes.is_empty() {
            return Context::UNKNOWN;
        }
        let skip = usize::from(!with_self);
        nodes.iter().skip(skip).rev().fold(Context::default(), |context, node| context.inside(node.tag, node.flags))
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
