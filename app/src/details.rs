//! What is put on record beside a leaf: personal, so sealed under the key of the person it is about and bound to the leaf by
//! salted commitments. Whoever destroys that key erases their part; another person's part stays readable, and the log still
//! proves itself.
//!
//! **Design.** A [`Telling`] has at most two parts: about whoever acts, under their key, and about whom they act upon, under
//! that person's. What is about one of them is never in the other's. Where somebody acts from and what their act changes are
//! told as far as the keys are to be had: an account is disabled also when its owner's key does not open. A reason that
//! somebody has to give is part of the act, and without its key there is no act.
//!
//! **How to add one more field.** A typed one in [`Told`], never a header or a body whole (`threats.md` 32), and where it is
//! shown in `api`. One more thing that changes is a variant of [`Changed`].

use std::sync::Arc;

use domain::{AuditId, Entropy, MemberId, PersonKeyId, Place, TenantId};
use ledger::{About, Commitment, Detail, Part, Parts};
use policy::access::{Can, Permit};
use serde::{Deserialize, Serialize};
use store::TenantRead;
use vault::{
    Key32,
    seal::{self, Codec, Kind, ObjectContext},
};

use crate::{
    AppError,
    auth::{CoarsePlace, member_of},
    columns,
    keys::Keys,
};

/// What is told about one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    /// The network they act from: a /24 of version 4 or a /48 of version 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) network: Option<String>,
    /// The family of their browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) browser: Option<String>,
    /// Why somebody says that they act: in the part of whom it speaks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// What the act changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<Change>,
}

/// One thing that an act changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// What.
    pub what: Changed,
    /// What it was; `None` when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it is; `None` when there is none any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What an act can change about a person. Values are closed words, ids and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changed {
    /// A role of theirs: a built-in one's name, or the id of one of the tenant's own.
    Role,
    /// Their account: `active` or `disabled`.
    State,
    /// How many second factors they have.
    Factors,
}

impl Changed {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::State => "state",
            Self::Factors => "factors",
        }
    }
}

impl Told {
    /// A reason.
    pub(crate) fn reason(reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..Self::default() }
    }

    /// A change.
    pub(crate) fn change(what: Changed, before: Option<&str>, after: Option<&str>) -> Self {
        let change = Change { what, before: before.map(str::to_owned), after: after.map(str::to_owned) };
        Self { changes: vec![change], ..Self::default() }
    }

    /// With where somebody acts from.
    pub(crate) fn placed(self, place: Option<Place>) -> Self {
        match place {
            Some(place) => self.and(CoarsePlace::from(place).into()),
            None => self,
        }
    }

    /// With what another one tells.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            network: self.network.or(other.network),
            browser: self.browser.or(other.browser),
            reason: self.reason.or(other.reason),
            changes: [self.changes, other.changes].concat(),
        }
    }
}

impl From<CoarsePlace> for Told {
    fn from(CoarsePlace { network, browser }: CoarsePlace) -> Self {
        Self { network: Some(network), browser, ..Self::default() }
    }
}

/// What is told beside a leaf; nothing, unless something is added.
#[derive(Default)]
pub(crate) struct Telling {
    actor: Option<Voice>,
    subject: Option<Voice>,
}

/// What is told about one person, and the key that seals it.
struct Voice {
    person: PersonKeyId,
    key: Arc<Key32>,
    told: Told,
}

impl Telling {
    /// What whoever acts tells about themselves.
    pub(crate) fn by(person: PersonKeyId, key: Arc<Key32>, told: Told) -> Self {
        Self { actor: Some(Voice { person, key, told }), subject: None }
    }

    /// Where the permit's member, or their program, acts from; nothing for tasks and agents, and when the member's key is not
    /// to be had.
    pub(crate) async fn of<A: Can>(keys: &Keys, read: &TenantRead, permit: &Permit<A>) -> Self {
        let (Some(place), Ok(member)) = (permit.place(), member_of(permit.actor())) else { return Self::default() };
        let (person, key) = match key_of_member(keys, read, member).await {
            Ok(found) => found,
            Err(error) => {
                untold(&error);
                return Self::default();
            }
        };
        Self::by(person, key, CoarsePlace::from(place).into())
    }

    /// With why whoever acts says that they do.
    ///
    /// # Errors
    /// When there is no key of theirs to seal it under.
    pub(crate) fn because(mut self, reason: &str) -> Result<Self, AppError> {
        self.actor.as_mut().ok_or(AppError::KEY_MISSING)?.told.reason = Some(reason.to_owned());
        Ok(self)
    }

