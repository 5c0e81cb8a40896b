//! One audit row.

use std::{borrow::Cow, str::FromStr};

use domain::{
    AgentKeyId, ApiKeyId, AuditExportId, AuditId, FactorId, GrantId, InvitationId, LoginId, MemberId, ProjectId,
    ProposalId, RequestId, RoleBindingId, RoleId, SessionId, SinkId, SubjectId, TenantId, Timestamp,
};
use serde::Deserialize;

use uuid::Uuid;

use crate::{
    Commitment,
    canonical::{IntegerRange, MAX_INTEGER},
};

/// The longest leaf in bytes.
pub const MAX_BYTES: usize = 4_096;

/// Most leaves are shorter.
const USUAL: usize = 512;
/// The longest `rule` in bytes.
const MAX_RULE: usize = 256;

/// How an actor came to its rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// By signing in.
    Login,
    /// With an agent key.
    AgentKey,
    /// With an API key.
    ApiKey,
    /// With one session's token.
    SessionToken,
    /// As a task of the server itself.
    Task,
    /// By a command on the machine.
    Command,
}

impl Via {
    const ALL: [Self; 6] = [Self::Login, Self::AgentKey, Self::ApiKey, Self::SessionToken, Self::Task, Self::Command];

    /// Its word in a leaf.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::AgentKey => "agent-key",
            Self::ApiKey => "api-key",
            Self::SessionToken => "session-token",
            Self::Task => "task",
            Self::Command => "command",
        }
    }
}

/// Who acted: an id or, for background work, a task's fixed name. Never a person's name or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in member.
    User(MemberId),
    /// The holder of an agent key.
    Agent(AgentKeyId),
    /// The holder of an API key, whose row names the member it acts for.
    ApiKey(ApiKeyId),
    /// The holder of a session's token.
    Session(SessionId),
    /// Background work, by the name of its task (lower-case letters and hyphens).
    Worker(Cow<'static, str>),
    /// Whoever runs the deployment. Nobody can tell who that was: it takes no sign-in.
    Operator,
}

impl Actor {
    /// Its kind, its id and how it came to its rights, as a leaf carries them.
    #[must_use]
    pub fn parts(&self) -> (&'static str, String, Via) {
        match self {
            Self::User(id) => ("user", id.to_string(), Via::Login),
            Self::Agent(id) => ("agent", id.to_string(), Via::AgentKey),
            Self::ApiKey(id) => ("key", id.to_string(), Via::ApiKey),
            Self::Session(id) => ("agent", id.to_string(), Via::SessionToken),
            Self::Worker(name) => ("worker", name.to_string(), Via::Task),
            Self::Operator => ("operator", "deployment".to_owned(), Via::Command),
        }
    }

    fn parse(kind: &str, id: &str, via: &str) -> Result<Self, LeafError> {
        let via = Via::ALL.into_iter().find(|v| v.as_str() == via).ok_or(LeafError::Word("actor.via"))?;
        match (kind, via) {
            ("user", Via::Login) => Ok(Self::User(parse_id(id)?)),
            ("agent", Via::AgentKey) => Ok(Self::Agent(parse_id(id)?)),
            ("key", Via::ApiKey) => Ok(Self::ApiKey(parse_id(id)?)),
            ("agent", Via::SessionToken) => Ok(Self::Session(parse_id(id)?)),
            ("worker", Via::Task) => Ok(Self::Worker(Cow::Owned(id.to_owned()))),
            ("operator", Via::Command) if id == "deployment" => Ok(Self::Operator),
            _ => Err(LeafError::Word("actor.k")),
        }
    }
}

