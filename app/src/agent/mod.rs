//! What capture agents ask for: to start a session, to open a further tab, to renew a token, to say who the person is.
//!
//! An agent key is public. It buys a session token and nothing else; the token buys the right to append to one session.

mod browser;
mod identify;
mod start;

use std::{sync::Arc, time::Duration};

use domain::{AgentKeyId, Clock, Entropy, GapId, RequestId, SessionId, SessionState, TenantId, Timestamp};
use ledger::Object;
use policy::{
    access::{Actor, Can, Holdings, Permit, Subject, can},
    privacy::CaptureRules,
};
use sha2::{Digest as _, Sha256};
use store::{GapRow, Store};

pub(crate) use browser::families;
pub use identify::ClaimedSubject;
pub(crate) use identify::LONGEST_IDENTIFIER;
pub use start::{SessionLimits, StartInput, StartSlot, Started};

use crate::{
    AppError, capture, forbidden,
    keys::{DeploymentKeys, Keys, Purpose, SESSION_ERASED, SessionClaims, validity},
    limits::RateLimit,
    rights::{Rights, rows},
    settings::Settings,
};

/// The kind of credential index row that an agent key has.
pub(crate) const AGENT_KEY: &str = "agent-key";

/// Use cases of capture agents.
#[derive(Clone)]
pub struct AgentSessions {
    parts: Arc<Parts>,
}

pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) deployment: Arc<DeploymentKeys>,
    pub(crate) authorizer: Arc<Rights>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) policy_version: u32,
    pub(crate) policy_hash: [u8; 32],
    pub(crate) rules: Arc<CaptureRules>,
    starts: RateLimit<AgentKeyId>,
}

/// A capture agent with a valid credential: an agent key, or the token of one session. The actor says which.
#[derive(Debug, Clone)]
pub struct AgentCaller {
    subject: Subject,
    authorizer: Arc<Rights>,
}

impl AgentCaller {
    /// The proof that this caller may do `A`.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when its kind of credential does not allow it.
    pub fn permit<A: Can>(&self) -> Result<Permit<A>, AppError> {
        self.authorizer.authorize(self.subject.clone()).map_err(|_| forbidden())
    }
}

/// Something missing that the agent knows of.
#[derive(Debug, Clone)]
pub struct GapInput {
    /// From, milliseconds since the epoch.
    pub from_ms: i64,
    /// To, milliseconds since the epoch.
    pub to_ms: i64,
    /// Why.
    pub reason: recording::GapReason,
}

/// The end of a tab, as the agent tells it: a hint.
#[derive(Debug, Clone)]
pub struct FinishInput {
    /// The tab.
    pub tab: u16,
    /// Segments it sent.
    pub segments: u32,
    /// What it could not send.
    pub gaps: Vec<GapInput>,
}

/// A token with its end.
#[derive(Debug, Clone)]
pub struct Renewed {
    /// The new session token.
    pub token: String,
    /// When it stops being accepted.
    pub expires_at: Timestamp,
}

impl AgentSessions {
    #[expect(clippy::too_many_arguments, reason = "wiring: each part is named once, in `App::open`")]
    pub(crate) fn new(
        store: Store,
        keys: Keys,
        deployment: Arc<DeploymentKeys>,
        authorizer: Arc<Rights>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        settings: Arc<Settings>,
        policy: (u32, [u8; 32]),
        rules: Arc<CaptureRules>,
    ) -> Self {
        let parts = Parts {
            starts: RateLimit::per_minute(
                "session-start",
                settings.limits.starts_per_minute,
                "this agent key starts more sessions than its limit allows",
            ),
            policy_version: policy.0,
            policy_hash: policy.1,
            rules,
            store,
            keys,
            deployment,
            authorizer,
            clock,
            entropy,
            settings,
        };
        Self { parts: Arc::new(parts) }
    }

    /// Who holds this agent key, when it is good and `origin` may use it.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] for an unknown or revoked key, [`AppError::Forbidden`] `origin-not-allowed`.
    pub async fn agent(
        &self,
        agent_key: &str,
        origin: Option<&str>,
        request: RequestId,
    ) -> Result<AgentCaller, AppError> {
        let hash: [u8; 32] = Sha256::digest(agent_key).into();
        let found = self.parts.store.lookup_credential(AGENT_KEY, &hash, None).await?.ok_or(UNKNOWN_KEY)?;
        let read = self.parts.store.tenant_read(found.tenant_id).await?;
        let row = read.agent_key_find(AgentKeyId::from_uuid(found.id)).await?.ok_or(UNKNOWN_KEY)?;
        drop(read);
        let authority = self.parts.authorizer.authority(found.tenant_id).await?;
        if !rows::agent_key(&row, |of| authority.holds(of, &row.mac)) {
            self.parts.authorizer.distrust(found.tenant_id, Object::AgentKey(row.id), &row.mac).await;
            return Err(UNKNOWN_KEY);
        }
        if row.revoked_at.is_some() {
            return Err(UNKNOWN_KEY);
        }
        // A browser always sends Origin across origins; a client without one is no browser, and the list is about browsers.
        if origin.is_some_and(|origin| !row.origins.iter().any(|allowed| allowed == origin)) {
            return Err(AppError::Forbidden {
                code: "origin-not-allowed",
                detail: "this agent key is not for this origin; add the origin to the key in the console",
            });
        }
        let actor = Actor::Agent { key: row.id, project: row.project_id };
        Ok(self.parts.caller(found.tenant_id, actor, request))
    }

