//! Challenges: one question to one member, for five minutes, five tries and one answer.
//!
//! A challenge is 256 random bits of which only the hash is stored. It names its member and purpose, and, for somebody who is
//! signed in, the login: an answer counts for nothing else. The tries of a challenge and those of its member over all
//! challenges are taken, durably, before the answer is looked at: parallel guesses are guesses one after another.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Entropy, LoginId, Secret, TenantId, Timestamp};
use sha2::{Digest as _, Sha256};
use store::{ChallengePurpose, FactorChallengeRow, FactorKind, FactorRow, MemberRow, TenantTx};
use uuid::Uuid;
use vault::seal::{self, Codec, Kind, ObjectContext};

use super::{Method, factor_context};
use crate::{
    AppError,
    auth::{Parts, password_mark},
    columns,
    keys::open_error,
    limits::Allowance,
};

/// The kind of credential index row that the challenge of a sign-in has: its tenant is not known before it is found.
const SIGN_IN: &str = "mfa-challenge";

/// Most challenges that are removed with one that is made; the rest is tidied.
const SWEPT: u64 = 100;

/// The one answer to a challenge that is unknown, over, answered or used up. Not 401: a client that holds a token would take
/// that for the token's end, and try again with a new one.
pub(super) const ENDED: AppError = AppError::Forbidden {
    code: "challenge-ended",
    detail: "this challenge is over or was never handed out; begin again",
};

/// The answer to a proof that is wrong or was used before.
pub(super) const WRONG: AppError =
    AppError::Forbidden { code: "factor-wrong", detail: "this code or key does not prove it, or was used before" };

/// What a member is asked.
#[derive(Debug)]
pub struct Challenge {
    /// Names the challenge; to be sent back with the proof.
    pub challenge: Secret<String>,
    /// Seconds until it ends.
    pub expires_in: u64,
    /// Answers it takes before it ends.
    pub tries: u32,
    /// What this member can answer with.
    pub methods: Vec<Method>,
    /// The options for `navigator.credentials`, when a security key can answer.
    pub webauthn: Option<serde_json::Value>,
}

/// A challenge that is to be made.
pub(super) struct Question<'a> {
    pub(super) purpose: ChallengePurpose,
    pub(super) login: Option<LoginId>,
    /// What the security key is asked; none when none is.
    pub(super) state: Option<&'a [u8]>,
    /// For a sign-in: what the challenge is bound to.
    pub(super) mark: Option<[u8; 32]>,
    /// Now.
    pub(super) at: Timestamp,
}

/// A taken try of a challenge: who must answer it, and what their security keys were asked.
pub(super) struct Taken {
    pub(super) row: FactorChallengeRow,
    pub(super) member: MemberRow,
    pub(super) asked: Option<Vec<u8>>,
}

impl Taken {
    /// The login that the right answer makes.
    pub(super) fn login(&self) -> LoginId {
        follows(&self.row.hash, self.row.created_at)
    }
}

impl Challenge {
    /// The login that the right answer makes, for a sign-in that was asked at this time. What its password proved before the
    /// second factor can be kept under it.
    pub(super) fn login(&self, asked_at: Timestamp) -> LoginId {
        follows(&hash_of(self.challenge.expose()), asked_at)
    }
}

impl Parts {
    /// Asks a member for any of their factors.
    pub(super) async fn ask_any(
        &self,
        member: &MemberRow,
        factors: &[FactorRow],
        question: Question<'_>,
    ) -> Result<Challenge, AppError> {
        let mut methods = Vec::new();
        if factors.iter().any(|factor| factor.kind == FactorKind::Totp) {
            methods.push(Method::Totp);
        }
        let asked = self.ask_keys(member, factors).await?;
        if asked.is_some() {
            methods.push(Method::Webauthn);
        }
        let read = self.store.tenant_read(member.tenant_id).await?;
        if read.recovery_code_list(member.id).await?.iter().any(|code| code.used_at.is_none()) {
            methods.push(Method::RecoveryCode);
        }
        drop(read);
        let (webauthn, state) = asked.unzip();
        let challenge = self.ask(member, Question { state: state.as_deref(), ..question }).await?;
        let (expires_in, tries) = (self.limits.challenge_seconds, self.limits.challenge_tries);
        Ok(Challenge { challenge, expires_in, tries, methods, webauthn })
    }