/// What was acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Object {
    /// The tenant itself.
    Tenant(TenantId),
    /// A project.
    Project(ProjectId),
    /// A session.
    Session(SessionId),
    /// An agent key.
    AgentKey(AgentKeyId),
    /// A member.
    Member(MemberId),
    /// A member's sign-in.
    Login(LoginId),
    /// A recorded person, by random id.
    Subject(SubjectId),
    /// A member's second factor.
    Factor(FactorId),
    /// An access request, and the grant that came of it.
    Grant(GrantId),
    /// A proposal of the two-person rule.
    Proposal(ProposalId),
    /// An invitation.
    Invitation(InvitationId),
    /// A member in a role.
    RoleBinding(RoleBindingId),
    /// A role of the tenant's own.
    Role(RoleId),
    /// An API key.
    ApiKey(ApiKeyId),
    /// An export of this log.
    AuditExport(AuditExportId),
    /// A receiver of the audit log outside.
    Webhook(SinkId),
}

impl Object {
    /// Its kind and its id, as a leaf carries them.
    #[must_use]
    pub fn parts(self) -> (&'static str, String) {
        let (kind, id) = self.kind_and_id();
        (kind, id.to_string())
    }

    const fn kind_and_id(self) -> (&'static str, Uuid) {
        match self {
            Self::Tenant(id) => ("tenant", id.uuid()),
            Self::Project(id) => ("project", id.uuid()),
            Self::Session(id) => ("session", id.uuid()),
            Self::AgentKey(id) => ("agent-key", id.uuid()),
            Self::Member(id) => ("member", id.uuid()),
            Self::Login(id) => ("login", id.uuid()),
            Self::Subject(id) => ("subject", id.uuid()),
            Self::Factor(id) => ("factor", id.uuid()),
            Self::Grant(id) => ("grant", id.uuid()),
            Self::Proposal(id) => ("proposal", id.uuid()),
            Self::Invitation(id) => ("invitation", id.uuid()),
            Self::RoleBinding(id) => ("role-binding", id.uuid()),
            Self::Role(id) => ("role", id.uuid()),
            Self::ApiKey(id) => ("api-key", id.uuid()),
            Self::AuditExport(id) => ("audit-export", id.uuid()),
            Self::Webhook(id) => ("webhook", id.uuid()),
        }
    }

    /// The object of this kind and id; `None` when there is no such kind or it has no such ids.
    #[must_use]
    pub fn of(kind: &str, id: &str) -> Option<Self> {
        Self::parse(kind, id).ok()
    }

    fn parse(kind: &str, id: &str) -> Result<Self, LeafError> {
        Ok(match kind {
            "tenant" => Self::Tenant(parse_id(id)?),
            "project" => Self::Project(parse_id(id)?),
            "session" => Self::Session(parse_id(id)?),
            "agent-key" => Self::AgentKey(parse_id(id)?),
            "member" => Self::Member(parse_id(id)?),
            "login" => Self::Login(parse_id(id)?),
            "subject" => Self::Subject(parse_id(id)?),
            "factor" => Self::Factor(parse_id(id)?),
            "grant" => Self::Grant(parse_id(id)?),
            "proposal" => Self::Proposal(parse_id(id)?),
            "invitation" => Self::Invitation(parse_id(id)?),
            "role-binding" => Self::RoleBinding(parse_id(id)?),
            "role" => Self::Role(parse_id(id)?),
            "api-key" => Self::ApiKey(parse_id(id)?),
            "audit-export" => Self::AuditExport(parse_id(id)?),
            "webhook" => Self::Webhook(parse_id(id)?),
            _ => return Err(LeafError::Word("obj.k")),
        })
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Allow,
    /// It was refused.
    Deny,
    /// It failed half-way.
    Error,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Allow, Self::Deny, Self::Error];

    /// Its word in a leaf.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Error => "error",
        }
    }

    /// The outcome of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// One audit row. Its canonical bytes are what is stored; see [`Leaf::to_bytes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// This row's id.
    pub id: AuditId,
    /// When it happened.
    pub t: Timestamp,
    /// In whose tenant.
    pub tenant: TenantId,
    /// Who did it.
    pub actor: Actor,
    /// What was done: an action's name, `resource.verb`.
    pub act: Cow<'static, str>,
    /// To what.
    pub obj: Object,
    /// How it ended.
    pub out: Outcome,
    /// The policy version and rule that decided: `access@1/engineer/session.view`.
    pub rule: String,
    /// The request or run that it was part of.
    pub req: RequestId,
    /// The commitment to the sealed detail, when there is one.
    pub d: Option<Commitment>,
}

