//! Who acts, and the proof that they may.

use std::{fmt, marker::PhantomData};

use domain::{AgentKeyId, ApiKeyId, LoginId, MemberId, Place, ProjectId, RequestId, SessionId, TenantId};

use super::{Action, ActionSet, Authorizer, Can, Holdings, POLICY_NAME, Predicate, Role, RoleKey, Scope, Test};

/// What no API key may do, whatever its scopes: a key acts for a person and is not one, so it does not change how that
/// person is known.
pub const NOT_FOR_KEYS: [Action; 1] = [Action::MeManage];

/// What a key that is bound to one project may do at most: actions whose use cases ask [`Permit::reaches`].
pub const FOR_PROJECT_KEYS: [Action; 9] = [
    Action::MeRead,
    Action::SessionList,
    Action::SessionView,
    Action::SessionViewers,
    Action::SessionManifest,
    Action::ProjectList,
    Action::AgentKeyList,
    Action::AgentKeyCreate,
    Action::AgentKeyRevoke,
];

/// Whoever asks for a permit; ids only, so that no name is ever part of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A signed-in person.
    Member {
        /// Who.
        id: MemberId,
        /// Through which sign-in.
        login: LoginId,
    },
    /// The holder of an API key, which acts for a member.
    ApiKey {
        /// Which key.
        key: ApiKeyId,
        /// The member who made it; it may never do more than they may.
        member: MemberId,
        /// What it is for.
        scopes: ActionSet,
        /// The only project that it reaches, when it is bound to one.
        project: Option<ProjectId>,
    },
    /// The holder of an agent key.
    Agent {
        /// Which key.
        key: AgentKeyId,
        /// The project that the key belongs to.
        project: ProjectId,
    },
    /// The holder of one session's token.
    Session {
        /// The session that the token was minted for.
        session: SessionId,
        /// Its project.
        project: ProjectId,
    },
    /// Background work.
    Worker {
        /// The task's name.
        name: &'static str,
    },
}

/// Everything a decision looks at.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The tenant of the credential: there is no other source.
    pub tenant: TenantId,
    /// Who asks.
    pub actor: Actor,
    /// What a member holds in this tenant; ignored for other actors, whose one role follows from their kind.
    pub holdings: Holdings,
    /// The request or run that this belongs to.
    pub request: RequestId,
}

/// The actor's roles do not allow this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the actor's roles do not allow {action}")]
pub struct Denied {
    /// What was asked for.
    pub action: Action,
}

/// The proof that an actor may do `A` in one tenant. Every `app` function that does `A` asks for one.
///
/// The only constructor is [`Authorizer::authorize`], which is the check:
///
/// ```compile_fail
/// let permit: policy::access::Permit<policy::access::can::SessionView> = policy::access::Permit {};
/// ```
pub struct Permit<A: Can> {
    tenant: TenantId,
    actor: Actor,
    request: RequestId,
    place: Option<Place>,
    holdings: Holdings,
    role: RoleKey,
    action: PhantomData<fn() -> A>,
}

impl<A: Can> Permit<A> {
    /// The tenant in which this holds.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }
    /// Who was permitted.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// The request or run that asked.
    #[must_use]
    pub const fn request(&self) -> RequestId {
        self.request
    }
    /// Where the request came from, when it is known. It was not part of the decision; the audit log tells it beside an act.
    #[must_use]
    pub const fn place(&self) -> Option<Place> {
        self.place
    }
    /// The same permit for a request from there.
    #[must_use]
    pub fn asked_from(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }
    /// The only project within which this holds, when there is one.
    #[must_use]
    pub const fn bound_to(&self) -> Option<ProjectId> {
        match self.actor {
            Actor::ApiKey { project, .. } => project,
            _ => None,
        }
    }
    /// Whether this holds for what belongs to `project`. What it does not reach is not there for its holder.
    #[must_use]
    pub fn reaches(&self, project: ProjectId) -> bool {
        self.bound_to().is_none_or(|bound| bound == project)
    }
    /// What is permitted.
    #[must_use]
    pub const fn action(&self) -> Action {
        A::ACTION
    }
    /// The sessions for which it is permitted. Everybody who acts on a session asks it.
    #[must_use]
    pub fn scope(&self) -> Scope<'_> {
        self.holdings.scope(A::ACTION)
    }
    /// Everything the actor holds, for an answer that depends on a second right as well.
    #[must_use]
    pub const fn holdings(&self) -> &Holdings {
        &self.holdings
    }
    /// The policy and the rule that allowed it, as an audit leaf names them: `access@4/engineer/session.view`.
    #[must_use]
    pub fn rule(&self) -> String {
        self.rule_of(self.role)
    }
    /// The same, when another of the actor's roles was the one that counted.
    #[must_use]
    pub fn rule_of(&self, role: RoleKey) -> String {
        format!("{POLICY_NAME}/{role}/{}", A::ACTION)
    }
}

impl<A: Can> fmt::Debug for Permit<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("action", &A::ACTION)
            .field("tenant", &self.tenant)
            .field("actor", &self.actor)
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

impl Authorizer {
    /// Decides and, when the answer is yes, hands out the proof.
    ///
    /// # Errors
    /// [`Denied`] when no effective role allows `A`, or any of them denies it.
    pub fn authorize<A: Can>(&self, subject: Subject) -> Result<Permit<A>, Denied> {
        let denied = Denied { action: A::ACTION };
        let Subject { tenant, actor, holdings, request } = subject;
        let holdings = match actor {
            // No binding makes a member an agent or a worker, whatever its role is called.
            Actor::Member { .. } | Actor::ApiKey { .. } if A::ACTION.is_internal() => return Err(denied),
            Actor::Member { .. } => holdings,
            Actor::ApiKey { project, .. }
                if NOT_FOR_KEYS.contains(&A::ACTION) || project.is_some() && !FOR_PROJECT_KEYS.contains(&A::ACTION) =>
            {
                return Err(denied);
            }
            Actor::ApiKey { scopes, project, .. } => {
                let only = |project| Predicate::Test(Test::ProjectIn([project].into()));
                holdings.narrowed(scopes.iter(), &project.map_or(Predicate::Always, only))
            }
            Actor::Agent { .. } => self.internal(Role::Agent),
            Actor::Session { .. } => self.internal(Role::Session),
            Actor::Worker { .. } => self.internal(Role::Worker),
        };
        let role = *holdings.decide(A::ACTION).ok_or(denied)?;
        Ok(Permit { tenant, actor, request, place: None, holdings, role, action: PhantomData })
    }
}