    /// The same for an act that must not wait for a key: without one, why is told nobody.
    pub(crate) fn because_if_sealed(mut self, reason: &str) -> Self {
        match &mut self.actor {
            Some(actor) => actor.told.reason = Some(reason.to_owned()),
            None => untold(&AppError::KEY_MISSING),
        }
        self
    }

    /// With what is told about whom they act upon, under the key of that person.
    pub(crate) fn about(mut self, person: PersonKeyId, key: Arc<Key32>, told: Told) -> Self {
        match &mut self.actor {
            // Somebody who acts upon themselves is one person.
            Some(actor) if actor.person == person => actor.told = std::mem::take(&mut actor.told).and(told),
            _ => self.subject = Some(Voice { person, key, told }),
        }
        self
    }

    /// The same about a member, as far as their key is to be had.
    pub(crate) async fn about_member(self, keys: &Keys, read: &TenantRead, member: MemberId, told: Told) -> Self {
        match key_of_member(keys, read, member).await {
            Ok((person, key)) => self.about(person, key, told),
            Err(error) => {
                untold(&error);
                self
            }
        }
    }

    /// Seals it for the leaf `id`: the bytes that lie beside the leaf, and what goes into it.
    pub(crate) fn seal(
        self,
        tenant: TenantId,
        id: AuditId,
        entropy: &dyn Entropy,
    ) -> Result<Option<(Vec<u8>, Commitment)>, AppError> {
        let sealed =
            |voice: Option<Voice>, about| voice.map(|voice| voice.seal(tenant, id, about, entropy)).transpose();
        let (actor, subject) = (sealed(self.actor, About::Actor)?, sealed(self.subject, About::Subject)?);
        let parts =
            Parts { actor: actor.as_ref().map(|(_, part)| *part), subject: subject.as_ref().map(|(_, part)| *part) };
        let Some(commitment) = parts.commitment() else { return Ok(None) };
        let stored = match (actor, subject) {
            (Some((actor, _)), None) => Stored::Alone(actor),
            (actor, Some(subject)) => {
                let known =
                    |(sealed, part): (Kept, Part)| Kept { commitment: Some(part.commitment.to_text()), ..sealed };
                Stored::Joined(Joined { actor: actor.map(known), subject: known(subject) })
            }
            (None, None) => return Ok(None),
        };
        Ok(Some((serde_json::to_vec(&stored).map_err(AppError::internal)?, commitment)))
    }
}

impl Voice {
    fn seal(
        self,
        tenant: TenantId,
        id: AuditId,
        about: About,
        entropy: &dyn Entropy,
    ) -> Result<(Kept, Part), AppError> {
        let detail = Detail::new(&serde_json::to_vec(&self.told).map_err(AppError::internal)?, entropy);
        let sealed = seal::seal(&self.key, &context(tenant, id, about), Codec::Raw, detail.to_seal(), entropy);
        let part = Part { key: self.person, commitment: detail.commitment() };
        Ok((Kept { person: self.person, sealed, commitment: None }, part))
    }
}

/// The key that seals what is a member's, through `read`.
async fn key_of_member(
    keys: &Keys,
    read: &TenantRead,
    member: MemberId,
) -> Result<(PersonKeyId, Arc<Key32>), AppError> {
    let row = read.member_find(member).await?.ok_or(AppError::NotFound { kind: "member" })?;
    Ok((row.person_key_id, keys.person_by(read, row.person_key_id).await?))
}

/// Nobody learns where somebody acted from, or what their act changed: that is counted, and no reason not to act.
fn untold(error: &AppError) {
    if !matches!(error, AppError::Gone { .. }) {
        metrics::counter!("sealtape_audit_details_untold_total").increment(1);
        tracing::warn!(error = %error, "an entry of the audit log goes without a detail: its key is not to be had");
    }
}

/// As it lies beside a leaf. What is about the acting person alone has the form it had before there were two parts.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Stored {
    /// One part, about whoever acted.
    Alone(Kept),
    /// The parts there are.
    Joined(Joined),
}

/// Parts about two people, or about somebody who did not act.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Joined {
    /// About whoever acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actor: Option<Kept>,
    /// About whom they acted upon.
    subject: Kept,
}

/// One part.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    /// Whose key opens it.
    pub(crate) person: PersonKeyId,
    #[serde(with = "base64_text")]
    sealed: Vec<u8>,
    /// What it hashes to, in parts that are joined: when this one is erased, the other can still be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commitment: Option<String>,
}