/// Why something is not a leaf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// A field holds text that is not one of its words: free text could carry personal data.
    #[error("{0} is not a word that a leaf may hold")]
    Word(&'static str),
    /// Longer than [`MAX_BYTES`].
    #[error("a leaf of {0} bytes is longer than {MAX_BYTES}")]
    TooLong(usize),
    /// The time is beyond what JSON integers keep exactly.
    #[error("the time cannot be written")]
    Time(#[source] IntegerRange),
    /// The bytes are not a leaf's JSON.
    #[error("not a leaf: {0}")]
    Json(String),
    /// The bytes are a leaf, but not in canonical form: somebody serialised it again.
    #[error("not in canonical form")]
    NotCanonical,
}

impl Leaf {
    /// The canonical bytes: RFC 8785, at most [`MAX_BYTES`], ASCII only.
    ///
    /// # Errors
    /// [`LeafError`] when a field holds more than a word, or the whole is too long.
    pub fn to_bytes(&self) -> Result<Vec<u8>, LeafError> {
        if !self.act.split_once('.').is_some_and(|(resource, verb)| is_word(resource) && is_word(verb)) {
            return Err(LeafError::Word("act"));
        }
        if self.rule.len() > MAX_RULE || !self.rule.bytes().all(|b| b.is_ascii_alphanumeric() || b"@/.-:".contains(&b))
        {
            return Err(LeafError::Word("rule"));
        }
        if let Actor::Worker(name) = &self.actor
            && !is_word(name)
        {
            return Err(LeafError::Word("actor.id"));
        }
        let t = self.t.as_micros();
        if !(-MAX_INTEGER..=MAX_INTEGER).contains(&t) {
            return Err(LeafError::Time(IntegerRange(t)));
        }
        // Members in the order of their names; nothing in them has to be escaped, and nothing is sorted or copied twice: a
        // log of millions is written, checked and hashed through here.
        let (actor_kind, actor_id, via) = self.actor.parts();
        let (obj_kind, obj_id) = self.obj.kind_and_id();
        let mut text = String::with_capacity(USUAL);
        text.extend(["{\"act\":\"", &self.act, "\",\"actor\":{\"id\":\"", &actor_id, "\",\"k\":\"", actor_kind]);
        text.extend(["\",\"via\":\"", via.as_str(), "\"}"]);
        if let Some(commitment) = self.d {
            text.extend([",\"d\":\"", &commitment.to_text(), "\""]);
        }
        push_id(&mut text, ",\"id\":\"", self.id.uuid());
        push_id(&mut text, "\",\"obj\":{\"id\":\"", obj_id);
        text.extend(["\",\"k\":\"", obj_kind, "\"},\"out\":\"", self.out.as_str()]);
        push_id(&mut text, "\",\"req\":\"", self.req.uuid());
        text.extend(["\",\"rule\":\"", &self.rule, "\",\"t\":", &t.to_string()]);
        push_id(&mut text, ",\"tenant\":\"", self.tenant.uuid());
        text.push_str("\",\"v\":1}");
        if text.len() > MAX_BYTES { Err(LeafError::TooLong(text.len())) } else { Ok(text.into_bytes()) }
    }

    /// Reads stored bytes, and refuses any that are not exactly what [`Leaf::to_bytes`] writes.
    ///
    /// # Errors
    /// [`LeafError`] naming what is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LeafError> {
        if bytes.len() > MAX_BYTES {
            return Err(LeafError::TooLong(bytes.len()));
        }
        // What is in its one form is read in its one order; what is not, by a reader that can say what it is instead.
        let raw = match Raw::in_order(bytes) {
            Some(raw) => raw,
            None => serde_json::from_slice(bytes).map_err(|e| LeafError::Json(e.to_string()))?,
        };
        if raw.v != 1 {
            return Err(LeafError::Word("v"));
        }
        let leaf = Self {
            id: raw.id,
            t: Timestamp::from_micros(raw.t),
            tenant: raw.tenant,
            actor: Actor::parse(&raw.actor.k, &raw.actor.id, &raw.actor.via)?,
            act: Cow::Owned(raw.act.into_owned()),
            obj: Object::parse(&raw.obj.k, &raw.obj.id)?,
            out: Outcome::of_word(&raw.out).ok_or(LeafError::Word("out"))?,
            rule: raw.rule.into_owned(),
            req: raw.req,
            d: raw.d.map(|text| Commitment::from_text(&text).ok_or(LeafError::Word("d"))).transpose()?,
        };
        if leaf.to_bytes()? == bytes { Ok(leaf) } else { Err(LeafError::NotCanonical) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw<'a> {
    v: u8,
    id: AuditId,
    t: i64,
    tenant: TenantId,
    #[serde(borrow)]
    actor: RawActor<'a>,
    #[serde(borrow)]
    act: Cow<'a, str>,
    #[serde(borrow)]
    obj: RawObject<'a>,
    #[serde(borrow)]
    out: Cow<'a, str>,
    #[serde(borrow)]
    rule: Cow<'a, str>,
    req: RequestId,
    #[serde(borrow)]
    d: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawActor<'a> {
    k: Cow<'a, str>,
    id: Cow<'a, str>,
    via: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawObject<'a> {
    k: Cow<'a, str>,
    id: Cow<'a, str>,
}

impl<'a> Raw<'a> {
    /// Reads what [`Leaf::to_bytes`] writes, and only that; whoever asks compares the bytes all the same.
    fn in_order(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = InOrder(str::from_utf8(bytes).ok()?);
        let act = rest.text("{\"act\":\"")?;
        let actor = RawActor {
            id: rest.text("\"actor\":{\"id\":\"")?,
            k: rest.text("\"k\":\"")?,
            via: rest.last("\"via\":\"", "\"},")?,
        };
        let d = if rest.0.starts_with("\"d\"") { Some(rest.text("\"d\":\"")?) } else { None };
        let id = rest.text("\"id\":\"")?.parse().ok()?;
        let obj = RawObject { id: rest.text("\"obj\":{\"id\":\"")?, k: rest.last("\"k\":\"", "\"},")? };
        let out = rest.text("\"out\":\"")?;
        let req = rest.text("\"req\":\"")?.parse().ok()?;
        let rule = rest.text("\"rule\":\"")?;
        let t = rest.last("\"t\":", ",")?.parse().ok()?;
        let tenant = rest.text("\"tenant\":\"")?.parse().ok()?;
        (rest.0 == "\"v\":1}").then_some(Self { v: 1, id, t, tenant, actor, act, obj, out, rule, req, d })
    }
}

/// What is left of a leaf's text.
struct InOrder<'a>(&'a str);

impl<'a> InOrder<'a> {
    /// The text between `start` and the quotation mark and comma after it.
    fn text(&mut self, start: &str) -> Option<Cow<'a, str>> {
        self.last(start, "\",")
    }

    /// What is between `start` and `end`. What has to be unescaped is not read here.
    fn last(&mut self, start: &str, end: &str) -> Option<Cow<'a, str>> {
        let rest = self.0.strip_prefix(start)?;
        let length = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | b','))?;
        self.0 = rest[length..].strip_prefix(end)?;
        Some(Cow::Borrowed(&rest[..length]))
    }
}

