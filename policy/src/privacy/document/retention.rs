//! `retention`: how long recordings are kept.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::{
        FindingCode, Findings, Pointer,
        gate::{Word, read_key},
        macros::{members, needed, section},
        orders::{Lower, Set},
        setting::{Setting, Strictness},
    },
    Kind,
};

/// Days that the law asks for, and which law.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalMinimum {
    /// Days after the start of a session in which it is not deleted; 0 for none.
    pub days: Lower<0, 3650>,
    /// The basis, as a name.
    pub basis: Word,
}

impl Setting for LegalMinimum {
    fn strictness() -> Strictness {
        Strictness::Set
    }
    fn schema() -> Value {
        json!({
            "type": "object",
            "properties": { "days": Lower::<0, 3650>::schema(), "basis": Word::schema() },
            "required": ["days", "basis"],
            "additionalProperties": false,
        })
    }
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let members = members(value, at, &["days", "basis"], findings)?;
        let days =
            needed(members, "days", at, findings).and_then(|days| Lower::read(days, &at.member("days"), findings));
        let basis = needed(members, "basis", at, findings)
            .and_then(|basis| read_key::<Word>(basis, &at.member("basis"), findings));
        Some(Self { days: days?, basis: basis? })
    }
    fn strictest(&self, other: &Self) -> Self {
        self.max(other).clone()
    }
}

section! {
    /// How long recordings are kept.
    Retention, FullRetention {
        /// The name of the class that recordings belong to, for reports and bills.
        "class" => class: Set<Word, false>,
        /// Days after the start of a session until it is moved to cold storage.
        "archiveAfterDays" => archive_after_days: Lower<1, 3650>,
        /// Days after the start of a session until it is deleted.
        "deleteAfterDays" => delete_after_days: Lower<1, 3650>,
        /// What the law asks to keep, and on which basis. Only a guardrail says it; it does not merge.
        "minimum" => minimum: Set<LegalMinimum, false>,
    }
}

impl Retention {
    pub(super) fn check(&self, kind: Kind, at: &Pointer, findings: &mut Findings) {
        if kind == Kind::Policy && self.minimum.is_some() {
            let what = "only a guardrail says what the law asks to keep";
            let mend = "write it into the tenant's guardrail";
            findings.say(&at.member("minimum"), FindingCode::Contradiction, what, mend);
        }
        if let (Some(minimum), Some(delete)) = (&self.minimum, self.delete_after_days)
            && minimum.0.days > Lower(delete.0)
        {
            let what = "recordings are to be deleted before the law allows it";
            findings.say(&at.member("deleteAfterDays"), FindingCode::Contradiction, what, "raise it to `minimum.days`");
        }
    }
}