impl Stored {
    /// Its parts with what each must hash to, when they are what the leaf commits to.
    pub(crate) fn parts(
        &self,
        id: AuditId,
        committed: Commitment,
    ) -> Result<Vec<(About, &Kept, Commitment)>, AppError> {
        let Joined { actor, subject } = match self {
            Self::Alone(sealed) => return Ok(vec![(About::Actor, sealed, committed)]),
            Self::Joined(joined) => joined,
        };
        let part = |sealed: &Kept| {
            let commitment = sealed.commitment.as_deref().and_then(Commitment::from_text);
            commitment.map(|commitment| Part { key: sealed.person, commitment }).ok_or_else(|| contradicted(id))
        };
        let parts = Parts { actor: actor.as_ref().map(part).transpose()?, subject: Some(part(subject)?) };
        if parts.commitment() != Some(committed) {
            return Err(contradicted(id));
        }
        let actor = parts.actor.zip(actor.as_ref()).map(|(part, sealed)| (About::Actor, sealed, part.commitment));
        let subject = parts.subject.map(|part| (About::Subject, subject, part.commitment));
        Ok(actor.into_iter().chain(subject).collect())
    }
}

impl Kept {
    /// Opens it with the person's key; what the leaf does not commit to is refused.
    pub(crate) fn open(
        &self,
        key: &Key32,
        (tenant, id, about): (TenantId, AuditId, About),
        committed: Commitment,
    ) -> Result<Told, AppError> {
        let detail = self.open_salted(key, (tenant, id, about), committed)?;
        serde_json::from_slice(detail.detail()).map_err(AppError::internal)
    }

    fn open_salted(
        &self,
        key: &Key32,
        (tenant, id, about): (TenantId, AuditId, About),
        committed: Commitment,
    ) -> Result<Detail, AppError> {
        let opened = seal::open(key, &context(tenant, id, about), &self.sealed).ok();
        let detail = opened.and_then(|opened| Detail::from_opened(opened.plaintext));
        detail.filter(|detail| detail.commitment() == committed).ok_or_else(|| contradicted(id))
    }
}

/// A part of what lies beside a leaf, for somebody who checks it against the leaf on their own.
pub(crate) struct OpenPart {
    /// Whom it is about.
    pub(crate) about: About,
    /// Whose key opens it: of several parts, the leaf commits to that, too.
    pub(crate) person: PersonKeyId,
    /// What it says, and what ties that to the leaf.
    pub(crate) said: Said,
}

/// What a part says, or what is left of it.
pub(crate) enum Said {
    /// It, with its salt.
    Open(Detail),
    /// Its key was destroyed: what it hashes to, without which the other part cannot be checked.
    Erased(Commitment),
}

/// Opens everything that lies beside the leaf `id`, as far as it can be opened. Nothing, when all of it is erased.
///
/// # Errors
/// [`AppError::Conflict`] `integrity-fail` when it is not what the leaf commits to, or is gone.
pub(crate) async fn open_all(
    keys: &Keys,
    read: &TenantRead,
    id: AuditId,
    committed: Commitment,
) -> Result<Vec<OpenPart>, AppError> {
    let stored = read.audit_detail_find(id).await?;
    let stored = stored.and_then(|stored| serde_json::from_slice::<Stored>(&stored).ok());
    let stored = stored.ok_or_else(|| contradicted(id))?;
    let mut parts = Vec::new();
    for (about, part, commitment) in stored.parts(id, committed)? {
        let said = match keys.person_by(read, part.person).await {
            Ok(key) => Said::Open(part.open_salted(&key, (read.tenant(), id, about), commitment)?),
            Err(AppError::Gone { .. }) => Said::Erased(commitment),
            // Keys are destroyed, never removed: one that never was is not waited for.
            Err(AppError::Unavailable { .. }) if read.person_key_find(part.person).await?.is_none() => {
                return Err(contradicted(id));
            }
            Err(error) => return Err(error),
        };
        parts.push(OpenPart { about, person: part.person, said });
    }
    if parts.iter().all(|part| matches!(part.said, Said::Erased(_))) {
        parts.clear();
    }
    Ok(parts)
}

/// What lies beside a leaf is not what the leaf says.
pub(crate) fn contradicted(id: AuditId) -> AppError {
    metrics::counter!("sealtape_integrity_failures_total", "kind" => "ledger").increment(1);
    tracing::error!(audit.id = %id, "the detail beside a leaf is not the one that it commits to");
    AppError::Conflict {
        code: "integrity-fail",
        detail: "the detail is not the one that the log holds".to_owned(),
        next: None,
    }
}

const fn context(tenant: TenantId, id: AuditId, about: About) -> ObjectContext {
    let number = match about {
        About::Actor => columns::AUDIT_DETAIL,
        About::Subject => columns::AUDIT_DETAIL_SUBJECT,
    };
    ObjectContext { kind: Kind::Metadata, tenant, object: id.uuid(), number, generation: 1 }
}

mod base64_text {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(|_| D::Error::custom("not base64"))
    }
}
