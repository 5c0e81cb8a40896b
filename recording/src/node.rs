//! What the server remembers of one node, and what a node's surroundings mean for what is in it.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hasher, RandomState},
};

use policy::privacy::ElementAction;

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

/// Nodes by id.
pub(crate) type Nodes = HashMap<u32, Node, Seed>;

/// Hashes ids with one multiplication, keyed by a random seed: ids come from the page and could be chosen to collide.
#[derive(Clone)]
pub(crate) struct Seed(u64);

impl Default for Seed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0_u8) | 1)
    }
}

impl BuildHasher for Seed {
    type Hasher = IdHasher;
    fn build_hasher(&self) -> IdHasher {
        IdHasher(self.0)
    }
}

/// See [`Seed`].
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }
    fn write_u32(&mut self, id: u32) {
        let product = u128::from(self.0 ^ u64::from(id)) * u128::from(self.0.rotate_left(32) | 1);
        let bytes = product.to_le_bytes();
        let half = |from: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[from + i]));
        self.0 = half(0) ^ half(8);
    }
}
