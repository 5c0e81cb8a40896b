//! The policy document: its sections, one file each.
//!
//! **How to add one more setting.** One line in its section (`"name" => field: Type`), whose type is its order of
//! strictness; then the compiler asks for its value in each preset (`preset.rs`). Merging, comparing, validation,
//! the JSON Schema and the table of settings know it already: accept the new snapshots, and run `python3 tests/docs.py`.
//! Where agent or server must obey it, say so in `compile.rs`.

mod access;
mod allowable;
mod budgets;
mod capture;
mod opt_out;
mod redaction;
mod retention;
mod sampling;
mod viewing;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub use access::{Access, FullAccess, LabelRule};
pub use allowable::{Allowable, FullAllowable, Liftable};
pub use budgets::{Budgets, FullBudgets, Shed, Stream};
pub use capture::{Bodies, Capture, Console, Content, FullCapture};
pub use opt_out::{Consent, FullOptOut, OptOut, Signal};
pub use redaction::{
    At, DataAction, Detector, DetectorRule, ElementRule, FieldRule, FullRedaction, InputAction, PathParts, PatternRule,
    Redaction, Scope, TextAction, UrlRule,
};
pub use retention::{FullRetention, LegalMinimum, Retention};
pub use sampling::{FullSampling, RateRule, Rates, Sampling, Visit, When};
pub use viewing::{FullViewing, Viewing};

use super::{
    FindingCode, Findings, Place, Pointer,
    macros::members,
    orders::ordered,
    setting::{Described, Section, Setting},
};
use crate::canonical::canonical_json;

/// The form of document that this code reads and writes.
pub const API_VERSION: &str = "sealtape.dev/v1";

/// Version of the default policy: the first version of every project.
pub const DEFAULT_VERSION: u32 = 1;

/// Bytes that a document may have, in any form.
pub const MOST_BYTES: usize = 256 * 1024;

ordered! {
    /// Starting points: each says what holds where no layer says anything.
    pub enum Preset {
        /// Page text is kept except for what floor and detectors take.
        Standard = "standard",
        /// All text is masked.
        Strict = "strict",
        /// Errors and navigation only.
        Essential = "essential",
    }
}

/// Which layer a document is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A project's own.
    #[default]
    Policy,
    /// The tenant's, which binds every project.
    Guardrail,
}

