//! URLs: values of the query, the fragment and user info are removed wherever a URL stands.

use std::borrow::Cow;

use policy::privacy::{CaptureRules, MASK, UrlQuery};

use crate::{
    Findings, Rule,
    detect::{self, Reading},
};

/// What the fragment of a URL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fragment {
    /// A place or a state of the page: removed.
    Place,
    /// The name of a drawing (`<use href="#icon">`, `url(#gradient)`): part of the look.
    Drawing,
}

/// The redacted form of a URL; borrowed when nothing had to change.
pub(crate) fn clean<'u>(
    url: &'u str,
    fragment: Fragment,
    rules: &CaptureRules,
    findings: &mut Findings,
) -> Cow<'u, str> {
    match scheme(url) {
        "data" if is_picture(url) => return Cow::Borrowed(url),
        "data" | "javascript" | "vbscript" => {
            findings.add(Rule::Opaque);
            return Cow::Borrowed(MASK);
        }
        _ => {}
    }
    let stripped = strip(url, fragment, rules.url_query);
    if stripped != url {
        findings.add(Rule::Url);
    }
    match detect::clean(&stripped, Reading::Page, rules, findings) {
        Cow::Borrowed(_) => stripped,
        Cow::Owned(masked) => Cow::Owned(masked),
    }
}

/// The redacted form of a `srcset` or a list of URLs separated by blanks.
pub(crate) fn clean_set(set: &str, rules: &CaptureRules, findings: &mut Findings) -> String {
    let words: Vec<Cow<'_, str>> = set
        .split(' ')
        .map(|word| match word.strip_suffix(',') {
            Some(url) => Cow::Owned(format!("{},", clean(url, Fragment::Place, rules, findings))),
            None => clean(word, Fragment::Place, rules, findings),
        })
        .collect();
    words.join(" ")
}

/// Text with every absolute URL in it redacted; borrowed when there is none to change.
pub(crate) fn clean_embedded<'t>(text: &'t str, rules: &CaptureRules, findings: &mut Findings) -> Cow<'t, str> {
    let mut out = String::new();
    let mut done = 0;
    for sign in memchr::memmem::find_iter(text.as_bytes(), b"://") {
        if sign < done {
            continue;
        }
        let start = sign - text[..sign].bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        let end = sign
            + text[sign..].find(|c: char| c.is_whitespace() || "\"'<>`)]}\\|".contains(c)).unwrap_or(text.len() - sign);
        // `app.js:9:52386` at the end of a stack line is a place in the source.
        let place = trailing_place(&text[start..end]);
        let url = &text[start..end - place];
        if let Cow::Owned(clean) = strip(url, Fragment::Place, rules.url_query) {
            findings.add(Rule::Url);
            out.push_str(&text[done..start]);
            out.push_str(&clean);
            done = end - place;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Bytes of `:line` or `:line:column` at the end.
fn trailing_place(url: &str) -> usize {
    let one = |text: &str| {
        let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
        if digits > 0 && digits <= 9 && text[..text.len() - digits].ends_with(':') { digits + 1 } else { 0 }
    };
    let column = one(url);
    if column == 0 { 0 } else { column + one(&url[..url.len() - column]) }
}

/// The scheme, or nothing.
fn scheme(url: &str) -> &'static str {
    // Browsers ignore white space and control characters before and inside a scheme.
    let mut name = String::new();
    for character in url.chars().filter(|c| !c.is_whitespace() && !c.is_control()) {
        match character {
            ':' => break,
            _ if name.len() > 12 || !character.is_ascii_alphabetic() => return "",
            _ => name.push(character.to_ascii_lowercase()),
        }
    }
    ["data", "javascript", "vbscript"].into_iter().find(|known| *known == name).unwrap_or("")
}

/// `data:` URLs that are pictures or fonts are the look of the page; anything else can be a document.
fn is_picture(url: &str) -> bool {
    let Some((_, rest)) = url.split_once(':') else { return false };
    let rest = rest.get(..40.min(rest.len())).unwrap_or("").to_ascii_lowercase();
    ["image/", "font/", "application/font", "application/x-font"].iter().any(|kind| rest.starts_with(kind))
}

fn strip(url: &str, fragment: Fragment, query: UrlQuery) -> Cow<'_, str> {
    let (front, hash) = url.split_once('#').map_or((url, None), |(front, hash)| (front, Some(hash)));
    let (base, values) = front.split_once('?').map_or((front, None), |(base, values)| (base, Some(values)));
    let mut out = without_user(base);
    if let Some(names) = values.filter(|_| query == UrlQuery::Names).map(names_of).filter(|names| !names.is_empty()) {
        out.push('?');
        out.push_str(&names);
    }
    match hash {
        Some(hash) if fragment == Fragment::Drawing => {
            out.push('#');
            out.push_str(hash);
        }
        // A link to the page itself stays a link.
        Some(_) if base.is_empty() && out.is_empty() => out.push('#'),
        _ => {}
    }
    if out == url { Cow::Borrowed(url) } else { Cow::Owned(out) }
}

