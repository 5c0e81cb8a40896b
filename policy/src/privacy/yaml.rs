//! YAML for Git: read strictly, written plainly.
//!
//! **Read.** One document of mappings, lists and scalars of the core schema. Anchors, aliases, tags, names that stand twice,
//! names that are no text, a second document and anything too large or too deep are refused, with line and column: a
//! policy must read the same for everybody, whichever parser they have. The parser is `saphyr-parser`; what its events
//! mean is decided here.
//!
//! **Written.** Block style; a text is plain only when no YAML parser could take it for something else, and a JSON string
//! otherwise, which is YAML as well.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde_json::{Map, Value};

use super::{FindingCode, Findings, MOST_BYTES, Pointer, PolicyDocument};

/// How deep mappings and lists may stand within each other.
const DEEPEST: usize = 16;

impl PolicyDocument {
    /// Reads YAML.
    pub fn from_yaml(text: &str) -> Result<Self, Findings> {
        if text.len() > MOST_BYTES {
            return Err(Findings::one(
                &Pointer::root(),
                FindingCode::TooLarge,
                "the document is too large",
                "shorten it",
            ));
        }
        let value =
            value(text).map_err(|(what, mend)| Findings::one(&Pointer::root(), FindingCode::Unreadable, what, mend))?;
        Self::read(&value)
    }

    /// The document as YAML. Comments that somebody wrote are no part of a document and are lost.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut out = String::new();
        if let Value::Object(members) = serde_json::to_value(self).unwrap_or_default() {
            write_members(&members, 0, &mut out);
        }
        out
    }
}

type Refused = (String, &'static str);

fn refused<T>(span: Span, what: &str, mend: &'static str) -> Result<T, Refused> {
    Err((format!("{what} (line {}, column {})", span.start.line(), span.start.col() + 1), mend))
}

/// Reads one YAML document.
fn value(text: &str) -> Result<Value, Refused> {
    let mut reader = Reader { parser: Parser::new_from_str(text) };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(_), _) => {}
            (Event::StreamEnd, span) => return refused(span, "there is no document", "write one"),
            (event, span) => {
                let value = reader.value(&event, span, 0)?;
                return match (reader.next()?.0, reader.next()?) {
                    (Event::DocumentEnd, (Event::StreamEnd, _)) => Ok(value),
                    (_, (_, span)) => refused(span, "a second document begins", "write one document in a file"),
                };
            }
        }
    }
}

struct Reader<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), Refused> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let place = error.marker();
                let what = format!("this is no YAML (line {}, column {})", place.line(), place.col() + 1);
                Err((what, "mend the YAML; nothing of it is guessed"))
            }
            None => Err(("the document ends too early".to_owned(), "write the rest of it")),
        }
    }

    fn value(&mut self, event: &Event<'t>, span: Span, depth: usize) -> Result<Value, Refused> {
        let (anchor, tagged) = match event {
            Event::Alias(_) => return refused(span, "the document has an alias", "write out what it stands for"),
            Event::Scalar(_, _, anchor, tag) | Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor, tag.is_some())
            }
            _ => return refused(span, "a value is missing", "write it"),
        };
        if anchor != 0 {
            return refused(span, "the document has an anchor", "remove it, and write out what refers to it");
        }
        if tagged {
            return refused(span, "the document has a tag", "remove it; every setting has one type");
        }
        if depth == DEEPEST {
            return refused(span, "the document is too deep", "no setting stands so deep; look at the indentation");
        }
        match event {
            Event::Scalar(text, style, ..) => scalar(text, *style, span),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
                        (event, span) => items.push(self.value(&event, span, depth + 1)?),
                    }
                }
            }
            _ => self.members(depth),
        }
    }

    fn members(&mut self, depth: usize) -> Result<Value, Refused> {
        let mut members = Map::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Value::Object(members));
            }
            let Value::String(name) = self.value(&event, span, depth + 1)? else {
                return refused(span, "a name is no text", "put it in quotes");
            };
            let (event, value_span) = self.next()?;
            let value = self.value(&event, value_span, depth + 1)?;
            if name == "<<" || members.insert(name, value).is_some() {
                return refused(span, "a name stands twice, or merges another mapping", "write each name once");
            }
        }
    }
}

/// A scalar of YAML's core schema. What other parsers read in another way is refused, not guessed.
fn scalar(text: &str, style: ScalarStyle, span: Span) -> Result<Value, Refused> {
    if style != ScalarStyle::Plain {
        return Ok(Value::String(text.to_owned()));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    match text {
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        "" | "~" | "null" => Ok(Value::Null),
        _ if digits == "0"
            || (!digits.is_empty() && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())) =>
        {
            match text.parse::<i64>() {
                Ok(number) => Ok(Value::from(number)),
                Err(_) => refused(span, "a number is too large", "write a smaller one"),
            }
        }
        _ if ambiguous(text) => refused(span, "a word means different things to different parsers", "put it in quotes"),
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// Whether some parser takes a plain text for a truth value, a number, a date or nothing.
fn ambiguous(text: &str) -> bool {
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "~"];
    // YAML 1.1 knows more words for true and false than 1.2. `off` is a word of ours: it is written in quotes.
    let word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    let number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| {
            c.is_ascii_hexdigit() || matches!(c, '+' | '-' | '.' | '_' | ':' | 'x' | 'X' | 'o' | 'T' | 'Z' | ' ')
        });
    word || number || text.starts_with(".inf") || text.starts_with(".nan") || text.starts_with(".NaN")
}

/// Names that stand first, in this order: what a document and what a rule is about. The rest is sorted.
const FIRST: [&str; 9] =
    ["apiVersion", "kind", "version", "preset", "selector", "detector", "pattern", "label", "when"];

fn write_members(members: &Map<String, Value>, depth: usize, out: &mut String) {
    let mut members: Vec<(&String, &Value)> = members.iter().collect();
    let rank = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    members.sort_by(|(one, _), (other, _)| (rank(one), *one).cmp(&(rank(other), *other)));
    for (name, value) in members {
        indent(depth, out);
        write_text(name, out);
        out.push(':');
        write_below(value, depth + 1, out);
    }
}

/// What stands behind `name:`.
fn write_below(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('\n');
            write_members(members, depth, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                indent(depth, out);
                out.push('-');
                write_item(item, depth, out);
            }
        }
        _ => write_flat(value, out),
    }
}

/// What stands behind `-`: the first member of a mapping on the same line.
fn write_item(item: &Value, depth: usize, out: &mut String) {
    match item {
        Value::Object(members) if !members.is_empty() => {
            let mut lines = String::new();
            write_members(members, depth + 1, &mut lines);
            out.push(' ');
            out.push_str(lines.trim_start());
        }
        // No setting is a list of lists; JSON is YAML too.
        _ => write_flat(item, out),
    }
}

/// A scalar, or something empty, or what is written as JSON.
fn write_flat(value: &Value, out: &mut String) {
    out.push(' ');
    match value {
        Value::String(text) => write_text(text, out),
        other => out.push_str(&other.to_string()),
    }
    out.push('\n');
}

fn write_text(text: &str, out: &mut String) {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/'))
        && !ambiguous(text);
    if plain { out.push_str(text) } else { out.push_str(&Value::from(text).to_string()) }
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}