    /// Options for the member's security keys, and what is to be kept of them.
    async fn ask_keys(
        &self,
        member: &MemberRow,
        factors: &[FactorRow],
    ) -> Result<Option<(serde_json::Value, Vec<u8>)>, AppError> {
        let Some(party) = &self.relying_party else { return Ok(None) };
        let keys: Vec<_> = factors.iter().filter(|factor| factor.kind == FactorKind::SecurityKey).collect();
        if keys.is_empty() {
            return Ok(None);
        }
        let person = self.keys.person(member.tenant_id, member.person_key_id).await?;
        let open = |factor: &&FactorRow| {
            let context = factor_context(columns::FACTOR_SECRET, member.tenant_id, factor.id);
            seal::open(&person, &context, &factor.secret_sealed).map(|opened| opened.plaintext).map_err(open_error)
        };
        let credentials = keys.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        party.ask_assertion(&credentials).map(Some)
    }

    /// Makes a challenge. Those of this member that are over go, and of those that are open the oldest: a member has at most
    /// `limits.open_challenges` of each purpose, however often somebody asks.
    pub(super) async fn ask(&self, member: &MemberRow, question: Question<'_>) -> Result<Secret<String>, AppError> {
        let mut random = [0_u8; 32];
        self.entropy.fill(&mut random);
        let challenge = Secret::new(URL_SAFE_NO_PAD.encode(random));
        let hash = hash_of(challenge.expose());
        let key = self.keys.person(member.tenant_id, member.person_key_id).await?;
        let context = state_context(member.tenant_id, &hash);
        let seal = |state: &[u8]| seal::seal(&key, &context, Codec::Raw, state, &*self.entropy);
        let signs_in = question.purpose == ChallengePurpose::SignIn;
        let now = question.at;
        let tx = self.store.tenant(member.tenant_id).await?;
        // One after another: parallel requests count each other's.
        tx.member_lock(member.id).await?;
        for over in tx.challenge_over(Some(member.id), now, SWEPT).await? {
            forget(&tx, &over).await?;
        }
        let others = u64::from(self.limits.open_challenges.saturating_sub(1));
        for old in tx.challenge_beyond(member.id, question.purpose, others).await? {
            forget(&tx, &old).await?;
        }
        tx.challenge_insert(FactorChallengeRow {
            tenant_id: member.tenant_id,
            hash,
            member_id: member.id,
            login_id: question.login,
            purpose: question.purpose,
            tries: 0,
            password_mark: question.mark,
            state_sealed: question.state.map(seal),
            created_at: now,
            expires_at: now.plus(Duration::from_secs(self.limits.challenge_seconds)),
            used_at: None,
        })
        .await?;
        if signs_in {
            tx.credential_put(SIGN_IN, &hash, member.id.uuid()).await?;
        }
        tx.commit().await?;
        Ok(challenge)
    }

    /// Takes a try of the challenge of a sign-in.
    pub(super) async fn take_sign_in(&self, presented: &str) -> Result<Taken, AppError> {
        let hash = hash_of(presented);
        let found = self.store.lookup_credential(SIGN_IN, &hash, None).await?.ok_or(ENDED)?;
        let taken = self.take(found.tenant_id, hash, ChallengePurpose::SignIn, None).await?;
        // The password may have been changed, or the member disabled, since it was asked for.
        let same = taken.row.password_mark == Some(password_mark(&taken.member));
        if same { Ok(taken) } else { Err(ENDED) }
    }

    /// Takes a try of the challenge of a change over from the login `from` to `member`, and of no other.
    pub(super) async fn take_switch(
        &self,
        member: &MemberRow,
        from: LoginId,
        presented: &str,
    ) -> Result<Taken, AppError> {
        let taken = self.take(member.tenant_id, hash_of(presented), ChallengePurpose::SignIn, None).await?;
        let same = taken.row.password_mark == Some(switch_mark(&taken.member, from));
        if same && taken.member.id == member.id { Ok(taken) } else { Err(ENDED) }
    }

    /// Takes a try of the challenge of somebody who is signed in, and of nobody else's.
    pub(super) async fn take_own(
        &self,
        tenant: TenantId,
        presented: &str,
        purpose: ChallengePurpose,
        login: LoginId,
    ) -> Result<Taken, AppError> {
        self.take(tenant, hash_of(presented), purpose, Some(login)).await
    }

