//! For which sessions a role is held, as people write it.
//!
//! **Design.** A [`Condition`] is what a role binding stores: typed, by ids and words, everything in it must hold. Decisions
//! need what only the moment knows (the time, who the member is as a recorded person, the blind tokens of labels), so it is
//! turned into a [`Predicate`] first; [`Known`] brings what that takes. A stored condition that cannot be read is no
//! condition at all: what it would have opened stays shut, and what it would have shut is shut for every session.
//!
//! **How to add one more condition.** A member here with its limits in [`Condition::check`] and its part in
//! [`Condition::predicate`]; a [`Test`] if no test fits; the schema in `api/src/routes/role_bindings`.

use std::{collections::BTreeSet, time::Duration};

use domain::{Environment, Label, ProjectId, Sensitivity, SubjectId, Timestamp};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};

use super::{LabelToken, Pane, Panes, Predicate, Test};

/// Most items of one list.
const MOST_ITEMS: usize = 50;
/// Ten years.
const MOST_HOURS: u32 = 87_600;

/// For which sessions, and which parts of them, a role is held. What is absent does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Recorded in one of these projects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<BTreeSet<ProjectId>>,
    /// By what they are marked with.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub labels: Option<LabelRule>,
    /// Of exactly this sensitivity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
    /// Recorded in one of these environments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environments: Option<BTreeSet<Environment>>,
    /// Of the member's own visits: the tenant vouched for who was recorded, and it was the member.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// By when they started.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub started: Option<Started>,
    /// These parts only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panes: Option<BTreeSet<Pane>>,
}

/// Which labels a session has, and which it has not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelRule {
    /// One of these at least, when there are any.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub any: BTreeSet<Label>,
    /// None of these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub none: BTreeSet<Label>,
}

/// When a session started.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Started {
    /// Then or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Timestamp>,
    /// Within so many hours before the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_hours: Option<u32>,
}

/// Reads an object, and from nothing else: serde would read a struct from an array too, and `[]` would be one without any
/// limit.
///
/// # Errors
/// The deserializer's, for what is no object.
pub fn object<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let members = Option::<serde_json::Map<String, serde_json::Value>>::deserialize(deserializer)?;
    members.map(|members| T::deserialize(serde_json::Value::Object(members))).transpose().map_err(D::Error::custom)
}

/// What only the moment of the decision knows.
pub struct Known<'a> {
    /// The time.
    pub now: Timestamp,
    /// Who the member is as a recorded person.
    pub own: &'a BTreeSet<SubjectId>,
    /// How sessions carry a label.
    pub token: &'a dyn Fn(&Label) -> LabelToken,
}

/// A condition that is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct BadCondition {
    /// Which member, as a JSON pointer within the condition.
    pub pointer: &'static str,
    /// What would be acceptable.
    pub detail: String,
}

impl Condition {
    /// Whether it sets no limit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Refuses lists without items, which would hold for no session, and what is too long or contradicts itself.
    ///
    /// # Errors
    /// [`BadCondition`].
    pub fn check(&self) -> Result<(), BadCondition> {
        let bad = |pointer, detail: &str| Err(BadCondition { pointer, detail: detail.to_owned() });
        let labels = self.labels.as_ref();
        let counts = [
            ("/projects", self.projects.as_ref().map(BTreeSet::len)),
            ("/environments", self.environments.as_ref().map(BTreeSet::len)),
            ("/panes", self.panes.as_ref().map(BTreeSet::len)),
            ("/labels", labels.map(|labels| labels.any.len() + labels.none.len())),
        ];
        for (pointer, count) in counts {
            if count.is_some_and(|count| count == 0 || count > MOST_ITEMS) {
                return bad(pointer, &format!("must have 1 to {MOST_ITEMS} items"));
            }
        }
        if labels.is_some_and(|labels| !labels.any.is_disjoint(&labels.none)) {
            return bad("/labels", "must not want and refuse one label");
        }
        let Some(started) = &self.started else { return Ok(()) };
        if *started == Started::default() {
            return bad("/started", "must have from, before or last_hours");
        }
        if started.from.zip(started.before).is_some_and(|(from, before)| from >= before) {
            return bad("/started/before", "must lie behind from");
        }
        if started.last_hours.is_some_and(|hours| hours == 0 || hours > MOST_HOURS) {
            return bad("/started/last_hours", &format!("must be 1 to {MOST_HOURS}"));
        }
        Ok(())
    }

