//! Deletion certificates, as who was erased checks them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::TenantId;
use ledger::Outcome;
use serde_json::{Value, json};
use signed::{
    certificate::{ACT, CertificateFile, Evidence, Proved, TYPE},
    config,
};

use crate::made::{EMAIL, Hand, Log, ORIGIN, at, certificate, certificate_of, entry, later, said, tenant};

fn check(file: &CertificateFile) -> Result<Proved, String> {
    file.check(&[Hand::of(1).key()], (ORIGIN, &[Log::new().key()])).map_err(|error| error.to_string())
}

/// What is said against a certificate that was signed with this change.
fn refused(pointer: &str, to: Value) -> String {
    let mut said = said();
    *said.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = to;
    check(&certificate_of(&Hand::of(1), &Log::new(), &said)).expect_err(pointer)
}

#[test]
fn a_certificate_proves_itself_and_of_whom_it_speaks() {
    let file = certificate(&Hand::of(1), &Log::new());
    let proved = check(&file).expect("holds");
    assert!(file.is_about(&proved, "email", EMAIL).unwrap());
    assert!(!file.is_about(&proved, "email", "bob@example.test").unwrap());
    assert!(!file.is_about(&proved, "user_id", EMAIL).unwrap());
    assert_eq!(
        proved.words(),
        format!(
            "6 of request 01980000-0000-7000-8000-00000000000a are erased, their content unreadable since {}; 1 are kept by right; \
             {ORIGIN} names it, at 7 entries",
            at(100)
        )
    );
    let proved = check(&later(&Hand::of(1), &Log::new())).expect("holds");
    assert!(proved.words().contains("no backup holds them since"), "{}", proved.words());
}

/// The log's entry and the signer each say it, or it is not so.
#[test]
fn a_certificate_needs_its_signature_and_its_entry() {
    let (hand, log) = (Hand::of(1), Log::new());
    let good = certificate(&hand, &log);
    let with =
        |evidence: Evidence| check(&CertificateFile { certificate: evidence, ..good.clone() }).expect_err("none");
    assert!(with(log.names(Hand::of(2).signs(TYPE, &said()), ACT)).contains("none of those to be believed"));
    assert!(with(log.names(hand.signs(config::TYPE, &said()), ACT)).contains("the header is not exactly"));

    let document = good.certificate.document.clone();
    let rule = |digest: &str| format!("access@4/worker/{ACT}/certificate:{digest}");
    let own = rule(&good.certificate.digest());
    let foreign = TenantId::from_uuid(uuid::Uuid::from_u128(3));
    for (entry, why) in [
        (entry(tenant(), "session.view", own.clone(), Outcome::Allow), "it is about another act"),
        (entry(tenant(), ACT, own.clone(), Outcome::Deny), "it is about another act"),
        (entry(foreign, ACT, own.clone(), Outcome::Allow), "it is of another tenant"),
        (entry(tenant(), ACT, rule(&"00".repeat(32)), Outcome::Allow), "its hash is another one"),
        (b"entry 4".to_vec(), "it is no entry of an audit log"),
    ] {
        let said = with(log.holds(document.clone(), &entry));
        assert!(said.ends_with(why), "{said}");
    }
    let mut unproved = good.certificate.clone();
    unproved.entry = STANDARD.encode(entry(tenant(), ACT, own, Outcome::Error));
    assert_eq!(with(unproved), "it is not proved that the log names it");
    assert!(good.check(&[hand.key()], ("another.example/ledger", &[log.key()])).is_err());
}

#[test]
fn the_later_statement_belongs_to_its_certificate() {
    let (hand, log) = (Hand::of(1), Log::new());
    let mut elsewhere = said();
    elsewhere["kept"]["entries"] = json!(18);
    let mixed = CertificateFile { horizon: later(&hand, &log).horizon, ..certificate_of(&hand, &log, &elsewhere) };
    assert_eq!(check(&mixed).unwrap_err(), "the statement about backups belongs to another certificate");
    // Nor does a certificate pass for its own later statement.
    let good = certificate(&hand, &log);
    let doubled = CertificateFile { horizon: Some(good.certificate.clone()), ..good };
    assert!(check(&doubled).unwrap_err().contains("the header is not exactly"));
}

/// A signed certificate that says more than can be is none: whoever signs cannot make a request complete by saying so.
#[test]
fn a_certificate_does_not_contradict_itself() {
    assert_eq!(refused("/v", json!(2)), "it contradicts itself: it has the form 2, which this program does not know");
    assert_eq!(refused("/subject", json!([])), "it contradicts itself: it speaks of nobody");
    let counts = refused("/stores/0/found", json!(5));
    assert_eq!(counts, "it contradicts itself: of 5 found in sessions, it accounts for 4");
    let huge = refused("/stores/0/shredded", json!(u64::MAX));
    assert!(huge.contains("it accounts for 18446744073709551615"), "{huge}");
    let wrapped =
        json!({ "store": "search", "found": u64::MAX, "shredded": u64::MAX, "deleted": 1, "held": 0, "failed": 0 });
    assert!(refused("/stores/1", wrapped).contains("of 18446744073709551615 found in search"));
    let failed = json!({ "store": "search", "found": 3, "shredded": 0, "deleted": 2, "held": 0, "failed": 1 });
    assert!(refused("/stores/1", failed).ends_with("1 of search could not be erased"));
    assert!(refused("/outcome", json!("completed")).ends_with("1 are held and 1 are excepted, and it says Completed"));
    assert!(refused("/exceptions", json!([])).contains("1 are held and 0 are excepted"));
    for (pointer, to, why) in [
        ("/content_gone_at", at(-1), "the end of its content is said to be before the request"),
        ("/metadata_gone_at", at(-1), "the end of its rows is said to be before the request"),
        ("/metadata_gone_at", at(201), "reading back is said to be before the end of its rows"),
        ("/read_back_at", at(99), "reading back is said to be before the end of its content"),
        ("/issued_at", at(199), "the certificate is said to be before reading back"),
        ("/content_horizon/at", at(301), "the certificate is said to be before content's horizon"),
        ("/metadata_horizon/at", at(299), "rows' horizon is said to be before the certificate"),
    ] {
        assert_eq!(refused(pointer, json!(to)), format!("it contradicts itself: {why}"), "{pointer}");
    }
    assert!(refused("/request/verified", json!("trusted")).contains("not of the form that its type has"));
}
