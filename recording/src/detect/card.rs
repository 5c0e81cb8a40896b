//! Payment card numbers: digits that pass Luhn, in a length and range that an issuer uses, plain or grouped.

use super::Hit;
use crate::Rule;

/// The shortest card number that is looked for.
pub(super) const FEWEST_DIGITS: usize = 13;

/// Longest number.
const MOST_DIGITS: usize = 19;

/// A digit and where it stands.
struct Digit {
    at: usize,
    value: u8,
    /// A separator, a seam or the end of the run stands before it.
    starts: bool,
}

/// Adds every card number in `text`; a number may start and end at any separator or seam.
pub(super) fn find(text: &str, seams: &[usize], hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut run: Vec<Digit> = Vec::new();
    let mut at = 0;
    let mut gap = 0;
    let mut next_seam = 0;
    while at < bytes.len() {
        while seams.get(next_seam).is_some_and(|seam| *seam < at) {
            next_seam += 1;
        }
        let byte = bytes[at];
        if byte.is_ascii_digit() {
            let seam = seams.get(next_seam) == Some(&at);
            run.push(Digit { at, value: byte - b'0', starts: run.is_empty() || gap > 0 || seam });
            gap = 0;
            at += 1;
            continue;
        }
        let width = separator(&bytes[at..]);
        if width == 0 || gap > 1 {
            search(&run, bytes, hits);
            run.clear();
            gap = 0;
            at += width.max(1);
        } else {
            gap += 1;
            at += width;
        }
    }
    search(&run, bytes, hits);
}

/// Bytes of a separator that people put between groups: blank, dash, dot or one of their Unicode kin; 0 for others.
fn separator(bytes: &[u8]) -> usize {
    match bytes {
        [b' ' | b'-' | b'.' | b'\t', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        // U+2000–U+200B blanks, U+2010–U+2014 dashes, U+202F, U+2060.
        [0xE2, 0x80, 0x80..=0x8B | 0x90..=0x94 | 0xAF, ..] | [0xE2, 0x81, 0xA0, ..] => 3,
        _ => 0,
    }
}

/// Looks in one run of digits with single separators.
fn search(run: &[Digit], bytes: &[u8], hits: &mut Vec<Hit>) {
    if run.len() < FEWEST_DIGITS {
        return;
    }
    let values: Vec<u8> = run.iter().map(|digit| digit.value).collect();
    let mut from = 0;
    while from + FEWEST_DIGITS <= run.len() {
        if !run[from].starts || is_fraction(bytes, run[from].at) {
            from += 1;
            continue;
        }
        let longest = (FEWEST_DIGITS..=MOST_DIGITS.min(run.len() - from)).rev().find(|length| {
            let end = from + length;
            let ends = end == run.len() || run[end].starts;
            ends && is_card(&values[from..end]) && is_grouped(&run[from..end])
        });
        match longest {
            Some(length) => {
                hits.push(Hit { range: run[from].at..run[from + length - 1].at + 1, rule: Rule::Card });
                from += length;
            }
            None => from += 1,
        }
    }
}

/// Whether the digit at `at` continues a decimal fraction (`0.4111…`): no card starts there. Four digits before the dot
/// are a group of a card.
fn is_fraction(bytes: &[u8], at: usize) -> bool {
    let Some(whole) = bytes[..at].strip_suffix(b".") else { return false };
    let digits = whole.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    !digits.is_multiple_of(4)
}

/// Whether groups look like a card's: not a list of small numbers (`4 5 6 …`).
fn is_grouped(digits: &[Digit]) -> bool {
    let groups = digits.iter().skip(1).filter(|digit| digit.starts).count() + 1;
    groups <= 7
}

/// Issuer range, length and check digit.
fn is_card(digits: &[u8]) -> bool {
    let prefix = |count: usize| digits.iter().take(count).fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    let (two, three, four) = (prefix(2), prefix(3), prefix(4));
    let issued = match digits.len() {
        13 => digits[0] == 4,
        14 => matches!(three, 300..=305 | 309) || matches!(two, 36 | 38 | 39),
        15 => matches!(two, 34 | 37) || four == 2131 || four == 1800,
        16..=19 => {
            digits[0] == 4 && digits.len() != 17
                || matches!(two, 50..=69 | 81 | 82)
                || matches!(four, 2200..=2204 | 2221..=2720 | 3528..=3589)
        }
        _ => false,
    };
    issued && luhn(digits) && digits.iter().any(|digit| *digit != digits[0])
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 } {
            doubled @ 10.. => doubled - 9,
            digit => digit,
        })
        .sum();
    sum.is_multiple_of(10)
}
