//! Blind tokens: equal inputs give equal tokens, and without the key a token tells nothing.

use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use crate::{Key32, chain::mac};

/// Path parts that count for search; deeper pages are found by their first parts.
pub const MAX_PATH_PARTS: usize = 8;

/// NFKC, trimmed, lower-cased: one form for what people type in many.
#[must_use]
pub fn normalise(value: &str) -> String {
    value.nfkc().collect::<String>().trim().to_lowercase()
}

/// What kind of identifier a value is; part of the token, so that an e-mail address never equals a user id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentifierKind {
    /// An e-mail address.
    Email,
    /// The customer application's user id.
    UserId,
}

impl IdentifierKind {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::UserId => "user-id",
        }
    }
}

/// The index of identifiers: `HMAC(k_n, … HMAC(k_1, kind ‖ 00 ‖ normalised value))`.
///
/// Rotation adds a key at the end and passes stored tokens through [`BlindIndex::extend`]; no value is needed again.
pub struct BlindIndex {
    first: Key32,
    later: Vec<Key32>,
}

impl BlindIndex {
    /// The index under these keys, oldest first. `None` without a key: a bare value must never be stored.
    #[must_use]
    pub fn new(keys: Vec<Key32>) -> Option<Self> {
        let mut keys = keys.into_iter();
        Some(Self { first: keys.next()?, later: keys.collect() })
    }
    /// The token of an identifier.
    #[must_use]
    pub fn token(&self, kind: IdentifierKind, value: &str) -> [u8; 32] {
        let value = normalise(value);
        let innermost = mac(&self.first, &[kind.as_str().as_bytes(), &[0], value.as_bytes()]);
        self.later.iter().fold(innermost, |token, key| mac(key, &[&token]))
    }
    /// Brings a token made before `key` was added up to date.
    #[must_use]
    pub fn extend(key: &Key32, token: &[u8; 32]) -> [u8; 32] {
        mac(key, &[token])
    }
}

/// One row of `search_token`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SearchToken {
    /// `origin`, `path`, `label` or `error`.
    pub kind: &'static str,
    /// HMAC-SHA-256(P `search`, kind ‖ 00 ‖ value).
    pub token: [u8; 32],
}

/// Makes search tokens of a tenant, for storing and for asking alike.
pub struct SearchTokens {
    key: Key32,
}

impl SearchTokens {
    /// Under the tenant's purpose key `search`.
    #[must_use]
    pub const fn new(key: Key32) -> Self {
        Self { key }
    }
    fn token(&self, kind: &'static str, value: &str) -> SearchToken {
        SearchToken { kind, token: mac(&self.key, &[kind.as_bytes(), &[0], value.as_bytes()]) }
    }
    /// The origin of a web address; `None` when it has none.
    #[must_use]
    pub fn origin(&self, url: &str) -> Option<SearchToken> {
        let origin = Url::parse(url.trim()).ok()?.origin();
        origin.is_tuple().then(|| self.token("origin", &origin.ascii_serialization()))
    }
    /// The path itself, as one looks for it: a web address or a bare path; `/` finds every page.
    #[must_use]
    pub fn path_prefix(&self, url_or_path: &str) -> SearchToken {
        self.token("path", &join(&path_parts(url_or_path)))
    }
    /// All prefixes of the path, as they are stored: `/`, `/orders`, `/orders/*`, …
    #[must_use]
    pub fn path_prefixes(&self, url_or_path: &str) -> Vec<SearchToken> {
        let parts = path_parts(url_or_path);
        (0..=parts.len()).map(|len| self.token("path", &join(&parts[..len]))).collect()
    }
    /// Everything to store for one visited page.
    #[must_use]
    pub fn page(&self, url: &str) -> Vec<SearchToken> {
        self.origin(url).into_iter().chain(self.path_prefixes(url)).collect()
    }
    /// A label.
    #[must_use]
    pub fn label(&self, label: &str) -> SearchToken {
        self.token("label", &normalise(label))
    }
    /// An error's fingerprint.
    #[must_use]
    pub fn error(&self, fingerprint: &str) -> SearchToken {
        self.token("error", fingerprint.trim())
    }
}

fn join(parts: &[String]) -> String {
    format!("/{}", parts.join("/"))
}

