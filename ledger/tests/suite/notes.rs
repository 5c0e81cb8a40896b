//! Signed notes are those of C2SP signed-note, as Go's `sumdb/note` documents them.

use ledger::note::{MAX_BYTES, NoteError, SignedNote, Signer, Verifier};
use proptest::prelude::*;

use crate::cases;

/// The example in the documentation of `golang.org/x/mod/sumdb/note`.
const NEUMANN: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NEUMANN_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn signer(name: &str, seed: u8) -> Signer {
    Signer::from_seed(name.parse().expect("a name"), &[seed; 32])
}

#[test]
fn the_note_of_the_documentation_is_believed() {
    let verifier: Verifier = NEUMANN.parse().expect("a verifier key");
    assert_eq!(verifier.to_string(), NEUMANN);
    let note = SignedNote::parse(NEUMANN_NOTE).expect("a note");
    let text = note.open(&[verifier]).expect("signed by Neumann");
    assert!(text.ends_with("what your problem is.\n"));
    assert_eq!(note.to_string(), NEUMANN_NOTE);
}

#[test]
fn a_note_is_believed_only_in_the_name_of_a_trusted_key() {
    let (log, other) = (signer("log.example", 1), signer("other.example", 2));
    let note = SignedNote::sign("text\n".to_owned(), &[&log, &other]).expect("a text");
    let read = SignedNote::parse(&note.to_string()).expect("a note");
    assert_eq!(read, note);
    assert_eq!(read.open(&[log.verifier().clone()]), Ok("text\n"));
    assert_eq!(read.open(&[signer("third.example", 3).verifier().clone()]), Err(NoteError::Unsigned));
    assert_eq!(read.open(&[]), Err(NoteError::Unsigned));
    // The same key under another name is another key.
    assert_eq!(read.open(&[signer("name.example", 1).verifier().clone()]), Err(NoteError::Unsigned));
}

#[test]
fn one_false_line_of_a_trusted_key_spoils_the_note() {
    let (log, witness) = (signer("log.example", 1), signer("witness.example", 2));
    let note = SignedNote::sign("text\n".to_owned(), &[&log, &witness]).expect("a text").to_string();
    let forged = SignedNote::parse(&note.replacen("text", "test", 1)).expect("still a note");
    assert_eq!(forged.open(&[log.verifier().clone()]), Err(NoteError::BadSignature));
    // Signed once rightly and once wrongly by two trusted keys: not believed.
    let other_text = SignedNote::sign("test\n".to_owned(), &[&log]).expect("a text").to_string();
    let line = note.lines().last().expect("the witness's line");
    let mixed = SignedNote::parse(&format!("{other_text}{line}\n")).expect("a note");
    assert_eq!(mixed.open(&[log.verifier().clone()]), Ok("test\n"));
    assert_eq!(mixed.open(&[log.verifier().clone(), witness.verifier().clone()]), Err(NoteError::BadSignature));
}

#[test]
fn a_text_may_have_empty_lines_and_ends_with_the_last() {
    let log = signer("log.example", 1);
    let text = "first\n\nsecond\n\n";
    let note = SignedNote::sign(text.to_owned(), &[&log]).expect("a text");
    assert_eq!(SignedNote::parse(&note.to_string()).expect("a note").open(&[log.verifier().clone()]), Ok(text));
}

#[test]
fn what_is_no_note_is_refused() {
    let line = "\u{2014} log.example AAAAAQE=\n";
    let notes = [
        String::new(),
        "text\n".to_owned(),
        format!("text\n{line}"),
        format!("\n{line}"),
        "text\n\n".to_owned(),
        format!("text\n\n{}", line.trim_end()),
        format!("text\n\n{}", line.replacen('\u{2014}', "-", 1)),
        format!("text\n\n{}", line.replacen(" AAA", "  AAA", 1)),
        format!("text\n\n{}", line.replacen("log.example", "log+example", 1)),
        "text\n\n\u{2014} log.example AAAA\n".to_owned(),
        "text\n\n\u{2014} log.example AAAAAQ\n".to_owned(),
        format!("te\u{7}xt\n\n{line}"),
        format!("te\rxt\n\n{line}"),
    ];
    for note in notes {
        assert_eq!(SignedNote::parse(&note), Err(NoteError::Malformed), "{note:?}");
    }
    assert_eq!(SignedNote::parse(&"a".repeat(MAX_BYTES + 1)), Err(NoteError::TooLarge));
    assert_eq!(SignedNote::parse(&format!("text\n\n{}", line.repeat(65))), Err(NoteError::TooLarge));
    assert!(SignedNote::parse(&format!("text\n\n{}", line.repeat(64))).is_ok());
    assert_eq!(SignedNote::sign("no newline".to_owned(), &[]), Err(NoteError::Malformed));
}

#[test]
fn a_verifier_key_has_one_text() {
    for text in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc",
    ] {
        assert!(text.parse::<Verifier>().is_err(), "{text}");
    }
}

#[test]
fn a_signer_tells_nothing_of_its_seed() {
    assert_eq!(format!("{:?}", signer("log.example", 1)), format!("Signer({})", signer("log.example", 1).verifier()));
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn no_text_breaks_the_parser(note in "[a\n\u{2014} A=.+]{0,60}") {
        if let Ok(read) = SignedNote::parse(&note) {
            prop_assert_eq!(read.to_string(), note);
        }
    }

    #[test]
    fn any_changed_byte_is_noticed(at in 0_usize..200, bit in 0_u8..7) {
        let log = signer("log.example", 1);
        let mut bytes = SignedNote::sign("log.example\n12\nroot\n".to_owned(), &[&log]).expect("a text").to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let believed = String::from_utf8(bytes).ok().and_then(|note| SignedNote::parse(&note).ok());
        prop_assert!(believed.is_none_or(|note| note.open(&[log.verifier().clone()]).is_err()));
    }
}
