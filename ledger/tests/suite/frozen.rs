//! The committed vectors: the formats are frozen, and the second implementation (Python) checks the same file.
//!
//! `SEALTAPE_BLESS=1` writes the file anew, which is right only when vectors are added.

use std::{fs, path::PathBuf};

use domain::{PersonKeyId, SeededEntropy, Timestamp};
use ledger::{
    Detail, Part, Parts,
    checkpoint::Checkpoint,
    entry_proof::EntryProof,
    note::Signer,
    tree::{
        Hash,
        proof::{collect, consistency_ranges, inclusion_ranges},
    },
};
use serde_json::{Value, json};

use crate::{Grown, entry};

const ORIGIN: &str = "sealtape.example/ledger/01980000-0000-7000-8000-000000000001/1";
/// More than a tile, and no round number.
const SIZE: u64 = 1_000;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data/vectors/ledger-v1.json")
}

fn text(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(Hash::to_string).collect()
}

fn vectors() -> Value {
    let grown = Grown::to(SIZE);
    let seed = [42; 32];
    let signer = Signer::from_seed(ORIGIN.parse().expect("a name"), &seed);
    let sizes = [0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 999, SIZE];
    let note_of = |size| {
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), head: grown.head(size) };
        checkpoint.sign(&[&signer]).expect("an origin")
    };
    let consistency = [(0, 7), (1, 8), (6, 8), (7, 7), (255, 257), (256, SIZE), (511, SIZE)].map(|(old, new)| {
        let ranges = consistency_ranges(old, new).expect("grows");
        json!({ "old": old, "new": new, "proof": text(&collect(&grown.tiles, &ranges).expect("all there")) })
    });
    let entries = [0, 1, 255, 256, 512, SIZE - 1].map(|index| {
        let ranges = inclusion_ranges(index, SIZE).expect("inside");
        let hashes = collect(&grown.tiles, &ranges).expect("all there");
        let proof = EntryProof { index, hashes, checkpoint: note_of(SIZE) };
        json!({ "entry": String::from_utf8(entry(index)).expect("text"), "proof": proof.to_string() })
    });
    let roots = sizes.map(|size| json!({ "size": size, "root": grown.head(size).root.to_string() }));
    let checkpoints = [0, 7, SIZE].map(|size| note_of(size).to_string());
    json!({
        "note": "Entry i is the text \"entry i\". Written by ledger/tests/suite/frozen.rs.",
        "origin": ORIGIN,
        "seed": hex::encode(seed),
        "verifier": signer.verifier().to_string(),
        "roots": roots,
        "consistency": consistency,
        "checkpoints": checkpoints,
        "entries": entries,
        "details": details(),
    })
}

/// What lies beside a leaf, opened, and what the leaf says of it.
fn details() -> Vec<Value> {
    let now = Timestamp::from_millis(1_790_000_000_000);
    let part = |seed: u64, text: &str| {
        let entropy = SeededEntropy::new(seed);
        let (key, detail) = (PersonKeyId::mint(now, &entropy), Detail::new(text.as_bytes(), &entropy));
        (Part { key, commitment: detail.commitment() }, hex::encode(detail.to_seal()))
    };
    let (actor, subject) = (part(1, r#"{"network":"192.0.2.0/24"}"#), part(2, r#"{"reason":"asked by letter"}"#));
    [(Some(&actor), None), (None, Some(&subject)), (Some(&actor), Some(&subject))]
        .map(|(actor, subject)| {
            let parts = Parts { actor: actor.map(|part| part.0), subject: subject.map(|part| part.0) };
            let shown =
                |part: Option<&(Part, String)>| part.map(|(part, opened)| json!({ "key": part.key, "opened": opened }));
            let d = parts.commitment().expect("there is a part").to_text();
            json!({ "actor": shown(actor), "subject": shown(subject), "d": d })
        })
        .to_vec()
}

#[test]
fn the_committed_vectors_are_what_we_make() {
    let made = serde_json::to_string_pretty(&vectors()).expect("JSON") + "\n";
    if std::env::var_os("SEALTAPE_BLESS").is_some() {
        fs::write(path(), &made).expect("the vectors' folder");
    }
    assert_eq!(fs::read_to_string(path()).expect("committed vectors"), made);
}
