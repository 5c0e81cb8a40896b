//! CSS selectors: the part of the language that agent and server can decide alike.
//!
//! The server knows of a node its tag, its attributes and its ancestors (the node map), not its siblings and not what is
//! below it. So: type, `#id`, `.class`, `[attribute]`, `:not()`, `:is()`, `:where()`, descendant and child. Everything else
//! is refused here, so that no rule means one thing in the page and another in the second pass.

use std::fmt::Write as _;

use cssparser::{ParseError, ParseErrorKind, Parser, Token, serialize_identifier, serialize_string};

use super::{Refusal, key};

/// Alternatives (`a, b`) of one list.
const MOST_ALTERNATIVES: usize = 16;
/// Compounds (`a b > c`) of one alternative.
const MOST_COMPOUNDS: usize = 8;
/// Parts (`.a.b[c]`) of one compound.
const MOST_PARTS: usize = 8;
/// `:not(:is(…))` within each other.
const MOST_NESTED: usize = 2;
/// Attributes whose content is hidden or typed: nobody may look for it.
const HIDDEN_ATTRIBUTES: [&str; 2] = ["value", "srcdoc"];

/// Attributes whose values HTML compares without regard to ASCII case in selectors (HTML, "Case-sensitivity of selectors"):
/// a page takes `[type=password]` to mean `type="PASSWORD"` too.
const CASELESS: [&str; 46] = [
    "accept",
    "accept-charset",
    "align",
    "alink",
    "axis",
    "bgcolor",
    "charset",
    "checked",
    "clear",
    "codetype",
    "color",
    "compact",
    "declare",
    "defer",
    "dir",
    "direction",
    "disabled",
    "enctype",
    "face",
    "frame",
    "hreflang",
    "http-equiv",
    "lang",
    "language",
    "link",
    "media",
    "method",
    "multiple",
    "nohref",
    "noresize",
    "noshade",
    "nowrap",
    "readonly",
    "rel",
    "rev",
    "rules",
    "scope",
    "scrolling",
    "selected",
    "shape",
    "target",
    "text",
    "type",
    "valign",
    "valuetype",
    "vlink",
];

key! {
    /// A CSS selector of the part that agent and server decide alike; see the module.
    ///
    /// Canonical text: alternatives sorted, names in lower case where HTML does not tell them apart, values quoted, and the
    /// flag `i` wherever values are compared without regard to case.
    pub struct Selector; most 512; canonical
}

/// Alternatives, one of which must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorList(pub Vec<Complex>);

/// Compounds from the outermost to the node itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complex {
    /// The node itself.
    pub node: Compound,
    /// What must stand above it, from the nearest outwards.
    pub above: Vec<(Combinator, Compound)>,
}

/// How far above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Combinator {
    /// Any ancestor.
    #[default]
    Descendant,
    /// The parent.
    Child,
}

/// What one node must be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compound {
    /// The tag; none means any.
    pub tag: Option<String>,
    /// Everything else.
    pub parts: Vec<Part>,
}

/// One condition on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// `#id`.
    Id(String),
    /// `.class`.
    Class(String),
    /// `[name]` or `[name="value"]`.
    Attribute {
        /// In lower case.
        name: String,
        /// What its value must be.
        test: Option<(Operator, String, bool)>,
    },
    /// `:not(…)`.
    Not(SelectorList),
    /// `:is(…)` and `:where(…)`, which match alike.
    Is(SelectorList),
}

/// How an attribute's value is compared. The flag beside it says: without regard to ASCII case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equals,
    /// `~=`
    HasWord,
    /// `|=`
    EqualsOrDash,
    /// `^=`
    Begins,
    /// `$=`
    Ends,
    /// `*=`
    Contains,
}

impl Operator {
    const fn text(self) -> &'static str {
        match self {
            Self::Equals => "=",
            Self::HasWord => "~=",
            Self::EqualsOrDash => "|=",
            Self::Begins => "^=",
            Self::Ends => "$=",
            Self::Contains => "*=",
        }
    }
}

