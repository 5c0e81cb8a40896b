//! International bank account numbers (ISO 13616): country, its length, check by mod 97; plain or grouped, any case.

use super::Hit;
use crate::Rule;

/// No account number in use has fewer digits.
pub(super) const FEWEST_DIGITS: usize = 8;

/// Length by country, from the IBAN registry.
const LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// Adds every account number in `text`.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 15 <= bytes.len() {
        let starts = bytes[at].is_ascii_alphabetic() && bytes[at + 1].is_ascii_alphabetic();
        if !starts || !bytes[at + 2].is_ascii_digit() {
            at += 1;
            continue;
        }
        match end_of(bytes, at) {
            Some(end) => {
                hits.push(Hit { range: at..end, rule: Rule::Iban });
                at = end;
            }
            None => at += 1,
        }
    }
}

/// Where the account number that starts at `at` ends, if it is one.
fn end_of(bytes: &[u8], at: usize) -> Option<usize> {
    let country = [bytes[at].to_ascii_uppercase(), bytes[at + 1].to_ascii_uppercase()];
    let length = LENGTHS.iter().find(|(code, _)| **code == country)?.1;
    let mut characters = Vec::with_capacity(length);
    let mut end = at;
    while characters.len() < length {
        match bytes.get(end) {
            Some(byte) if byte.is_ascii_alphanumeric() => characters.push(byte.to_ascii_uppercase()),
            Some(b' ' | b'-') if !characters.is_empty() && bytes[end - 1].is_ascii_alphanumeric() => {}
            // A no-break space, as pages use it between groups.
            Some(0xC2) if bytes.get(end + 1) == Some(&0xA0) => end += 1,
            _ => return None,
        }
        end += 1;
    }
    let check = characters.get(2..4)?.iter().all(u8::is_ascii_digit);
    (check && mod_97(&characters) == 1).then_some(end)
}

fn mod_97(characters: &[u8]) -> u32 {
    characters[4..].iter().chain(&characters[..4]).fold(0, |rest, character| match character {
        b'0'..=b'9' => (rest * 10 + u32::from(character - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    })
}