/// `a=1&b=2` → `a=&b=`. What has no `=` or no plain name could itself be a value and goes.
fn names_of(query: &str) -> String {
    let plain = |name: &str| {
        (1..=40).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'[' | b']'))
    };
    let names = query
        .split(['&', ';'])
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, _)| name)
        .filter(|name| plain(name));
    names.map(|name| format!("{name}=")).collect::<Vec<_>>().join("&")
}

/// `https://user:password@host/` → `https://host/`.
fn without_user(base: &str) -> String {
    if let Some((scheme, rest)) = base.split_once("//")
        && (scheme.is_empty() || scheme.ends_with(':'))
    {
        let authority = rest.find('/').unwrap_or(rest.len());
        if let Some(at) = rest[..authority].rfind('@') {
            return format!("{scheme}//{}", &rest[at + 1..]);
        }
    }
    base.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(url: &str) -> String {
        clean(url, Fragment::Place, &CaptureRules::standard(), &mut Findings::default()).into_owned()
    }

    #[test]
    fn values_fragments_and_users_go() {
        for (url, want) in [
            ("https://shop.example/a/b?q=ada&page=2#top", "https://shop.example/a/b?q=&page="),
            ("/search?ada", "/search"),
            ("/search?q=1&e%20f=2&=3", "/search?q="),
            ("#section", "#"),
            ("https://u:p@shop.example/", "https://shop.example/"),
            ("//u@shop.example/x", "//shop.example/x"),
            ("mailto:ada@example.com?subject=x", "mailto:\u{2587}\u{2587}\u{2587}\u{2587}?subject="),
            ("/users/ada@example.com/edit", "/users/\u{2587}\u{2587}\u{2587}\u{2587}/edit"),
            ("/users/ada%40example.com", "/users/\u{2587}\u{2587}\u{2587}\u{2587}"),
            ("data:image/png;base64,AAAA", "data:image/png;base64,AAAA"),
            ("data:text/html,<p>Ada", "\u{2587}\u{2587}\u{2587}\u{2587}"),
            (" java\tscript:alert(1)", "\u{2587}\u{2587}\u{2587}\u{2587}"),
            ("logo@2x.png", "logo@2x.png"),
            ("", ""),
        ] {
            assert_eq!(page(url), want, "{url}");
        }
    }

    #[test]
    fn drawings_keep_their_names_and_logs_their_lines() {
        let rules = CaptureRules::standard();
        let mut findings = Findings::default();
        assert_eq!(clean("/i.svg?v=1#cart", Fragment::Drawing, &rules, &mut findings), "/i.svg?v=#cart");
        let log = "at f (http://h/app.js?v=abc:9:55), see https://h/x?token=s#f.";
        assert_eq!(
            clean_embedded(log, &rules, &mut findings),
            "at f (http://h/app.js?v=:9:55), see https://h/x?token="
        );
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(url in "[a-z:/?#&=@.%40\\[\\] ]{0,40}") {
            let once = page(&url);
            prop_assert_eq!(page(&once), once);
        }
    }
}