/// What of a node must be known to decide a selector.
pub trait NodeView: Sized {
    /// The tag as the document writes it.
    fn tag(&self) -> &str;
    /// An attribute's value, by its name in lower case.
    fn attribute(&self, name: &str) -> Option<&str>;
    /// The parent element.
    fn parent(&self) -> Option<Self>;
}

impl Selector {
    /// The parsed form.
    #[must_use]
    pub fn parsed(&self) -> SelectorList {
        // Only the gate makes a selector, and what it prints it reads: held by a test over everything it accepts.
        read(&self.0).unwrap_or(SelectorList(Vec::new()))
    }
}

impl SelectorList {
    /// Whether the node is one of them.
    pub fn matches(&self, node: &impl NodeView) -> bool {
        self.0.iter().any(|complex| complex.node.matches(node) && above(&complex.above, node))
    }

    /// Names of attributes that must be known of every node.
    #[must_use]
    pub fn attributes(&self) -> Vec<String> {
        let mut names = Vec::new();
        let compounds = self
            .0
            .iter()
            .flat_map(|complex| std::iter::once(&complex.node).chain(complex.above.iter().map(|(_, c)| c)));
        for part in compounds.flat_map(|compound| &compound.parts) {
            match part {
                Part::Id(_) => names.push("id".to_owned()),
                Part::Class(_) => names.push("class".to_owned()),
                Part::Attribute { name, .. } => names.push(name.clone()),
                Part::Not(list) | Part::Is(list) => names.extend(list.attributes()),
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

fn above<N: NodeView>(wanted: &[(Combinator, Compound)], node: &N) -> bool {
    let Some(((combinator, compound), rest)) = wanted.split_first() else { return true };
    let mut ancestor = node.parent();
    while let Some(one) = ancestor {
        if compound.matches(&one) && above(rest, &one) {
            return true;
        }
        if *combinator == Combinator::Child {
            return false;
        }
        ancestor = one.parent();
    }
    false
}

impl Compound {
    fn matches(&self, node: &impl NodeView) -> bool {
        self.tag.as_ref().is_none_or(|tag| tag.eq_ignore_ascii_case(node.tag()))
            && self.parts.iter().all(|part| match part {
                Part::Id(id) => node.attribute("id") == Some(id),
                Part::Class(class) => {
                    node.attribute("class").is_some_and(|all| all.split_ascii_whitespace().any(|one| one == class))
                }
                Part::Attribute { name, test } => node.attribute(name).is_some_and(|value| {
                    test.as_ref().is_none_or(|(operator, wanted, fold)| operator.holds(value, wanted, *fold))
                }),
                Part::Not(list) => !list.matches(node),
                Part::Is(list) => list.matches(node),
            })
    }
}

impl Operator {
    fn holds(self, value: &str, wanted: &str, fold: bool) -> bool {
        if fold {
            return self.holds(&value.to_ascii_lowercase(), &wanted.to_ascii_lowercase(), false);
        }
        match self {
            Self::Equals => value == wanted,
            Self::HasWord => value.split_ascii_whitespace().any(|word| word == wanted),
            Self::EqualsOrDash => {
                value.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }
            // An empty text matches nothing, as CSS has it.
            Self::Begins => !wanted.is_empty() && value.starts_with(wanted),
            Self::Ends => !wanted.is_empty() && value.ends_with(wanted),
            Self::Contains => !wanted.is_empty() && value.contains(wanted),
        }
    }
}

fn canonical(text: &str) -> Result<String, Refusal> {
    let mut out = String::new();
    print(&read(text)?, &mut out);
    Ok(out)
}

fn read(text: &str) -> Result<SelectorList, Refusal> {
    let mut parser = Parser::new(text);
    list(&mut parser, 0).map_err(|error| match error.kind {
        ParseErrorKind::Custom(refusal) => refusal,
        ParseErrorKind::Basic(_) => Refusal::new("this is no CSS selector", "write it like `form .salary, #iban`"),
    })
}

type Read<T> = Result<T, ParseError<Refusal>>;

fn refuse<T>(what: &str, mend: &str) -> Read<T> {
    Err(ParseError::custom(Refusal::new(what, mend)))
}

fn list(parser: &mut Parser<'_>, nested: usize) -> Read<SelectorList> {
    let alternatives = parser.parse_comma_separated(|parser| complex(parser, nested))?;
    if alternatives.len() > MOST_ALTERNATIVES {
        return refuse("the selector has more than 16 alternatives", "write several rules");
    }
    Ok(SelectorList(alternatives))
}

/// What comes next in a selector, once white space is read.
enum Next {
    End,
    Combinator(Combinator),
    Part,
}

fn complex(parser: &mut Parser<'_>, nested: usize) -> Read<Complex> {
    parser.skip_whitespace();
    let mut compounds = vec![(Combinator::Descendant, compound(parser, nested)?)];
    loop {
        match next(parser)? {
            Next::End => break,
            Next::Part => return refuse("the selector has a part where none can stand", "write the tag first"),
            Next::Combinator(combinator) => compounds.push((combinator, compound(parser, nested)?)),
        }
        if compounds.len() > MOST_COMPOUNDS {
            return refuse("the selector is more than 8 levels deep", "name fewer ancestors");
        }
    }
    // Read from the outside in, matched from the node outwards: each combinator goes with the compound above it.
    let (mut link, node) = compounds.pop().unwrap_or_default();
    let mut above = Vec::with_capacity(compounds.len());
    while let Some((next, compound)) = compounds.pop() {
        above.push((link, compound));
        link = next;
    }
    Ok(Complex { node, above })
}

fn next(parser: &mut Parser<'_>) -> Read<Next> {
    let mut spaced = false;
    loop {
        let state = parser.state();
        let Ok(token) = parser.next_including_whitespace() else { return Ok(Next::End) };
        let combinator = match token {
            Token::WhiteSpace(_) => {
                spaced = true;
                continue;
            }
            Token::Delim('>') => Combinator::Child,
            Token::Delim('+' | '~') => {
                return refuse(
                    "the selector asks for siblings, which the server does not know",
                    "name ancestors instead",
                );
            }
            _ => {
                parser.reset(&state);
                return Ok(if spaced { Next::Combinator(Combinator::Descendant) } else { Next::Part });
            }
        };
        parser.skip_whitespace();
        return Ok(Next::Combinator(combinator));
    }
}

fn compound(parser: &mut Parser<'_>, nested: usize) -> Read<Compound> {
    let mut compound = Compound::default();
    let mut any = false;
    loop {
        let state = parser.state();
        let token = match parser.next_including_whitespace() {
            Ok(token) => token.clone(),
            Err(error) if !any => return Err(error.into()),
            Err(_) => break,
        };
        let part = match token {
            Token::Ident(name) if !any => {
                compound.tag = Some(tag(&name));
                None
            }
            Token::Delim('*') if !any => None,
            Token::IDHash(id) => Some(Part::Id(id.to_string())),
            Token::Delim('.') => Some(Part::Class(parser.expect_ident()?.to_string())),
            Token::SquareBracketBlock => Some(parser.parse_nested_block(attribute)?),
            Token::Colon => Some(pseudo(parser, nested)?),
            Token::Delim('|') => return refuse("the selector has a namespace", "leave it out"),
            Token::Delim('&') => return refuse("the selector asks for a parent rule", "write it whole"),
            _ if !any => return Err(ParseError::unexpected_token()),
            _ => {
                parser.reset(&state);
                break;
            }
        };
        any = true;
        compound.parts.extend(part);
        if compound.parts.len() > MOST_PARTS {
            return refuse("one node of the selector has more than 8 conditions", "ask for less");
        }
    }
    Ok(compound)
}

/// HTML does not tell `DIV` from `div`; SVG has names like `linearGradient`, which begin in lower case.
fn tag(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_lowercase()) { name.to_owned() } else { name.to_ascii_lowercase() }
}

fn pseudo(parser: &mut Parser<'_>, nested: usize) -> Read<Part> {
    let name = match parser.next_including_whitespace()? {
        Token::Function(name) => name.to_ascii_lowercase(),
        Token::Colon => return refuse("the selector asks for a pseudo-element", "name an element"),
        _ => {
            let mend = "of pseudo-classes, use `:not()`, `:is()` and `:where()`";
            return refuse("the selector asks for a state or a place that the server does not know", mend);
        }
    };
    if nested == MOST_NESTED {
        return refuse("the selector nests pseudo-classes more than twice", "write several rules");
    }
    match name.as_str() {
        "not" => Ok(Part::Not(parser.parse_nested_block(|parser| list(parser, nested + 1))?)),
        "is" | "where" => Ok(Part::Is(parser.parse_nested_block(|parser| list(parser, nested + 1))?)),
        _ => {
            let mend = "of pseudo-classes, use `:not()`, `:is()` and `:where()`";
            refuse("the selector asks for a state or a place that the server does not know", mend)
        }
    }
}

fn attribute(parser: &mut Parser<'_>) -> Read<Part> {
    let name = parser.expect_ident()?.to_ascii_lowercase();
    if HIDDEN_ATTRIBUTES.contains(&name.as_str()) {
        return refuse("the selector looks for what people type", "name the field by its id, class, type or name");
    }
    let operator = match parser.next() {
        Err(_) => return Ok(Part::Attribute { name, test: None }),
        Ok(Token::Delim('=')) => Operator::Equals,
        Ok(Token::IncludeMatch) => Operator::HasWord,
        Ok(Token::DashMatch) => Operator::EqualsOrDash,
        Ok(Token::PrefixMatch) => Operator::Begins,
        Ok(Token::SuffixMatch) => Operator::Ends,
        Ok(Token::SubstringMatch) => Operator::Contains,
        Ok(Token::Delim('|')) => return refuse("the selector has a namespace", "leave it out"),
        Ok(_) => return Err(ParseError::unexpected_token()),
    };
    let value = parser.expect_ident_or_string()?.to_string();
    let fold = match parser.next() {
        Err(_) => CASELESS.contains(&name.as_str()),
        Ok(Token::Ident(flag)) if flag.eq_ignore_ascii_case("i") => true,
        Ok(Token::Ident(flag)) if flag.eq_ignore_ascii_case("s") => {
            return refuse("the selector has the flag `s`, which not every browser knows", "leave it out");
        }
        Ok(_) => return Err(ParseError::unexpected_token()),
    };
    Ok(Part::Attribute { name, test: Some((operator, value, fold)) })
}

/// Alternatives sorted, each once: `.a, .b` and `.b,.a` are one rule.
fn print(list: &SelectorList, out: &mut String) {
    let mut alternatives: Vec<String> = list.0.iter().map(complex_text).collect();
    alternatives.sort_unstable();
    alternatives.dedup();
    out.push_str(&alternatives.join(", "));
}

fn complex_text(complex: &Complex) -> String {
    let mut out = String::new();
    for (combinator, compound) in complex.above.iter().rev() {
        print_compound(compound, &mut out);
        out.push_str(if *combinator == Combinator::Child { " > " } else { " " });
    }
    print_compound(&complex.node, &mut out);
    out
}

fn print_compound(compound: &Compound, out: &mut String) {
    // Writing to a string does not fail.
    match &compound.tag {
        Some(tag) => drop(serialize_identifier(tag, out)),
        None if compound.parts.is_empty() => out.push('*'),
        None => {}
    }
    for part in &compound.parts {
        match part {
            Part::Id(id) => {
                out.push('#');
                let _ = serialize_identifier(id, out);
            }
            Part::Class(class) => {
                out.push('.');
                let _ = serialize_identifier(class, out);
            }
            Part::Attribute { name, test } => {
                out.push('[');
                let _ = serialize_identifier(name, out);
                if let Some((operator, value, fold)) = test {
                    out.push_str(operator.text());
                    let _ = serialize_string(value, out);
                    let _ = out.write_str(if *fold { " i" } else { "" });
                }
                out.push(']');
            }
            Part::Not(list) | Part::Is(list) => {
                out.push_str(if matches!(part, Part::Not(_)) { ":not(" } else { ":is(" });
                print(list, out);
                out.push(')');
            }
        }
    }
}