/// The path's parts, parts like ids as `*`; query and fragment are dropped.
fn path_parts(url_or_path: &str) -> Vec<String> {
    let text = url_or_path.trim();
    let path = Url::parse(text).map_or_else(|_| text.to_owned(), |url| url.path().to_owned());
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts = path.split('/').filter(|part| !part.is_empty()).take(MAX_PATH_PARTS);
    parts.map(|part| if is_like_id(part) { "*".to_owned() } else { part.to_lowercase() }).collect()
}

/// Whether a path part names one thing rather than a page: then it would make pages unfindable, and may name a person.
///
/// In doubt yes. A word (`orders`), a short version (`v2`) and a dated word with up to three digits (`top100`) are pages.
#[must_use]
pub fn is_like_id(part: &str) -> bool {
    let digits = part.chars().filter(char::is_ascii_digit).count();
    let hex = part.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let odd = part.chars().any(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'));
    let upper_inside = part.chars().skip(1).any(|c| c.is_ascii_uppercase());
    odd || digits == part.len()
        || digits >= 4
        || (hex && digits > 0 && part.len() >= 6)
        || (part.len() >= 16 && (digits > 0 || upper_inside))
        || part.len() > 40
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens() -> SearchTokens {
        SearchTokens::new(Key32::from_bytes([9; 32]))
    }

    #[test]
    fn one_identifier_in_many_spellings_has_one_token() {
        let index = BlindIndex::new(vec![Key32::from_bytes([1; 32])]).expect("one key");
        let token = index.token(IdentifierKind::Email, "ada@example.test");
        for spelling in [" Ada@Example.TEST ", "ada@example.test\n", "\u{ff41}da@example.test"] {
            assert_eq!(index.token(IdentifierKind::Email, spelling), token, "{spelling}");
        }
        assert_ne!(index.token(IdentifierKind::UserId, "ada@example.test"), token, "another kind");
        assert_ne!(index.token(IdentifierKind::Email, "eve@example.test"), token, "another value");
        assert!(BlindIndex::new(Vec::new()).is_none());
    }

    #[test]
    fn rotation_needs_only_the_old_token() {
        let key = |byte| Key32::from_bytes([byte; 32]);
        let old = BlindIndex::new(vec![key(1), key(2)]).expect("keys");
        let new = BlindIndex::new(vec![key(1), key(2), key(3)]).expect("keys");
        let stored = old.token(IdentifierKind::UserId, "42");
        assert_eq!(BlindIndex::extend(&key(3), &stored), new.token(IdentifierKind::UserId, "42"));
    }

    #[test]
    fn ids_in_paths_become_stars_and_pages_stay() {
        for page in ["orders", "v2", "top100", "about-us", "index.html", "checkout", "decade", "Users"] {
            assert!(!is_like_id(page), "{page}");
        }
        for id in [
            "7",
            "12345",
            "0190f3a1-0000-7000-8000-00000000000a",
            "a1b2c3",
            "ada@example.test",
            "Gr%C3%BC%C3%9Fe",
            "INV-2024-17",
            "dQw4w9WgXcQabcdEF",
            "eyJhbGciOiJFZERTQSJ9",
        ] {
            assert!(is_like_id(id), "{id}");
        }
        let parts = path_parts("https://shop.example/Orders/4711/items?q=shoes#top");
        assert_eq!(parts, ["orders", "*", "items"]);
        assert_eq!(path_parts("/orders/4711/items?q=shoes"), parts);
    }

    #[test]
    fn a_page_is_found_by_origin_and_by_every_prefix() {
        let (tokens, page) = (tokens(), "https://shop.example/orders/4711/items?q=x");
        let stored = tokens.page(page);
        assert_eq!(stored.len(), 5);
        assert_eq!(tokens.origin("https://SHOP.example:443/else"), Some(stored[0]));
        for asked in ["/", "/orders", "/orders/", "/orders/9999", "/orders/1/items", page] {
            assert!(stored.contains(&tokens.path_prefix(asked)), "{asked}");
        }
        assert!(!stored.contains(&tokens.path_prefix("/order")));
        assert_eq!(tokens.origin("data:text/html,x"), None);
        assert_ne!(tokens.label("/").token, tokens.path_prefix("/").token, "kinds are apart");
    }

    proptest! {
        #[test]
        fn what_is_stored_is_found_by_the_same_address(path in "(/[a-zA-Z0-9@%._-]{0,20}){0,12}") {
            let tokens = tokens();
            let url = format!("https://a.example{path}");
            prop_assert!(tokens.page(&url).contains(&tokens.path_prefix(&url)));
        }
        #[test]
        fn normalising_never_panics(value in ".*") {
            let _ = normalise(&value);
        }
    }
}
