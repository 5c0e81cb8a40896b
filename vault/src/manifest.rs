//! The manifest of a closed session: which segments it has, under which policy, with which gaps.
//!
//! Its bytes are canonical JSON (RFC 8785) of strings and integers only, so that everybody computes the same hash.

use std::fmt::Write as _;

use domain::{SessionId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::chain::sha256;

/// The value of [`Manifest::format`].
pub const FORMAT: &str = "sealtape/manifest/v1";
/// The largest integer every JSON reader keeps exactly (RFC 7493 §2.2).
const MAX_EXACT: i64 = (1 << 53) - 1;

/// A manifest is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// A value has no canonical form here: a fraction, an integer beyond 2⁵³ − 1, `null` or a boolean.
    #[error("a manifest holds only strings and integers up to 2^53 - 1")]
    NotCanonicalValue,
    /// The bytes are JSON of a manifest, but not the canonical bytes.
    #[error("the manifest's bytes are not canonical")]
    NotCanonical,
    /// Not a manifest of a version known here.
    #[error("cannot read the manifest")]
    Malformed(#[source] serde_json::Error),
    /// The format names another version.
    #[error("unknown manifest format")]
    UnknownFormat,
}

/// What a session consisted of when it was closed or sealed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// The owner.
    pub tenant: TenantId,
    /// The session.
    pub session: SessionId,
    /// 1 for the first, then one more each.
    pub rev: u32,
    /// Why it was written: `finished`, `idle`, `length`, or of a later one `late`, `redaction`, `archive`, `restore`.
    pub cause: String,
    /// When it was written.
    pub closed_at: Timestamp,
    /// The capture policy in force.
    pub policy: PolicyRef,
    /// What recorded the session.
    pub agent: AgentRef,
    /// All segments, by tab and number.
    pub segments: Vec<ManifestSegment>,
    /// What is known to be missing, by tab and time.
    pub gaps: Vec<ManifestGap>,
    /// Hash of the manifest with the revision before, as 64 hex digits; absent for rev 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
}

/// A capture policy, named exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRef {
    /// Its version in the project.
    pub version: u32,
    /// SHA-256 of its document, as 64 hex digits.
    pub hash: String,
}

/// A capture agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentRef {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// One segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestSegment {
    /// The tab.
    pub tab: u16,
    /// Its number in the tab.
    pub n: u32,
    /// Generation of the session key it is sealed under.
    pub generation: u32,
    /// Bytes of the sealed object.
    pub ciphertext_length: u64,
    /// SHA-256 of the sealed object, as 64 hex digits.
    pub sha256: String,
    /// Bytes of the events before packing.
    pub plaintext_length: u64,
    /// Time of the first event, milliseconds since the epoch.
    pub first_ms: i64,
    /// Time of the last event, milliseconds since the epoch.
    pub last_ms: i64,
    /// Number of events.
    pub events: u32,
    /// 1 when playing can start here, else 0.
    #[serde(with = "flag")]
    pub full_snapshot: bool,
}

/// One gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestGap {
    /// The tab.
    pub tab: u16,
    /// From, milliseconds since the epoch.
    pub from_ms: i64,
    /// To, milliseconds since the epoch.
    pub to_ms: i64,
    /// Why (`event-too-large`, `offline-overflow`, …).
    pub reason: String,
}

impl Manifest {
    /// The canonical bytes: what is sealed and hashed. Segments and gaps are put in order first.
    ///
    /// # Errors
    /// [`ManifestError::NotCanonicalValue`] when an integer is beyond 2⁵³ − 1.
    pub fn canonical(&self) -> Result<Vec<u8>, ManifestError> {
        let mut ordered = self.clone();
        ordered.segments.sort_by_key(|segment| (segment.tab, segment.n));
        ordered
            .gaps
            .sort_by(|a, b| (a.tab, a.from_ms, a.to_ms, &a.reason).cmp(&(b.tab, b.from_ms, b.to_ms, &b.reason)));
        canonical(&serde_json::to_value(&ordered).map_err(ManifestError::Malformed)?)
    }

    /// SHA-256 of the canonical bytes.
    ///
    /// # Errors
    /// As [`Manifest::canonical`].
    pub fn hash(&self) -> Result<[u8; 32], ManifestError> {
        Ok(sha256(&self.canonical()?))
    }

