//! A signer, a log, and documents that they vouch for.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use domain::{AuditId, ProjectId, RequestId, TenantId, Timestamp};
use ledger::{
    Actor, Leaf, Object, Outcome,
    checkpoint::Checkpoint,
    entry_proof::EntryProof,
    note::{Signer, Verifier},
    tree::{
        Frontier, Hash, TileSet,
        proof::{collect, inclusion_ranges},
    },
};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use signed::{
    certificate::{ACT, CertificateFile, Evidence, HORIZON_ACT, HORIZON_TYPE, Identifier, Salted, TYPE},
    config,
    jws::PublicKey,
};
use uuid::Uuid;

pub(crate) const ORIGIN: &str = "sealtape.example/ledger/01980000-0000-7000-8000-000000000001/1";
pub(crate) const EMAIL: &str = "ada@example.test";
/// 2026-09-21, in seconds.
pub(crate) const NOW: i64 = 1_790_000_000;

pub(crate) fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001))
}

pub(crate) fn project() -> ProjectId {
    ProjectId::from_uuid(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0002))
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis((NOW + seconds) * 1_000)
}

/// Whoever signs documents.
pub(crate) struct Hand(Ed25519KeyPair);

impl Hand {
    pub(crate) fn of(seed: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a seed"))
    }

    pub(crate) fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key().as_ref())
    }

    pub(crate) fn key(&self) -> PublicKey {
        self.x().parse().expect("a key")
    }

    pub(crate) fn signs(&self, typ: &str, payload: &Value) -> String {
        self.signs_with(&json!({ "alg": "EdDSA", "kid": self.key().id(), "typ": typ }), payload)
    }

    pub(crate) fn signs_with(&self, header: &Value, payload: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(payload));
        let signature = self.0.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A tenant's log of a few entries.
pub(crate) struct Log {
    signer: Signer,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { signer: Signer::from_seed(ORIGIN.parse().expect("a name"), &[42; 32]) }
    }

    pub(crate) fn key(&self) -> Verifier {
        self.signer.verifier().clone()
    }

    /// The document with the entry that names it, among others.
    pub(crate) fn names(&self, document: String, act: &'static str) -> Evidence {
        let named = Evidence { document, entry: String::new(), proof: String::new() };
        let rule = format!("access@4/worker/{act}/certificate:{}", named.digest());
        self.holds(named.document, &entry(tenant(), act, rule, Outcome::Allow))
    }

    /// The document with whatever entry.
    pub(crate) fn holds(&self, document: String, entry: &[u8]) -> Evidence {
        const INDEX: u64 = 4;
        let (mut frontier, mut tiles) = (Frontier::default(), TileSet::default());
        for index in 0..7_u64 {
            let hash = if index == INDEX { Hash::of_leaf(entry) } else { Hash::of_leaf(&index.to_be_bytes()) };
            frontier.append(hash, &mut tiles).expect("far from full");
        }
        let head = frontier.head();
        let hashes = collect(&tiles, &inclusion_ranges(INDEX, head.size).expect("inside")).expect("all there");
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), head }.sign(&[&self.signer]).expect("an origin");
        let proof = EntryProof { index: INDEX, hashes, checkpoint }.to_string();
        Evidence { document, entry: STANDARD.encode(entry), proof }
    }
}

pub(crate) fn entry(tenant: TenantId, act: &'static str, rule: String, out: Outcome) -> Vec<u8> {
    let leaf = Leaf {
        id: AuditId::from_uuid(Uuid::from_u128(7)),
        t: at(600),
        tenant,
        actor: Actor::Worker("data-requests".into()),
        act: act.into(),
        obj: Object::Tenant(tenant),
        out,
        rule,
        req: RequestId::from_uuid(Uuid::from_u128(8)),
        d: None,
    };
    leaf.to_bytes().expect("a leaf")
}

pub(crate) fn bundle() -> Value {
    json!({
        "tenant": tenant(), "project": project(), "version": 12, "policy_hash": "ab".repeat(32),
        "issued_at": NOW, "expires_at": NOW + 86_400, "min_agent": "0.1.0", "capture": { "dom": true },
    })
}

pub(crate) fn config(hand: &Hand) -> String {
    hand.signs(config::TYPE, &bundle())
}

pub(crate) fn said() -> Value {
    json!({
        "v": 1, "tenant": tenant(),
        "request": { "id": "01980000-0000-7000-8000-00000000000a", "regime": "gdpr", "received_at": at(0), "verified": "mail-code" },
        "subject": [Identifier::commit(&[9; 32], "email", EMAIL)],
        "outcome": "completed-with-exceptions",
        "stores": [
            { "store": "sessions", "found": 4, "shredded": 3, "deleted": 0, "held": 1, "failed": 0 },
            { "store": "search", "found": 3, "shredded": 0, "deleted": 3, "held": 0, "failed": 0 },
        ],
        "keys": ["01980000-0000-7000-8000-00000000000b"], "manifests": ["cd".repeat(32)], "root": "file",
        "content_gone_at": at(100), "content_horizon": { "state": "reached", "at": at(100) },
        "metadata_gone_at": at(120), "metadata_horizon": { "state": "expected", "at": at(86_400 * 30) },
        "read_back_at": at(200),
        "seen": [{ "role": "engineer", "purpose": "debugging", "at": at(-500) }],
        "kept": { "entries": 17, "tombstones": 3, "suppressed": true },
        "handed_on": [{ "kind": "webhook", "at": at(-400), "told": "told" }],
        "exceptions": [{ "basis": "legal-hold", "count": 1 }],
        "program": "0.1.0", "issued_at": at(300),
    })
}

pub(crate) fn certificate(hand: &Hand, log: &Log) -> CertificateFile {
    certificate_of(hand, log, &said())
}

pub(crate) fn certificate_of(hand: &Hand, log: &Log, said: &Value) -> CertificateFile {
    let salts = vec![Salted { kind: "email".to_owned(), salt: STANDARD.encode([9; 32]) }];
    CertificateFile { certificate: log.names(hand.signs(TYPE, said), ACT), salts, horizon: None }
}

/// The same, a month later.
pub(crate) fn later(hand: &Hand, log: &Log) -> CertificateFile {
    let file = certificate(hand, log);
    let statement = json!({
        "tenant": tenant(), "certificate": file.certificate.digest(), "at": at(86_400 * 30), "issued_at": at(86_400 * 31),
    });
    let horizon = Some(log.names(hand.signs(HORIZON_TYPE, &statement), HORIZON_ACT));
    CertificateFile { horizon, ..file }
}
