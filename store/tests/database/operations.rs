//! The calls that `differential.rs` makes, with arguments from small pools so that calls meet each other.

use domain::{Environment, Sensitivity, SessionState, Validation};
use policy::access::{Predicate, Test};
use proptest::collection::vec;
use proptest::prelude::*;
use store::{SessionFilter, SessionTouch};

use crate::fixture::{at, hash, project_id, subject_id};

/// One call.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    Key { kind: u8, version: u32, state: u8, parent: u32 },
    Project { i: u64, name: String },
    AgentKey { i: u64, project: u64, origin: String },
    AgentKeyRevoke { i: u64, project: u64, now: u64 },
    Member { i: u64, person: u64, role: String },
    Password { i: u64, old: String, new: String },
    MemberState { i: u64, from: bool },
    Login { i: u64, member: u64, refresh: u64 },
    Rotate { i: u64, presented: u64, successor: u64, now: u64 },
    Revoke { i: u64, all: bool, now: u64 },
    Factor { i: u64, member: u64, counter: u64, action: u8 },
    Recovery { n: u16, member: u64, code: u64, action: u8 },
    Challenge { i: u64, member: u64, now: u64, action: u8 },
    Attempt { member: u64, now: u64, most: u32, clear: bool },
    Invitation { i: u64, email: u64, token: u64, action: u8 },
    Reset { i: u64, member: u64, now: u64, all: bool },
    ApiKey { i: u64, member: u64, now: u64, action: u8 },
    Unbind { i: u64, member: u64 },
    Count { kind: u8, key: u64, burst: u32, every: u64, now: u64 },
    Credential { hash: u64, slug: Option<u8>, action: u8 },
    Subject { i: u64, token: u64, session: u64 },
    Session { i: u64, project: u64, release: Option<String>, browser: String, started: u64, normal: bool },
    Tab { session: u64, now: u64, declare: Option<u32> },
    Segment { session: u64, tab: u16, n: u32, seconds: u64, span: i64, generation: u32, snapshot: bool },
    Touch { session: u64, touch: SessionTouch },
    Hint { session: u64, now: u64 },
    Gap { session: u64, i: u64, validation: u8, detail: Option<String> },
    Seal { session: u64, rev: u32, segments: u64, now: u64 },
    Tokens { session: u64, tokens: Vec<(String, u64)> },
    View { session: u64, i: u64, now: u64 },
    Job { i: u64, slot: u8, due: u64, payload: String },
    Work { now: u64, end: u8 },
    Notice { i: u64, member: u64, mail: u8, inbox: bool, mark: u8, now: u64 },
    Preference { member: u64, kind: String, inbox: bool, mail: u8, now: u64 },
    Letter { i: u64, to_member: bool, settle: u8, now: u64 },
    Tidy { now: u64 },
    List { filter: SessionFilter, after: Option<(u64, u64)>, limit: u64 },
    Read { session: u64, tab: u16, n: u32, seconds: u64 },
    Overview { only: Predicate },
    Leaf { i: u64, actor: usize, act: usize, object: u64, outcome: usize, now: u64, detail: bool },
    Events { asked: Asked },
    Place { now: u64 },
    Checkpoint { size: u64, now: u64 },
    Alarm { reason: Option<usize>, now: u64, place: Option<u64> },
    AuditExport { i: u64, done: u64, to: u64, now: u64, action: u8 },
    Sink { i: u64, from: u64, to: u64, now: u64, action: u8, name: String },
    Delivery { i: u64, sink: u64, attempts: u32, now: u64, action: u8 },
}

/// Which events of the log are asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) actor: Option<usize>,
    pub(crate) object: Option<u64>,
    pub(crate) kind: bool,
    pub(crate) act: Option<usize>,
    pub(crate) outcome: Option<usize>,
    pub(crate) from: Option<u64>,
    pub(crate) to: Option<u64>,
    pub(crate) about: Option<u64>,
    pub(crate) before: Option<u64>,
    pub(crate) limit: u64,
}

/// Texts that databases like to treat differently: case, accents, digits, wildcards, NUL, beyond the BMP, empty.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "a",
            "A",
            "ä",
            "Z",
            "z",
            "",
            "%",
            "_",
            "a%",
            "10",
            "9",
            "1.2.3",
            "1.2.30",
            "1.2",
            "\u{1F980}",
            "é",
            "e\u{301}",
            "a\0b",
            " a",
            "a ",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z%_*. ]{0,4}",
    ]
}

