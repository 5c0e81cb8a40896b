//! Use cases: what routes and background work do, without HTTP and without SQL.
//!
//! **Purpose.** One place for every act of the system. A function here takes a [`policy::access::Permit`] (or makes the
//! caller who gets one), opens one transaction of one tenant, and writes the audit row of the act inside it.
//!
//! **Design.** [`App::open`] wires everything once; the parts are reached through [`App`]: [`auth`] (sign-in), [`factors`],
//! [`members`] and [`api_keys`], [`setup`] (the first tenant), [`agent`] (what capture agents ask for), [`ingest`] (taking
//! segments in), [`sessions`] (finding and watching), [`projects`], [`grants`] (just-in-time access), [`tenants`] (the
//! operator's), [`finisher`] (closing sessions), [`mod@ledger`] (the audit log's tree), [`sinks`] (handing it on), [`jobs`] (background work), [`notices`] and [`mail`] (telling people),
//! [`tidy`] (removing what has no use any more). Keys, tokens, cursors and audit rows are private to this crate. Data flows
//! one way: route → use case → policy, vault, store.
//!
//! **How to add one more use case.** A function in the file of its subject, taking `&Permit<can::X>`; the act's audit
//! row before `commit`; a route in `api`; a row in the authorization matrix. `docs/adding-an-endpoint.md` is the list.

pub mod agent;
pub mod api_keys;
mod attempts;
mod audit;
pub mod auth;
pub mod capture;
mod columns;
mod details;
mod error;
pub mod factors;
pub mod finisher;
pub mod grants;
pub mod ingest;
pub mod jobs;
mod keys;
pub mod ledger;
pub mod limits;
mod looks;
pub mod mail;
pub mod members;
pub mod notices;
pub mod once;
mod opaque;
mod paging;
mod people;
pub mod projects;
pub mod proposals;
mod proxies;
pub mod refusals;
pub mod rights;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod sinks;
pub mod tenants;
pub mod tidy;

use std::sync::Arc;

use domain::{Clock, Entropy};
use policy::{access::Authorizer, privacy::CaptureRules};
use store::Store;
use vault::{blob::BlobStore, root::RootKms};

pub use error::{AppError, FieldError};
pub use paging::{Page, Paged};

use self::ledger::{AuditExports, Ledger};
use agent::AgentSessions;
use api_keys::ApiKeys;
use auth::Auth;
use capture::Capture;
use factors::Factors;
use finisher::Finisher;
use grants::Grants;
use ingest::Ingest;
use jobs::Jobs;
use keys::{DeploymentKeys, Keys};
use mail::Post;
use members::Members;
use notices::Notices;
use projects::Projects;
use proposals::Proposals;
use refusals::Refusals;
use rights::{Rights, Roles};
use sessions::Sessions;
use settings::Settings;
use setup::Setup;
use sinks::Sinks;
use tenants::Tenants;
use tidy::Tidy;

/// What the program brings: engines, clock, randomness, settings.
pub struct AppParts {
    /// The database.
    pub store: Store,
    /// The blobs.
    pub blobs: BlobStore,
    /// The root key service.
    pub kms: Arc<dyn RootKms>,
    /// The deployment's name, bound into every key that the root wraps.
    pub deployment: String,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Looks up the names that tenants give.
    pub resolver: Arc<dyn egress::Resolve>,
    /// Checked settings.
    pub settings: Settings,
}

/// All use cases. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Wired>);

struct Wired {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    settings: Arc<Settings>,
    store: Store,
    auth: Auth,
    factors: Factors,
    agent: AgentSessions,
    ingest: Ingest,
    sessions: Sessions,
    projects: Projects,
    capture: Capture,
    tenants: Tenants,
    finisher: Finisher,
    ledger: Ledger,
    sinks: Sinks,
    proposals: Proposals,
    grants: Grants,
    told: Telling,
    joined: Joining,
}

/// How people and programs come in.
struct Joining {
    members: Members,
    api_keys: ApiKeys,
    setup: Setup,
    roles: Roles,
}

/// Background work, and what tells people.
struct Telling {
    jobs: Jobs,
    post: Post,
    notices: Notices,
    tidy: Tidy,
}