    /// Who holds this session token.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] when it is not valid or no longer is.
    pub fn session(&self, token: &str, request: RequestId) -> Result<AgentCaller, AppError> {
        let claims: SessionClaims = self
            .parts
            .deployment
            .tokens
            .verify(Purpose::Session, token, &*self.parts.clock)
            .map_err(crate::keys::BadToken::into_error)?;
        let actor = Actor::Session { session: claims.sub, project: claims.project };
        Ok(self.parts.caller(claims.tenant, actor, request))
    }

    /// A further tab of a live session; its number.
    ///
    /// # Errors
    /// [`AppError::Gone`] when the session takes no more tabs.
    pub async fn open_tab(&self, permit: &Permit<can::SessionAppend>) -> Result<u16, AppError> {
        let session = session_of(permit.actor())?;
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        if tx.capture_is_stopped_for(session).await? {
            return Err(capture::STOPPED);
        }
        let most = self.parts.settings.limits.tabs_per_session;
        let Some(tab) = tx.session_tab_open(session, most, self.parts.clock.now()).await? else {
            return Err(AppError::Gone {
                code: "session-closed",
                detail: "this session is closed or has all the tabs it may have; start a new one",
            });
        };
        tx.commit().await?;
        Ok(tab)
    }

    /// A new session token for the holder of the session's resume token, until 72 hours after its start.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] for another session's or an expired resume token, [`AppError::Gone`].
    pub async fn renew(
        &self,
        permit: &Permit<can::SessionRecord>,
        session: SessionId,
        resume: &str,
    ) -> Result<Renewed, AppError> {
        let Actor::Agent { key, project } = *permit.actor() else { return Err(forbidden()) };
        let claims: SessionClaims = self
            .parts
            .deployment
            .tokens
            .verify(Purpose::Resume, resume, &*self.parts.clock)
            .map_err(crate::keys::BadToken::into_error)?;
        if claims.sub != session || claims.tenant != permit.tenant() || claims.project != project || claims.key != key {
            return Err(AppError::NotFound { kind: "session" });
        }
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let row = read.session_find(session).await?.ok_or(AppError::NotFound { kind: "session" })?;
        if row.state == SessionState::Erased {
            return Err(SESSION_ERASED);
        }
        let (token, expires_at) = self.parts.session_token(&claims)?;
        Ok(Renewed { token, expires_at })
    }

    /// The agent says that a tab is over. A hint: the session closes when nothing more comes.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a tab that was never opened.
    pub async fn finish(&self, permit: &Permit<can::SessionAppend>, input: FinishInput) -> Result<(), AppError> {
        let session = session_of(permit.actor())?;
        let now = self.parts.clock.now();
        check_gaps(&input.gaps)?;
        // As for events: a clock that is ahead leaves no gap in a time that is not yet.
        let latest = now.as_millis().saturating_add(self.parts.settings.bounds.time_ahead_ms);
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        if !tx.session_tab_declare(session, input.tab, input.segments).await? {
            return Err(AppError::NotFound { kind: "tab" });
        }
        for gap in &input.gaps {
            tx.gap_insert(GapRow {
                tenant_id: permit.tenant(),
                session_id: session,
                id: GapId::mint(now, &*self.parts.entropy),
                tab: input.tab,
                from_ms: gap.from_ms.min(latest),
                to_ms: gap.to_ms.min(latest),
                reason: gap.reason.as_str().to_owned(),
                detail: None,
            })
            .await?;
        }
        if !input.gaps.is_empty() {
            let count = input.gaps.len() as u64;
            tx.session_gaps_add(session, count, domain::Validation::Gaps, now).await?;
        }
        tx.session_finish_hint(session, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Most gaps that one `finish` may tell.
const GAPS: usize = 1_000;

fn check_gaps(gaps: &[GapInput]) -> Result<(), AppError> {
    if gaps.len() > GAPS {
        return Err(AppError::invalid("/gaps", format!("must be at most {GAPS} gaps")));
    }
    match gaps.iter().position(|gap| gap.from_ms < 0 || gap.from_ms > gap.to_ms) {
        Some(at) => Err(AppError::invalid(&format!("/gaps/{at}"), "must have 0 <= from_ms <= to_ms")),
        None => Ok(()),
    }
}

impl Parts {
    /// An agent has no roles: what it may do follows from its kind of credential.
    fn caller(&self, tenant: TenantId, actor: Actor, request: RequestId) -> AgentCaller {
        let subject = Subject { tenant, actor, holdings: Holdings::default(), request };
        AgentCaller { subject, authorizer: Arc::clone(&self.authorizer) }
    }

    /// Signs a session token with the identity of `claims` and a life of its own.
    pub(crate) fn session_token(&self, claims: &SessionClaims) -> Result<(String, Timestamp), AppError> {
        let now = self.clock.now();
        let seconds = self.settings.limits.session_token_seconds;
        let (iat, exp) = validity(now, seconds);
        let claims = SessionClaims { iat, nbf: iat, exp, ..claims.clone() };
        let token = self.deployment.tokens.sign(Purpose::Session, &claims)?;
        Ok((token, now.plus(Duration::from_secs(seconds))))
    }
}

/// The session of a session token's permit.
pub(crate) fn session_of(actor: &Actor) -> Result<SessionId, AppError> {
    match actor {
        Actor::Session { session, .. } => Ok(*session),
        _ => Err(forbidden()),
    }
}

const UNKNOWN_KEY: AppError = AppError::Unauthenticated {
    code: "unknown-agent-key",
    detail: "the agent key is not known or was revoked; copy it again from the project's page",
};
