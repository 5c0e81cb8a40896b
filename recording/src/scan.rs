//! A JSON scanner that builds no values: one flat list of tokens that point into the bytes.
//!
//! Strict RFC 8259 on bytes that are already known to be UTF-8. Beyond the grammar it refuses what two readers could
//! understand differently: names that stand twice in one object (compared after unescaping), lone surrogates and NUL.

use crate::{Bounds, Rejection, StatusClass, pointer::Place, text};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `{…}`; its members follow as name, value, name, value.
    Object,
    /// `[…]`; its elements follow.
    Array,
    /// A string; the span is what stands between the quotes.
    String,
    /// A member's name; the span is what stands between the quotes.
    Name,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Literal,
}

/// One value or name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Whether a string holds a backslash.
    pub(crate) escaped: bool,
    /// First byte, from the start of the body.
    pub(crate) start: u32,
    /// Behind the last byte.
    pub(crate) end: u32,
    /// Index of the token behind this one and all that is in it.
    pub(crate) next: u32,
}

/// An open array or object.
struct Open {
    token: u32,
    elements: u32,
    name: u32,
    /// Where this object's names start in [`Scanner::names`].
    names: usize,
}

/// Scans the values of one body, one after another, re-using its memory.
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    bounds: &'a Bounds,
    /// Tokens of the value scanned last.
    pub(crate) tokens: Vec<Token>,
    open: Vec<Open>,
    pos: usize,
    names: Vec<(u64, u32)>,
}

impl<'a> Scanner<'a> {
    /// A scanner at the start of `bytes`, which must be UTF-8 and shorter than 4 GiB.
    pub(crate) fn new(bytes: &'a [u8], bounds: &'a Bounds) -> Self {
        Self { bytes, bounds, tokens: Vec::new(), open: Vec::new(), pos: 0, names: Vec::new() }
    }

    /// Where the scanner stands.
    pub(crate) fn position(&self) -> usize {
        self.pos
    }

