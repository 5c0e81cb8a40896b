//! `section!` and `rule!`: from one declaration of settings everything that must know all of them.
//!
//! A line in a declaration is the setting's description in the JSON Schema, its name in a document, its field and its
//! type; the type is its order. There is no second place to forget.

/// Declares a group of settings: the layer's struct, in which each may be absent, and the full one.
macro_rules! section {
    ($(#[doc = $about:literal])+ $name:ident, $full:ident {
        $( $(#[doc = $doc:literal])+ $json:literal => $field:ident: $type:ty, )+
    }) => {
        $(#[doc = $about])+
        ///
        /// As a layer says it: what is `None` is not said.
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $( $(#[doc = $doc])+ #[serde(rename = $json, default, skip_serializing_if = "Option::is_none")]
               pub $field: Option<$type>, )+
        }

        $(#[doc = $about])+
        ///
        /// As it holds: nothing is absent.
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $full {
            $( $(#[doc = $doc])+ #[serde(rename = $json)] pub $field: $type, )+
        }

        impl $crate::privacy::setting::Section for $name {
            type Full = $full;

            fn read(
                value: &serde_json::Value,
                at: &$crate::privacy::Pointer,
                findings: &mut $crate::privacy::Findings,
            ) -> Self {
                let mut section = Self::default();
                let Some(members) = $crate::privacy::macros::members(value, at, &[$($json),+], findings) else {
                    return section;
                };
                $( if let Some(value) = members.get($json) {
                    section.$field =
                        <$type as $crate::privacy::setting::Setting>::read(value, &at.member($json), findings);
                } )+
                section
            }
            fn strictest(&self, other: &Self) -> Self {
                Self { $( $field: $crate::privacy::macros::either(
                    self.$field.as_ref(), other.$field.as_ref(), $crate::privacy::setting::Setting::strictest), )+ }
            }
            fn with_lower(&self, lower: &Self) -> Self {
                Self { $( $field: $crate::privacy::macros::either(
                    self.$field.as_ref(), lower.$field.as_ref(), $crate::privacy::setting::Setting::with_lower), )+ }
            }
            fn filled(&self, default: &$full) -> $full {
                $full { $( $field: self.$field.as_ref().map_or_else(
                    || $crate::privacy::setting::Setting::normal(&default.$field),
                    |said| $crate::privacy::setting::Setting::normal(
                        &$crate::privacy::setting::Setting::over(said, &default.$field))), )+ }
            }
            fn of(full: &$full) -> Self {
                Self { $( $field: Some(full.$field.clone()), )+ }
            }
            fn normal(&self) -> Self {
                Self { $( $field: self.$field.as_ref().map($crate::privacy::setting::Setting::normal), )+ }
            }
            fn places(
                at: &$crate::privacy::Pointer,
                said: &[&Self],
                see: &mut dyn FnMut($crate::privacy::Place),
            ) {
                $( {
                    let values: Vec<Option<&$type>> = said.iter().map(|layer| layer.$field.as_ref()).collect();
                    <$type as $crate::privacy::setting::Setting>::places(&at.member($json), &values, see);
                } )+
            }
            fn schema() -> serde_json::Value {
                let mut properties = serde_json::Map::new();
                $( properties.insert($json.to_owned(), $crate::privacy::macros::property(
                    <$type as $crate::privacy::setting::Setting>::schema(),
                    &[$($doc),+],
                    <$type as $crate::privacy::setting::Setting>::strictness(),
                )); )+
                serde_json::json!({
                    "type": "object",
                    "description": $crate::privacy::orders::sentence(&[$($about),+]),
                    "properties": properties,
                    "additionalProperties": false,
                })
            }
            fn describe(path: &str, out: &mut Vec<$crate::privacy::setting::Described>) {
                $( out.push($crate::privacy::setting::Described {
                    path: format!("{path}.{}", $json),
                    about: $crate::privacy::orders::sentence(&[$($doc),+]),
                    strictness: <$type as $crate::privacy::setting::Setting>::strictness(),
                });
                <$type as $crate::privacy::setting::Setting>::describe_inside(&format!("{path}.{}", $json), out); )+
            }
        }
    };
}

/// Declares a rule of a list: its key, and its settings with what each is when it is not written. A setting without a
/// default must be written.
macro_rules! rule {
    ($(#[doc = $about:literal])+ $name:ident, at most $most:literal, $word:literal {
        $(#[doc = $key_doc:literal])+ $key_json:literal => $key:ident: $key_type:ty;
        $( $(#[doc = $doc:literal])+ $json:literal => $field:ident: $type:ty $(= $default:expr)?, )+
    }
    shows_more |$shows:pat_param| $shows_more:expr;
    only_more |$only:pat_param| $only_more:expr;
    ordered $ordered:literal) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(#[doc = $key_doc])+ #[serde(rename = $key_json)] pub $key: $key_type,
            $( $(#[doc = $doc])+ #[serde(rename = $json)] pub $field: $type, )+
        }

        impl $crate::privacy::setting::Rule for $name {
            const MOST: usize = $most;
            const WORD: &'static str = $word;
            const ORDERED: bool = $ordered;

            fn key(&self) -> String {
                $crate::privacy::gate::Key::text(&self.$key).to_owned()
            }
            fn schema() -> serde_json::Value {
                let mut properties = serde_json::Map::new();
                properties.insert($key_json.to_owned(), $crate::privacy::macros::described(
                    <$key_type as $crate::privacy::gate::Key>::schema(), &[$($key_doc),+]));
                let mut required = vec![$key_json];
                $( required.extend($crate::privacy::macros::rule!(@required $json $(= $default)?));
                   properties.insert($json.to_owned(), $crate::privacy::macros::property(
                    $crate::privacy::macros::with_default(
                        <$type as $crate::privacy::setting::Setting>::schema(),
                        $crate::privacy::macros::rule!(@default $type $(= $default)?)),
                    &[$($doc),+],
                    <$type as $crate::privacy::setting::Setting>::strictness(),
                )); )+
                serde_json::json!({
                    "type": "object",
                    "description": $crate::privacy::orders::sentence(&[$($about),+]),
                    "properties": properties,
                    "required": required,
                    "additionalProperties": false,
                })
            }
            fn describe(path: &str, out: &mut Vec<$crate::privacy::setting::Described>) {
                $( out.push($crate::privacy::setting::Described {
                    path: format!("{path}[].{}", $json),
                    about: $crate::privacy::orders::sentence(&[$($doc),+]),
                    strictness: <$type as $crate::privacy::setting::Setting>::strictness(),
                }); )+
            }
            fn read(
                value: &serde_json::Value,
                at: &$crate::privacy::Pointer,
                findings: &mut $crate::privacy::Findings,
            ) -> Option<Self> {
                let members = $crate::privacy::macros::members(value, at, &[$key_json, $($json),+], findings)?;
                let $key = $crate::privacy::macros::needed(members, $key_json, at, findings)
                    .and_then(|value| $crate::privacy::gate::read_key::<$key_type>(value, &at.member($key_json), findings));
                $( let $field = match members.get($json) {
                    Some(value) =>
                        <$type as $crate::privacy::setting::Setting>::read(value, &at.member($json), findings),
                    None => {
                        let default: Option<$type> = $crate::privacy::macros::rule!(@default $type $(= $default)?);
                        if default.is_none() {
                            $crate::privacy::macros::needed(members, $json, at, findings);
                        }
                        default
                    }
                }; )+
                Some(Self { $key: $key?, $( $field: $field?, )+ })
            }
            fn strictest(&self, other: &Self) -> Self {
                Self {
                    $key: self.$key.clone(),
                    $( $field: $crate::privacy::setting::Setting::strictest(&self.$field, &other.$field), )+
                }
            }
            fn wants_less(&self, held: &Self) -> bool {
                $( $crate::privacy::setting::Setting::wants_less(&self.$field, &held.$field) )||+
            }
            fn can_show_more(&self) -> bool {
                let $shows = self;
                $shows_more
            }
            fn only_shows_more(&self) -> bool {
                let $only = self;
                $only_more
            }
        }
    };
    (@required $json:literal = $default:expr) => { None::<&str> };
    (@required $json:literal) => { Some($json) };
    (@default $type:ty = $default:expr) => { Some::<$type>($default) };
    (@default $type:ty) => { None::<$type> };
}

pub(crate) use {rule, section};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{FindingCode, Findings, Pointer, orders::sentence, setting::Strictness};

/// What either says, or both joined.
pub(crate) fn either<T: Clone>(one: Option<&T>, other: Option<&T>, join: impl Fn(&T, &T) -> T) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(join(one, other)),
        (one, other) => one.or(other).cloned(),
    }
}

/// The members of an object, after naming those that the format does not know.
pub(crate) fn members<'v>(
    value: &'v Value,
    at: &Pointer,
    known: &[&str],
    findings: &mut Findings,
) -> Option<&'v Map<String, Value>> {
    let Some(members) = value.as_object() else {
        findings.wrong_type(at, "an object");
        return None;
    };
    for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
        let list = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        findings.say(
            &at.member(name),
            FindingCode::UnknownMember,
            "the format has no such member here",
            format!("remove it, or use one of {list}"),
        );
    }
    Some(members)
}

/// A member that must be there.
pub(crate) fn needed<'v>(
    members: &'v Map<String, Value>,
    name: &str,
    at: &Pointer,
    findings: &mut Findings,
) -> Option<&'v Value> {
    let found = members.get(name);
    if found.is_none() {
        findings.say(at, FindingCode::Missing, format!("`{name}` is missing"), format!("say `{name}`"));
    }
    found
}

/// A schema with its description.
pub(crate) fn described(mut schema: Value, doc: &[&str]) -> Value {
    schema["description"] = json!(sentence(doc));
    schema
}

/// A schema with its description and its order.
pub(crate) fn property(schema: Value, doc: &[&str], strictness: Strictness) -> Value {
    let mut schema = described(schema, doc);
    schema["x-strictness"] = strictness.schema();
    schema
}

/// A schema with what holds when nothing is written.
pub(crate) fn with_default(mut schema: Value, default: Option<impl Serialize>) -> Value {
    if let Some(default) = default {
        schema["default"] = json!(default);
    }
    schema
}