    /// Reads canonical bytes back; anything else than what [`Manifest::canonical`] writes is refused.
    ///
    /// # Errors
    /// When the bytes are no manifest, of another format, or not canonical.
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(ManifestError::Malformed)?;
        if manifest.format != FORMAT {
            return Err(ManifestError::UnknownFormat);
        }
        if manifest.canonical()? == bytes { Ok(manifest) } else { Err(ManifestError::NotCanonical) }
    }
}

/// The RFC 8785 form of a value made of objects, lists, strings and integers.
///
/// # Errors
/// [`ManifestError::NotCanonicalValue`] for anything else: fractions and large numbers are where readers disagree.
pub fn canonical(value: &Value) -> Result<Vec<u8>, ManifestError> {
    let mut text = String::new();
    write_canonical(value, &mut text)?;
    Ok(text.into_bytes())
}

fn write_canonical(value: &Value, out: &mut String) -> Result<(), ManifestError> {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            // RFC 8785 §3.2.3: by UTF-16 code units, which differs from Rust's order beyond the basic plane.
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            write_list(out, '{', members, '}', |(name, member), out| {
                write_string(name, out);
                out.push(':');
                write_canonical(member, out)
            })
        }
        Value::Array(items) => write_list(out, '[', items, ']', write_canonical),
        Value::String(text) => {
            write_string(text, out);
            Ok(())
        }
        Value::Number(number) => {
            let integer = number.as_i64().ok_or(ManifestError::NotCanonicalValue)?;
            if !(-MAX_EXACT..=MAX_EXACT).contains(&integer) {
                return Err(ManifestError::NotCanonicalValue);
            }
            write!(out, "{integer}").map_err(|_| ManifestError::NotCanonicalValue)
        }
        Value::Null | Value::Bool(_) => Err(ManifestError::NotCanonicalValue),
    }
}

fn write_list<T>(
    out: &mut String,
    open: char,
    items: impl IntoIterator<Item = T>,
    close: char,
    mut write: impl FnMut(T, &mut String) -> Result<(), ManifestError>,
) -> Result<(), ManifestError> {
    out.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out)?;
    }
    out.push(close);
    Ok(())
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                out.push_str("\\u00");
                out.extend([u32::from(control) >> 4, u32::from(control) & 15].map(hex_digit));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

fn hex_digit(digit: u32) -> char {
    char::from_digit(digit, 16).unwrap_or('0')
}

/// A flag as 0 or 1, since manifests hold integers only.
mod flag {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(flag: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(u8::from(*flag))
    }
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        match u8::deserialize(deserializer)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(D::Error::custom("expected 0 or 1")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(value: &Value) -> Option<String> {
        canonical(value).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    }

    #[test]
    fn canonical_form_follows_rfc_8785() {
        // §3.2.3's example of key order, with string values.
        let keys = json!({"\u{20ac}": "1", "\r": "2", "\u{fb33}": "3", "1": "4", "\u{1f600}": "5", "\u{80}": "6", "\u{f6}": "7"});
        assert_eq!(
            text(&keys).as_deref(),
            Some(
                "{\"\\r\":\"2\",\"1\":\"4\",\"\u{80}\":\"6\",\"\u{f6}\":\"7\",\"\u{20ac}\":\"1\",\"\u{1f600}\":\"5\",\"\u{fb33}\":\"3\"}"
            )
        );
        // §3.2.2.2's string.
        let string = json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{7f}");
        assert_eq!(text(&string).as_deref(), Some("\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\""));
        assert_eq!(text(&json!({"b": [1, -2, {}], "a": []})).as_deref(), Some("{\"a\":[],\"b\":[1,-2,{}]}"));
    }

    #[test]
    fn values_on_which_readers_disagree_are_refused() {
        for value in [
            json!(1.5),
            json!(1.0),
            json!(1_u64 << 53),
            json!(-(1_i64 << 53)),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(null),
            json!([true]),
        ] {
            assert!(matches!(canonical(&value), Err(ManifestError::NotCanonicalValue)), "{value}");
        }
        assert!(canonical(&json!((1_u64 << 53) - 1)).is_ok());
    }
}
