//! CSS: kept as it is, so that replays keep their styles, apart from the floor: values in URLs, and card numbers in
//! strings. Detectors do not read it (a rule named `.password` must not wipe a stylesheet).

use std::borrow::Cow;

use policy::privacy::CaptureRules;

use crate::{
    Findings,
    detect::{self, Reading},
    url::{self, Fragment},
};

/// Whether there can be anything to change: a URL with a query, or a quoted string with many digits.
pub(crate) fn could_change(raw: &[u8]) -> bool {
    memchr::memchr(b'?', raw).is_some()
        || memchr::memchr(b'@', raw).is_some_and(|_| memchr::memmem::find(raw, b"//").is_some())
        || has_long_number(raw)
}

/// Whether thirteen digits stand together with at most two other bytes between them.
fn has_long_number(raw: &[u8]) -> bool {
    let mut digits = 0;
    let mut gap = 0;
    for byte in raw {
        if byte.is_ascii_digit() {
            digits += 1;
            gap = 0;
            if digits >= 13 {
                return true;
            }
        } else {
            gap += 1;
            if gap > 3 {
                digits = 0;
            }
        }
    }
    false
}

/// The stylesheet with its floor applied.
pub(crate) fn clean<'c>(css: &'c str, rules: &CaptureRules, findings: &mut Findings) -> Cow<'c, str> {
    let mut out = String::new();
    let mut done = 0;
    let mut at = 0;
    let bytes = css.as_bytes();
    while let Some(hit) = memchr::memchr3(b'"', b'\'', b'(', &bytes[at..]) {
        let open = at + hit;
        at = open + 1;
        let part = match bytes[open] {
            b'(' if ends_with_url(&css[..open]) && !matches!(bytes.get(at), Some(b'"' | b'\'')) => {
                let end = at + css[at..].find(')').unwrap_or(css.len() - at);
                Some((at..end, true))
            }
            b'(' => None,
            quote => {
                let end = string_end(bytes, at, quote);
                let is_url = css[..open].trim_end().ends_with('(')
                    && ends_with_url(css[..open].trim_end().trim_end_matches('('))
                    || css[..open].trim_end().ends_with("@import");
                Some((at..end, is_url))
            }
        };
        let Some((range, is_url)) = part else { continue };
        at = (range.end + 1).min(css.len());
        let content = &css[range.clone()];
        let clean = if is_url {
            clean_url(content, rules, findings)
        } else {
            detect::clean(content, Reading::Structure, rules, findings)
        };
        if clean != content {
            out.push_str(&css[done..range.start]);
            out.push_str(&clean);
            done = range.end;
        }
        while !css.is_char_boundary(at) {
            at += 1;
        }
    }
    if done == 0 {
        return Cow::Borrowed(css);
    }
    out.push_str(&css[done..]);
    Cow::Owned(out)
}

fn clean_url<'u>(content: &'u str, rules: &CaptureRules, findings: &mut Findings) -> Cow<'u, str> {
    let url = content.trim();
    let clean = url::clean(url, Fragment::Drawing, rules, findings);
    if clean == url { Cow::Borrowed(content) } else { Cow::Owned(clean.into_owned()) }
}

fn ends_with_url(head: &str) -> bool {
    let tail = head.as_bytes();
    tail.len() >= 3 && tail[tail.len() - 3..].eq_ignore_ascii_case(b"url")
}

/// Where the string that is quoted by `quote` and starts at `at` ends.
fn string_end(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use policy::privacy::MASK;

    use super::*;

    fn css(text: &str) -> String {
        clean(text, &CaptureRules::standard(), &mut Findings::default()).into_owned()
    }

    #[test]
    fn words_of_redaction_leave_a_stylesheet_alone() {
        for text in [
            ".password, .token:before { content: \"token=\"; } @media (min-width: 100px) { a { width: 33.333333333333336% } }",
            "/* ada@example.com */ .a::after{content:'ada@example.com'}",
            "a{background:url(#g);mask:url(\"data:image/svg+xml;utf8,<svg?>\")}",
            "a{content:\"\u{2192}\"} b{}",
        ] {
            assert_eq!(css(text), text);
        }
    }

    #[test]
    fn the_floor_holds_in_css() {
        assert_eq!(css("a{background:url(/x.png?token=abc)}"), "a{background:url(/x.png?token=)}");
        assert_eq!(css("@import \"/x.css?k=abc\";"), "@import \"/x.css?k=\";");
        assert_eq!(css("a{background:URL('/x.png?s=1#f')}"), "a{background:URL('/x.png?s=#f')}");
        assert_eq!(css("a::after{content:\"4111 1111 1111 1111\"}"), format!("a::after{{content:\"{MASK}\"}}"));
    }
}