fn release() -> impl Strategy<Value = String> {
    prop_oneof![text(), text().prop_map(|text| text + "*")]
}

fn filter() -> impl Strategy<Value = SessionFilter> {
    let clear = (
        prop::option::of(0..3_u64),
        prop::option::of(0..40_u64),
        prop::option::of(0..40_u64),
        prop::option::of(0..3_u8),
        prop::option::of(any::<bool>()),
        prop::option::of(release()),
        prop::option::of(text()),
        prop::option::of(0..20_000_u64),
    );
    (clear, vec((text(), 0..3_u64), 0..3), predicate()).prop_map(
        |((project, from, to, state, has_error, release, browser, min_duration_ms), tokens, only)| SessionFilter {
            project: project.map(project_id),
            from: from.map(at),
            to: to.map(at),
            state: state
                .map(|state| [SessionState::Live, SessionState::Closed, SessionState::Erased][usize::from(state)]),
            has_error,
            release,
            browser,
            os: None,
            min_duration_ms,
            tokens: tokens.into_iter().map(|(kind, token)| (kind, hash(token))).collect(),
            label: None,
            only,
        },
    )
}

/// A decision over what the sequence's sessions are like.
pub(crate) fn predicate() -> impl Strategy<Value = Predicate> {
    let test = prop_oneof![
        vec(0..3_u64, 0..3).prop_map(|projects| Test::ProjectIn(projects.into_iter().map(project_id).collect())),
        any::<bool>().prop_map(|normal| Test::SensitivityIs(sensitivity(normal))),
        vec(0..3_usize, 0..3)
            .prop_map(|words| Test::EnvironmentIn(words.into_iter().filter_map(environment).collect())),
        vec(0..4_u64, 0..3).prop_map(|labels| Test::LabelIn(labels.into_iter().map(hash).collect())),
        vec(0..3_u64, 0..3).prop_map(|people| Test::SubjectIn(people.into_iter().map(subject_id).collect())),
        (0..40_u64).prop_map(|from| Test::StartedFrom(at(from))),
        (0..40_u64).prop_map(|before| Test::StartedBefore(at(before))),
    ];
    let leaf = prop_oneof![
        1 => Just(Predicate::Always),
        1 => Just(Predicate::Never),
        6 => test.prop_map(Predicate::Test),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|parts| Predicate::All(parts.into())),
            vec(inner.clone(), 0..4).prop_map(|parts| Predicate::Any(parts.into())),
            inner.clone().prop_map(|part| Predicate::Not(Box::new(part))),
            inner.prop_map(|part| Predicate::Perhaps(Box::new(part))),
        ]
    })
}

/// Two environments, and none.
pub(crate) fn environment(number: usize) -> Option<Environment> {
    ["production", "staging"].get(number).map(|word| word.parse().unwrap())
}

pub(crate) const fn sensitivity(normal: bool) -> Sensitivity {
    if normal { Sensitivity::Normal } else { Sensitivity::Restricted }
}

/// By number, so that a call is printed short.
pub(crate) const VALIDATIONS: [Validation; 4] =
    [Validation::Valid, Validation::Repaired, Validation::Gaps, Validation::Corrupt];

fn touch() -> impl Strategy<Value = SessionTouch> {
    let times = (prop::option::of(0..40_u64), prop::option::of(0..40_u64), 0..40_u64, any::<bool>());
    let counts = (0..5_u64, 0..3_u64, 0..2_u64, 0..4_usize, prop::option::of(0..3_u32));
    (times, counts).prop_map(|((first, last, received, finish_hint), (events, errors, gaps, validation, summary))| {
        SessionTouch {
            segments: 1,
            events,
            bytes_stored: events * 100,
            bytes_raw: events * 999,
            errors,
            gaps,
            first_event_at: first.map(at),
            // The database refuses a negative duration; the caller never sends one.
            last_event_at: last.map(|last| at(last.max(first.unwrap_or(0)))).or(first.map(at)),
            received_at: at(received),
            finish_hint,
            validation: VALIDATIONS[validation],
            last_page: summary.map(|_: u32| vec![1, 2]),
        }
    })
}

fn factor() -> impl Strategy<Value = Op> {
    (0..4_u64, 0..2_u64, 0..4_u64, 0..6_u8).prop_map(|(i, member, counter, action)| Op::Factor {
        i,
        member,
        counter,
        action,
    })
}