impl App {
    /// Wires the use cases, opening the deployment's keys (and making them on the first start).
    ///
    /// # Errors
    /// When the store does not answer, a key cannot be opened, or a setting is not usable.
    pub async fn open(parts: AppParts) -> Result<Self, AppError> {
        let AppParts { store, blobs, kms, deployment, clock, entropy, resolver, settings } = parts;
        let settings = Arc::new(settings);
        let authorizer = Arc::new(Authorizer::builtin().await.map_err(AppError::internal)?);
        let issuer = settings.console_origin.origin().ascii_serialization();
        let opened = DeploymentKeys::open(&store, &kms, &deployment, issuer, &*clock, &*entropy).await?;
        let deployment_keys = Arc::new(opened);
        let keys = Keys::new(store.clone(), kms, deployment.into(), Arc::clone(&clock), Arc::clone(&entropy));
        let rules = Arc::new(CaptureRules::standard());
        let policy = (rules.version, *rules.hash.bytes());

        let rights = Arc::new(Rights::new(
            store.clone(),
            keys.clone(),
            Arc::clone(&authorizer),
            Arc::clone(&clock),
            Arc::clone(&entropy),
        ));
        let refusals = Arc::new(Refusals::new(store.clone(), Arc::clone(&clock), Arc::clone(&entropy)));
        let told = Telling::wire(&store, &keys, &deployment_keys, &rights, (&clock, &entropy), &settings)?;
        let auth =
            Auth::new(keys.clone(), Arc::clone(&rights), told.notices.clone(), Arc::clone(&refusals), &settings)?;
        let agent = AgentSessions::new(
            store.clone(),
            keys.clone(),
            Arc::clone(&deployment_keys),
            Arc::clone(&rights),
            Arc::clone(&clock),
            Arc::clone(&entropy),
            Arc::clone(&settings),
            policy,
            Arc::clone(&rules),
        );
        let ingest = Ingest::new(
            store.clone(),
            blobs.clone(),
            keys.clone(),
            Arc::clone(&clock),
            Arc::clone(&entropy),
            Arc::clone(&settings),
            rules,
        );
        let session_parts = Arc::new(sessions::Parts {
            store: store.clone(),
            blobs,
            keys: keys.clone(),
            deployment: Arc::clone(&deployment_keys),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            settings: Arc::clone(&settings),
            authorizer: Arc::clone(&rights),
            attempts: Arc::clone(&auth.shared().attempts),
            notices: told.notices.clone(),
            looks: auth.shared().looks.clone(),
        });
        let factors = Factors::new(auth.shared());
        let grants = Grants::new(grants::Parts {
            store: store.clone(),
            keys: keys.clone(),
            deployment: Arc::clone(&deployment_keys),
            authorizer: Arc::clone(&rights),
            factors: factors.clone(),
            notices: told.notices.clone(),
            looks: auth.shared().looks.clone(),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
        });
        let finisher = Finisher {
            store: store.clone(),
            sessions: Arc::clone(&session_parts),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            limits: settings.limits.clone(),
        };
        let guard = egress::Guard::new(&settings.egress, Arc::clone(&resolver)).map_err(AppError::internal)?;
        let ledger = Ledger::new(&auth.shared(), guard.clone(), &settings)?;
        let projects = Projects::new(&auth.shared());
        let tenants = Tenants::new(&auth);
        let sessions = Sessions { parts: session_parts };
        Ok(Self(Arc::new(Wired {
            clock,
            entropy,
            sinks: Sinks::new(auth.shared(), Proposals::new(&grants), &settings, guard),
            joined: Joining::wire(&auth, Proposals::new(&grants)),
            settings,
            store,
            factors: Factors::new(auth.shared()),
            capture: Capture::new(&auth.shared()),
            auth,
            agent,
            ingest,
            sessions,
            projects,
            tenants,
            finisher,
            ledger,
            proposals: Proposals::new(&grants),
            grants,
            told,
        })))
    }

    /// Signing in.
    #[must_use]
    pub fn auth(&self) -> &Auth {
        &self.0.auth
    }
    /// Refused acts, on their way into the audit log.
    #[must_use]
    pub fn refusals(&self) -> &Refusals {
        &self.0.auth.parts().refusals
    }

