//! Every operation of the interface: who may call it, whether its address names a row, and what it leaves in the audit log.
//!
//! One row per operation; the matrix and the audit test run all of them. There is no list of exceptions to grow.

use std::collections::BTreeSet;

use policy::access::Action;
use reqwest::{Method, RequestBuilder};
use sealtape_tests::acceptance::{Client, Form, TestApp};
use serde_json::json;

use crate::{grants, stories::Rows};

/// Whose credential an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Nobody's: public on purpose, for this reason.
    Anyone(&'static str),
    /// A member whose role allows the action.
    Member(Action),
    /// A member whose role allows one of the two.
    Either(Action, Action),
    /// The holder of an agent key.
    AgentKey,
    /// The holder of the session's token.
    SessionToken,
    /// The same, in the body's head line.
    SessionTokenInBody,
}

/// One operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    /// Its id in the OpenAPI document.
    pub(crate) operation: &'static str,
    /// Its method.
    pub(crate) method: &'static str,
    /// Its address; names in braces are filled from [`Rows`].
    pub(crate) url: &'static str,
    /// Who may call.
    pub(crate) who: Who,
    /// Whether the address names a row of a tenant.
    pub(crate) names_a_row: bool,
    /// The status of a call that is allowed and finds its rows.
    pub(crate) ok: u16,
    /// What such a call leaves in the audit log.
    pub(crate) acts: &'static [&'static str],
}

const fn case(operation: &'static str, method: &'static str, url: &'static str, who: Who, ok: u16) -> Case {
    Case { operation, method, url, who, names_a_row: false, ok, acts: &[] }
}

impl Case {
    const fn row(mut self) -> Self {
        self.names_a_row = true;
        self
    }
    const fn leaves(mut self, acts: &'static [&'static str]) -> Self {
        self.acts = acts;
        self
    }
}

use Action as A;
use Who::{AgentKey, Anyone, Either, Member, SessionToken, SessionTokenInBody};

/// Everybody's requests for those who may see them, one's own for everybody else.
const LOOKERS: Who = Either(A::GrantList, A::GrantRequest);

