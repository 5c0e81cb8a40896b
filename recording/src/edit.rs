//! Reading scanned tokens, and the list of edits that turns an event into its redacted form.

use std::{borrow::Cow, cmp::Reverse};

use policy::privacy::MASK;

use crate::{
    scan::{Kind, Token},
    text,
};

/// The tokens of one event over the bytes of its body.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) body: &'a str,
    pub(crate) tokens: &'a [Token],
}

impl<'a> View<'a> {
    pub(crate) fn kind(self, at: usize) -> Kind {
        self.tokens[at].kind
    }

    /// The bytes of a token; of a string, what stands between its quotes.
    pub(crate) fn raw(self, at: usize) -> &'a [u8] {
        let token = self.tokens[at];
        &self.body.as_bytes()[token.start as usize..token.end as usize]
    }

    /// The text of a string token.
    pub(crate) fn text(self, at: usize) -> Cow<'a, str> {
        let token = self.tokens[at];
        if token.escaped {
            return text::unescape(self.raw(at));
        }
        // Tokens start and end at ASCII bytes, hence between characters.
        Cow::Borrowed(self.body.get(token.start as usize..token.end as usize).unwrap_or_default())
    }

    /// The text of a token if it is a string.
    pub(crate) fn string(self, at: usize) -> Option<Cow<'a, str>> {
        (self.kind(at) == Kind::String).then(|| self.text(at))
    }

    pub(crate) fn is_name(self, at: usize, name: &str) -> bool {
        if self.tokens[at].escaped { self.text(at) == name } else { self.raw(at) == name.as_bytes() }
    }

    /// `(name, value)` of every member; empty for what is no object.
    pub(crate) fn members(self, object: usize) -> impl Iterator<Item = (usize, usize)> + use<'a> {
        let token = self.tokens[object];
        let end = if token.kind == Kind::Object { token.next as usize } else { 0 };
        let mut at = object + 1;
        std::iter::from_fn(move || {
            let name = at;
            if name >= end {
                return None;
            }
            at = self.tokens[name + 1].next as usize;
            Some((name, name + 1))
        })
    }

    /// Every element; empty for what is no array.
    pub(crate) fn elements(self, array: usize) -> impl Iterator<Item = usize> + use<'a> {
        let token = self.tokens[array];
        let end = if token.kind == Kind::Array { token.next as usize } else { 0 };
        let mut at = array + 1;
        std::iter::from_fn(move || {
            let element = at;
            if element >= end {
                return None;
            }
            at = self.tokens[element].next as usize;
            Some(element)
        })
    }

    /// The value of a member.
    pub(crate) fn get(self, object: usize, name: &str) -> Option<usize> {
        self.members(object).find(|(at, _)| self.is_name(*at, name)).map(|(_, value)| value)
    }

    /// A number token's whole part; `None` beyond 2^53 or for anything with an exponent.
    pub(crate) fn integer(self, at: usize) -> Option<i64> {
        if self.kind(at) != Kind::Number {
            return None;
        }
        let raw = std::str::from_utf8(self.raw(at)).ok()?;
        let whole = raw.split('.').next()?;
        whole.parse().ok().filter(|n: &i64| n.unsigned_abs() <= 1 << 53 && !raw.contains(['e', 'E']))
    }

    /// A node's id: a positive whole number.
    pub(crate) fn id(self, at: usize) -> Option<u32> {
        if self.kind(at) != Kind::Number {
            return None;
        }
        std::str::from_utf8(self.raw(at)).ok()?.parse().ok().filter(|id| *id > 0)
    }
}

/// One replacement.
struct Edit {
    start: u32,
    end: u32,
    with: usize,
    length: usize,
}

/// What is to be replaced in one event.
#[derive(Default)]
pub(crate) struct Edits {
    list: Vec<Edit>,
    bytes: Vec<u8>,
}

impl Edits {
    fn push(&mut self, start: u32, end: u32, write: impl FnOnce(&mut Vec<u8>)) {
        let with = self.bytes.len();
        write(&mut self.bytes);
        let length = self.bytes.len() - with;
        self.list.push(Edit { start, end, with, length });
    }

    /// Puts `text` into a string token.
    pub(crate) fn set_text(&mut self, token: Token, text: &str) {
        self.push(token.start, token.end, |out| text::escape_into(text, out));
    }

    /// Puts raw JSON in place of a value.
    pub(crate) fn set_value(&mut self, token: Token, json: &str) {
        let quote = u32::from(matches!(token.kind, Kind::String | Kind::Name));
        self.push(token.start - quote, token.end + quote, |out| out.extend_from_slice(json.as_bytes()));
    }

    /// Puts the mask in place of a value of any kind.
    pub(crate) fn mask_value(&mut self, token: Token) {
        self.set_value(token, &format!("\"{MASK}\""));
    }

    /// Writes the event with its edits and a line feed, and forgets the edits.
    ///
    /// Of edits that overlap, the outer one stands: hiding a whole wins over changing its parts. White space that would
    /// break the line becomes blanks; inside strings the scanner has let no control character pass.
    pub(crate) fn apply(&mut self, body: &[u8], start: usize, end: usize, out: &mut Vec<u8>) {
        self.list.sort_by_key(|edit| (edit.start, Reverse(edit.end)));
        let from = out.len();
        let mut at = start;
        for edit in &self.list {
            if (edit.start as usize) < at {
                continue;
            }
            out.extend_from_slice(&body[at..edit.start as usize]);
            out.extend_from_slice(&self.bytes[edit.with..edit.with + edit.length]);
            at = edit.end as usize;
        }
        out.extend_from_slice(&body[at..end]);
        if memchr::memchr2(b'\n', b'\r', &out[from..]).is_some() {
            for byte in out[from..].iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')) {
                *byte = b' ';
            }
        }
        out.push(b'\n');
        self.forget();
    }

    /// Forgets the edits.
    pub(crate) fn forget(&mut self) {
        self.list.clear();
        self.bytes.clear();
    }
}
