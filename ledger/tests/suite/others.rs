//! Held against implementations that nobody here wrote: `ct-merkle`, and Cloudflare's `tlog_tiles` and `signed_note`.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::{
    checkpoint::Checkpoint,
    note::{SignedNote, Signer, Verifier},
    tree::{
        Hash, TreeHead,
        proof::{collect, consistency_ranges, inclusion_ranges},
    },
};
use proptest::prelude::*;
use sha2::Sha256;
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::tlog;

use crate::{Grown, cases, entry};

const ORIGIN: &str = "sealtape.example/ledger/0198-tenant/1";

fn theirs(hash: Hash) -> tlog::Hash {
    tlog::Hash(*hash.as_bytes())
}

proptest! {
    #![proptest_config(cases(32))]

    /// `tlog_tiles` accepts our proofs, and neither of us accepts the proof of another leaf.
    #[test]
    fn tlog_tiles_checks_our_proofs(size in 1_u64..600, part in 0.0_f64..1.0) {
        let grown = Grown::to(size);
        let head = grown.head(size);
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small sizes")]
        let index = ((part * size as f64) as u64).min(size - 1);
        let proof = collect(&grown.tiles, &inclusion_ranges(index, size).expect("inside")).expect("all there");
        let proof: Vec<tlog::Hash> = proof.into_iter().map(theirs).collect();
        let leaf = tlog::record_hash(&entry(index));
        prop_assert!(tlog::check_record(&proof, size, theirs(head.root), index, leaf).is_ok());
        prop_assert!(tlog::check_record(&proof, size, theirs(head.root), index, tlog::record_hash(b"?")).is_err());

        let old = index + 1;
        let proof = collect(&grown.tiles, &consistency_ranges(old, size).expect("grows")).expect("all there");
        let proof: Vec<tlog::Hash> = proof.into_iter().map(theirs).collect();
        prop_assert!(tlog::check_tree(&proof, size, theirs(head.root), old, theirs(grown.head(old).root)).is_ok());
    }

    /// `ct-merkle` has the same roots, and makes the same proofs.
    #[test]
    fn ct_merkle_makes_the_same_proofs(size in 1_u64..600, part in 0.0_f64..1.0) {
        let grown = Grown::to(size);
        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        (0..size).for_each(|index| tree.push(entry(index)));
        let head = grown.head(size);
        prop_assert_eq!(head.root.as_bytes().to_vec(), tree.root().as_bytes().to_vec());
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small sizes")]
        let index = ((part * size as f64) as u64).min(size - 1);
        let ours = collect(&grown.tiles, &inclusion_ranges(index, size).expect("inside")).expect("all there");
        let ours: Vec<u8> = ours.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let place = usize::try_from(index).expect("small");
        prop_assert_eq!(ours, tree.prove_inclusion(place).as_bytes().to_vec());
        let additions = size - index - 1;
        prop_assume!(additions > 0);
        let ours = collect(&grown.tiles, &consistency_ranges(index + 1, size).expect("grows")).expect("all there");
        let ours: Vec<u8> = ours.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let theirs = tree.prove_consistency(usize::try_from(additions).expect("small"));
        prop_assert_eq!(ours, theirs.as_bytes().to_vec());
    }
}

#[test]
fn signed_note_and_tlog_tiles_open_our_checkpoints() {
    let signer = Signer::from_seed(ORIGIN.parse().expect("a name"), &[9; 32]);
    let head = Grown::to(300).head(300);
    let note = Checkpoint { origin: ORIGIN.to_owned(), head }.sign(&[&signer]).expect("an origin").to_string();

    let verifier = StandardVerifier::new(&signer.verifier().to_string()).expect("they read our verifier key");
    let trusted = VerifierList::new(vec![Box::new(verifier)]);
    let read = Note::from_bytes(note.as_bytes()).expect("they read our note");
    read.verify(&trusted).expect("they verify our signature");
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(read.text()).expect("they read our checkpoint");
    assert_eq!(checkpoint.origin(), ORIGIN);
    assert_eq!((checkpoint.size(), checkpoint.hash().0), (300, *head.root.as_bytes()));

    let forged = note.replacen("\n300\n", "\n301\n", 1);
    assert!(Note::from_bytes(forged.as_bytes()).expect("still a note").verify(&trusted).is_err());
}

#[test]
fn we_open_a_note_that_signed_note_signed() {
    let seed = [7; 32];
    let ours = Signer::from_seed(ORIGIN.parse().expect("a name"), &seed);
    let secret = [&[1][..], &seed].concat();
    let id = ours.verifier().to_string().split('+').nth(1).expect("an id").to_owned();
    let key =
        format!("PRIVATE+KEY+{ORIGIN}+{id}+{}", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, secret));
    let theirs = signed_note::StandardSigner::new(&key).expect("their form of the same key");
    let head = TreeHead { size: 0, root: Hash::of_empty_tree() };
    let text = Checkpoint { origin: ORIGIN.to_owned(), head }.text();
    let mut note = Note::new(text.as_bytes(), &[]).expect("a text");
    note.add_sigs(&[&theirs]).expect("they sign");

    let note = String::from_utf8(note.to_bytes()).expect("text");
    let trusted: Verifier = ours.verifier().to_string().parse().expect("a verifier key");
    let opened = Checkpoint::open(&SignedNote::parse(&note).expect("a note"), ORIGIN, &[trusted]);
    assert_eq!(opened.expect("we verify their signature").head, head);
}
