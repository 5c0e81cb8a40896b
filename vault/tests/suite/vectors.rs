//! The committed vectors: the format is frozen, and the second implementation (Python) opens the same file.
//!
//! `SEALTAPE_BLESS=1` writes the file anew, which is right only when vectors are added.

use std::{fs, path::PathBuf, sync::Mutex};

use domain::{Entropy, ExportId, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;
use vault::{
    Key32,
    blind::{BlindIndex, IdentifierKind, SearchTokens},
    chain::{GENESIS, RowKey, SegmentRow, sha256},
    export::ExportKey,
    seal::{Codec, Kind, ObjectContext, open, seal, segment_number},
    wrap::{self, WrapContext, WrapKind},
};

use crate::{manifests::manifest, pattern, session, tenant};

/// Gives fixed bytes, so that vectors do not depend on any generator.
#[derive(Debug)]
struct Fixed(Mutex<u8>);

impl Entropy for Fixed {
    fn fill(&self, buffer: &mut [u8]) {
        let mut next = self.0.lock().expect("one thread");
        for byte in buffer {
            *byte = *next;
            *next = next.wrapping_mul(5).wrapping_add(17);
        }
    }
}

fn fixed(seed: u8) -> Fixed {
    Fixed(Mutex::new(seed))
}

fn vector_key(seed: u8) -> Key32 {
    Key32::from_bytes(sha256(&[seed]))
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data/vectors/seal-v1.json")
}

fn seal_vector(name: &str, kind: Kind, codec: Codec, number: u64, len: usize, seed: u8) -> Value {
    let context =
        ObjectContext { kind, tenant: tenant(1), object: session(1).uuid(), number, generation: u32::from(seed) };
    let key = vector_key(seed);
    let plaintext = pattern(len);
    let sealed = seal(&key, &context, codec, &plaintext, &fixed(seed));
    let opened = open(&key, &context, &sealed).expect("opens what it sealed");
    assert!(opened.plaintext == plaintext && opened.codec == codec, "{name}");
    json!({
        "name": name,
        "key": hex::encode(key.expose()),
        "kind": kind as u8,
        "codec": codec as u8,
        "tenant": tenant(1).to_string(),
        "object": context.object.to_string(),
        "number": number.to_string(),
        "generation": context.generation,
        "salt": hex::encode(&sealed[56..80]),
        "commitment": hex::encode(&sealed[80..112]),
        "plaintext_length": len,
        "plaintext_sha256": hex::encode(sha256(&plaintext)),
        "sealed": hex::encode(&sealed),
    })
}

fn seal_vectors() -> Value {
    json!([
        seal_vector("empty", Kind::Metadata, Codec::Raw, 3, 0, 1),
        seal_vector("one byte", Kind::Metadata, Codec::Raw, 4, 1, 2),
        seal_vector("segment, one chunk, longest", Kind::Segment, Codec::Zstd, segment_number(0, 0), 16_383, 3),
        seal_vector(
            "segment, full chunk and an empty one",
            Kind::Segment,
            Codec::Zstd,
            segment_number(1, 0),
            16_384,
            4
        ),
        seal_vector("segment, two chunks", Kind::Segment, Codec::Raw, segment_number(65_535, u32::MAX), 16_385, 5),
        seal_vector("manifest", Kind::Manifest, Codec::Raw, 2, 500, 6),
        seal_vector("redactor state, three chunks", Kind::RedactorState, Codec::Zstd, 1, 40_000, 7),
        seal_vector("asset", Kind::Asset, Codec::Raw, 0, 77, 8),
    ])
}

fn export_vectors() -> Value {
    let vector = |seed: u8, len: usize| {
        let (session_key, id) = (vector_key(seed), ExportId::from_uuid(Uuid::from_u128(u128::from(seed))));
        let (key, plaintext, mut file) = (ExportKey::derive(&session_key, id), pattern(len), Vec::new());
        let mut sealer = key.sealer(tenant(1), &fixed(seed), &mut file);
        sealer.push(&plaintext, &mut file);
        sealer.finish(&mut file);
        json!({
            "session_key": hex::encode(session_key.expose()),
            "export": id.to_string(),
            "key": key.text().expose(),
            "plaintext_length": len,
            "plaintext_sha256": hex::encode(sha256(&plaintext)),
            "sealed": hex::encode(&file),
        })
    };
    json!([vector(61, 0), vector(62, 20_000)])
}

fn wrap_vectors() -> Value {
    let vector = |kind: WrapKind, seed: u8, secret: &[u8]| {
        let context = WrapContext {
            tenant: tenant(1),
            kind,
            object: Uuid::from_u128(u128::from(seed)),
            generation: u32::from(seed) + 1,
            kek_version: u32::from(seed) + 2,
        };
        let kek = vector_key(seed);
        let wrapped = wrap::wrap_bytes(&kek, &context, secret, &fixed(seed));
        assert!(wrap::unwrap_bytes(&kek, &context, &wrapped).is_ok_and(|opened| *opened == secret));
        json!({
            "kek": hex::encode(kek.expose()),
            "tenant": tenant(1).to_string(),
            "kind": kind as u8,
            "object": context.object.to_string(),
            "generation": context.generation,
            "kek_version": context.kek_version,
            "secret": hex::encode(secret),
            "wrapped": hex::encode(wrapped),
        })
    };
    json!([
        vector(WrapKind::Session, 21, vector_key(31).expose()),
        vector(WrapKind::Person, 22, vector_key(32).expose()),
        vector(WrapKind::Secret, 23, b"a secret of another length"),
    ])
}

fn chain_vectors() -> Value {
    let key = vector_key(41);
    let rows = RowKey::derive(&key);
    let mut previous = GENESIS;
    let links: Vec<_> = (0..3_u32)
        .map(|n| {
            let body_digest = sha256(&n.to_be_bytes());
            let row = SegmentRow {
                tab: 7,
                n,
                generation: 1,
                ciphertext_len: 5_000 + u64::from(n),
                ciphertext_sha256: sha256(&[1, 2, 3]),
                plaintext_len: 50_000,
                first_ms: -1 + i64::from(n),
                last_ms: 1_760_000_000_000,
                events: 12,
                full_snapshot: n == 0,
                body_mac: rows.body_mac(&body_digest),
                received_us: 1_760_000_000_123_456,
            };
            previous = rows.next(&previous, &row.canonical());
            json!({
                "tab": row.tab,
                "n": n,
                "generation": row.generation,
                "ciphertext_length": row.ciphertext_len,
                "ciphertext_sha256": hex::encode(row.ciphertext_sha256),
                "plaintext_length": row.plaintext_len,
                "first_ms": row.first_ms,
                "last_ms": row.last_ms,
                "events": row.events,
                "full_snapshot": u8::from(row.full_snapshot),
                "body_digest": hex::encode(body_digest),
                "body_mac": hex::encode(row.body_mac),
                "received_us": row.received_us,
                "canonical": hex::encode(row.canonical()),
                "chain": hex::encode(previous),
            })
        })
        .collect();
    json!({"key": hex::encode(key.expose()), "rows": links})
}

fn manifest_vectors() -> Value {
    let mut first = manifest();
    first.rev = 1;
    first.previous = None;
    first.closed_at = Timestamp::from_micros(1_760_000_000_000_000);
    let vector = |manifest: &vault::manifest::Manifest| {
        let canonical = manifest.canonical().expect("canonical");
        json!({
            "value": serde_json::to_value(manifest).expect("serialises"),
            "canonical": String::from_utf8(canonical).expect("UTF-8"),
            "sha256": hex::encode(manifest.hash().expect("hashes")),
        })
    };
    json!([vector(&first), vector(&manifest())])
}

fn blind_vectors() -> Value {
    let keys = || vec![vector_key(51), vector_key(52)];
    let index = BlindIndex::new(keys()).expect("two keys");
    let search = SearchTokens::new(vector_key(53));
    let identifiers: Vec<_> = [
        (IdentifierKind::Email, " Ada@Example.TEST "),
        (IdentifierKind::UserId, "\u{ff35}ser-42"),
    ]
    .iter()
    .map(
        |(kind, value)| json!({"kind": kind.as_str(), "value": value, "token": hex::encode(index.token(*kind, value))}),
    )
    .collect();
    let page = "https://shop.example/orders/4711/items?q=shoes";
    let values = ["https://shop.example", "/", "/orders", "/orders/*", "/orders/*/items"];
    let tokens: Vec<_> = search
        .page(page)
        .iter()
        .zip(values)
        .map(|(token, value)| json!({"kind": token.kind, "value": value, "token": hex::encode(token.token)}))
        .collect();
    assert_eq!(tokens.len(), values.len());
    json!({
        "keys": keys().iter().map(|key| hex::encode(key.expose())).collect::<Vec<_>>(),
        "identifiers": identifiers,
        "search_key": hex::encode(vector_key(53).expose()),
        "search": tokens,
    })
}

#[test]
fn vectors_are_those_committed() {
    let vectors = json!({
        "format": "sealtape-vectors/v1",
        "plaintext": "byte i is (31 i + 7) mod 251",
        "seal": seal_vectors(),
        "wrap": wrap_vectors(),
        "chain": chain_vectors(),
        "manifest": manifest_vectors(),
        "blind": blind_vectors(),
        "export": export_vectors(),
    });
    if std::env::var_os("SEALTAPE_BLESS").is_some() {
        let text = serde_json::to_string_pretty(&vectors).expect("serialises") + "\n";
        fs::create_dir_all(path().parent().expect("a folder")).expect("makes the folder");
        fs::write(path(), text).expect("writes");
    }
    let committed = fs::read(path()).expect("tests/data/vectors/seal-v1.json is committed");
    let committed: Value = serde_json::from_slice(&committed).expect("JSON");
    for (part, value) in vectors.as_object().expect("an object") {
        assert!(committed[part] == *value, "`{part}` differs from the committed vectors: the format has changed");
    }
}
