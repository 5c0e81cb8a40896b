//! Signatures of witnesses (C2SP tlog-cosignature), and what witnesses are told (C2SP tlog-witness).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ledger::{
    checkpoint::Checkpoint,
    note::{NoteError, SignedNote, Signer, Witness},
    tree::{Hash, TreeHead},
    witness::{add_checkpoint, told_size},
};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sha2::{Digest as _, Sha256};

/// A witness as the specification has one, written down again here.
struct Cosigner {
    name: &'static str,
    pair: Ed25519KeyPair,
}

impl Cosigner {
    fn new(name: &'static str, seed: u8) -> Self {
        Self { name, pair: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a seed") }
    }

    fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    fn id(&self) -> Vec<u8> {
        Sha256::digest([self.name.as_bytes(), b"\n\x04", self.public()].concat())[..4].to_vec()
    }

    fn key(&self) -> Witness {
        let text = STANDARD.encode([&[4], self.public()].concat());
        format!("{}+{}+{text}", self.name, hex::encode(self.id())).parse().expect("a witness's key")
    }

    /// Its line under the text of a note, as of this second.
    fn line(&self, text: &str, time: u64) -> String {
        let signature = self.pair.sign(format!("cosignature/v1\ntime {time}\n{text}").as_bytes());
        let bytes = [&self.id(), &time.to_be_bytes()[..], signature.as_ref()].concat();
        format!("\u{2014} {} {}\n", self.name, STANDARD.encode(bytes))
    }
}

fn note(size: u64) -> (SignedNote, String) {
    let log = Signer::from_seed("log.example/meta".parse().expect("a name"), &[1; 32]);
    let head = TreeHead { size, root: Hash::of_leaf(&size.to_be_bytes()) };
    let checkpoint = Checkpoint { origin: "log.example/meta".to_owned(), head };
    (checkpoint.sign(&[&log]).expect("signs"), checkpoint.text())
}

#[test]
fn a_witnesss_answer_is_added_to_what_the_log_signed() {
    let (note, text) = note(7);
    let (one, two) = (Cosigner::new("one.example/w", 2), Cosigner::new("two.example/w", 3));
    assert_eq!(note.cosigned_by(&one.key()), Ok(None));
    // Lines of others are left out.
    let answer = one.line(&text, 1_790_000_000) + &two.line(&text, 5);
    let (cosigned, time) = note.with_cosignature(&answer, &one.key()).expect("signed");
    assert_eq!(time, 1_790_000_000);
    assert_eq!(cosigned.to_string(), format!("{note}{}", one.line(&text, time)));
    assert_eq!(cosigned.cosigned_by(&two.key()), Ok(None));
    // A second one is beside it; a later one of the first takes its place.
    let (both, _) = cosigned.with_cosignature(&two.line(&text, 6), &two.key()).expect("signed");
    let (later, _) = both.with_cosignature(&one.line(&text, 1_790_000_060), &one.key()).expect("signed");
    let read = SignedNote::parse(&later.to_string()).expect("a note");
    assert_eq!((read.cosigned_by(&one.key()), read.cosigned_by(&two.key())), (Ok(Some(1_790_000_060)), Ok(Some(6))));
}

#[test]
fn what_the_witness_did_not_sign_is_not_believed() {
    let ((note, text), (_, other)) = (note(7), note(8));
    let (one, two) = (Cosigner::new("one.example/w", 2), Cosigner::new("two.example/w", 3));
    let refused = |answer: &str| note.with_cosignature(answer, &one.key()).expect_err("is refused");
    assert_eq!(refused(&one.line(&other, 9)), NoteError::BadSignature);
    assert_eq!(refused(&two.line(&text, 9)), NoteError::Unsigned);
    assert_eq!(refused(&Cosigner::new("one.example/w", 9).line(&text, 9)), NoteError::Unsigned);
    assert_eq!(refused(""), NoteError::Malformed);
    assert_eq!(refused("<html>"), NoteError::Malformed);
    assert_eq!(refused(&one.line(&text, u64::MAX)), NoteError::BadSignature);
    // The same bytes under another time.
    let (line, shifted) = (one.line(&text, 9), one.line(&text, 10));
    let bytes = |line: &str| STANDARD.decode(line.trim_end().rsplit(' ').next().expect("base64")).expect("base64");
    let mixed = [&bytes(&shifted)[..12], &bytes(&line)[12..]].concat();
    assert_eq!(refused(&format!("\u{2014} one.example/w {}\n", STANDARD.encode(mixed))), NoteError::BadSignature);
    // The plain signature of a log is no cosignature.
    let own = Signer::from_seed("one.example/w".parse().expect("a name"), &[2; 32]);
    assert!(own.verifier().to_string().parse::<Witness>().is_err());
}

#[test]
fn a_witness_is_told_what_the_specification_says() {
    let (note, text) = note(7);
    let hash = Hash::of_leaf(b"x");
    let body = add_checkpoint(5, &[hash, hash], &note);
    assert!(body.starts_with(&format!("old 5\n{hash}\n{hash}\n\n{text}\n\u{2014} log.example/meta ")), "{body}");
    assert!(add_checkpoint(0, &[], &note).starts_with(&format!("old 0\n\n{text}")));
    assert_eq!(told_size(b"20852163\n"), Some(20_852_163));
    for bad in [&b"7"[..], b"07\n", b"+7\n", b"-1\n", b"\n", b"7\n\n", b"\xff\n"] {
        assert_eq!(told_size(bad), None, "{bad:?}");
    }
}
