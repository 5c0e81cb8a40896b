//! Short names in documents: words, origins, countries, releases and traits.

use serde_json::Value;

use super::{
    super::{
        Findings, Pointer,
        setting::{Setting, Strictness},
    },
    Key, Refusal, key, read_key,
};

key! {
    /// A name of ours or of the tenant: lower-case letters, digits and hyphens, at most 40.
    pub struct Word; most 40; word
}

key! {
    /// Where the agent may send trace headers to: scheme, host and port, nothing else.
    pub struct Origin; most 255; origin
}

key! {
    /// An ISO 3166-1 code of two letters, or `EU` and `EEA` for their members.
    pub struct Country; most 3; country
}

key! {
    /// A release of the recorded application, compared byte by byte.
    pub struct Release; most 100; release
}

key! {
    /// A verified trait of a visitor and its value: `plan=enterprise`.
    pub struct TraitIs; most 128; trait_is
}

/// A name alone has no order; it is used where the highest layer sets it.
impl Setting for Word {
    fn strictness() -> Strictness {
        Strictness::Set
    }
    fn schema() -> Value {
        <Self as Key>::schema()
    }
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        read_key(value, at, findings)
    }
    fn strictest(&self, other: &Self) -> Self {
        self.max(other).clone()
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn word(text: &str) -> Result<String, Refusal> {
    if !is_word(text) {
        let mend = "use lower-case letters, digits and hyphens, beginning with a letter";
        return Err(Refusal::new("this is no name", mend));
    }
    Ok(text.to_owned())
}

fn origin(text: &str) -> Result<String, Refusal> {
    let refusal = || Refusal::new("this is no origin", "write scheme and host, like `https://api.example.com`");
    let parsed = url::Url::parse(text).map_err(|_| refusal())?;
    let bare = parsed.path() == "/" && parsed.query().is_none() && parsed.fragment().is_none();
    let nobody = parsed.username().is_empty() && parsed.password().is_none();
    let host = parsed.host_str().is_some_and(|host| !host.is_empty());
    if !bare || !nobody || !host || !matches!(parsed.scheme(), "http" | "https") {
        return Err(refusal());
    }
    Ok(parsed.origin().ascii_serialization())
}

fn country(text: &str) -> Result<String, Refusal> {
    let code = text.to_ascii_uppercase();
    if code != "EEA" && (code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase())) {
        return Err(Refusal::new("this is no country code", "write two letters, like `DE`, or `EU` or `EEA`"));
    }
    Ok(code)
}

fn release(text: &str) -> Result<String, Refusal> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Refusal::new("this is no release", "use visible ASCII characters without spaces"));
    }
    Ok(text.to_owned())
}

fn trait_is(text: &str) -> Result<String, Refusal> {
    let refusal = || Refusal::new("this names no trait and value", "write `name=value`, like `plan=enterprise`");
    let (name, value) = text.split_once('=').ok_or_else(refusal)?;
    if !is_word(name) || value.is_empty() || value.chars().any(char::is_control) {
        return Err(refusal());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_form() {
        assert_eq!(Origin::parse("HTTPS://Api.Example.com:443/").expect("an origin").text(), "https://api.example.com");
        assert_eq!(Country::parse("de").expect("a country").text(), "DE");
        assert_eq!(Country::parse("EEA").expect("a country").text(), "EEA");
        assert_eq!(TraitIs::parse("plan=a=b").expect("a trait").text(), "plan=a=b");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["", "Shop", "1a", "a_b", "ä", &"a".repeat(41)] {
            assert!(Word::parse(text).is_err(), "{text}");
        }
        for text in ["", "example.com", "https://a/b", "https://a?b", "https://u@a", "ftp://a", "data:x", "https://"] {
            assert!(Origin::parse(text).is_err(), "{text}");
        }
        for text in ["", "D", "DEU", "1A", "É"] {
            assert!(Country::parse(text).is_err(), "{text}");
        }
        for text in ["plan", "=x", "plan=", "Plan=x", "plan=a\nb"] {
            assert!(TraitIs::parse(text).is_err(), "{text}");
        }
    }
}
