//! Pattern detectors for text that no other rule hides.
//!
//! No regular expression runs on ordinary text: a count of digits and a search for `@` decide whether a detector looks
//! at all, and each detector starts at its own landmark, so that time stays linear.

mod card;
mod email;
mod iban;
mod secret;

use std::{borrow::Cow, ops::Range};

use policy::privacy::{CaptureRules, MASK};

use crate::{Findings, Rule, url};

/// One stretch of text to hide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Bytes of the text.
    pub(crate) range: Range<usize>,
    /// Why.
    pub(crate) rule: Rule,
}

/// Which detectors read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Text of the page: all detectors that the policy names.
    Page,
    /// Names and classes that the page is built from: the floor only.
    Structure,
    /// Console strings, messages, payloads: also URLs and assignments of secrets inside the text.
    Log,
}

/// No detector finds anything in less (`a@b.io`).
const SHORTEST: usize = 6;

/// Whether any detector could find something: cheap, and never wrong when it says no.
pub(crate) fn could_hit(raw: &[u8]) -> bool {
    if raw.len() < SHORTEST {
        return false;
    }
    let digits = raw.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits >= iban::FEWEST_DIGITS
        || memchr::memchr2(b'@', b'%', raw).is_some_and(|at| {
            raw[at] == b'@' || memchr::memchr(b'@', raw).is_some() || raw.windows(3).any(|w| w == b"%40")
        })
}

/// What `text` holds. `seams` are places where the text was joined from parts, in rising order.
pub(crate) fn hits(text: &str, seams: &[usize], reading: Reading, rules: &CaptureRules) -> Vec<Hit> {
    let mut hits = Vec::new();
    let pattern = reading != Reading::Structure;
    if pattern && rules.detectors.email {
        email::find(text, &mut hits);
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits >= card::FEWEST_DIGITS {
        card::find(text, seams, &mut hits);
    }
    if pattern && rules.detectors.iban && digits >= iban::FEWEST_DIGITS {
        iban::find(text, &mut hits);
    }
    if reading == Reading::Log {
        secret::find(text, &mut hits);
    }
    tidy(hits)
}

/// Sorted and without overlaps; of two that overlap, one that covers both.
pub(crate) fn tidy(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.range.start, hit.range.end));
    let mut out: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match out.last_mut() {
            Some(last) if hit.range.start < last.range.end => last.range.end = last.range.end.max(hit.range.end),
            _ => out.push(hit),
        }
    }
    out
}

/// `text` with every hit masked; borrowed when there is none.
pub(crate) fn clean<'t>(
    text: &'t str,
    reading: Reading,
    rules: &CaptureRules,
    findings: &mut Findings,
) -> Cow<'t, str> {
    let text = if reading == Reading::Log { url::clean_embedded(text, rules, findings) } else { Cow::Borrowed(text) };
    if reading != Reading::Log && !could_hit(text.as_bytes()) {
        return text;
    }
    let hits = hits(&text, &[], reading, rules);
    if hits.is_empty() {
        return text;
    }
    Cow::Owned(mask(&text, &hits, 0, findings))
}

/// `text`, which starts at `offset` of the text that was searched, with its part of every hit masked.
pub(crate) fn mask(text: &str, hits: &[Hit], offset: usize, findings: &mut Findings) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for hit in hits {
        let start = hit.range.start.saturating_sub(offset).clamp(at, text.len());
        let end = hit.range.end.saturating_sub(offset).min(text.len());
        if end <= start {
            continue;
        }
        out.push_str(&text[at..start]);
        out.push_str(MASK);
        findings.add(hit.rule);
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str, reading: Reading) -> String {
        clean(text, reading, &CaptureRules::standard(), &mut Findings::default()).into_owned()
    }

    /// Turns `a «b» c` into the text and what must be left of it.
    fn example(line: &str) -> (String, String) {
        let text = line.replace(['«', '»'], "");
        let mut want = String::new();
        for (number, part) in line.split(['«', '»']).enumerate() {
            want.push_str(if number % 2 == 0 { part } else { MASK });
        }
        (text, want)
    }

    #[test]
    fn every_published_example_holds() {
        for file in [
            include_str!("../../policy/detectors/email.txt"),
            include_str!("../../policy/detectors/card.txt"),
            include_str!("../../policy/detectors/iban.txt"),
        ] {
            let mut examples = 0;
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                let (text, want) = example(line.get(2..).unwrap_or(""));
                assert_eq!(line.starts_with('-'), !line.contains('«'), "{line}");
                assert_eq!(cleaned(&text, Reading::Page), want, "{line}");
                examples += 1;
            }
            assert!(examples > 10);
        }
    }

    #[test]
    fn structure_is_read_for_cards_only() {
        assert_eq!(
            cleaned("ada@example.com DE89370400440532013000", Reading::Structure),
            "ada@example.com DE89370400440532013000"
        );
        assert_eq!(cleaned("4111111111111111", Reading::Structure), MASK);
    }

    #[test]
    fn logs_lose_secrets_that_are_assigned() {
        for (text, want) in [
            ("login failed password=hunter2, user=ada", "login failed password=▇▇▇▇, user=ada"),
            (r#"{"Password":"hunter 2","n":1}"#, r#"{"Password":"▇▇▇▇","n":1}"#),
            (r#"{\"api_key\": \"k 1\"}"#, r#"{\"api_key\": \"▇▇▇▇\"}"#),
            ("Authorization: Bearer abc.def.ghi next", "Authorization: ▇▇▇▇ next"),
            ("GET https://h/x?token=abc failed", "GET https://h/x?token= failed"),
            ("Error code: 404", "Error code: 404"),
            (
                "TypeError: x is undefined at f (http://h/app.js:9:55)",
                "TypeError: x is undefined at f (http://h/app.js:9:55)",
            ),
        ] {
            assert_eq!(cleaned(text, Reading::Log), want, "{text}");
            assert_eq!(cleaned(want, Reading::Log), want, "twice");
        }
    }
}
