//! Starting a session: its row, its key, its first tab and its tokens, in one transaction.

use domain::{AgentKeyId, Sensitivity, SessionId, SessionState, Timestamp, Validation};
use ledger::Object;
use policy::{
    access::{Actor, Permit, can},
    privacy::CaptureRules,
};
use store::SessionRow;
use vault::seal::{self, Codec};

use super::{AgentSessions, ClaimedSubject, browser};
use crate::{
    AppError,
    audit::Audit,
    capture,
    columns::{self, SealedPage},
    forbidden,
    keys::{Purpose, SessionClaims, validity},
    limits::Allowance,
};

/// What an agent says when it starts.
#[derive(Debug, Clone)]
pub struct StartInput {
    /// Address of the page; query values and fragment are removed before it is sealed.
    pub page_url: String,
    /// Title of the page.
    pub page_title: Option<String>,
    /// The policy version that the agent captures under.
    pub policy_version: u32,
    /// The agent's name.
    pub agent_name: String,
    /// The agent's version.
    pub agent_version: String,
    /// The application's release, as the customer names it.
    pub release: Option<String>,
    /// The `User-Agent` header; only the families of browser and system are kept.
    pub user_agent: Option<String>,
    /// Who the person says to be.
    pub subject: Option<ClaimedSubject>,
    /// The session that this one follows, as the agent says.
    pub previous_session: Option<SessionId>,
}

/// What a started session may send.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// Bytes of one body as sent.
    pub segment_bytes: usize,
    /// Bytes of one body when decoded.
    pub decoded_bytes: usize,
    /// Events of one segment.
    pub events: usize,
    /// How often to send, in milliseconds.
    pub interval_ms: u32,
    /// Longest session, in milliseconds.
    pub session_ms: u64,
}

/// A session that was started.
#[derive(Debug, Clone)]
pub struct Started {
    /// Its id.
    pub session_id: SessionId,
    /// The right to append to it.
    pub token: String,
    /// The right to ask for a new token.
    pub resume: String,
    /// The first tab.
    pub tab: u16,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// Its bounds.
    pub limits: SessionLimits,
}

/// The right to start one session of the agent key that it was given to.
#[derive(Debug)]
pub struct StartSlot {
    key: AgentKeyId,
    allowance: Allowance,
}

impl StartSlot {
    /// What is left of the limit.
    #[must_use]
    pub const fn allowance(&self) -> Allowance {
        self.allowance
    }
}

/// How often an agent sends a segment, at least.
const INTERVAL_MS: u32 = 5_000;

/// Longest name of a release, an agent or its version, in characters.
const NAME_CHARS: usize = 200;

impl AgentSessions {
    /// Counts a start.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn reserve(&self, permit: &Permit<can::SessionRecord>) -> Result<StartSlot, AppError> {
        let Actor::Agent { key, .. } = *permit.actor() else { return Err(forbidden()) };
        Ok(StartSlot { key, allowance: self.parts.starts.admit(&key)? })
    }

    /// Starts a session.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] `policy-stale`, [`AppError::Invalid`].
    pub async fn start(
        &self,
        slot: StartSlot,
        permit: &Permit<can::SessionRecord>,
        input: StartInput,
    ) -> Result<Started, AppError> {
        let Actor::Agent { key, project } = *permit.actor() else { return Err(forbidden()) };
        if slot.key != key {
            return Err(forbidden());
        }
        let parts = &self.parts;
        if input.policy_version != parts.policy_version {
            return Err(AppError::Forbidden {
                code: "policy-stale",
                detail: "the agent captures under another policy version than the one in force; reload it",
            });
        }
        let page = entry_page(&input, &parts.rules)?;
        check_names(&input)?;
        let now = parts.clock.now();
        let session = SessionId::mint(now, &*parts.entropy);
        let tenant = permit.tenant();
        let subject = match &input.subject {
            Some(claimed) => Some(self.subject_for(tenant, claimed, "/subject").await?),
            None => None,
        };

        let tx = parts.store.tenant(tenant).await?;
        let previous = match input.previous_session {
            Some(id) => tx.session_find(id).await?,
            None => None,
        };
        let home = tx.project_find(project).await?.ok_or(AppError::NotFound { kind: "project" })?;
        if tx.capture_is_stopped(project).await? {
            return Err(capture::NOT_RECORDED);
        }
        let row = SessionRow {
            sensitivity: home.sensitivity,
            environment: home.environment,
            tenant_id: tenant,
            project_id: project,
            agent_key_id: key,
            policy_version: parts.policy_version,
            policy_hash: parts.policy_hash,
            subject_id: subject,
            // A claim of a public key: what is no session of its project is not refused, which would tell, but left out.
            previous_session: previous.filter(|row| row.project_id == project).map(|row| row.id),
            ..fresh_row(session, now, &input)
        };
        tx.session_insert(row).await?;
        let dek = parts.keys.create_session(&tx, session).await?;
        let json = serde_json::to_vec(&page).map_err(AppError::internal)?;
        let context = columns::context(columns::ENTRY_PAGE, tenant, session, 1);
        let sealed = seal::seal(&dek, &context, Codec::Raw, &json, &*parts.entropy);
        tx.session_summary_set(session, sealed, 1, now).await?;
        let words = self.page_words(tenant, &page.url).await?;
        tx.search_token_put(session, &words).await?;
        let most = parts.settings.limits.tabs_per_session;
        let tab = tx.session_tab_open(session, most, now).await?.ok_or(AppError::NotFound { kind: "session" })?;
        let audit = Audit { clock: &*parts.clock, entropy: &*parts.entropy };
        audit.allowed(&tx, permit, "session.start", Object::Session(session)).await?;
        tx.commit().await?;
        metrics::counter!("sealtape_sessions_started_total").increment(1);

        let claims = SessionClaims {
            iss: parts.deployment.tokens.issuer().to_owned(),
            aud: parts.deployment.tokens.issuer().to_owned(),
            sub: session,
            tenant,
            project,
            key,
            iat: 0,
            nbf: 0,
            exp: 0,
        };
        let (token, expires_at) = parts.session_token(&claims)?;
        let (iat, exp) = validity(now, parts.settings.limits.upload_window_seconds);
        let resume = parts.deployment.tokens.sign(Purpose::Resume, &SessionClaims { iat, nbf: iat, exp, ..claims })?;
        Ok(Started { session_id: session, token, resume, tab, expires_at, limits: self.limits() })
    }

    fn limits(&self) -> SessionLimits {
        let settings = &self.parts.settings;
        SessionLimits {
            segment_bytes: settings.bounds.compressed_bytes,
            decoded_bytes: settings.bounds.decoded_bytes,
            events: settings.bounds.events,
            interval_ms: INTERVAL_MS,
            session_ms: settings.limits.session_seconds.saturating_mul(1_000),
        }
    }
}