    /// The sessions for which it holds.
    #[must_use]
    pub fn predicate(&self, known: &Known<'_>) -> Predicate {
        let mut parts = Vec::new();
        if let Some(projects) = &self.projects {
            parts.push(Predicate::Test(Test::ProjectIn(projects.iter().copied().collect())));
        }
        if let Some(LabelRule { any, none }) = &self.labels {
            let tokens =
                |labels: &BTreeSet<Label>| Predicate::Test(Test::LabelIn(labels.iter().map(known.token).collect()));
            parts.extend((!any.is_empty()).then(|| tokens(any)));
            parts.extend((!none.is_empty()).then(|| Predicate::surely_not(tokens(none))));
        }
        if let Some(sensitivity) = self.sensitivity {
            parts.push(Predicate::Test(Test::SensitivityIs(sensitivity)));
        }
        if let Some(environments) = &self.environments {
            parts.push(Predicate::Test(Test::EnvironmentIn(environments.iter().cloned().collect())));
        }
        if self.own {
            parts.push(Predicate::Test(Test::SubjectIn(known.own.iter().copied().collect())));
        }
        if let Some(Started { from, before, last_hours }) = &self.started {
            parts.extend(from.map(|from| Predicate::Test(Test::StartedFrom(from))));
            parts.extend(before.map(|before| Predicate::Test(Test::StartedBefore(before))));
            let since = |hours: u32| known.now.minus(Duration::from_secs(u64::from(hours) * 3_600));
            parts.extend(last_hours.map(|hours| Predicate::Test(Test::StartedFrom(since(hours)))));
        }
        Predicate::all(parts)
    }

    /// The parts of a session for which it holds.
    #[must_use]
    pub fn panes(&self) -> Panes {
        self.panes.as_ref().map_or(Panes::ALL, |panes| panes.iter().copied().collect())
    }

    /// Every label that it looks at.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().flat_map(|labels| labels.any.iter().chain(&labels.none))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::access::SessionFacts;

    fn uuid(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }

    fn token(label: &Label) -> LabelToken {
        let mut token = [0; 32];
        token[..label.as_str().len()].copy_from_slice(label.as_str().as_bytes());
        token
    }

    fn read(json: &str) -> Condition {
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
    }

    fn session() -> SessionFacts {
        SessionFacts {
            project: ProjectId::from_uuid(uuid(1)),
            sensitivity: Sensitivity::Normal,
            environment: "staging".parse().ok(),
            started_at: Timestamp::from_millis(10 * 3_600_000),
            subject: Some(SubjectId::from_uuid(uuid(7))),
            labels: ["payment", "eu"].iter().map(|label| token(&label.parse().expect("a label"))).collect(),
        }
    }

    fn holds(json: &str, session: &SessionFacts) -> bool {
        let own = BTreeSet::from([SubjectId::from_uuid(uuid(7))]);
        let known = Known { now: Timestamp::from_millis(12 * 3_600_000), own: &own, token: &token };
        let condition = read(json);
        condition.check().unwrap_or_else(|error| panic!("{error}: {json}"));
        condition.predicate(&known).holds(session)
    }