/// All operations.
pub(crate) const CASES: &[Case] = &[
    case("key_list", "GET", "/.well-known/sealtape/keys.json", Anyone("public halves of keys"), 200),
    case("auth_login", "POST", "/v1/auth/login", Anyone("how one becomes somebody"), 200).leaves(&["login.create"]),
    case("auth_refresh", "POST", "/v1/auth/refresh", Anyone("the cookie is the credential"), 200),
    case("auth_logout", "POST", "/v1/auth/logout", Anyone("the cookie is the credential"), 204),
    case("auth_mfa", "POST", "/v1/auth/mfa", Anyone("the challenge is the credential"), 200).leaves(&["login.create"]),
    case("auth_step_up", "POST", "/v1/auth/step-up", Member(A::MeManage), 200).leaves(&["login.prove"]),
    case("auth_step_up_challenge", "POST", "/v1/auth/step-up/challenge", Member(A::MeManage), 201),
    case("mfa_view", "GET", "/v1/me/mfa", Member(A::MeRead), 200),
    case("totp_begin", "POST", "/v1/me/mfa/totp", Member(A::MeManage), 201),
    case("totp_confirm", "PUT", "/v1/me/mfa/totp", Member(A::MeManage), 204).leaves(&["factor.add"]),
    case("totp_remove", "DELETE", "/v1/me/mfa/totp", Member(A::MeManage), 204).leaves(&["factor.remove"]),
    case("security_key_challenge", "POST", "/v1/me/mfa/webauthn/challenge", Member(A::MeManage), 201),
    case("security_key_register", "POST", "/v1/me/mfa/webauthn", Member(A::MeManage), 201).leaves(&["factor.add"]),
    case("security_key_rename", "PATCH", "/v1/me/mfa/webauthn/{factor}", Member(A::MeManage), 200)
        .row()
        .leaves(&["factor.rename"]),
    case("security_key_remove", "DELETE", "/v1/me/mfa/webauthn/{factor}", Member(A::MeManage), 204)
        .row()
        .leaves(&["factor.remove"]),
    case("recovery_code_create", "POST", "/v1/me/mfa/recovery-codes", Member(A::MeManage), 201)
        .leaves(&["recovery-code.create"]),
    case("demo_view", "GET", "/v1/demo", Anyone("not there outside demo mode"), 404),
    case("deployment_view", "GET", "/v1/deployment", Anyone("what the login page needs"), 200),
    case("me_view", "GET", "/v1/me", Member(A::MeRead), 200),
    case("me_permissions", "GET", "/v1/me/permissions", Member(A::MeRead), 200),
    case("notice_list", "GET", "/v1/me/notices", Member(A::MeRead), 200),
    case("notice_read", "POST", "/v1/me/notices/read", Member(A::MeManage), 200),
    case("preference_view", "GET", "/v1/me/preferences", Member(A::MeRead), 200),
    case("preference_change", "PATCH", "/v1/me/preferences", Member(A::MeManage), 200).leaves(&["preference.change"]),
    case("job_list", "GET", "/v1/ops/jobs", Member(A::JobList), 200),
    case("mail_list", "GET", "/v1/ops/mail", Member(A::MailList), 200).leaves(&["mail.list"]),
    case("project_list", "GET", "/v1/projects", Member(A::ProjectList), 200),
    case("project_create", "POST", "/v1/projects", Member(A::ProjectCreate), 201).leaves(&["project.create"]),
    case("project_view", "GET", "/v1/projects/{project}", Member(A::ProjectList), 200).row(),
    case("project_update", "PATCH", "/v1/projects/{project}", Member(A::ProjectManage), 200)
        .row()
        .leaves(&["project.update"]),
    case("agent_key_list", "GET", "/v1/projects/{project}/agent-keys", Member(A::AgentKeyList), 200).row(),
    case("agent_key_create", "POST", "/v1/projects/{project}/agent-keys", Member(A::AgentKeyCreate), 201)
        .row()
        .leaves(&["agent-key.create"]),
    case("agent_key_revoke", "DELETE", "/v1/projects/{project}/agent-keys/{key}", Member(A::AgentKeyRevoke), 204)
        .row()
        .leaves(&["agent-key.revoke"]),
    case("session_list", "GET", "/v1/sessions", Member(A::SessionList), 200),
    case("session_live", "GET", "/v1/sessions/live", Member(A::SessionList), 200),
    case("session_view", "GET", "/v1/sessions/{closed}", Member(A::SessionView), 200).row(),
    case("session_events", "GET", "/v1/sessions/{closed}/events", Member(A::SessionView), 200)
        .row()
        .leaves(&["session.view"]),
    case("session_viewers", "GET", "/v1/sessions/{closed}/viewers", Member(A::SessionViewers), 200).row(),
    case("session_manifest", "GET", "/v1/sessions/{closed}/manifest", Member(A::SessionManifest), 200).row(),
    case("access_request_list", "GET", "/v1/access-requests", LOOKERS, 200),
    case("access_request_create", "POST", "/v1/access-requests", Member(A::GrantRequest), 201)
        .leaves(&["access-request.create"]),
    case("access_request_view", "GET", "/v1/access-requests/{request}", LOOKERS, 200).row(),
    case("access_request_approve", "POST", "/v1/access-requests/{request}/approve", Member(A::GrantReview), 200)
        .row()
        .leaves(&["access-request.approve"]),
    case("access_request_deny", "POST", "/v1/access-requests/{request}/deny", Member(A::GrantReview), 200)
        .row()
        .leaves(&["access-request.deny"]),
    case("access_request_cancel", "POST", "/v1/access-requests/{request}/cancel", Member(A::GrantRequest), 200)
        .row()
        .leaves(&["access-request.cancel"]),
    case("grant_list", "GET", "/v1/grants", LOOKERS, 200),
    case("grant_revoke", "POST", "/v1/grants/{request}/revoke", Member(A::GrantRevoke), 200)
        .row()
        .leaves(&["grant.revoke"]),
    case("access_rules_view", "GET", "/v1/access-rules", LOOKERS, 200),
    case("access_rules_update", "PUT", "/v1/access-rules", Member(A::TenantManage), 200)
        .leaves(&["access-rules.update"]),
    case("session_label_list", "GET", "/v1/sessions/{closed}/labels", Member(A::SessionView), 200).row(),
    case("session_label_add", "POST", "/v1/sessions/{closed}/labels", Member(A::SessionLabel), 201)
        .row()
        .leaves(&["session.label"]),
    case("session_label_remove", "DELETE", "/v1/sessions/{closed}/labels/{label}", Member(A::SessionLabel), 204)
        .row()
        .leaves(&["session.unlabel"]),
    case("break_glass_list", "GET", "/v1/break-glass", Member(A::BreakGlassReview), 200),
    case("break_glass_open", "POST", "/v1/break-glass", Member(A::BreakGlassUse), 201).leaves(&["break-glass.use"]),
    case("break_glass_review", "POST", "/v1/break-glass/{broken}/review", Member(A::BreakGlassReview), 200)
        .row()
        .leaves(&["break-glass.review"]),
    case("proposal_list", "GET", "/v1/proposals", Member(A::ProposalList), 200),
    case("proposal_view", "GET", "/v1/proposals/{proposal}", Member(A::MeRead), 200).row(),
    case("proposal_approve", "POST", "/v1/proposals/{proposal}/approve", Member(A::ProposalVote), 200)
        .row()
        .leaves(&["proposal.approve", "role-binding.create"]),
    case("proposal_reject", "POST", "/v1/proposals/{proposal}/reject", Member(A::ProposalVote), 200)
        .row()
        .leaves(&["proposal.reject"]),
    case("proposal_cancel", "POST", "/v1/proposals/{proposal}/cancel", Member(A::MeManage), 200)
        .row()
        .leaves(&["proposal.cancel"]),
    case("agent_session_start", "POST", "/v1/agent/sessions", AgentKey, 201).leaves(&["session.start"]),
    case("agent_token_renew", "POST", "/v1/agent/sessions/{live}/token", AgentKey, 200).row(),
    case("agent_tab_open", "POST", "/v1/agent/sessions/{live}/tabs", SessionToken, 201).row(),
    case("agent_segment_put", "PUT", "/v1/agent/sessions/{live}/segments/0/0", SessionToken, 200).row(),
    case("agent_segment_upload", "POST", "/v1/agent/upload", SessionTokenInBody, 200),
    case("agent_session_finish", "POST", "/v1/agent/sessions/{live}/finish", SessionToken, 204).row(),
    case("agent_session_identify", "POST", "/v1/agent/sessions/{live}/identify", SessionToken, 204).row(),
];

