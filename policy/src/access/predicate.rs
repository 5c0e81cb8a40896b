//! What a session must be like, as one value that memory and database read alike.
//!
//! **Purpose.** Lists are filtered by the database and single sessions are judged in memory; both must say the same, or a
//! list would show what cannot be opened. So a decision about sessions is a [`Predicate`], [`Predicate::holds`] reads it
//! here, and `store` writes the very same value as SQL.
//!
//! **Design.** Three answers, as in SQL: yes, no, unknown. A session without an environment neither is nor is not in
//! `production`. Unknown never opens anything: [`Predicate::holds`] wants a yes, and what denies is wrapped in
//! [`Predicate::Perhaps`], where unknown counts as yes.
//!
//! **How to add one more test.** A variant of [`Test`], its arm in `Test::answer`, its arm in `store/src/predicate.rs`, and
//! a strategy in `store/tests/database/predicates.rs`, which holds the two to each other.

use std::collections::BTreeSet;

use domain::{Environment, ProjectId, Sensitivity, SubjectId, Timestamp};

/// How a session carries a label: the blind token of its text, which tells nothing without the tenant's key.
pub type LabelToken = [u8; 32];

/// One question about one session. What it names is in lists, a few long and in one piece: most have one item, and a
/// decision reads them wherever they lie.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Test {
    /// It was recorded in one of these projects.
    ProjectIn(Box<[ProjectId]>),
    /// It is this sensitive.
    SensitivityIs(Sensitivity),
    /// It was recorded in one of these environments. Unknown for a session whose project has none.
    EnvironmentIn(Box<[Environment]>),
    /// It carries one of these labels.
    LabelIn(Box<[LabelToken]>),
    /// The tenant vouched for who was recorded, and it was one of these.
    SubjectIn(Box<[SubjectId]>),
    /// It started at this instant or later.
    StartedFrom(Timestamp),
    /// It started before this instant.
    StartedBefore(Timestamp),
}

/// What decisions may look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFacts {
    /// Its project.
    pub project: ProjectId,
    /// How closely it is kept.
    pub sensitivity: Sensitivity,
    /// Where its project ran; `None` when the project does not say.
    pub environment: Option<Environment>,
    /// When it started.
    pub started_at: Timestamp,
    /// Who was recorded, when the tenant vouched for it; what a page claims does not count.
    pub subject: Option<SubjectId>,
    /// What it is marked with.
    pub labels: BTreeSet<LabelToken>,
}

impl Test {
    /// `None` when it cannot be known.
    #[must_use]
    fn answer(&self, session: &SessionFacts) -> Option<bool> {
        Some(match self {
            Self::ProjectIn(projects) => projects.contains(&session.project),
            Self::SensitivityIs(sensitivity) => session.sensitivity == *sensitivity,
            // Nothing is in an empty set, whatever it is.
            Self::EnvironmentIn(environments) if environments.is_empty() => false,
            Self::EnvironmentIn(environments) => environments.contains(session.environment.as_ref()?),
            Self::LabelIn(labels) => labels.iter().any(|label| session.labels.contains(label)),
            Self::SubjectIn(subjects) => session.subject.is_some_and(|subject| subjects.contains(&subject)),
            Self::StartedFrom(from) => session.started_at >= *from,
            Self::StartedBefore(before) => session.started_at < *before,
        })
    }
}

/// What a session must be like.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Predicate {
    /// Every session.
    #[default]
    Always,
    /// No session.
    Never,
    /// One question.
    Test(Test),
    /// All of them.
    All(Box<[Self]>),
    /// One of them at least.
    Any(Box<[Self]>),
    /// Not that one. Not unknown is unknown.
    Not(Box<Self>),
    /// That one, or unknown.
    Perhaps(Box<Self>),
}

impl Predicate {
    /// All of `parts`; of none, [`Predicate::Always`].
    #[must_use]
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut left = Vec::new();
        for part in parts {
            match part {
                Self::Always => {}
                Self::Never => return Self::Never,
                Self::All(more) => left.extend(more),
                other if left.contains(&other) => {}
                other => left.push(other),
            }
        }
        one_or(left, Self::Always, Self::All)
    }

    /// One of `parts` at least; of none, [`Predicate::Never`].
    #[must_use]
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut left = Vec::new();
        for part in parts {
            match part {
                Self::Never => {}
                Self::Always => return Self::Always,
                Self::Any(more) => left.extend(more),
                other if left.contains(&other) => {}
                other => left.push(other),
            }
        }
        one_or(left, Self::Never, Self::Any)
    }

    /// Surely not `part`: unknown is a no.
    #[must_use]
    pub fn surely_not(part: Self) -> Self {
        match part {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            other => Self::Not(Box::new(Self::Perhaps(Box::new(other)))),
        }
    }

    /// Whether it is surely so.
    #[must_use]
    pub fn holds(&self, session: &SessionFacts) -> bool {
        self.answer(session) == Some(true)
    }

    /// Whether it is so, or cannot be known.
    #[must_use]
    pub fn may_hold(&self, session: &SessionFacts) -> bool {
        self.answer(session) != Some(false)
    }

    /// Kleene's logic, which is SQL's.
    fn answer(&self, session: &SessionFacts) -> Option<bool> {
        match self {
            Self::Always => Some(true),
            Self::Never => Some(false),
            Self::Test(test) => test.answer(session),
            Self::All(parts) => decided(parts, session, false),
            Self::Any(parts) => decided(parts, session, true),
            Self::Not(part) => part.answer(session).map(|answer| !answer),
            Self::Perhaps(part) => Some(part.answer(session).unwrap_or(true)),
        }
    }

    /// Every test in it.
    pub fn tests(&self) -> Box<dyn Iterator<Item = &Test> + '_> {
        match self {
            Self::Always | Self::Never => Box::new(std::iter::empty()),
            Self::Test(test) => Box::new(std::iter::once(test)),
            Self::All(parts) | Self::Any(parts) => Box::new(parts.iter().flat_map(Self::tests)),
            Self::Not(part) | Self::Perhaps(part) => part.tests(),
        }
    }
}

/// One answer `decisive` decides; else one unknown makes the whole unknown.
fn decided(parts: &[Predicate], session: &SessionFacts, decisive: bool) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match part.answer(session) {
            Some(answer) if answer == decisive => return Some(decisive),
            Some(_) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(!decisive)
}

fn one_or(mut parts: Vec<Predicate>, none: Predicate, many: fn(Box<[Predicate]>) -> Predicate) -> Predicate {
    match parts.len() {
        0 => none,
        1 => parts.swap_remove(0),
        _ => many(parts.into()),
    }
}