fn recovery() -> impl Strategy<Value = Op> {
    (0..12_u16, 0..2_u64, 0..3_u64, 0..3_u8).prop_map(|(n, member, code, action)| Op::Recovery {
        n,
        member,
        code,
        action,
    })
}

fn challenge() -> impl Strategy<Value = Op> {
    (0..3_u64, 0..2_u64, 0..700_u64, 0..4_u8).prop_map(|(i, member, now, action)| Op::Challenge {
        i,
        member,
        now,
        action,
    })
}

fn attempt() -> impl Strategy<Value = Op> {
    (0..2_u64, 0..40_u64, 0..4_u32, any::<bool>()).prop_map(|(member, now, most, clear)| Op::Attempt {
        member,
        now,
        most,
        clear,
    })
}

/// Any call.
pub(crate) fn op() -> impl Strategy<Value = Op> {
    let (i, s, now) = (0..3_u64, 0..3_u64, 0..40_u64);
    prop_oneof![
        (0..4_u8, 1..4_u32, 0..3_u8, 0..3_u32).prop_map(|(kind, version, state, parent)| Op::Key {
            kind,
            version,
            state,
            parent
        }),
        (i.clone(), text()).prop_map(|(i, name)| Op::Project { i, name }),
        (i.clone(), i.clone(), text()).prop_map(|(i, project, origin)| Op::AgentKey { i, project, origin }),
        (i.clone(), i.clone(), now.clone()).prop_map(|(i, project, now)| Op::AgentKeyRevoke { i, project, now }),
        (i.clone(), i.clone(), text()).prop_map(|(i, person, role)| Op::Member { i, person, role }),
        (i.clone(), text(), text()).prop_map(|(i, old, new)| Op::Password { i, old, new }),
        (i.clone(), any::<bool>()).prop_map(|(i, from)| Op::MemberState { i, from }),
        (i.clone(), i.clone(), i.clone()).prop_map(|(i, member, refresh)| Op::Login { i, member, refresh }),
        (i.clone(), i.clone(), i.clone(), now.clone()).prop_map(|(i, presented, successor, now)| Op::Rotate {
            i,
            presented,
            successor,
            now
        }),
        (i.clone(), any::<bool>(), now.clone()).prop_map(|(i, all, now)| Op::Revoke { i, all, now }),
        factor(),
        recovery(),
        challenge(),
        attempt(),
        (0..2_u64, prop::option::of(0..4_u8), 0..3_u8).prop_map(|(hash, slug, action)| Op::Credential {
            hash,
            slug,
            action
        }),
        (i.clone(), i.clone(), s.clone()).prop_map(|(i, token, session)| Op::Subject { i, token, session }),
        (s.clone(), i.clone(), prop::option::of(text()), text(), now.clone(), any::<bool>()).prop_map(
            |(i, project, release, browser, started, normal)| Op::Session {
                i,
                project,
                release,
                browser,
                started,
                normal
            }
        ),
        (s.clone(), now.clone(), prop::option::of(0..9_u32)).prop_map(|(session, now, declare)| Op::Tab {
            session,
            now,
            declare
        }),
        (s.clone(), 0..2_u16, 0..4_u32, now.clone(), 0..9_i64, 1..3_u32, any::<bool>()).prop_map(
            |(session, tab, n, seconds, span, generation, snapshot)| Op::Segment {
                session,
                tab,
                n,
                seconds,
                span,
                generation,
                snapshot
            }
        ),
        (s.clone(), touch()).prop_map(|(session, touch)| Op::Touch { session, touch }),
        (s.clone(), now.clone()).prop_map(|(session, now)| Op::Hint { session, now }),
        (s.clone(), i.clone(), 0..4_u8, prop::option::of(text()))
            .prop_map(|(session, i, validation, detail)| Op::Gap { session, i, validation, detail }),
        (s.clone(), 1..3_u32, 0..3_u64, now.clone()).prop_map(|(session, rev, segments, now)| Op::Seal {
            session,
            rev,
            segments,
            now
        }),
        (s.clone(), vec((text(), 0..3_u64), 0..4)).prop_map(|(session, tokens)| Op::Tokens { session, tokens }),
        (s.clone(), 0..9_u64, now.clone()).prop_map(|(session, i, now)| Op::View { session, i, now }),
        (i.clone(), 0..3_u8, now.clone(), text()).prop_map(|(i, slot, due, payload)| Op::Job { i, slot, due, payload }),
        (now.clone(), 0..5_u8).prop_map(|(now, end)| Op::Work { now, end }),
        (0..6_u64, i.clone(), 0..3_u8, any::<bool>(), 0..4_u8, now.clone())
            .prop_map(|(i, member, mail, inbox, mark, now)| Op::Notice { i, member, mail, inbox, mark, now }),
        (i.clone(), text(), any::<bool>(), 0..3_u8, now.clone())
            .prop_map(|(member, kind, inbox, mail, now)| Op::Preference { member, kind, inbox, mail, now }),
        (i.clone(), any::<bool>(), 0..4_u8, now.clone()).prop_map(|(i, to_member, settle, now)| Op::Letter {
            i,
            to_member,
            settle,
            now
        }),
        now.clone().prop_map(|now| Op::Tidy { now }),
        (filter(), prop::option::of((now.clone(), s.clone())), 0..5_u64).prop_map(|(filter, after, limit)| Op::List {
            filter,
            after,
            limit
        }),
        (s, 0..2_u16, 0..4_u32, now).prop_map(|(session, tab, n, seconds)| Op::Read { session, tab, n, seconds }),
        predicate().prop_map(|only| Op::Overview { only }),
        identity(),
    ]
}

