//! E-mail addresses: any top-level domain, any case, inside sentences, also with `%40` for the `@`.

use super::Hit;
use crate::Rule;

/// Adds every address in `text`.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    for at in memchr::memchr2_iter(b'@', b'%', bytes) {
        let sign = match bytes[at] {
            b'@' => 1,
            _ if bytes[at..].starts_with(b"%40") => 3,
            _ => continue,
        };
        let start = local_start(text, at);
        if let Some(end) = domain_end(text, at + sign).filter(|_| start < at) {
            hits.push(Hit { range: start..end, rule: Rule::Email });
        }
    }
}

/// Where the local part that ends at `at` starts. At most 64 bytes count, which keeps crafted text linear.
fn local_start(text: &str, at: usize) -> usize {
    let mut start = at;
    for (index, character) in text[..at].char_indices().rev() {
        let allowed = character.is_alphanumeric() || "._%+-'!~$*^#=".contains(character);
        if !allowed || at - index > 128 {
            break;
        }
        start = index;
    }
    // What only frames the address is no part of it.
    start + text[start..at].len() - text[start..at].trim_start_matches(['.', '\'', '-', '=', '#', '*', '!', '~']).len()
}

/// Where the domain that starts at `from` ends, if it is one: labels, a dot, and a top-level domain of letters.
fn domain_end(text: &str, from: usize) -> Option<usize> {
    let mut label = from;
    let mut end = None;
    for (index, character) in
        text[from..].char_indices().map(|(i, c)| (from + i, c)).chain([(text.len(), ' ')]).take(256)
    {
        if character.is_alphanumeric() || character == '-' {
            continue;
        }
        if index == label {
            break;
        }
        let top = text[label..index].trim_end_matches('-');
        if label > from && is_top_level(top) {
            end = Some(label + top.len());
        }
        if character != '.' {
            break;
        }
        label = index + 1;
    }
    let end = end?;
    // `logo@2x.png` is a picture for dense screens.
    let domain = &text[from..end];
    let density = domain.split_once('.').is_some_and(|(first, _)| {
        first.strip_suffix('x').is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    });
    (!density).then_some(end)
}

fn is_top_level(label: &str) -> bool {
    let letters = label.chars().count() >= 2 && label.chars().all(char::is_alphabetic);
    letters || label.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("xn--"))
}
