//! The committed vectors: the formats are frozen, and other implementations check the same file.
//!
//! `SEALTAPE_BLESS=1` writes the file anew, which is right only when vectors are added.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::made::{EMAIL, Hand, Log, NOW, ORIGIN, certificate, config, later, project};

fn vectors() -> Value {
    let (hand, log) = (Hand::of(1), Log::new());
    json!({
        "note": "Written by signed/tests/suite/frozen.rs.",
        "key": hand.x(), "origin": ORIGIN, "verifier": log.key().to_string(),
        "now": NOW, "project": project(), "config": config(&hand), "foreign_config": config(&Hand::of(2)),
        "email": EMAIL, "certificate": certificate(&hand, &log), "later": later(&hand, &log),
    })
}

#[test]
fn the_committed_vectors_are_what_we_make() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data/vectors/signed-v1.json");
    let made = serde_json::to_string_pretty(&vectors()).expect("JSON") + "\n";
    if std::env::var_os("SEALTAPE_BLESS").is_some() {
        fs::write(&path, &made).expect("the vectors' folder");
    }
    assert_eq!(fs::read_to_string(&path).expect("committed vectors"), made);
}