/// Names that a customer chooses: shown in lists and searched in clear, so they are short and printable.
fn check_names(input: &StartInput) -> Result<(), AppError> {
    let names = [
        ("/agent/name", Some(&input.agent_name)),
        ("/agent/version", Some(&input.agent_version)),
        ("/release", input.release.as_ref()),
    ];
    for (pointer, name) in names {
        if name.is_some_and(|name| name.chars().count() > NAME_CHARS || name.chars().any(char::is_control)) {
            return Err(AppError::invalid(pointer, format!("must have at most {NAME_CHARS} printable characters")));
        }
    }
    Ok(())
}

fn entry_page(input: &StartInput, rules: &CaptureRules) -> Result<SealedPage, AppError> {
    let url = url::Url::parse(&input.page_url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| AppError::invalid("/page/url", "must be an http or https address"))?;
    Ok(SealedPage {
        url: recording::redact_url(url.as_str(), rules),
        title: input.page_title.as_deref().map(|title| recording::redact_text(title, rules)),
    })
}

fn fresh_row(session: SessionId, now: Timestamp, input: &StartInput) -> SessionRow {
    let nobody = uuid::Uuid::nil();
    let (browser, os) = input.user_agent.as_deref().map_or((None, None), browser::families);
    SessionRow {
        // The caller's: replaced by `start`, which knows the permit.
        tenant_id: domain::TenantId::from_uuid(nobody),
        project_id: domain::ProjectId::from_uuid(nobody),
        agent_key_id: domain::AgentKeyId::from_uuid(nobody),
        id: session,
        state: SessionState::Live,
        started_at: now,
        first_event_at: None,
        last_event_at: None,
        last_received_at: now,
        finish_hint_at: None,
        closed_at: None,
        close_reason: None,
        duration_ms: 0,
        tabs: 0,
        segments: 0,
        events: 0,
        bytes_stored: 0,
        bytes_raw: 0,
        errors: 0,
        gaps: 0,
        has_error: false,
        release: input.release.clone(),
        browser: browser.map(str::to_owned),
        os: os.map(str::to_owned),
        policy_version: 0,
        policy_hash: [0; 32],
        agent_name: input.agent_name.clone(),
        agent_version: input.agent_version.clone(),
        validation: Validation::Valid,
        subject_id: None,
        previous_session: None,
        summary_sealed: None,
        summary_generation: 1,
        last_page_sealed: None,
        progress_at: None,
        manifest_rev: 0,
        manifest_hash: None,
        sealed_segments: 0,
        changed_at: now,
        sensitivity: Sensitivity::Normal,
        environment: None,
        subject_verified: false,
    }
}
