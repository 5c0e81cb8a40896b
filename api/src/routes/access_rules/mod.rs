//! Access rules: how many people, of which roles, must approve which requests.

pub(crate) mod update;
pub(crate) mod view;

use app::grants::{AccessRules, ApprovalRule, RulesView};
use domain::{ProjectId, Sensitivity, Timestamp};
use policy::grants::Verb;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::routes::access_requests::VerbName;

/// How closely a session is kept.
#[derive(ToSchema)]
#[schema(as = RuleSensitivity, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `domain::Sensitivity`, which knows nothing of OpenAPI")]
pub(crate) enum SensitivityName {
    Normal,
    Restricted,
}

/// More than the base asks for, for some requests. What is empty or null does not narrow.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessRule {
    /// For sessions with any of these labels.
    #[serde(default)]
    labels: Vec<String>,
    /// For sessions of this sensitivity.
    #[serde(default)]
    #[schema(value_type = Option<SensitivityName>)]
    sensitivity: Option<Sensitivity>,
    /// For sessions of this project.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    project: Option<ProjectId>,
    /// For requests of any of these verbs.
    #[serde(default)]
    #[schema(value_type = Vec<VerbName>)]
    verbs: Vec<Verb>,
    /// How many different people must approve.
    #[schema(minimum = 1, maximum = 5)]
    approvals: u8,
    /// In one of these roles each; anybody who may review when empty.
    #[serde(default)]
    #[schema(example = json!(["privacy-officer"]))]
    reviewers: Vec<String>,
}

/// What a tenant asks for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessRulesBody {
    /// Without two people who could decide together, changes that take two people wait until there are; otherwise they wait
    /// 24 hours, in which every member may stop them (solo mode).
    strict: bool,
    /// How many different people must approve any request.
    approvals: u8,
    /// In one of these roles each; anybody who may review when empty.
    reviewers: Vec<String>,
    /// What is asked for beyond that; all that apply must be met.
    rules: Vec<AccessRule>,
}

/// The rules in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessRulesView {
    /// Counts changes; a change names the revision that it replaces.
    revision: u64,
    /// Null while nobody changed the default.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    changed_at: Option<Timestamp>,
    #[serde(flatten)]
    body: AccessRulesBody,
}

/// Rules as they are shown.
pub(crate) fn body_of(rules: AccessRules) -> AccessRulesBody {
    let AccessRules { strict, approvals, reviewers, rules } = rules;
    AccessRulesBody {
        strict,
        approvals,
        reviewers: reviewers.into_iter().collect(),
        rules: rules.into_iter().map(AccessRule::from).collect(),
    }
}

impl From<RulesView> for AccessRulesView {
    fn from(view: RulesView) -> Self {
        let RulesView { revision, changed_at, rules } = view;
        Self { revision, changed_at, body: body_of(rules) }
    }
}

impl From<ApprovalRule> for AccessRule {
    fn from(rule: ApprovalRule) -> Self {
        Self {
            labels: rule.labels.into_iter().collect(),
            sensitivity: rule.sensitivity,
            project: rule.project,
            verbs: rule.verbs.into_iter().collect(),
            approvals: rule.approvals,
            reviewers: rule.reviewers.into_iter().collect(),
        }
    }
}

impl From<AccessRule> for ApprovalRule {
    fn from(rule: AccessRule) -> Self {
        Self {
            labels: rule.labels.into_iter().collect(),
            sensitivity: rule.sensitivity,
            project: rule.project,
            verbs: rule.verbs.into_iter().collect(),
            approvals: rule.approvals,
            reviewers: rule.reviewers.into_iter().collect(),
        }
    }
}