fn identity() -> impl Strategy<Value = Op> {
    prop_oneof![
        (few(), few(), few(), 0..4_u8).prop_map(|(i, email, token, action)| Op::Invitation { i, email, token, action }),
        (few(), few(), 0..40_u64, any::<bool>()).prop_map(|(i, member, now, all)| Op::Reset { i, member, now, all }),
        (few(), few(), 0..40_u64, 0..3_u8).prop_map(|(i, member, now, action)| Op::ApiKey { i, member, now, action }),
        (few(), few()).prop_map(|(i, member)| Op::Unbind { i, member }),
        (0..2_u8, 0..2_u64, 1..4_u32, 1..9_u64, 0..40_u64).prop_map(|(kind, key, burst, every, now)| Op::Count {
            kind,
            key,
            burst,
            every,
            now
        }),
    ]
}

const fn few() -> std::ops::Range<u64> {
    0..4
}

/// Any call on the audit log and what belongs to it; and those that tell whose session it is.
pub(crate) fn log() -> impl Strategy<Value = Op> {
    let now = || 0..40_u64;
    let (size, number) = (0..9_u64, 0..3_usize);
    prop_oneof![
        4 => (0..3_u64, number.clone(), number.clone(), 0..5_u64, 0..4_usize, now(), any::<bool>()).prop_map(
            |(i, actor, act, object, outcome, now, detail)| Op::Leaf { i, actor, act, object, outcome, now, detail }
        ),
        4 => asked().prop_map(|asked| Op::Events { asked }),
        2 => now().prop_map(|now| Op::Place { now }),
        1 => (size.clone(), now()).prop_map(|(size, now)| Op::Checkpoint { size, now }),
        1 => (prop::option::of(0..5_usize), now(), prop::option::of(0..9_u64))
            .prop_map(|(reason, now, place)| Op::Alarm { reason, now, place }),
        2 => (few(), 0..11_u64, 0..11_u64, 0..200_u64, 0..6_u8)
            .prop_map(|(i, done, to, now, action)| Op::AuditExport { i, done, to, now, action }),
        4 => (few(), size.clone(), size, now(), 0..9_u8, text())
            .prop_map(|(i, from, to, now, action, name)| Op::Sink { i, from, to, now, action, name }),
        4 => (0..6_u64, 0..2_u64, 0..4_u32, now(), 0..8_u8)
            .prop_map(|(i, sink, attempts, now, action)| Op::Delivery { i, sink, attempts, now, action }),
        1 => (0..2_u64, 0..2_u64).prop_map(|(i, token)| Op::Subject { i, token, session: 0 }),
    ]
}

fn asked() -> impl Strategy<Value = Asked> {
    let rarely = |seconds: std::ops::Range<u64>| prop::option::weighted(0.2, seconds);
    let words = (
        prop::option::weighted(0.3, 0..3_usize),
        prop::option::weighted(0.3, 0..5_u64),
        any::<bool>(),
        prop::option::weighted(0.3, 0..3_usize),
        prop::option::weighted(0.3, 0..3_usize),
    );
    (words, rarely(0..40), rarely(0..40), rarely(0..2), rarely(0..40), 0..6_u64).prop_map(
        |((actor, object, kind, act, outcome), from, to, about, before, limit)| Asked {
            actor,
            object,
            kind,
            act,
            outcome,
            from,
            to,
            about,
            before,
            limit,
        },
    )
}
