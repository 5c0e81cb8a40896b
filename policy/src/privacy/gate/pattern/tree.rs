//! The tree of a pattern: what is left when everything is refused that two engines read differently.

use std::fmt::Write as _;

use regex_syntax::{
    ast::{self, Ast, parse::ParserBuilder},
    hir::{ClassUnicode, ClassUnicodeRange},
};

use crate::privacy::gate::Refusal;

/// The most that a repeat may count to.
const MOST_REPEATS: u32 = 1000;
/// How deep groups and repeats may stand within each other.
const DEEPEST: usize = 8;

/// What a pattern is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// One character of these ranges, which are sorted and apart.
    Class(Vec<(char, char)>),
    /// The start of the text.
    Start,
    /// The end of the text.
    End,
    /// Between a letter, digit or `_` of ASCII and anything else.
    WordBoundary,
    /// One after the other.
    Concat(Vec<Tree>),
    /// The first of these that matches.
    Alternation(Vec<Tree>),
    /// Some number of these.
    Repeat {
        /// At least.
        min: u32,
        /// At most; without it, any number.
        max: Option<u32>,
        /// As many as possible first.
        greedy: bool,
        /// Of what.
        of: Box<Tree>,
    },
}

fn refuse<T>(what: &str, mend: &str) -> Result<T, Refusal> {
    Err(Refusal::new(what, mend))
}

