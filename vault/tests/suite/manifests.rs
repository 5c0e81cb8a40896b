//! Manifests: one session, one sequence of bytes, one hash.

use domain::{SeededEntropy, Timestamp};
use vault::{
    chain::sha256,
    manifest::{AgentRef, FORMAT, Manifest, ManifestError, ManifestGap, ManifestSegment, PolicyRef},
    seal::{Codec, ObjectContext, open, seal},
};

use crate::{key, session, tenant};

pub(crate) fn manifest() -> Manifest {
    let segment = |tab, n| ManifestSegment {
        tab,
        n,
        generation: 1,
        ciphertext_length: 1_234 + u64::from(n),
        sha256: "5a".repeat(32),
        plaintext_length: 9_876,
        first_ms: 1_760_000_000_000 + i64::from(n) * 5_000,
        last_ms: 1_760_000_004_999 + i64::from(n) * 5_000,
        events: 42,
        full_snapshot: n == 0,
    };
    Manifest {
        format: FORMAT.to_owned(),
        tenant: tenant(1),
        session: session(1),
        rev: 2,
        cause: "late".to_owned(),
        closed_at: Timestamp::from_micros(1_760_000_100_000_001),
        policy: PolicyRef { version: 1, hash: "c4".repeat(32) },
        agent: AgentRef { name: "@sealtape/agent".to_owned(), version: "0.1.0 \u{2013} \"t\u{e9}st\"\n".to_owned() },
        segments: vec![segment(0, 0), segment(0, 1), segment(1, 0)],
        gaps: vec![ManifestGap { tab: 0, from_ms: 10, to_ms: 20, reason: "event-too-large".to_owned() }],
        previous: Some("77".repeat(32)),
    }
}

#[test]
fn order_of_rows_does_not_change_the_hash() {
    let mut shuffled = manifest();
    shuffled.segments.reverse();
    assert_eq!(shuffled.hash().expect("hashes"), manifest().hash().expect("hashes"));
}

#[test]
fn every_field_changes_the_hash() {
    let alterations: [fn(&mut Manifest); 13] = [
        |m| m.tenant = tenant(2),
        |m| m.session = session(2),
        |m| m.rev = 3,
        |m| m.cause = "restore".to_owned(),
        |m| m.closed_at = Timestamp::from_micros(0),
        |m| m.policy.version = 2,
        |m| m.agent.version.push('1'),
        |m| m.segments[1].sha256 = "5b".repeat(32),
        |m| m.segments[1].events += 1,
        |m| m.segments[1].full_snapshot = true,
        |m| m.segments.truncate(2),
        |m| m.gaps.clear(),
        |m| m.previous = None,
    ];
    let mut seen = vec![manifest().hash().expect("hashes")];
    for alter in alterations {
        let mut changed = manifest();
        alter(&mut changed);
        seen.push(changed.hash().expect("hashes"));
    }
    let distinct: std::collections::HashSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len());
}

#[test]
fn only_the_canonical_bytes_are_read_back() {
    let bytes = manifest().canonical().expect("canonical");
    assert_eq!(Manifest::from_canonical(&bytes).expect("reads"), manifest());
    assert_eq!(manifest().hash().expect("hashes"), sha256(&bytes));
    let text = String::from_utf8(bytes).expect("UTF-8");
    let refused = |text: &str| Manifest::from_canonical(text.as_bytes()).expect_err("must be refused");
    assert!(matches!(refused(&text.replacen(':', ": ", 1)), ManifestError::NotCanonical));
    assert!(matches!(refused(&text.replacen("\"rev\":2", "\"rev\":2.0", 1)), ManifestError::Malformed(_)));
    assert!(matches!(refused(&text.replacen('{', "{\"zz\":1,", 1)), ManifestError::Malformed(_)), "an unknown field");
    assert!(matches!(refused(&text.replacen("manifest/v1", "manifest/v2", 1)), ManifestError::UnknownFormat));
    let huge = Manifest {
        segments: vec![ManifestSegment { ciphertext_length: 1 << 53, ..manifest().segments[0].clone() }],
        ..manifest()
    };
    assert!(matches!(huge.canonical(), Err(ManifestError::NotCanonicalValue)));
}

#[test]
fn a_manifest_is_sealed_under_its_revision() {
    let bytes = manifest().canonical().expect("canonical");
    let context = ObjectContext::manifest(tenant(1), session(1), 2, 1);
    let sealed = seal(&key(1), &context, Codec::Raw, &bytes, &SeededEntropy::new(1));
    assert!(open(&key(1), &context, &sealed).is_ok_and(|opened| opened.plaintext == bytes));
    let older = ObjectContext::manifest(tenant(1), session(1), 1, 1);
    assert!(open(&key(1), &older, &sealed).is_err(), "an old manifest is not the new one");
}
