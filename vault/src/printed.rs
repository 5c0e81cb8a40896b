//! Secrets that people copy: `st_<kind>_<id>_<secret><checksum>`, all hexadecimal.
//!
//! The checksum (CRC-32) tells a typing mistake from a secret that does not fit, and with the prefix lets scanners of
//! published code recognise a leaked one.

use domain::Secret;
use uuid::Uuid;

/// The text of `secret`, which belongs to `id`; `prefix` is `st_<kind>_`.
#[must_use]
pub fn compose(prefix: &'static str, id: Uuid, secret: &[u8; 32]) -> Secret<String> {
    let mut text = format!("{prefix}{}_{}", id.as_simple(), hex::encode(secret));
    text.push_str(&checksum(&text));
    Secret::new(text)
}

/// Id and secret of a text with this prefix whose form and checksum are right.
#[must_use]
pub fn parse(prefix: &'static str, text: &str) -> Option<(Uuid, Secret<[u8; 32]>)> {
    let (body, crc) = text.split_at_checked(text.len().checked_sub(8)?)?;
    let (id, secret) = body.strip_prefix(prefix)?.split_once('_')?;
    let hexadecimal = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if id.len() != 32 || !hexadecimal(id) || !hexadecimal(secret) || crc != checksum(body) {
        return None;
    }
    let mut bytes = [0; 32];
    hex::decode_to_slice(secret, &mut bytes).ok()?;
    Some((Uuid::try_parse(id).ok()?, Secret::new(bytes)))
}

fn checksum(body: &str) -> String {
    format!("{:08x}", crc32fast::hash(body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PREFIX: &str = "st_test_";

    proptest! {
        #[test]
        fn what_was_composed_reads_back(id: u128, secret: [u8; 32]) {
            let id = Uuid::from_u128(id);
            let text = compose(PREFIX, id, &secret);
            let (read_id, read) = parse(PREFIX, text.expose()).expect("reads");
            prop_assert!(read_id == id && *read.expose() == secret);
            prop_assert!(parse("st_other_", text.expose()).is_none());
        }

        /// One character changed anywhere is noticed without asking anybody.
        #[test]
        fn a_mistyped_text_is_noticed(secret: [u8; 32], at in 0_usize..113, other in "[ -~]") {
            let text = compose(PREFIX, Uuid::from_u128(1), &secret).expose().clone();
            let mut mistyped = text.clone();
            mistyped.replace_range(at..=at, &other);
            prop_assert!(mistyped == text || parse(PREFIX, &mistyped).is_none());
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,140}") {
            let _ = parse(PREFIX, &text);
        }
    }

    #[test]
    fn the_documented_form() {
        let text = compose(PREFIX, Uuid::from_u128(1), &[2; 32]).expose().clone();
        assert_eq!(text.len(), PREFIX.len() + 32 + 1 + 64 + 8);
        for bad in
            ["", PREFIX, "st_test_é", &text.to_uppercase(), &format!("{text}0"), &text[1..], &text[..text.len() - 1]]
        {
            assert!(parse(PREFIX, bad).is_none(), "{bad}");
        }
    }
}
