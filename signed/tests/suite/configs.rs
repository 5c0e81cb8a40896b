//! Capture configs, as an agent checks them.

use domain::{ProjectId, Timestamp};
use serde_json::json;
use signed::{
    certificate,
    config::{CaptureBundle, ConfigError, SKEW, TYPE},
    jws::JwsError,
};

use crate::made::{Hand, NOW, at, bundle, config, project};

const DAY: i64 = 86_400;

fn check(document: &str, when: Timestamp) -> Result<CaptureBundle, ConfigError> {
    CaptureBundle::check(document, &[Hand::of(1).key()], Some(project()), when)
}

#[test]
fn a_config_is_good_for_its_project_and_its_day() {
    let document = config(&Hand::of(1));
    let good = check(&document, at(10)).expect("is good");
    assert_eq!((good.version, &good.rules["capture"]), (12, &json!({ "dom": true })));
    let skew = i64::try_from(SKEW).expect("small");
    assert!(check(&document, at(DAY + skew - 1)).is_ok() && check(&document, at(-skew)).is_ok());
    assert_eq!(check(&document, at(DAY + skew)), Err(ConfigError::Expired(SKEW)));
    assert_eq!(check(&document, at(-skew - 1)), Err(ConfigError::NotYet(SKEW + 1)));
    assert_eq!(check(&document, Timestamp::from_millis(-NOW)), Err(ConfigError::NotYet(u64::try_from(NOW).unwrap())));
    let other = ProjectId::from_uuid(uuid::Uuid::from_u128(5));
    let refused = CaptureBundle::check(&document, &[Hand::of(1).key()], Some(other), at(10));
    assert_eq!(refused, Err(ConfigError::Project(project())));
}

/// A key that is not pinned signs nothing, whatever the document says of itself.
#[test]
fn nobody_else_signs_a_config() {
    let (own, other) = (Hand::of(1), Hand::of(2));
    let refused = |document: &str| match check(document, at(10)) {
        Err(ConfigError::Jws(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&config(&other)), JwsError::UnknownKey(other.key().id().to_owned()));
    let kid = own.key().id().to_owned();
    let borrowed = other.signs_with(&json!({ "alg": "EdDSA", "kid": kid, "typ": TYPE }), &bundle());
    assert_eq!(refused(&borrowed), JwsError::Signature);
    assert_eq!(refused(&own.signs(certificate::TYPE, &bundle())), JwsError::Header(TYPE), "another kind of document");
    for header in [
        json!({ "alg": "none", "kid": kid, "typ": TYPE }),
        json!({ "alg": "HS256", "kid": kid, "typ": TYPE }),
        json!({ "alg": "EdDSA", "typ": TYPE }),
        json!({ "alg": "EdDSA", "kid": kid, "typ": TYPE, "crit": ["exp"], "exp": 1 }),
        json!({ "alg": "EdDSA", "kid": kid, "typ": TYPE, "jwk": { "kty": "OKP", "crv": "Ed25519", "x": other.x() } }),
        json!({ "alg": "EdDSA", "kid": kid, "typ": TYPE, "jku": "https://example.test/keys" }),
    ] {
        assert_eq!(refused(&own.signs_with(&header, &bundle())), JwsError::Header(TYPE), "{header}");
    }
    for text in ["", "..", "a.b", "é.é.é", &config(&own).replace('.', "")] {
        assert!(matches!(refused(text), JwsError::Malformed | JwsError::Header(_)), "{text}");
    }
    let mut half = bundle();
    half.as_object_mut().expect("an object").remove("expires_at");
    assert!(matches!(refused(&own.signs(TYPE, &half)), JwsError::Payload(_)), "one without an end is for ever");
}

proptest::proptest! {
    /// No byte of it can be changed.
    #[test]
    fn a_changed_config_is_none(place in 0_usize..4_096, to in "[A-Za-z0-9_.-]") {
        let document = config(&Hand::of(1));
        let place = place % document.len();
        let changed = format!("{}{to}{}", &document[..place], &document[place + 1..]);
        proptest::prop_assume!(changed != document);
        proptest::prop_assert!(check(&changed, at(10)).is_err());
    }
}