    /// Second factors.
    #[must_use]
    pub fn factors(&self) -> &Factors {
        &self.0.factors
    }
    /// What capture agents ask for.
    #[must_use]
    pub fn agent(&self) -> &AgentSessions {
        &self.0.agent
    }
    /// Taking segments in.
    #[must_use]
    pub fn ingest(&self) -> &Ingest {
        &self.0.ingest
    }
    /// Finding and watching sessions.
    #[must_use]
    pub fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }
    /// Projects and agent keys.
    #[must_use]
    pub fn projects(&self) -> &Projects {
        &self.0.projects
    }
    /// Kill switches.
    #[must_use]
    pub fn capture(&self) -> &Capture {
        &self.0.capture
    }
    /// Tenants and members, for the operator.
    #[must_use]
    pub fn tenants(&self) -> &Tenants {
        &self.0.tenants
    }
    /// Members, invitations and who has which role.
    #[must_use]
    pub fn members(&self) -> &Members {
        &self.0.joined.members
    }
    /// API keys.
    #[must_use]
    pub fn api_keys(&self) -> &ApiKeys {
        &self.0.joined.api_keys
    }
    /// The first tenant.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.0.joined.setup
    }
    /// Closing sessions.
    #[must_use]
    pub fn finisher(&self) -> &Finisher {
        &self.0.finisher
    }
    /// The audit log as something that can be proved.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }
    /// Taking the audit log out.
    #[must_use]
    pub fn audit_exports(&self) -> AuditExports {
        let Wired { ledger, told, auth, settings, .. } = &*self.0;
        AuditExports::new(ledger.clone(), told.jobs.clone(), auth, &settings.limits)
    }

    /// Receivers of the audit log outside.
    #[must_use]
    pub fn sinks(&self) -> &Sinks {
        &self.0.sinks
    }
    /// Background work.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.0.told.jobs
    }
    /// Letters.
    #[must_use]
    pub fn post(&self) -> &Post {
        &self.0.told.post
    }
    /// Notices.
    #[must_use]
    pub fn notices(&self) -> &Notices {
        &self.0.told.notices
    }
    /// Removing what has no use any more.
    #[must_use]
    pub fn tidy(&self) -> &Tidy {
        &self.0.told.tidy
    }
    /// Access requests and grants.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.0.grants
    }
    /// Changes that take two people.
    #[must_use]
    pub fn proposals(&self) -> &Proposals {
        &self.0.proposals
    }
    /// Roles, and what they come to.
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.0.joined.roles
    }
    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }
    /// The source of randomness.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.0.entropy
    }
    /// Settings that routes share.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// Whether the database answers; for the readiness probe.
    pub async fn is_ready(&self) -> bool {
        self.0.store.ping().await.is_ok()
    }
}

impl Joining {
    fn wire(auth: &Auth, proposals: Proposals) -> Self {
        let members = Members { parts: auth.shared() };
        let api_keys = ApiKeys { parts: auth.shared() };
        let setup = Setup { parts: auth.shared(), gate: Arc::default() };
        Self { members, api_keys, setup, roles: Roles { parts: auth.shared(), proposals } }
    }
}

impl Telling {
    fn wire(
        store: &Store,
        keys: &Keys,
        deployment: &Arc<DeploymentKeys>,
        rights: &Arc<Rights>,
        (clock, entropy): (&Arc<dyn Clock>, &Arc<dyn Entropy>),
        settings: &Settings,
    ) -> Result<Self, AppError> {
        let jobs = Jobs {
            store: store.clone(),
            deployment: Arc::clone(deployment),
            clock: Arc::clone(clock),
            entropy: Arc::clone(entropy),
        };
        let post = Post::new(store.clone(), keys.clone(), jobs.clone(), settings)?;
        let notices = Notices { authorizer: Arc::clone(rights), jobs: jobs.clone(), post: post.clone() };
        let tidy = Tidy { store: store.clone(), clock: Arc::clone(clock) };
        Ok(Self { jobs, post, notices, tidy })
    }
}

/// The role or grant does not allow this; decided before any look-up.
pub(crate) const fn forbidden() -> AppError {
    AppError::Forbidden {
        code: "forbidden",
        detail: "your role does not allow this; an owner or admin of your tenant can change roles",
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 32 bytes from 64 hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0_u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
