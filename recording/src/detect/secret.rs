//! Assignments of secrets inside text: `password=…`, `"token": "…"`, `Authorization: Bearer …`.

use policy::privacy::{MASK, floor};

use super::Hit;
use crate::Rule;

/// Adds the value of every assignment whose name is a secret's.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut behind = 0;
    for at in memchr::memchr2_iter(b'=', b':', bytes) {
        if at < behind {
            continue;
        }
        let Some(name) = name_before(text, at) else { continue };
        if !floor::is_secret_name(name) || name.eq_ignore_ascii_case("code") {
            continue;
        }
        let head = text[..at].len() - name.len();
        // `?token= next`: a query whose values are gone; what stands behind the blank is another word.
        let query = bytes[at] == b'=' && head > 0 && matches!(bytes[head - 1], b'?' | b'&');
        if query && bytes.get(at + 1) == Some(&b' ') {
            continue;
        }
        if let Some(range) = value_after(text, at + 1) {
            behind = range.end;
            if &text[range.clone()] != MASK {
                hits.push(Hit { range, rule: Rule::Secret });
            }
        }
    }
}

/// The name that stands before an `=` or `:`, perhaps in quotes.
fn name_before(text: &str, at: usize) -> Option<&str> {
    let head = text[..at].trim_end_matches(['"', '\'', '\\', ' ']);
    let name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let length = head.bytes().rev().take(64).take_while(|b| name(b)).count();
    Some(&head[head.len() - length..]).filter(|name| !name.is_empty())
}

/// The value behind an `=` or `:`: a quoted string, or what stands up to a separator; a scheme word (`Bearer`) takes
/// the next word with it.
fn value_after(text: &str, from: usize) -> Option<std::ops::Range<usize>> {
    let tail = &text[from..];
    let start = from + tail.len() - tail.trim_start_matches(['"', '\'', '\\', ' ']).len();
    let quoted = tail[..start - from].contains(['"', '\'']);
    let stops = |c: char| {
        if quoted {
            c == '"' || c == '\'' || c == '\\' || c == '\n'
        } else {
            c.is_whitespace() || "\"',;&)}]\\".contains(c)
        }
    };
    let word = |from: usize| from + text[from..].find(stops).unwrap_or(text.len() - from);
    let mut end = word(start);
    let scheme = &text[start..end];
    if ["bearer", "basic", "token", "digest"].iter().any(|s| scheme.eq_ignore_ascii_case(s))
        && text[end..].starts_with(' ')
    {
        end = word(end + 1);
    }
    (end > start).then_some(start..end)
}