    /// The byte at the scanner's place, behind white space.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.pos) {
            self.pos += 1;
        }
        self.bytes.get(self.pos).copied()
    }

    /// Steps over the byte that `peek` gave.
    pub(crate) fn step(&mut self) {
        self.pos += 1;
    }

    /// Scans one value into [`Scanner::tokens`].
    pub(crate) fn value(&mut self, event: usize) -> Result<(), Rejection> {
        self.tokens.clear();
        self.open.clear();
        self.names.clear();
        let start = self.pos;
        self.run(start).map_err(|rejection| {
            let mut place = Place::event(event);
            for open in &self.open {
                if self.tokens[open.token as usize].kind == Kind::Array {
                    place.element(open.elements as usize);
                } else if open.name != u32::MAX {
                    let name = self.tokens[open.name as usize];
                    place.name(&self.bytes[name.start as usize..name.end as usize]);
                }
            }
            rejection.at(place.finish())
        })
    }

    /// The machine: `value` where a value must stand, `close` where one has just ended.
    fn run(&mut self, start: usize) -> Result<(), Rejection> {
        loop {
            let opened = self.begin()?;
            if self.pos - start > self.bounds.event_bytes {
                return Err(limit("event.too-large", "an event is larger than allowed"));
            }
            if opened && self.enter()? {
                continue;
            }
            loop {
                let Some(open) = self.open.last_mut() else { return Ok(()) };
                open.elements += 1;
                if open.elements as usize > self.bounds.array_elements {
                    return Err(limit("json.array", "an array or object has more elements than allowed"));
                }
                let object = self.tokens[open.token as usize].kind == Kind::Object;
                match self.peek() {
                    Some(b',') => {
                        self.pos += 1;
                        if object {
                            self.peek();
                            self.name()?;
                        }
                        break;
                    }
                    Some(b'}') if object => self.leave()?,
                    Some(b']') if !object => self.leave()?,
                    _ => return Err(malformed()),
                }
            }
        }
    }

    /// Reads a scalar or opens an array or object; says which.
    fn begin(&mut self) -> Result<bool, Rejection> {
        match self.peek() {
            Some(b'"') => self.string().map(|()| false),
            Some(b'{') => self.push(Kind::Object).map(|()| true),
            Some(b'[') => self.push(Kind::Array).map(|()| true),
            Some(b't') => self.literal(b"true").map(|()| false),
            Some(b'f') => self.literal(b"false").map(|()| false),
            Some(b'n') => self.literal(b"null").map(|()| false),
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| false),
            _ => Err(malformed()),
        }
    }

    fn push(&mut self, kind: Kind) -> Result<(), Rejection> {
        if self.open.len() >= self.bounds.depth {
            return Err(limit("json.depth", "values are nested deeper than allowed"));
        }
        let token = self.token(kind, false, self.pos, self.pos)?;
        self.open.push(Open { token, elements: 0, name: u32::MAX, names: self.names.len() });
        self.pos += 1;
        Ok(())
    }

    /// Just behind an opening bracket: true when a value follows, false when the container was empty and is closed.
    fn enter(&mut self) -> Result<bool, Rejection> {
        let object = self.open.last().is_some_and(|open| self.tokens[open.token as usize].kind == Kind::Object);
        match self.peek() {
            Some(b'}') if object => self.leave().map(|()| false),
            Some(b']') if !object => self.leave().map(|()| false),
            Some(b'"') if object => self.name().map(|()| true),
            Some(_) if !object => Ok(true),
            _ => Err(malformed()),
        }
    }

    /// Steps over a closing bracket.
    fn leave(&mut self) -> Result<(), Rejection> {
        self.pos += 1;
        let Some(open) = self.open.pop() else { return Err(malformed()) };
        let next = offset(self.tokens.len());
        let token = &mut self.tokens[open.token as usize];
        token.end = offset(self.pos);
        token.next = next;
        if token.kind == Kind::Object {
            let twins = self.has_twins(open.names);
            self.names.truncate(open.names);
            if twins {
                // Put back for the pointer.
                self.open.push(open);
                return Err(unprocessable("json.duplicate-name", "a name stands twice in one object"));
            }
        }
        Ok(())
    }

    fn name(&mut self) -> Result<(), Rejection> {
        if self.bytes.get(self.pos) != Some(&b'"') {
            return Err(malformed());
        }
        let at = offset(self.tokens.len());
        self.string()?;
        let token = &mut self.tokens[at as usize];
        token.kind = Kind::Name;
        let (start, end) = (token.start as usize, token.end as usize);
        let sign = if token.escaped {
            signature(text::unescape(&self.bytes[start..end]).as_bytes(), 0)
        } else {
            signature(&self.bytes[..end], start)
        };
        self.names.push((sign, at));
        if let Some(open) = self.open.last_mut() {
            open.name = at;
        }
        if self.peek() != Some(b':') {
            return Err(malformed());
        }
        self.pos += 1;
        Ok(())
    }

    fn token(&mut self, kind: Kind, escaped: bool, start: usize, end: usize) -> Result<u32, Rejection> {
        let at = offset(self.tokens.len());
        if self.tokens.len() >= self.bounds.tokens_per_event {
            return Err(limit("json.tokens", "an event has more values than allowed"));
        }
        self.tokens.push(Token { kind, escaped, start: offset(start), end: offset(end), next: at + 1 });
        Ok(at)
    }

    fn string(&mut self) -> Result<(), Rejection> {
        let start = self.pos + 1;
        let mut escaped = false;
        let mut pos = start;
        loop {
            pos = text::plain_until(self.bytes, pos);
            match self.bytes.get(pos) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    pos = self.escape(pos)?;
                }
                Some(0) => return Err(unprocessable("json.nul", "a string holds a NUL byte")),
                _ => return Err(malformed()),
            }
        }
        if pos - start > self.bounds.string_bytes {
            return Err(limit("json.string", "a string is longer than allowed"));
        }
        self.token(Kind::String, escaped, start, pos)?;
        self.pos = pos + 1;
        Ok(())
    }

    /// Checks one escape; gives the place behind it.
    fn escape(&self, pos: usize) -> Result<usize, Rejection> {
        match self.bytes.get(pos + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(pos + 2),
            Some(b'u') => match text::hex4(self.bytes, pos + 2) {
                None => Err(malformed()),
                Some(0) => Err(unprocessable("json.nul", "a string holds a NUL character")),
                Some(0xDC00..=0xDFFF) => Err(unprocessable("json.surrogate", "a string holds half a surrogate pair")),
                Some(0xD800..=0xDBFF) => {
                    let low = (self.bytes.get(pos + 6..pos + 8) == Some(b"\\u"))
                        .then(|| text::hex4(self.bytes, pos + 8))
                        .flatten();
                    match low {
                        Some(0xDC00..=0xDFFF) => Ok(pos + 12),
                        _ => Err(unprocessable("json.surrogate", "a string holds half a surrogate pair")),
                    }
                }
                Some(_) => Ok(pos + 6),
            },
            _ => Err(malformed()),
        }
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Rejection> {
        let end = self.pos + word.len();
        if self.bytes.get(self.pos..end) != Some(word) {
            return Err(malformed());
        }
        self.token(Kind::Literal, false, self.pos, end)?;
        self.pos = end;
        Ok(())
    }

    fn number(&mut self) -> Result<(), Rejection> {
        let start = self.pos;
        let mut pos = start + usize::from(self.bytes[start] == b'-');
        let digits = |mut at: usize| {
            while self.bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let whole = digits(pos);
        let leading_zero = self.bytes.get(pos) == Some(&b'0') && whole > pos + 1;
        if whole == pos || leading_zero {
            return Err(malformed());
        }
        pos = whole;
        if self.bytes.get(pos) == Some(&b'.') {
            let fraction = digits(pos + 1);
            if fraction == pos + 1 {
                return Err(malformed());
            }
            pos = fraction;
        }
        if let Some(b'e' | b'E') = self.bytes.get(pos) {
            let sign = usize::from(matches!(self.bytes.get(pos + 1), Some(b'+' | b'-')));
            let exponent = digits(pos + 1 + sign);
            if exponent == pos + 1 + sign {
                return Err(malformed());
            }
            pos = exponent;
        }
        if pos - start > 64 {
            return Err(limit("json.number", "a number is longer than allowed"));
        }
        self.token(Kind::Number, false, start, pos)?;
        self.pos = pos;
        Ok(())
    }

    /// No name may stand twice in one object: readers differ in which of the two they take.
    fn has_twins(&mut self, from: usize) -> bool {
        let names = &mut self.names[from..];
        let alike = if names.len() > 8 {
            names.sort_unstable();
            names.windows(2).any(|pair| pair[0].0 == pair[1].0)
        } else {
            names.iter().enumerate().any(|(i, name)| names[i + 1..].iter().any(|other| other.0 == name.0))
        };
        if !alike {
            return false;
        }
        // Equal signatures are rare, and can be made on purpose: then the names go through a set that cannot be attacked.
        let mut seen = std::collections::HashSet::new();
        !self.names[from..].iter().all(|(_, at)| seen.insert(self.plain(*at)))
    }

    fn plain(&self, at: u32) -> std::borrow::Cow<'_, str> {
        let token = self.tokens[at as usize];
        text::unescape(&self.bytes[token.start as usize..token.end as usize])
    }
}