impl Tree {
    /// Reads a pattern and refuses what is outside the portable part.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let ast = ParserBuilder::new().nest_limit(32).build().parse(text).map_err(|error| {
            use ast::ErrorKind as Kind;
            match error.kind() {
                Kind::UnsupportedBackreference => {
                    Refusal::new("the pattern has a back-reference", "write out what is to be repeated")
                }
                Kind::UnsupportedLookAround => {
                    Refusal::new("the pattern looks ahead or behind", "match what stands there as well")
                }
                Kind::NestLimitExceeded(_) => Refusal::new("the pattern is nested too deeply", "write several rules"),
                _ => Refusal::new("this is no regular expression", "mend it; nothing of it is guessed"),
            }
        })?;
        build(&ast)
    }

    /// Any character: what stands for a pattern that cannot be read.
    #[must_use]
    pub fn everything() -> Self {
        Self::Class(vec![('\0', char::MAX)])
    }

    /// What is refused for its shape alone.
    pub fn shape(&self) -> Result<(), Refusal> {
        if self.nullable() {
            return refuse("the pattern matches the empty text", "ask for at least one character");
        }
        if self.depth() > DEEPEST {
            return refuse("groups and repeats stand within each other more than 8 deep", "write several rules");
        }
        self.repeats(false)
    }

    fn repeats(&self, below_unbounded: bool) -> Result<(), Refusal> {
        match self {
            Self::Repeat { min, max, of, .. } => {
                if (*min).max(max.unwrap_or(0)) > MOST_REPEATS {
                    return refuse("a repeat counts to more than 1000", "count to 1000 at most");
                }
                if max.is_none() {
                    if below_unbounded {
                        return refuse("a `*` or `+` stands inside another one", "bound one of them, like `{1,64}`");
                    }
                    if of.nullable() {
                        return refuse(
                            "what a `*` or `+` repeats can be empty",
                            "make it match at least one character",
                        );
                    }
                }
                of.repeats(below_unbounded || max.is_none())
            }
            Self::Alternation(all) => {
                if below_unbounded && overlapping(all) {
                    let mend = "make each alternative begin with other characters, or bound the repeat";
                    return refuse("alternatives under a `*` or `+` can begin alike", mend);
                }
                all.iter().try_for_each(|one| one.repeats(below_unbounded))
            }
            Self::Concat(all) => all.iter().try_for_each(|one| one.repeats(below_unbounded)),
            Self::Class(_) | Self::Start | Self::End | Self::WordBoundary => Ok(()),
        }
    }

    /// Whether it can match nothing.
    #[must_use]
    pub fn nullable(&self) -> bool {
        match self {
            Self::Class(_) => false,
            Self::Start | Self::End | Self::WordBoundary => true,
            Self::Concat(all) => all.iter().all(Self::nullable),
            Self::Alternation(all) => all.iter().any(Self::nullable),
            Self::Repeat { min, of, .. } => *min == 0 || of.nullable(),
        }
    }

    /// Whether some repeat has no upper bound.
    #[must_use]
    pub fn unbounded(&self) -> bool {
        match self {
            Self::Repeat { max, of, .. } => max.is_none() || of.unbounded(),
            Self::Concat(all) | Self::Alternation(all) => all.iter().any(Self::unbounded),
            _ => false,
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::Repeat { of, .. } => 1 + of.depth(),
            Self::Alternation(all) => 1 + all.iter().map(Self::depth).max().unwrap_or(0),
            Self::Concat(all) => all.iter().map(Self::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// The characters that it can begin with.
    fn first(&self) -> ClassUnicode {
        match self {
            Self::Class(ranges) => class(ranges),
            Self::Start | Self::End | Self::WordBoundary => ClassUnicode::empty(),
            Self::Repeat { of, .. } => of.first(),
            Self::Alternation(all) => union(all.iter().map(Self::first)),
            Self::Concat(all) => {
                let needed = all.iter().position(|one| !one.nullable()).map_or(all.len(), |at| at + 1);
                union(all[..needed].iter().map(Self::first))
            }
        }
    }

    /// The pattern for the crate `regex`.
    #[must_use]
    pub fn rust(&self) -> String {
        let mut out = String::new();
        self.print(Dialect { escape: "\\x", boundary: r"(?-u:\b)" }, &mut out);
        out
    }

    /// The pattern for `RegExp` with the flag `u`.
    #[must_use]
    pub fn javascript(&self) -> String {
        let mut out = String::new();
        self.print(Dialect { escape: "\\u", boundary: r"\b" }, &mut out);
        out
    }

    fn print(&self, dialect: Dialect, out: &mut String) {
        match self {
            Self::Class(ranges) => dialect.class(ranges, out),
            Self::Start => out.push('^'),
            Self::End => out.push('$'),
            Self::WordBoundary => out.push_str(dialect.boundary),
            Self::Concat(all) => all.iter().for_each(|one| one.print(dialect, out)),
            Self::Alternation(all) => {
                out.push_str("(?:");
                for (i, one) in all.iter().enumerate() {
                    if i > 0 {
                        out.push('|');
                    }
                    one.print(dialect, out);
                }
                out.push(')');
            }
            Self::Repeat { min, max, greedy, of } => {
                let single = matches!(**of, Self::Class(_) | Self::Alternation(_));
                out.push_str(if single { "" } else { "(?:" });
                of.print(dialect, out);
                out.push_str(if single { "" } else { ")" });
                // Writing to a string does not fail.
                let _ = match (min, max) {
                    (0, None) => out.write_str("*"),
                    (1, None) => out.write_str("+"),
                    (0, Some(1)) => out.write_str("?"),
                    (min, None) => write!(out, "{{{min},}}"),
                    (min, Some(max)) if min == max => write!(out, "{{{min}}}"),
                    (min, Some(max)) => write!(out, "{{{min},{max}}}"),
                };
                out.push_str(if *greedy { "" } else { "?" });
            }
        }
    }
}

/// How an engine wants what is not plain.
#[derive(Clone, Copy)]
struct Dialect {
    escape: &'static str,
    boundary: &'static str,
}

impl Dialect {
    fn char(self, c: char, out: &mut String) {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else {
            let _ = write!(out, "{}{{{:X}}}", self.escape, u32::from(c));
        }
    }

    fn class(self, ranges: &[(char, char)], out: &mut String) {
        if let [(low, high)] = ranges
            && low == high
        {
            return self.char(*low, out);
        }
        out.push('[');
        for (low, high) in ranges {
            self.char(*low, out);
            if low != high {
                out.push('-');
                self.char(*high, out);
            }
        }
        out.push(']');
    }
}

fn class(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|(low, high)| ClassUnicodeRange::new(*low, *high)))
}

fn union(classes: impl Iterator<Item = ClassUnicode>) -> ClassUnicode {
    classes.fold(ClassUnicode::empty(), |mut all, one| {
        all.union(&one);
        all
    })
}

fn ranges(class: &ClassUnicode) -> Result<Tree, Refusal> {
    if class.ranges().is_empty() {
        return refuse("a class of the pattern holds no character", "remove it");
    }
    Ok(Tree::Class(class.iter().map(|range| (range.start(), range.end())).collect()))
}

fn overlapping(all: &[Tree]) -> bool {
    let mut seen = ClassUnicode::empty();
    all.iter().any(|one| {
        let first = one.first();
        let mut both = seen.clone();
        both.intersect(&first);
        seen.union(&first);
        !both.ranges().is_empty() || one.nullable()
    })
}

