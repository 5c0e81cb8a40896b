//! RFC 8785 (JSON Canonicalization Scheme) for the part of JSON that leaves use: strings, integers and objects.
//!
//! Without floating point the scheme comes down to three rules: no white space, members sorted by the UTF-16 code units of
//! their names (§3.2.3), and exactly one way to escape a string (§3.2.2.2).

use std::collections::BTreeMap;

/// The largest integer that every JSON reader keeps exactly (RFC 8785 §3.2.2.3 via RFC 7493 §2.2).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// A value with one canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string.
    String(String),
    /// An integer within ± [`MAX_INTEGER`].
    Integer(i64),
    /// An object; the map's own order does not matter.
    Object(BTreeMap<String, Value>),
}

/// An integer beyond ± [`MAX_INTEGER`] has no canonical text that all readers agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is beyond the integers that JSON keeps exactly")]
pub struct IntegerRange(pub i64);

impl Value {
    /// The canonical text.
    ///
    /// # Errors
    /// [`IntegerRange`] for an integer that JSON readers would round.
    pub fn canonical(&self) -> Result<String, IntegerRange> {
        let mut out = String::new();
        self.write(&mut out)?;
        Ok(out)
    }

    fn write(&self, out: &mut String) -> Result<(), IntegerRange> {
        match self {
            Self::String(text) => write_string(text, out),
            Self::Integer(n) if (-MAX_INTEGER..=MAX_INTEGER).contains(n) => out.push_str(&n.to_string()),
            Self::Integer(n) => return Err(IntegerRange(*n)),
            Self::Object(members) => {
                let mut sorted: Vec<_> = members.iter().collect();
                // Rust orders strings by code point; above U+FFFF that differs from UTF-16, which the RFC asks for.
                sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
                out.push('{');
                for (i, (name, value)) in sorted.into_iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    value.write(out)?;
                }
                out.push('}');
            }
        }
        Ok(())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Integer(n)
    }
}

/// An object of these members.
#[must_use]
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// §3.2.2.2: `\b \t \n \f \r \" \\` by name, the other controls as `\u00xx` in lower case, everything else as it is.
fn write_string(text: &str, out: &mut String) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
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
            control if (control as u32) < 0x20 => {
                out.push_str("\\u00");
                out.push(HEX[(control as usize) >> 4]);
                out.push(HEX[(control as usize) & 0xf]);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The example of RFC 8785 §3.2.3: its order differs from both code-point and byte order.
    #[test]
    fn members_sort_by_utf16_code_units() {
        let names = ["\u{20ac}", "\r", "\u{fb33}", "1", "\u{1f600}", "\u{80}", "\u{f6}"];
        let value = Value::Object(names.iter().map(|name| ((*name).to_owned(), Value::Integer(0))).collect());
        let want = "{\"\\r\":0,\"1\":0,\"\u{80}\":0,\"\u{f6}\":0,\"\u{20ac}\":0,\"\u{1f600}\":0,\"\u{fb33}\":0}";
        assert_eq!(value.canonical().expect("in range"), want);
    }

    /// The string of RFC 8785 §3.2.2.
    #[test]
    fn strings_escape_in_exactly_one_way() {
        let value = Value::from("\u{20ac}$\u{f}\nA'\u{42}\"\\\\\"/\u{7f}\u{2028}");
        assert_eq!(value.canonical().expect("in range"), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\u{2028}\"");
    }

    #[test]
    fn integers_that_readers_would_round_are_refused() {
        assert_eq!(Value::Integer(MAX_INTEGER).canonical().as_deref(), Ok("9007199254740991"));
        assert_eq!(Value::Integer(MAX_INTEGER + 1).canonical(), Err(IntegerRange(MAX_INTEGER + 1)));
        assert_eq!(Value::Integer(-MAX_INTEGER - 1).canonical(), Err(IntegerRange(-MAX_INTEGER - 1)));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<String>().prop_map(Value::String),
            "[\\x00-\\x1f\"\\\\/ -~]{0,12}".prop_map(Value::String),
            (-MAX_INTEGER..=MAX_INTEGER).prop_map(Value::Integer),
        ];
        leaf.prop_recursive(3, 24, 6, |inner| {
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(Value::Object)
        })
    }

    fn as_json(value: &Value) -> serde_json::Value {
        match value {
            Value::String(text) => text.clone().into(),
            Value::Integer(n) => (*n).into(),
            Value::Object(members) => {
                serde_json::Value::Object(members.iter().map(|(name, v)| (name.clone(), as_json(v))).collect())
            }
        }
    }

    /// An independent writer: `serde_json`'s compact form, whose escapes are those of §3.2.2.2, with members sorted here.
    fn reference(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::Object(members) => {
                let mut names: Vec<_> = members.keys().collect();
                names.sort_by_key(|name| name.encode_utf16().collect::<Vec<_>>());
                let members: Vec<_> = names
                    .iter()
                    .map(|name| format!("{}:{}", serde_json::json!(name), reference(&members[*name])))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            other => other.to_string(),
        }
    }

    proptest! {
        #[test]
        fn canonical_text_is_what_an_independent_writer_makes_and_reads_back(value in values()) {
            let text = value.canonical().expect("in range");
            let json = as_json(&value);
            prop_assert_eq!(&text, &reference(&json));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("is JSON"), json);
        }
    }
}