/// Tells most names apart: length, first and last eight bytes of what stands in `bytes` from `start` on. Equality is
/// always checked on the names themselves.
fn signature(bytes: &[u8], start: usize) -> u64 {
    let name = &bytes[start..];
    let length = name.len() as u64;
    let word = |at: usize| name.get(at..at + 8).and_then(|word| word.try_into().ok()).map(u64::from_le_bytes);
    let content = match (word(0), name) {
        (Some(first), _) => first ^ word(name.len() - 8).unwrap_or(0).rotate_left(29),
        (None, short) => short.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    content ^ length.rotate_left(56)
}

/// A place in a body or in its tokens; bodies are shorter than 4 GiB (checked when a segment starts).
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn malformed() -> Rejection {
    Rejection::new("json.syntax", StatusClass::BadRequest, "the body is not JSON")
}

fn limit(code: &'static str, detail: &str) -> Rejection {
    Rejection::new(code, StatusClass::TooLarge, detail)
}

fn unprocessable(code: &'static str, detail: &str) -> Rejection {
    Rejection::new(code, StatusClass::Unprocessable, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scan(json: &str) -> Result<usize, Rejection> {
        let bounds = Bounds::default();
        let mut scanner = Scanner::new(json.as_bytes(), &bounds);
        scanner.value(0)?;
        Ok(scanner.tokens.len())
    }

    #[test]
    fn takes_json_and_nothing_else() {
        for (json, tokens) in [("{}", 1), ("[1,-0.5e+3,\"a\\n\",true,null]", 6), ("{\"a\":{\"b\":[]}}", 5)] {
            assert_eq!(scan(json), Ok(tokens), "{json}");
        }
        for json in [
            "{",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "01",
            "1.",
            "tru",
            "\"\u{1}\"",
            "\"\\x\"",
            "[1}",
            "{]",
            "",
            ",",
            "\"\\u12\"",
            "-",
        ] {
            assert_eq!(scan(json).map_err(|r| r.code), Err("json.syntax"), "{json}");
        }
    }

    #[test]
    fn refuses_what_two_readers_read_differently() {
        for (json, code) in [
            ("{\"id\":1,\"\\u0069d\":2}", "json.duplicate-name"),
            (
                "[{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"a\":2}]",
                "json.duplicate-name",
            ),
            ("\"\\u0000\"", "json.nul"),
            ("\"a\\ud800b\"", "json.surrogate"),
            ("\"\\udc00\"", "json.surrogate"),
            ("\"\\ud800\\u0041\"", "json.surrogate"),
        ] {
            assert_eq!(scan(json).map_err(|r| r.code), Err(code), "{json}");
        }
        assert_eq!(scan("\"\\ud83d\\ude00\""), Ok(1));
    }

    #[test]
    fn the_pointer_names_the_place_and_hides_personal_names() {
        let at = |json: &str| scan(json).expect_err("refused").pointer.expect("has a place");
        assert_eq!(at("{\"data\":{\"list\":[1,[2,\"\\u0000\"]]}}"), "/0/data/list/1/1");
        assert_eq!(at("{\"ada@example.com\":\"\\u0000\"}"), "/0/\u{2587}\u{2587}\u{2587}\u{2587}");
    }

    #[test]
    fn limits_hold() {
        let bounds = Bounds {
            depth: 3,
            string_bytes: 4,
            array_elements: 3,
            event_bytes: 40,
            tokens_per_event: 8,
            ..Bounds::default()
        };
        let code = |json: &str| Scanner::new(json.as_bytes(), &bounds).value(0).err().map(|r| r.code);
        assert_eq!(code("[[[]]]"), None);
        assert_eq!(code("[[[[]]]]"), Some("json.depth"));
        assert_eq!(code("\"12345\""), Some("json.string"));
        assert_eq!(code("[1,2,3,4]"), Some("json.array"));
        assert_eq!(code("[[1,2,3],[1,2,3],[1,2,3]]"), Some("json.tokens"));
        assert_eq!(code(&format!("[1,{}2]", " ".repeat(50))), Some("event.too-large"));
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json_on_any_bytes(text in "[\\[\\]{}\",:0-9a-c\\\\.eu \\-]{0,24}") {
            let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            let bounds = Bounds::default();
            let mut scanner = Scanner::new(text.as_bytes(), &bounds);
            let ours = scanner.value(0).map(|()| scanner.peek().is_none());
            match ours {
                Ok(whole) => prop_assert!(!whole || theirs || text.contains('e')),
                Err(r) => prop_assert!(r.code != "json.syntax" || !theirs),
            }
        }
    }
}