fn build(ast: &Ast) -> Result<Tree, Refusal> {
    match ast {
        Ast::Empty(_) => Ok(Tree::Concat(Vec::new())),
        Ast::Flags(_) => refuse("the pattern sets flags", "write out both cases, like `[aA]`"),
        Ast::Literal(literal) => Ok(Tree::Class(vec![(literal.c, literal.c)])),
        Ast::Dot(_) => {
            // What JavaScript takes for the end of a line.
            let mut any = class(&[('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')]);
            any.negate();
            ranges(&any)
        }
        Ast::Assertion(assertion) => match assertion.kind {
            ast::AssertionKind::StartLine => Ok(Tree::Start),
            ast::AssertionKind::EndLine => Ok(Tree::End),
            ast::AssertionKind::WordBoundary => Ok(Tree::WordBoundary),
            _ => refuse("the pattern has an anchor that only one engine knows", "use `^`, `$` and `\\b`"),
        },
        Ast::ClassUnicode(_) => {
            refuse("the pattern names a class of Unicode, of which engines have other editions", "write the ranges")
        }
        Ast::ClassPerl(perl) => ranges(&perl_class(perl)),
        Ast::ClassBracketed(bracketed) => ranges(&bracketed_class(bracketed)?),
        Ast::Repetition(repetition) => {
            use ast::{RepetitionKind as Kind, RepetitionRange as Range};
            let (min, max) = match repetition.op.kind {
                Kind::ZeroOrOne => (0, Some(1)),
                Kind::ZeroOrMore => (0, None),
                Kind::OneOrMore => (1, None),
                Kind::Range(Range::Exactly(n)) => (n, Some(n)),
                Kind::Range(Range::AtLeast(n)) => (n, None),
                Kind::Range(Range::Bounded(min, max)) => (min, Some(max)),
            };
            let of = build(&repetition.ast)?;
            if matches!(of, Tree::Start | Tree::End | Tree::WordBoundary | Tree::Repeat { .. }) {
                return refuse("a repeat stands behind nothing that can be repeated", "put a group around it");
            }
            Ok(Tree::Repeat { min, max, greedy: repetition.greedy, of: Box::new(of) })
        }
        Ast::Group(group) => match &group.kind {
            ast::GroupKind::NonCapturing(flags) if !flags.items.is_empty() => {
                refuse("the pattern sets flags", "write out both cases, like `[aA]`")
            }
            // A group around a repeat stays one when it is printed, so that `(a+)?` does not become `a+?`.
            _ => Ok(match build(&group.ast)? {
                repeat @ Tree::Repeat { .. } => Tree::Concat(vec![repeat]),
                other => other,
            }),
        },
        Ast::Alternation(alternation) => {
            Ok(Tree::Alternation(alternation.asts.iter().map(build).collect::<Result<_, _>>()?))
        }
        Ast::Concat(concat) => Ok(Tree::Concat(concat.asts.iter().map(build).collect::<Result<_, _>>()?)),
    }
}

/// `\d`, `\w` and `\s` of ASCII: Unicode's differ between engines.
fn perl_class(perl: &ast::ClassPerl) -> ClassUnicode {
    let mut found = match perl.kind {
        ast::ClassPerlKind::Digit => class(&[('0', '9')]),
        ast::ClassPerlKind::Space => class(&[('\t', '\r'), (' ', ' ')]),
        ast::ClassPerlKind::Word => class(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
    };
    if perl.negated {
        found.negate();
    }
    found
}

fn bracketed_class(bracketed: &ast::ClassBracketed) -> Result<ClassUnicode, Refusal> {
    let ast::ClassSet::Item(item) = &bracketed.kind else {
        return refuse("a class of the pattern is computed from others", "write its ranges");
    };
    let mut found = class_item(item)?;
    if bracketed.negated {
        found.negate();
    }
    Ok(found)
}

fn class_item(item: &ast::ClassSetItem) -> Result<ClassUnicode, Refusal> {
    Ok(match item {
        ast::ClassSetItem::Empty(_) => ClassUnicode::empty(),
        ast::ClassSetItem::Literal(literal) => class(&[(literal.c, literal.c)]),
        ast::ClassSetItem::Range(range) => class(&[(range.start.c, range.end.c)]),
        ast::ClassSetItem::Perl(perl) => perl_class(perl),
        ast::ClassSetItem::Union(union_of) => {
            let items = union_of.items.iter().map(class_item).collect::<Result<Vec<_>, _>>()?;
            union(items.into_iter())
        }
        ast::ClassSetItem::Ascii(_) | ast::ClassSetItem::Unicode(_) | ast::ClassSetItem::Bracketed(_) => {
            return refuse("a class of the pattern holds another one", "write its ranges");
        }
    })
}