    async fn take(
        &self,
        tenant: TenantId,
        hash: [u8; 32],
        purpose: ChallengePurpose,
        login: Option<LoginId>,
    ) -> Result<Taken, AppError> {
        let now = self.clock.now();
        let tx = self.store.tenant(tenant).await?;
        if !tx.challenge_try(&hash, now, self.limits.challenge_tries).await? {
            return Err(ENDED);
        }
        let row = tx.challenge_find(&hash).await?.ok_or(ENDED)?;
        if row.purpose != purpose || row.login_id != login {
            return Err(ENDED);
        }
        let member = self.good_member(&tx, row.member_id).await?.ok_or(ENDED)?;
        self.take_attempt(&tx, &member).await?;
        tx.commit().await?;
        let asked = match &row.state_sealed {
            Some(sealed) => {
                let key = self.keys.person(tenant, member.person_key_id).await?;
                let context = state_context(tenant, &hash);
                Some(seal::open(&key, &context, sealed).map_err(open_error)?.plaintext)
            }
            None => None,
        };
        Ok(Taken { row, member, asked })
    }

    /// Takes one of the tries that a member has within the window, whatever is tried.
    pub(super) async fn take_attempt(&self, tx: &TenantTx, member: &MemberRow) -> Result<(), AppError> {
        let (now, window) = (self.clock.now(), Duration::from_secs(self.limits.factor_window_seconds));
        if tx.factor_attempt_take(member.id, now, window, self.limits.factor_attempts).await? {
            return Ok(());
        }
        // The window began with the first try, and ends by itself.
        let since = tx.factor_attempt_since(member.id).await?.unwrap_or(now);
        let left = u64::try_from(since.plus(window).micros_since(now)).unwrap_or(0);
        let reset = Duration::from_micros(left).max(Duration::from_secs(1));
        Err(AppError::TooMany {
            retry_after: reset,
            detail: "too many wrong codes or passwords for this member; all tries are there again when the window of the \
                     limit `second-factor` is over",
            allowance: Some(Allowance {
                limit: "second-factor",
                quota: self.limits.factor_attempts,
                window,
                remaining: 0,
                reset,
            }),
        })
    }

    /// Marks a challenge answered, and makes it unfindable; false when it was answered or is over.
    pub(super) async fn finish_challenge(&self, tx: &TenantTx, row: &FactorChallengeRow) -> Result<bool, AppError> {
        let first = tx.challenge_use(&row.hash, self.clock.now()).await?;
        if first && row.purpose == ChallengePurpose::SignIn {
            tx.credential_drop(SIGN_IN, &row.hash).await?;
        }
        Ok(first)
    }
}

/// Removes a challenge, so that nobody finds it by its hash either; false when it was not there.
pub(crate) async fn forget(tx: &TenantTx, hash: &[u8; 32]) -> Result<bool, AppError> {
    tx.credential_drop(SIGN_IN, hash).await?;
    Ok(tx.challenge_remove(hash).await?)
}

fn hash_of(challenge: &str) -> [u8; 32] {
    Sha256::digest(challenge).into()
}

/// As [`password_mark`], for who changes over from another tenant: such a challenge is answered from that login only, and
/// not at the end of a sign-in.
pub(super) fn switch_mark(member: &MemberRow, from: LoginId) -> [u8; 32] {
    let mut bound = Sha256::new();
    bound.update(b"sealtape/switch/v1\0");
    bound.update(from.bytes());
    bound.update(password_mark(member));
    bound.finalize().into()
}

/// The id of a login that follows from a challenge.
fn follows(hash: &[u8; 32], asked_at: Timestamp) -> LoginId {
    #[derive(Debug)]
    struct Challenged<'a>(&'a [u8; 32]);
    impl Entropy for Challenged<'_> {
        fn fill(&self, bytes: &mut [u8]) {
            let mut bound = Sha256::new();
            bound.update(b"sealtape/login/v1\0");
            bound.update(self.0);
            for (byte, from) in bytes.iter_mut().zip(bound.finalize()) {
                *byte = from;
            }
        }
    }
    LoginId::mint(asked_at, &Challenged(hash))
}

fn state_context(tenant: TenantId, hash: &[u8; 32]) -> ObjectContext {
    let mut object = [0_u8; 16];
    object.copy_from_slice(&hash[..16]);
    ObjectContext {
        kind: Kind::Metadata,
        tenant,
        object: Uuid::from_bytes(object),
        number: columns::CHALLENGE_STATE,
        generation: 1,
    }
}