    #[test]
    fn every_condition_alone() {
        let (here, there) = (uuid(1), uuid(2));
        let table = [
            ("{}".to_owned(), true),
            (format!(r#"{{"projects":["{here}","{there}"]}}"#), true),
            (format!(r#"{{"projects":["{there}"]}}"#), false),
            (r#"{"labels":{"any":["payment","admin"]}}"#.into(), true),
            (r#"{"labels":{"any":["admin"]}}"#.into(), false),
            (r#"{"labels":{"none":["admin"]}}"#.into(), true),
            (r#"{"labels":{"any":["payment"],"none":["eu"]}}"#.into(), false),
            (r#"{"sensitivity":"normal"}"#.into(), true),
            (r#"{"sensitivity":"restricted"}"#.into(), false),
            (r#"{"environments":["staging","test"]}"#.into(), true),
            (r#"{"environments":["production"]}"#.into(), false),
            (r#"{"own":true}"#.into(), true),
            (r#"{"started":{"last_hours":2}}"#.into(), true),
            (r#"{"started":{"last_hours":1}}"#.into(), false),
            (r#"{"started":{"from":"1970-01-01T10:00:00Z","before":"1970-01-01T10:00:01Z"}}"#.into(), true),
            (r#"{"started":{"before":"1970-01-01T10:00:00Z"}}"#.into(), false),
            (r#"{"own":true,"sensitivity":"restricted"}"#.into(), false),
        ];
        for (json, expected) in table {
            assert_eq!(holds(&json, &session()), expected, "{json}");
        }
        let another = SessionFacts { subject: Some(SubjectId::from_uuid(uuid(8))), ..session() };
        let nobody = SessionFacts { subject: None, environment: None, ..session() };
        assert!(!holds(r#"{"own":true}"#, &another) && !holds(r#"{"own":true}"#, &nobody));
        assert!(!holds(r#"{"environments":["staging"]}"#, &nobody), "what is not known opens nothing");
    }

    /// The other half of "unknown is a no": what denies where it is not known shuts.
    #[test]
    fn what_is_not_known_is_denied() {
        let own = BTreeSet::new();
        let known = Known { now: Timestamp::from_millis(0), own: &own, token: &token };
        let denied = read(r#"{"environments":["production"]}"#).predicate(&known);
        let unknown = SessionFacts { environment: None, ..session() };
        assert!(!Predicate::surely_not(denied.clone()).holds(&unknown));
        assert!(Predicate::surely_not(denied).holds(&session()));
        assert_eq!(read(r#"{"own":true}"#).predicate(&known), Predicate::Test(Test::SubjectIn(Box::default())));
    }

    #[test]
    fn what_would_never_hold_is_refused() {
        let many: Vec<String> = (0..51).map(|n| format!("\"l{n}\"")).collect();
        for (pointer, json) in [
            ("/projects", r#"{"projects":[]}"#.to_owned()),
            ("/environments", r#"{"environments":[]}"#.into()),
            ("/panes", r#"{"panes":[]}"#.into()),
            ("/labels", r#"{"labels":{}}"#.into()),
            ("/labels", r#"{"labels":{"any":["a"],"none":["a","b"]}}"#.into()),
            ("/labels", format!(r#"{{"labels":{{"any":[{}]}}}}"#, many.join(","))),
            ("/started", r#"{"started":{}}"#.into()),
            (
                "/started/before",
                r#"{"started":{"from":"2026-01-01T00:00:00Z","before":"2026-01-01T00:00:00Z"}}"#.into(),
            ),
            ("/started/last_hours", r#"{"started":{"last_hours":0}}"#.into()),
        ] {
            assert_eq!(read(&json).check().expect_err(&json).pointer, pointer);
        }
        for json in [
            r#"{"project":[]}"#,
            r#"{"labels":{"any":["A"]}}"#,
            r#"{"own":"yes"}"#,
            r#"{"panes":["all"]}"#,
            r#"{"labels":[]}"#,
            r#"{"started":[]}"#,
        ] {
            assert!(serde_json::from_str::<Condition>(json).is_err(), "{json}");
        }
    }

    proptest! {
        /// What is stored is read back as it was written.
        #[test]
        fn a_condition_survives_its_storage(
            projects in prop::option::of(prop::collection::btree_set(any::<u128>(), 0..4)),
            labels in prop::option::of((prop::collection::btree_set("[a-z]{1,8}", 0..3), prop::collection::btree_set("[a-z]{1,8}", 0..3))),
            environments in prop::option::of(prop::collection::btree_set("[a-z]{1,8}", 0..3)),
            (own, restricted) in any::<(bool, Option<bool>)>(),
            (from, before, last_hours) in any::<(Option<u32>, Option<u32>, Option<u32>)>(),
        ) {
            let words = |words: &BTreeSet<String>| words.iter().map(|word| word.parse().expect("a word")).collect();
            let condition = Condition {
                projects: projects.map(|ids| ids.into_iter().map(|id| ProjectId::from_uuid(uuid(id))).collect()),
                labels: labels.map(|(any, none)| LabelRule { any: words(&any), none: words(&none) }),
                sensitivity: restricted.map(|yes| if yes { Sensitivity::Restricted } else { Sensitivity::Normal }),
                environments: environments.map(|set| set.iter().map(|word| word.parse().expect("a word")).collect()),
                own,
                started: (from.is_some() || before.is_some()).then(|| Started {
                    from: from.map(|s| Timestamp::from_millis(i64::from(s) * 1_000)),
                    before: before.map(|s| Timestamp::from_millis(i64::from(s) * 1_000)),
                    last_hours,
                }),
                panes: own.then(|| BTreeSet::from([Pane::Dom, Pane::State])),
            };
            let text = serde_json::to_string(&condition).expect("writes");
            prop_assert_eq!(read(&text), condition);
        }
    }
}
