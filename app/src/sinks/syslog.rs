//! Entries as syslog messages: RFC 5424, counted by octets as RFC 5425 has it.
//!
//! A message is one line of printable ASCII, whatever is in the log: everything else is escaped as JSON escapes it, so that
//! nothing can begin a message of its own, colour a terminal or turn its direction.

use std::fmt::Write as _;

use domain::Timestamp;
use ledger::Outcome;
use store::DeliveryKind;

use super::batch::Batch;

/// Facility 13, "log audit".
const FACILITY: u8 = 13;
/// The name of our structured data. 32473 is the number that RFC 5612 keeps for those who have none.
const ELEMENT: &str = "sealtape@32473";
const HOST_BYTES: usize = 255;
const ID_BYTES: usize = 32;

/// One message without its length.
struct Message<'a> {
    severity: u8,
    at: Timestamp,
    host: &'a str,
    /// What it is about: an act, or a word of ours.
    id: &'a str,
    data: &'a [(&'static str, String)],
    /// JSON.
    text: &'a str,
}

/// All messages of a batch: its checkpoint first, then its entries in the log's order.
pub(super) fn frames(batch: &Batch, host: &str) -> Vec<u8> {
    let mut frames = String::new();
    let batch_id = batch.message_id();
    let (id, text) = match (batch.kind, &batch.checkpoint) {
        (DeliveryKind::Batch, Some(note)) => ("checkpoint", serde_json::json!({ "checkpoint": note }).to_string()),
        (DeliveryKind::Batch, None) => ("checkpoint", "{}".to_owned()),
        (DeliveryKind::Test, _) => ("test", r#"{"type":"webhook.test"}"#.to_owned()),
    };
    let data = [
        ("batch", batch_id.clone()),
        ("from", batch.from.to_string()),
        ("to", batch.to.to_string()),
        ("entries", batch.entries.len().to_string()),
    ];
    frame(&mut frames, &Message { severity: 6, at: batch.at, host, id, data: &data, text: &text });
    for entry in &batch.entries {
        let severity = match entry.leaf.out {
            Outcome::Allow => 6,
            Outcome::Deny => 4,
            Outcome::Error => 3,
        };
        let data = [("batch", batch_id.clone()), ("index", entry.index.to_string())];
        let (at, id) = (entry.leaf.t, entry.leaf.act.as_ref());
        frame(&mut frames, &Message { severity, at, host, id, data: &data, text: &entry.text });
    }
    frames.into_bytes()
}

fn frame(frames: &mut String, message: &Message<'_>) {
    let message = message.to_string();
    // Writing to a String does not fail.
    let _ = write!(frames, "{} {message}", message.len());
}

impl std::fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { severity, at, host, id, data, text } = self;
        let (host, id) = (field(host, HOST_BYTES), field(id, ID_BYTES));
        write!(f, "<{}>1 {at} {host} sealtape - {id} [{ELEMENT}", FACILITY * 8 + severity)?;
        for (name, value) in *data {
            write!(f, " {name}=\"{}\"", parameter(value))?;
        }
        write!(f, "] {}", ascii(text))
    }
}

/// A header's field: printable ASCII without spaces, not longer than it may be; `-` when nothing is left.
fn field(text: &str, most: usize) -> String {
    let kept: String = text.chars().filter(char::is_ascii_graphic).take(most).collect();
    if kept.is_empty() { "-".to_owned() } else { kept }
}

/// A value between quotation marks.
fn parameter(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '"' | '\\' | ']' => escaped.extend(['\\', character]),
            ' '..='~' => escaped.push(character),
            _ => escaped.push('?'),
        }
    }
    escaped
}

/// JSON that says the same in printable ASCII. Outside its strings JSON has nothing else.
fn ascii(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if matches!(character, ' '..='~') {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A receiver's reading of RFC 5425: lengths and messages, and nothing between them.
    fn messages(mut bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        while !bytes.is_empty() {
            let space = bytes.iter().position(|byte| *byte == b' ').expect("a length");
            let length: usize = std::str::from_utf8(&bytes[..space]).expect("digits").parse().expect("a number");
            let (message, rest) = bytes[space + 1..].split_at(length);
            found.push(String::from_utf8(message.to_vec()).expect("text"));
            bytes = rest;
        }
        found
    }

    /// A receiver's reading of RFC 5424's structured data and text: the parameters, and what is behind them.
    fn parts(message: &str) -> (Vec<(String, String)>, String) {
        let behind_header = message.splitn(7, ' ').nth(6).expect("six fields");
        let mut rest =
            behind_header.strip_prefix('[').and_then(|data| data.strip_prefix(ELEMENT)).expect("our element");
        let mut data = Vec::new();
        while let Some(parameter) = rest.strip_prefix(' ') {
            let (name, value) = parameter.split_once("=\"").expect("a parameter");
            let (mut read, mut characters) = (String::new(), value.char_indices());
            let end = loop {
                match characters.next().expect("a closing mark") {
                    (_, '\\') => read.extend(characters.next().map(|(_, escaped)| escaped)),
                    (at, '"') => break at,
                    (_, ']') => panic!("a bracket ends the data"),
                    (_, character) => read.push(character),
                }
            };
            data.push((name.to_owned(), read));
            rest = &value[end + 1..];
        }
        (data, rest.strip_prefix("] ").expect("the end of the data").to_owned())
    }

    /// What somebody puts into a log who wants to be read as more than one line, or as another one.
    fn hostile() -> impl Strategy<Value = String> {
        let nasty = prop::sample::select(vec![
            "\r\n<110>1 2026-01-01T00:00:00Z evil - - - - forged",
            "\n",
            "\u{1b}[2J\u{1b}]0;owned\u{7}",
            "\u{202e}gpj.exe",
            "\u{2028}\u{85}\u{7f}\u{9b}31m",
            "\"] [evil@1 a=\"",
            "|CEF:0|",
            "\\",
            "\0",
            "😀",
        ]);
        prop::collection::vec(prop_oneof![nasty.prop_map(str::to_owned), ".{0,40}"], 0..8)
            .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn attack_33_nothing_in_a_log_becomes_a_message_of_its_own(
            host in hostile(), id in hostile(), value in hostile(), text in hostile(), huge in 0_usize..20_000,
        ) {
            let text = format!("{text}{}", "A\u{202e}".repeat(huge / 4));
            let json = serde_json::json!({ "said": text }).to_string();
            let data = [("value", value.clone())];
            let mut frames = String::new();
            for _ in 0..2 {
                let at = Timestamp::from_millis(1_795_305_600_000);
                frame(&mut frames, &Message { severity: 6, at, host: &host, id: &id, data: &data, text: &json });
            }
            prop_assert!(frames.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            let read = messages(frames.as_bytes());
            prop_assert_eq!(read.len(), 2);
            for message in read {
                prop_assert!(message.starts_with("<110>1 2026-11-22T00:00:00.000000Z "));
                let header: Vec<_> = message.splitn(7, ' ').collect();
                prop_assert!(header[2].len() <= 255 && header[5].len() <= 32);
                prop_assert_eq!((header[3], header[4]), ("sealtape", "-"));
                let (data, said) = parts(&message);
                prop_assert_eq!(data.len(), 1);
                let seen: String = value.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).collect();
                prop_assert_eq!(&data[0].1, &seen);
                let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
                prop_assert_eq!(&said, &serde_json::json!({ "said": text }));
            }
        }
    }
}