fn push_id(text: &mut String, before: &str, id: Uuid) {
    text.push_str(before);
    text.push_str(id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()));
}

fn parse_id<T: FromStr>(text: &str) -> Result<T, LeafError> {
    text.parse().map_err(|_| LeafError::Word("id"))
}

/// Lower-case letters and single hyphens between them, at most 64 bytes.
fn is_word(text: &str) -> bool {
    text.len() <= 64 && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use domain::{Entropy, SeededEntropy};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Detail,
        canonical::{self, Value},
    };

    fn leaf(seed: u64, actor: usize, object: usize, micros: i64) -> Leaf {
        let entropy = SeededEntropy::new(seed);
        let now = Timestamp::from_millis(1_790_000_000_000);
        let mut text = [0; 4];
        entropy.fill(&mut text);
        Leaf {
            id: AuditId::mint(now, &entropy),
            t: Timestamp::from_micros(micros),
            tenant: TenantId::mint(now, &entropy),
            actor: match actor {
                0 => Actor::User(MemberId::mint(now, &entropy)),
                1 => Actor::Agent(AgentKeyId::mint(now, &entropy)),
                2 => Actor::Session(SessionId::mint(now, &entropy)),
                _ => Actor::Worker("session-finisher".into()),
            },
            act: "session.view".into(),
            obj: match object {
                0 => Object::Tenant(TenantId::mint(now, &entropy)),
                1 => Object::Project(ProjectId::mint(now, &entropy)),
                2 => Object::Session(SessionId::mint(now, &entropy)),
                3 => Object::AgentKey(AgentKeyId::mint(now, &entropy)),
                4 => Object::Member(MemberId::mint(now, &entropy)),
                5 => Object::Login(LoginId::mint(now, &entropy)),
                6 => Object::Subject(SubjectId::mint(now, &entropy)),
                _ => Object::Factor(FactorId::mint(now, &entropy)),
            },
            out: Outcome::ALL[usize::from(text[0]) % 3],
            rule: "access@1/engineer/session.view".to_owned(),
            req: RequestId::mint(now, &entropy),
            d: (text[1] % 2 == 0).then(|| Detail::new(&text, &entropy).commitment()),
        }
    }

    /// By the writer of RFC 8785, which sorts and escapes.
    fn general(leaf: &Leaf) -> Result<String, IntegerRange> {
        let (actor_kind, actor_id, via) = leaf.actor.parts();
        let (obj_kind, obj_id) = leaf.obj.parts();
        let actor = [("k", actor_kind.into()), ("id", actor_id.into()), ("via", via.as_str().into())];
        let mut members = vec![
            ("v", 1.into()),
            ("id", leaf.id.to_string().into()),
            ("t", leaf.t.as_micros().into()),
            ("tenant", leaf.tenant.to_string().into()),
            ("actor", canonical::object(actor)),
            ("act", Value::from(leaf.act.as_ref())),
            ("obj", canonical::object([("k", obj_kind.into()), ("id", obj_id.into())])),
            ("out", leaf.out.as_str().into()),
            ("rule", Value::from(leaf.rule.as_str())),
            ("req", leaf.req.to_string().into()),
        ];
        members.extend(leaf.d.map(|commitment| ("d", Value::from(commitment.to_text()))));
        Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()).canonical()
    }

    #[test]
    fn bytes_are_the_documented_ones() {
        let bytes = leaf(1, 0, 2, 1_790_000_000_123_456).to_bytes().expect("is a leaf");
        let text = String::from_utf8(bytes).expect("ASCII");
        let json: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
        assert_eq!(json["v"], 1);
        assert_eq!(json["t"], 1_790_000_000_123_456_i64);
        assert_eq!(json["actor"]["k"], "user");
        assert_eq!(json["actor"]["via"], "login");
        assert_eq!(json["obj"]["k"], "session");
        assert!(text.starts_with(r#"{"act":"session.view","actor":{"id":""#), "{text}");
        assert!(text.is_ascii());
    }

    #[test]
    fn free_text_is_refused() {
        let good = leaf(1, 3, 2, 0);
        for act in ["session", "session.", ".view", "Session.view", "session.view ada@example.test", "a--b.c", "a.b\n"]
        {
            let bad = Leaf { act: act.into(), ..good.clone() };
            assert_eq!(bad.to_bytes(), Err(LeafError::Word("act")), "{act:?}");
        }
        for rule in ["because Ada asked", "x\u{202e}", "a\"b", &"r".repeat(257)] {
            let bad = Leaf { rule: rule.to_owned(), ..good.clone() };
            assert_eq!(bad.to_bytes(), Err(LeafError::Word("rule")), "{rule:?}");
        }
        let bad = Leaf { actor: Actor::Worker("Ada Lovelace".into()), ..good.clone() };
        assert_eq!(bad.to_bytes(), Err(LeafError::Word("actor.id")));
        let bad = Leaf { t: Timestamp::from_micros(i64::MAX), ..good };
        assert!(matches!(bad.to_bytes(), Err(LeafError::Time(_))));
    }

    #[test]
    fn only_canonical_bytes_are_read_back() {
        let bytes = leaf(4, 1, 2, 5).to_bytes().expect("is a leaf");
        let text = String::from_utf8(bytes).expect("ASCII");
        assert!(Leaf::from_bytes(text.as_bytes()).is_ok());
        assert_eq!(Leaf::from_bytes(text.replace(':', ": ").as_bytes()), Err(LeafError::NotCanonical));
        assert_eq!(
            Leaf::from_bytes(text.replace("session.view\"", "session.vie\\u0077\"").as_bytes()),
            Err(LeafError::NotCanonical)
        );
        assert!(matches!(
            Leaf::from_bytes(text.replace("\"v\":1", "\"v\":1,\"x\":\"\"").as_bytes()),
            Err(LeafError::Json(_))
        ));
        assert_eq!(Leaf::from_bytes(text.replace("\"v\":1", "\"v\":2").as_bytes()), Err(LeafError::Word("v")));
        assert_eq!(Leaf::from_bytes(&vec![b' '; MAX_BYTES + 1]), Err(LeafError::TooLong(MAX_BYTES + 1)));
    }

    proptest! {
        #[test]
        fn bytes_round_trip(seed: u64, actor in 0_usize..4, object in 0_usize..8, micros in 0_i64..4_102_444_800_000_000) {
            let leaf = leaf(seed, actor, object, micros);
            let bytes = leaf.to_bytes().expect("is a leaf");
            prop_assert!(bytes.len() <= MAX_BYTES);
            prop_assert_eq!(Leaf::from_bytes(&bytes).expect("reads back"), leaf);
        }

        #[test]
        fn bytes_are_those_of_the_general_writer(seed: u64, actor in 0_usize..4, object in 0_usize..8, micros: i64) {
            let leaf = leaf(seed, actor, object, micros);
            let written = leaf.to_bytes().map(|bytes| String::from_utf8(bytes).expect("ASCII"));
            prop_assert_eq!(written, general(&leaf).map_err(LeafError::Time));
        }

        #[test]
        fn leaves_in_another_form_are_told_from_what_is_none(seed: u64, at in 0_usize..400, byte: u8) {
            let bytes = leaf(seed, 0, 2, 5).to_bytes().expect("is a leaf");
            let mut changed = bytes.clone();
            let at = at % bytes.len();
            changed[at] = byte;
            // Whichever of the two readers sees it first.
            if let Ok(read) = Leaf::from_bytes(&changed) {
                prop_assert_eq!(read.to_bytes().expect("is a leaf"), changed);
            } else {
                prop_assert_ne!(changed, bytes);
            }
        }

        #[test]
        fn any_bytes_are_refused_or_reproduced(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(leaf) = Leaf::from_bytes(&bytes) {
                prop_assert_eq!(leaf.to_bytes().expect("is a leaf"), bytes);
            }
        }
    }
}
