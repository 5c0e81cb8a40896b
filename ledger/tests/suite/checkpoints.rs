//! Checkpoints, what a signer refuses, and proofs in one file.

use ledger::{
    checkpoint::{Checkpoint, CheckpointError, Refusal},
    entry_proof::{EntryProof, EntryProofError},
    note::{NoteError, SignedNote, Signer, Verifier},
    tree::{
        TreeHead,
        proof::{ProofError, collect, consistency_ranges, inclusion_ranges},
    },
};

use crate::{Grown, entry};

const ORIGIN: &str = "sealtape.example/ledger/0198-tenant/1";

fn signer() -> Signer {
    Signer::from_seed(ORIGIN.parse().expect("a name"), &[9; 32])
}

fn trusted() -> Vec<Verifier> {
    vec![signer().verifier().clone()]
}

fn checkpoint(head: TreeHead) -> Checkpoint {
    Checkpoint { origin: ORIGIN.to_owned(), head }
}

fn signed(text: &str) -> SignedNote {
    SignedNote::sign(text.to_owned(), &[&signer()]).expect("a text")
}

#[test]
fn a_checkpoint_is_signed_and_opened() {
    let checkpoint = checkpoint(Grown::to(42).head(42));
    let note = checkpoint.sign(&[&signer()]).expect("an origin");
    let read = SignedNote::parse(&note.to_string()).expect("a note");
    assert_eq!(Checkpoint::open(&read, ORIGIN, &trusted()), Ok(checkpoint));
    assert_eq!(Checkpoint::open(&read, "sealtape.example/other", &trusted()), Err(CheckpointError::Origin));
    assert_eq!(Checkpoint::open(&read, ORIGIN, &[]), Err(CheckpointError::Note(NoteError::Unsigned)));
}

#[test]
fn an_origin_is_one_line() {
    let head = Grown::to(1).head(1);
    for origin in ["", "two\nlines"] {
        let checkpoint = Checkpoint { origin: origin.to_owned(), head };
        assert_eq!(checkpoint.sign(&[&signer()]), Err(NoteError::Malformed));
    }
}

#[test]
fn what_is_signed_and_no_checkpoint_is_refused() {
    let root = Grown::to(1).head(1).root;
    for text in [
        format!("{ORIGIN}\n1\n"),
        format!("{ORIGIN}\n01\n{root}\n"),
        format!("{ORIGIN}\n+1\n{root}\n"),
        format!("{ORIGIN}\n-1\n{root}\n"),
        format!("{ORIGIN}\n9007199254740992\n{root}\n"),
        format!("{ORIGIN}\n1\n{root}\nextension\n"),
        format!("{ORIGIN}\n1\n{root}\n\n"),
        format!("{ORIGIN}\n1\n{}\n", root.to_string().trim_end_matches('=')),
        format!("{ORIGIN}\n1\nAAAA\n"),
        format!("\n1\n{root}\n"),
    ] {
        assert_eq!(Checkpoint::open(&signed(&text), ORIGIN, &trusted()), Err(CheckpointError::Malformed), "{text:?}");
    }
}

#[test]
fn a_signer_refuses_a_fork_a_shrink_and_another_log() {
    let grown = Grown::to(20);
    let proof = |old, new| collect(&grown.tiles, &consistency_ranges(old, new).expect("grows")).expect("all there");
    let last = checkpoint(grown.head(13));
    assert_eq!(last.may_be_followed_by(&checkpoint(grown.head(20)), &proof(13, 20)), Ok(()));
    assert_eq!(last.may_be_followed_by(&last, &[]), Ok(()), "signing the same again is no fork");

    let shrunk = Refusal::Fork(ProofError::Shrunk { old: 13, new: 12 });
    assert_eq!(last.may_be_followed_by(&checkpoint(grown.head(12)), &[]), Err(shrunk));
    let rewritten = Grown::of((0..20).map(|i| entry(i.max(1))));
    let forked = Refusal::Fork(ProofError::Root);
    assert_eq!(last.may_be_followed_by(&checkpoint(rewritten.head(20)), &proof(13, 20)), Err(forked));
    assert_eq!(last.may_be_followed_by(&checkpoint(rewritten.head(13)), &[]), Err(forked));
    let elsewhere = Checkpoint { origin: format!("{ORIGIN}/2"), head: grown.head(20) };
    assert_eq!(last.may_be_followed_by(&elsewhere, &proof(13, 20)), Err(Refusal::Origin));
}

fn entry_proof(grown: &Grown, index: u64, size: u64) -> EntryProof {
    let hashes = collect(&grown.tiles, &inclusion_ranges(index, size).expect("inside")).expect("all there");
    EntryProof { index, hashes, checkpoint: checkpoint(grown.head(size)).sign(&[&signer()]).expect("an origin") }
}

#[test]
fn a_proof_in_a_file_proves_one_entry() {
    let grown = Grown::to(300);
    for index in [0, 1, 255, 256, 299] {
        let proof = entry_proof(&grown, index, 300);
        let read: EntryProof = proof.to_string().parse().expect("its own text");
        assert_eq!(read, proof);
        assert_eq!(read.check(&entry(index), ORIGIN, &trusted()), Ok(checkpoint(grown.head(300))));
        let other = read.check(&entry(index + 1), ORIGIN, &trusted());
        assert_eq!(other, Err(EntryProofError::Proof(ProofError::Root)));
    }
}

#[test]
fn extra_data_is_passed_over_and_rubbish_refused() {
    let proof = entry_proof(&Grown::to(3), 1, 3);
    let text = proof.to_string();
    let extra = text.replacen("index", "extra AAAA\nindex", 1);
    assert_eq!(extra.parse(), Ok(proof));
    for broken in [
        text.replacen("@v1", "@v2", 1),
        text.replacen("index 1", "index 01", 1),
        text.replacen("index 1", "index", 1),
        text.replacen("index 1\n", "", 1),
        text.replacen("index 1", "index 1\nAAAA", 1),
        text.replacen("\n\n", "\n", 1),
    ] {
        assert!(broken.parse::<EntryProof>().is_err(), "{broken}");
    }
}
