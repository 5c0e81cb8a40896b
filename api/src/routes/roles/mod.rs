//! Roles: the tenant's own, and what every role says.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod matrix;
pub(crate) mod update;
pub(crate) mod view;

use app::rights::{Reason, RoleInput};
use domain::{Environment, Label, ProjectId, RoleBindingId, RoleId, Sensitivity, Timestamp};
use policy::access::{Action, Condition, Pane};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::routes::access_rules::SensitivityName;

/// A role of the tenant's own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleView {
    #[schema(value_type = Uuid)]
    id: RoleId,
    name: String,
    /// Names of the actions that it allows.
    #[schema(value_type = Vec<String>, example = json!(["session.list", "session.view"]))]
    actions: Vec<Action>,
    /// Names of the actions that it takes away, whatever else its holder holds.
    #[schema(value_type = Vec<String>)]
    denies: Vec<Action>,
    /// Whether who watches by it sees text; otherwise all of it is masked.
    unmasked: bool,
    /// False when the stored role is not what was written: then it gives nothing, and whoever has it may do nothing.
    sound: bool,
    /// Counts changes; a change names the revision that it replaces.
    revision: u64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
}

impl From<app::rights::RoleView> for RoleView {
    fn from(role: app::rights::RoleView) -> Self {
        let app::rights::RoleView { id, name, actions, denies, unmasked, sound, revision, created_at, changed_at } =
            role;
        let (actions, denies) = (actions.into_iter().collect(), denies.into_iter().collect());
        Self { id, name, actions, denies, unmasked, sound, revision, created_at, changed_at }
    }
}

/// A role to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleCreate {
    /// Lower-case letters, digits and single hyphens; no built-in role's name, and one of its kind in the tenant.
    #[schema(min_length = 2, max_length = 40, example = "support-eu")]
    name: String,
    /// Names of the actions that it allows: of those only that its maker may do everywhere.
    #[schema(example = json!(["session.list", "session.view"]))]
    actions: Vec<String>,
    /// Names of the actions that it takes away, whatever else its holder holds.
    #[serde(default)]
    denies: Vec<String>,
    /// Whether who watches by it sees text; otherwise all of it is masked.
    #[serde(default)]
    unmasked: bool,
}

impl From<RoleCreate> for RoleInput {
    fn from(role: RoleCreate) -> Self {
        let RoleCreate { name, actions, denies, unmasked } = role;
        Self { name, actions, denies, unmasked }
    }
}

/// One part of what a player shows.
#[derive(ToSchema)]
#[schema(as = SessionPane, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `policy::access::Pane`, which knows nothing of OpenAPI")]
pub(crate) enum PaneName {
    Dom,
    Console,
    Network,
    State,
}

/// For which sessions, and which parts of them, a role is held. All of it must hold; what is absent does not matter.
#[derive(ToSchema)]
#[schema(as = RoleCondition)]
#[expect(dead_code, reason = "documents `policy::access::Condition`, which knows nothing of OpenAPI")]
pub(crate) struct ConditionSchema {
    /// Recorded in one of these projects.
    #[schema(value_type = Option<Vec<Uuid>>, min_items = 1, max_items = 50)]
    projects: Option<Vec<ProjectId>>,
    labels: Option<LabelRuleSchema>,
    /// Of exactly this sensitivity.
    #[schema(value_type = Option<SensitivityName>)]
    sensitivity: Option<Sensitivity>,
    /// Recorded in one of these environments.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 50)]
    environments: Option<Vec<Environment>>,
    /// Of the member's own visits: the tenant vouched for who was recorded, and it was the member.
    own: Option<bool>,
    started: Option<StartedSchema>,
    /// These parts only.
    #[schema(value_type = Option<Vec<PaneName>>, min_items = 1)]
    panes: Option<Vec<Pane>>,
}

/// Which labels a session has, and which it has not.
#[derive(ToSchema)]
#[schema(as = LabelRule)]
#[expect(dead_code, reason = "documents `policy::access::condition::LabelRule`")]
pub(crate) struct LabelRuleSchema {
    /// One of these at least, when there are any.
    #[schema(value_type = Option<Vec<String>>)]
    any: Option<Vec<Label>>,
    /// None of these.
    #[schema(value_type = Option<Vec<String>>)]
    none: Option<Vec<Label>>,
}

/// When a session started.
#[derive(ToSchema)]
#[schema(as = StartedRule)]
#[expect(dead_code, reason = "documents `policy::access::condition::Started`")]
pub(crate) struct StartedSchema {
    /// Then or later.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before then.
    #[schema(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
    /// Within so many hours before the decision.
    #[schema(minimum = 1, maximum = 87_600)]
    last_hours: Option<u32>,
}

/// A role as a reason for what somebody may or may not do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReasonView {
    /// A built-in role's name, or the id of one of the tenant's own.
    #[schema(example = "engineer")]
    role: String,
    /// What people call it.
    name: String,
    /// Through which binding it is held.
    #[schema(value_type = Uuid)]
    binding_id: RoleBindingId,
    /// For which sessions; null for all of them.
    #[schema(value_type = Option<ConditionSchema>, required)]
    condition: Option<Condition>,
    /// Whether who watches by it sees no text.
    masked: bool,
    /// Whether it counts: a role that is held for some sessions gives nothing that is about the whole tenant.
    counts: bool,
}

impl From<Reason> for ReasonView {
    fn from(reason: Reason) -> Self {
        let Reason { role, name, binding, condition, masked, counts } = reason;
        Self { role: role.to_string(), name, binding_id: binding, condition, masked, counts }
    }
}

/// What one action comes to for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PermissionView {
    #[schema(value_type = String, example = "session.view")]
    action: Action,
    /// Whether it is allowed, somewhere.
    allowed: bool,
    /// The roles that allow it.
    given_by: Vec<ReasonView>,
    /// The roles that take it away, whatever else allows it.
    taken_by: Vec<ReasonView>,
}

impl From<app::rights::Permission> for PermissionView {
    fn from(permission: app::rights::Permission) -> Self {
        let app::rights::Permission { action, allowed, given_by, taken_by } = permission;
        let views = |reasons: Vec<Reason>| reasons.into_iter().map(ReasonView::from).collect();
        Self { action, allowed, given_by: views(given_by), taken_by: views(taken_by) }
    }
}
