//! Redaction of single values that come outside a segment, by the same code as inside.

use policy::privacy::CaptureRules;

use crate::{
    Findings,
    detect::{self, Reading},
    url::{self, Fragment},
};

/// The redacted form of a page's address.
#[must_use]
pub fn redact_url(address: &str, rules: &CaptureRules) -> String {
    url::clean(address, Fragment::Place, rules, &mut Findings::default()).into_owned()
}

/// The redacted form of a text, such as a page's title.
#[must_use]
pub fn redact_text(text: &str, rules: &CaptureRules) -> String {
    detect::clean(text, Reading::Page, rules, &mut Findings::default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_values_are_redacted_like_those_in_a_segment() {
        let rules = CaptureRules::standard();
        let address = redact_url("https://shop.example/find?q=canary#ada", &rules);
        assert!(!address.contains("canary") && !address.contains("ada"), "{address}");
        assert!(!redact_text("Order of ada.lovelace@example.com", &rules).contains("ada.lovelace@"));
    }
}
