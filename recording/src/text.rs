//! JSON string content: reading escapes and writing them.

use std::borrow::Cow;

/// First byte from `pos` on that ends or interrupts a plain run of a string: `"`, `\` or a control character.
pub(crate) fn plain_until(bytes: &[u8], mut pos: usize) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    let zero_byte = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    while let Some(chunk) = bytes.get(pos..pos + 8) {
        let word = u64::from_le_bytes(chunk.try_into().unwrap_or([0; 8]));
        let quote = zero_byte(word ^ (ONES * u64::from(b'"')));
        let backslash = zero_byte(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let hit = quote | backslash | control;
        if hit != 0 {
            // The lowest set bit is exact: borrows only travel upward, past the first true hit.
            return pos + (hit.trailing_zeros() / 8) as usize;
        }
        pos += 8;
    }
    while bytes.get(pos).is_some_and(|byte| *byte != b'"' && *byte != b'\\' && *byte >= 0x20) {
        pos += 1;
    }
    pos
}

/// The value of four hexadecimal digits at `pos`.
pub(crate) fn hex4(bytes: &[u8], pos: usize) -> Option<u16> {
    bytes.get(pos..pos + 4)?.iter().try_fold(0_u16, |value, byte| {
        let digit = char::from(*byte).to_digit(16)?;
        Some(value << 4 | u16::try_from(digit).ok()?)
    })
}

/// The text that scanned string content stands for. Content without a backslash is borrowed.
///
/// The scanner has checked the escapes; what it would have refused is read as U+FFFD here, never passed on.
pub(crate) fn unescape(raw: &[u8]) -> Cow<'_, str> {
    if memchr::memchr(b'\\', raw).is_none() {
        return String::from_utf8_lossy(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut pos = 0;
    while pos < raw.len() {
        let run = memchr::memchr(b'\\', &raw[pos..]).map_or(raw.len(), |at| pos + at);
        out.push_str(&String::from_utf8_lossy(&raw[pos..run]));
        if run == raw.len() {
            break;
        }
        let (character, next) = escape(raw, run);
        out.push(character);
        pos = next;
    }
    Cow::Owned(out)
}

/// One escape at `pos`: its character and the place behind it.
fn escape(raw: &[u8], pos: usize) -> (char, usize) {
    let character = match raw.get(pos + 1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(b'u') => {
            let high = u32::from(hex4(raw, pos + 2).unwrap_or(0xFFFD));
            if (0xD800..0xDC00).contains(&high) {
                let low = u32::from(hex4(raw, pos + 8).unwrap_or(0));
                let pair = 0x10000 + ((high - 0xD800) << 10) + (low.wrapping_sub(0xDC00) & 0x3FF);
                return (char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER), pos + 12);
            }
            return (char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), pos + 6);
        }
        _ => char::REPLACEMENT_CHARACTER,
    };
    (character, pos + 2)
}

/// Appends `text` as JSON string content (without quotes). U+2028 and U+2029 are escaped too, so that the line stays
/// one line for every reader.
pub(crate) fn escape_into(text: &str, out: &mut Vec<u8>) {
    for character in text.chars() {
        match character {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\u{0}'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                out.extend_from_slice(format!("\\u{:04x}", u32::from(character)).as_bytes());
            }
            _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_runs_end_where_a_slow_reader_ends_them(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let slow = bytes.iter().position(|b| *b == b'"' || *b == b'\\' || *b < 0x20).unwrap_or(bytes.len());
            prop_assert_eq!(plain_until(&bytes, 0), slow);
        }

        #[test]
        fn escapes_round_trip_and_agree_with_serde_json(text in ".*") {
            let mut raw = Vec::new();
            escape_into(&text, &mut raw);
            prop_assert_eq!(unescape(&raw), text.clone());
            let quoted = serde_json::to_string(&text).expect("a string");
            prop_assert_eq!(unescape(&quoted.as_bytes()[1..quoted.len() - 1]), text);
        }
    }

    #[test]
    fn pairs_and_short_escapes() {
        assert_eq!(unescape(br"\ud83d\ude00\u0041\/\b"), "\u{1F600}A/\u{8}");
    }
}