/// Ids to put into an address.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    pub(crate) project: String,
    pub(crate) key: String,
    pub(crate) closed: String,
    pub(crate) live: String,
    pub(crate) factor: String,
    pub(crate) request: String,
    pub(crate) label: String,
    pub(crate) broken: String,
    pub(crate) proposal: String,
}

impl Ids {
    pub(crate) fn of(rows: &Rows) -> Self {
        Self {
            project: rows.project.clone(),
            key: rows.key.clone(),
            closed: rows.closed.clone(),
            live: rows.live.id.clone(),
            factor: rows.factor.clone(),
            request: rows.request.clone(),
            broken: rows.broken.clone(),
            proposal: rows.proposal.clone(),
            label: rows.label.clone(),
        }
    }

    /// Ids that name nothing; `seed` tells several apart.
    pub(crate) fn random(seed: u128) -> Self {
        let id = |n: u128| uuid::Uuid::from_u128(0x0190_f3a1_0000_7000_8000_0000_0000_0000 + seed * 16 + n).to_string();
        Self {
            project: id(1),
            key: id(2),
            closed: id(3),
            live: id(4),
            factor: id(5),
            request: id(6),
            broken: id(7),
            proposal: id(8),
            label: id(9),
        }
    }

    pub(crate) fn fill(&self, url: &str) -> String {
        url.replace("{project}", &self.project)
            .replace("{key}", &self.key)
            .replace("{closed}", &self.closed)
            .replace("{live}", &self.live)
            .replace("{factor}", &self.factor)
            .replace("{request}", &self.request)
            .replace("{label}", &self.label)
            .replace("{broken}", &self.broken)
            .replace("{proposal}", &self.proposal)
    }
}