/// The sections of a document: one list for everything that must visit all of them.
macro_rules! sections {
    ($( $(#[doc = $doc:literal])+ $json:literal => $field:ident: $layer:ident / $full:ident, )+) => {
        /// One version of a policy or of a guardrail, as somebody wrote it: a layer, in which every setting may be absent.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct PolicyDocument {
            /// Always [`API_VERSION`].
            pub api_version: String,
            /// Which layer it is for.
            #[serde(default)]
            pub kind: Kind,
            /// Counts up within a project or tenant; none while it is a draft.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub version: Option<u32>,
            /// The starting point, which fills what no layer says.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub preset: Option<Preset>,
            $( $(#[doc = $doc])+ #[serde(rename = $json, default, skip_serializing_if = "says_nothing")]
               pub $field: $layer, )+
        }

        /// Every setting, with nothing absent.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct FullPolicy {
            /// The starting point.
            pub preset: Preset,
            $( $(#[doc = $doc])+ #[serde(rename = $json)] pub $field: $full, )+
        }

        impl PolicyDocument {
            /// A document that says nothing.
            #[must_use]
            pub fn empty(kind: Kind) -> Self {
                Self {
                    api_version: API_VERSION.to_owned(),
                    kind,
                    version: None,
                    preset: None,
                    $( $field: $layer::default(), )+
                }
            }

            /// The layer that says all of `full`.
            #[must_use]
            pub fn of(full: &FullPolicy) -> Self {
                Self { preset: Some(full.preset), $( $field: $layer::of(&full.$field), )+ ..Self::empty(Kind::Policy) }
            }

            /// Two documents of one layer as one: of each setting the stricter, of what only one says that. Idempotent,
            /// commutative and associative up to [`PolicyDocument::normal`]. Belongs to no version.
            #[must_use]
            pub fn strictest(&self, other: &Self) -> Self {
                Self {
                    preset: super::macros::either(self.preset.as_ref(), other.preset.as_ref(), Setting::strictest),
                    $( $field: self.$field.strictest(&other.$field).normal(), )+
                    ..Self::empty(self.kind)
                }
            }

            /// This layer with a lower one below it.
            #[must_use]
            pub fn with_lower(&self, lower: &Self) -> Self {
                Self {
                    preset: super::macros::either(self.preset.as_ref(), lower.preset.as_ref(), Setting::strictest),
                    $( $field: self.$field.with_lower(&lower.$field), )+
                    ..Self::empty(self.kind)
                }
            }

            /// Everything that is absent is the default's.
            #[must_use]
            pub fn filled(&self, default: &FullPolicy) -> FullPolicy {
                FullPolicy {
                    preset: self.preset.unwrap_or(default.preset),
                    $( $field: self.$field.filled(&default.$field), )+
                }
            }

            /// One form for all documents that say the same: lists sorted.
            #[must_use]
            pub fn normal(&self) -> Self {
                Self {
                    api_version: self.api_version.clone(),
                    kind: self.kind,
                    version: self.version,
                    preset: self.preset,
                    $( $field: self.$field.normal(), )+
                }
            }

            /// Shows every place that any of the documents speaks of, the highest layer first.
            pub fn places(said: &[&Self], see: &mut dyn FnMut(Place)) {
                let root = Pointer::root();
                let presets: Vec<Option<&Preset>> = said.iter().map(|document| document.preset.as_ref()).collect();
                Preset::places(&root.member("preset"), &presets, see);
                $( {
                    let sections: Vec<&$layer> = said.iter().map(|document| &document.$field).collect();
                    <$layer as Section>::places(&root.member($json), &sections, see);
                } )+
            }

            /// The lines of the table of settings.
            #[must_use]
            pub fn describe() -> Vec<Described> {
                let mut out = vec![Described {
                    path: "preset".to_owned(),
                    about: "The starting point, which fills what no layer says.".to_owned(),
                    strictness: Preset::strictness(),
                }];
                $( <$layer as Section>::describe($json, &mut out); )+
                out
            }

            /// The schemas of the sections, by name.
            pub(super) fn section_schemas() -> Vec<(&'static str, Value)> {
                vec![$( ($json, <$layer as Section>::schema()) ),+]
            }

            fn read_sections(members: &serde_json::Map<String, Value>, findings: &mut Findings) -> Self {
                let mut document = Self::empty(Kind::Policy);
                $( if let Some(value) = members.get($json) {
                    document.$field = <$layer as Section>::read(value, &Pointer::root().member($json), findings);
                } )+
                document
            }

            const MEMBERS: &'static [&'static str] = &["apiVersion", "kind", "version", "preset", $($json),+];
        }
    };
}

sections! {
    /// What is captured.
    "capture" => capture: Capture / FullCapture,
    /// How many sessions are recorded.
    "sampling" => sampling: Sampling / FullSampling,
    /// What the agent may cost.
    "budgets" => budgets: Budgets / FullBudgets,
    /// What is hidden beyond the floor.
    "redaction" => redaction: Redaction / FullRedaction,
    /// How people stay out.
    "optOut" => opt_out: OptOut / FullOptOut,
    /// How long recordings are kept.
    "retention" => retention: Retention / FullRetention,
    /// What a viewer without the right to see everything sees masked.
    "viewing" => viewing: Viewing / FullViewing,
    /// Labels that the server computes.
    "access" => access: Access / FullAccess,
    /// What projects may lift of the default; guardrails only.
    "allowable" => allowable: Allowable / FullAllowable,
}

fn says_nothing<S: Section>(section: &S) -> bool {
    *section == S::default()
}

impl PolicyDocument {
    /// The default policy: preset *standard*, version 1, of every project.
    #[must_use]
    pub fn standard() -> Self {
        Self { version: Some(DEFAULT_VERSION), preset: Some(Preset::Standard), ..Self::empty(Kind::Policy) }
    }

    /// Reads what somebody wrote. Either everything is right, or all mistakes are said.
    pub fn read(value: &Value) -> Result<Self, Findings> {
        let (root, mut findings) = (Pointer::root(), Findings::default());
        let Some(found) = members(value, &root, Self::MEMBERS, &mut findings) else { return Err(findings) };
        let mut document = Self::read_sections(found, &mut findings);
        match found.get("apiVersion").map(Value::as_str) {
            Some(Some(API_VERSION)) => {}
            None => {
                findings.say(&root, FindingCode::Missing, "`apiVersion` is missing", format!("say `{API_VERSION}`"));
            }
            Some(_) => findings.say(
                &root.member("apiVersion"),
                FindingCode::UnknownWord,
                "this is another form of document",
                format!("write `{API_VERSION}`"),
            ),
        }
        match found.get("kind").map(|kind| kind.as_str().unwrap_or_default()) {
            None | Some("policy") => {}
            Some("guardrail") => document.kind = Kind::Guardrail,
            Some(_) => {
                let mend = "write `policy` or `guardrail`";
                findings.say(&root.member("kind"), FindingCode::UnknownWord, "there is no such kind of document", mend);
            }
        }
        if let Some(version) = found.get("version") {
            document.version =
                super::orders::Lower::<1, { u32::MAX }>::read(version, &root.member("version"), &mut findings)
                    .map(|version| version.0);
        }
        if let Some(preset) = found.get("preset") {
            document.preset = Preset::read(preset, &root.member("preset"), &mut findings);
        }
        document.check(&mut findings);
        if findings.is_empty() { Ok(document) } else { Err(findings) }
    }

    /// Reads JSON. Refuses what is too large, and names that stand twice in an object.
    pub fn from_json(text: &str) -> Result<Self, Findings> {
        let too_large =
            || Findings::one(&Pointer::root(), FindingCode::TooLarge, "the document is too large", "shorten it");
        if text.len() > MOST_BYTES {
            return Err(too_large());
        }
        let value = super::strict_json::value(text).map_err(|error| {
            Findings::one(&Pointer::root(), FindingCode::Unreadable, error, "mend the JSON; nothing of it is guessed")
        })?;
        Self::read(&value)
    }

    /// What fits no single setting: settings that contradict each other, and what belongs into another kind of document.
    fn check(&self, findings: &mut Findings) {
        let root = Pointer::root();
        self.capture.check(&root.member("capture"), findings);
        self.redaction.check(&root.member("redaction"), findings);
        self.opt_out.check(&root.member("optOut"), findings);
        self.viewing.check(&root.member("viewing"), findings);
        self.retention.check(self.kind, &root.member("retention"), findings);
        if self.kind == Kind::Policy && !says_nothing(&self.allowable) {
            let mend = "write it into the tenant's guardrail";
            let what = "only a guardrail says what projects may lift";
            findings.say(&root.member("allowable"), FindingCode::Contradiction, what, mend);
        }
    }

    /// The document with sorted names and no white space: the bytes that [`PolicyDocument::hash`] covers.
    #[must_use]
    pub fn canonical_json(&self) -> String {
        canonical_json(self)
    }

    /// SHA-256 of [`PolicyDocument::canonical_json`]: names the document that somebody wrote. What recordings are
    /// stamped with is the hash of what held of all layers, [`super::Effective::hash`].
    #[must_use]
    pub fn hash(&self) -> PolicyHash {
        PolicyHash::of(&self.canonical_json())
    }
}

/// The JSON Schema of a document's own members.
pub(super) fn own_schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("apiVersion", json!({ "const": API_VERSION })),
        ("kind", json!({ "enum": ["policy", "guardrail"], "default": "policy" })),
        ("version", json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX })),
        (
            "preset",
            super::macros::property(
                Preset::schema(),
                &["The starting point, which fills what no layer says."],
                Preset::strictness(),
            ),
        ),
    ]
}

/// Names a document by its content. Prints as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PolicyHash([u8; 32]);

impl PolicyHash {
    /// The hash of these canonical bytes.
    #[must_use]
    pub(crate) fn of(canonical: &str) -> Self {
        Self(Sha256::digest(canonical).into())
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PolicyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PolicyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PolicyHash({self})")
    }
}