impl Case {
    /// The call by `caller`, whose own rows are `own`, on the rows of `ids`; right in everything but who calls for what.
    pub(crate) async fn request(&self, app: &TestApp, caller: &Client, own: &Rows, ids: &Ids) -> RequestBuilder {
        let method: Method = self.method.parse().unwrap();
        if let Some(request) = crate::twins::request(self, app, caller, own, ids).await {
            return request;
        }
        let (client, ids) = grants::ready::ready(self.operation, app, caller, own, ids).await;
        let (caller, ids) = (&client, &ids);
        let request = caller.request(method, &ids.fill(self.url));
        let json = match self.operation {
            "auth_login" => {
                let member = &app.ours.members[&policy::access::Role::Viewer];
                json!({ "email": member.email, "password": member.password })
            }
            "auth_refresh" | "auth_logout" => {
                let cookie = crate::signin::cookie(app).await;
                return request.header("origin", app.console_origin()).header("cookie", cookie);
            }
            "notice_read" => json!({ "all": {} }),
            // Another choice each time: choosing what is chosen is no act.
            "preference_change" => {
                let mail = if request_number().is_multiple_of(2) { "now" } else { "digest" };
                json!({ "notices": [{ "kind": "grant-expired", "inbox": true, "mail": mail }] })
            }
            "project_create" => json!({ "name": format!("project {}", request_number()) }),
            "project_update" => json!({ "sensitivity": "normal" }),
            "session_label_add" => json!({ "label": format!("label-{}", request_number()) }),
            "agent_key_create" => json!({ "origins": ["https://shop.example"] }),
            "agent_session_start" => app.agent().greeting(),
            "agent_token_renew" => json!({ "resume": own.live.resume }),
            "agent_session_finish" => json!({ "tab": 0, "segments": 1, "gaps": [] }),
            "agent_session_identify" => json!({ "user_id": "u-1" }),
            "access_request_create" => grants::asking_for(&own.closed),
            "access_request_approve" => json!({ "seen": grants::seen(app, &ids.request).await }),
            "access_request_deny" => json!({}),
            "break_glass_open" => grants::break_glass::breaking(&[&own.closed]),
            "break_glass_review" => json!({ "outcome": "justified" }),
            "proposal_approve" => json!({ "hash": grants::proposals::hash(app, &ids.proposal).await }),
            "access_rules_update" => grants::same_rules(app).await,
            "agent_segment_put" => return own.segment.request(caller, Form::Put, &ids.live),
            "agent_segment_upload" => return own.segment.request(caller, Form::Upload, &ids.live),
            _ => return request,
        };
        request.json(&json)
    }

    /// Whether its answer has no end.
    pub(crate) fn is_endless(&self) -> bool {
        self.operation == "session_live"
    }
}

fn request_number() -> u32 {
    static REQUESTS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    REQUESTS.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

#[test]
fn every_operation_of_the_document_has_a_case_and_every_case_an_operation() {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = path.matches('{').count();
            let id = operation["operationId"].as_str().unwrap().to_owned();
            operations.insert((id, method.to_uppercase(), parameters > 0));
        }
    }
    let cases: BTreeSet<_> =
        CASES.iter().map(|case| (case.operation.to_owned(), case.method.to_owned(), case.names_a_row)).collect();
    assert_eq!(
        operations, cases,
        "give a new operation a row in tests/api/cases.rs, and say what it leaves in the audit log"
    );
    assert_eq!(CASES.len(), cases.len());
}
