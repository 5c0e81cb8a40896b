//! Every operation of the interface: who may call it, whether its address names a row, and what it leaves in the audit log.
//!
//! One row per operation; the matrix and the audit test run all of them. There is no list of exceptions to grow.

use std::collections::BTreeSet;

use policy::access::Action;
use reqwest::{Method, RequestBuilder};
use sealtape_tests::acceptance::{Client, Form, TestApp};
use serde_json::json;

use crate::{audit_exports, exports, grants, roles, stories::Rows};

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
    /// Whether it takes a person: a fresh proof, or a grant, which no API key has.
    pub(crate) by_a_person: bool,
}

const fn case(operation: &'static str, method: &'static str, url: &'static str, who: Who, ok: u16) -> Case {
    Case { operation, method, url, who, names_a_row: false, ok, acts: &[], by_a_person: false }
}

impl Case {
    const fn row(mut self) -> Self {
        self.names_a_row = true;
        self
    }
    const fn by_a_person(mut self) -> Self {
        self.by_a_person = true;
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
    case(
        "ledger_checkpoint_view",
        "GET",
        "/.well-known/sealtape/ledger/checkpoint",
        Anyone("whom all may hold us to"),
        200,
    ),
    case("ledger_key_view", "GET", "/.well-known/sealtape/ledger/key", Anyone("the public half of a key"), 200),
    case("ledger_tile_view", "GET", "/.well-known/sealtape/ledger/tile/0/000.p/1", Anyone("hashes"), 200),
    case("key_list", "GET", "/.well-known/sealtape/keys.json", Anyone("public halves of keys"), 200),
    case("auth_login", "POST", "/v1/auth/login", Anyone("how one becomes somebody"), 200).leaves(&["login.create"]),
    case("auth_refresh", "POST", "/v1/auth/refresh", Anyone("the cookie is the credential"), 200),
    case("auth_logout", "POST", "/v1/auth/logout", Anyone("the cookie is the credential"), 204).leaves(&["login.end"]),
    case("auth_mfa", "POST", "/v1/auth/mfa", Anyone("the challenge is the credential"), 200).leaves(&["login.create"]),
    case("auth_step_up", "POST", "/v1/auth/step-up", Member(A::MeManage), 200).leaves(&["login.prove"]),
    case("auth_step_up_challenge", "POST", "/v1/auth/step-up/challenge", Member(A::MeManage), 201),
    case("mfa_view", "GET", "/v1/me/mfa", Member(A::MeManage), 200),
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
    case("auth_switch", "POST", "/v1/auth/switch", Member(A::MeManage), 404),
    case("password_change", "POST", "/v1/auth/password/change", Member(A::MeManage), 422),
    case("password_forgot", "POST", "/v1/auth/password/forgot", Anyone("who forgot cannot sign in"), 202),
    case("password_reset", "POST", "/v1/auth/password/reset", Anyone("the link's token is the credential"), 410),
    case("sign_in_list", "GET", "/v1/auth/sessions", Member(A::MeManage), 200),
    case("sign_in_end", "DELETE", "/v1/auth/sessions/{login}", Member(A::MeManage), 204).row().leaves(&["login.end"]),
    case("setup_run", "POST", "/v1/setup", Anyone("the first run has nobody yet"), 409),
    case("invitation_look", "POST", "/v1/invitations/look", Anyone("the token is the credential"), 200),
    case("invitation_accept", "POST", "/v1/invitations/accept", Anyone("the token is the credential"), 204)
        .leaves(&["invitation.accept"]),
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
    case("audit_event_list", "GET", "/v1/audit/events", Member(A::AuditRead), 200).leaves(&["audit.read"]),
    case("audit_event_view", "GET", "/v1/audit/events/{event}", Member(A::AuditRead), 200).row(),
    case("audit_detail_view", "GET", "/v1/audit/events/{detailed}/detail", Member(A::AuditRead), 200)
        .row()
        .leaves(&["audit.detail"]),
    case("audit_health_view", "GET", "/v1/audit/health", Member(A::AuditRead), 200),
    case("audit_checkpoint_list", "GET", "/v1/audit/checkpoints", Member(A::AuditRead), 200),
    case("audit_subject_view", "GET", "/v1/audit/subjects/{subject}", Member(A::AuditRead), 200)
        .row()
        .leaves(&["audit.subject"]),
    case("audit_subject_find", "POST", "/v1/audit/subjects/find", Member(A::SubjectSearch), 200)
        .leaves(&["subject.search"]),
    case("audit_anchor_prove", "GET", "/v1/audit/proof/anchor", Member(A::AuditRead), 200),
    case("audit_checkpoint_view", "GET", "/v1/audit/checkpoint", Member(A::AuditRead), 200),
    case("audit_key_view", "GET", "/v1/audit/key", Member(A::AuditRead), 200),
    case("audit_tile_view", "GET", "/v1/audit/tile/0/{tile}", Member(A::AuditRead), 200).row(),
    case("audit_entries_view", "GET", "/v1/audit/tile/entries/{tile}", Member(A::AuditRead), 200)
        .row()
        .leaves(&["audit.read"]),
    case("audit_inclusion_prove", "GET", "/v1/audit/proof/inclusion?event={event}", Member(A::AuditRead), 200),
    case("audit_consistency_prove", "GET", "/v1/audit/proof/consistency?from=1", Member(A::AuditRead), 200),
    case("audit_export_create", "POST", "/v1/audit/exports", Member(A::AuditExport), 202).leaves(&["audit.export"]),
    case("audit_export_list", "GET", "/v1/audit/exports", Member(A::AuditExport), 200).leaves(&["audit.exports"]),
    case("audit_export_view", "GET", "/v1/audit/exports/{audit_export}", Member(A::AuditExport), 200).row(),
    case("audit_export_download", "GET", "/v1/audit/exports/{audit_export}/file", Member(A::AuditExport), 200)
        .row()
        .leaves(&["audit.download"]),
    case("audit_export_remove", "DELETE", "/v1/audit/exports/{audit_export}", Member(A::AuditExport), 204)
        .row()
        .leaves(&["audit.export-remove"]),
    case("webhook_list", "GET", "/v1/webhooks", Member(A::WebhookList), 200),
    case("webhook_create", "POST", "/v1/webhooks", Member(A::WebhookManage), 201)
        .by_a_person()
        .leaves(&["webhook.create"]),
    case("webhook_view", "GET", "/v1/webhooks/{webhook}", Member(A::WebhookList), 200).row(),
    case("webhook_update", "PATCH", "/v1/webhooks/{webhook}", Member(A::WebhookManage), 200)
        .row()
        .by_a_person()
        .leaves(&["webhook.update"]),
    case("webhook_delete", "DELETE", "/v1/webhooks/{webhook}", Member(A::WebhookManage), 202)
        .row()
        .by_a_person()
        .leaves(&["proposal.create"]),
    case("webhook_rotate", "POST", "/v1/webhooks/{webhook}/secret", Member(A::WebhookManage), 200)
        .row()
        .by_a_person()
        .leaves(&["webhook.rotate"]),
    case("webhook_test", "POST", "/v1/webhooks/{webhook}/test", Member(A::WebhookManage), 202)
        .row()
        .leaves(&["webhook.test"]),
    case("webhook_delivery_list", "GET", "/v1/webhooks/{webhook}/deliveries", Member(A::WebhookList), 200).row(),
    case(
        "webhook_redeliver",
        "POST",
        "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver",
        Member(A::WebhookManage),
        202,
    )
    .row()
    .leaves(&["webhook.redeliver"]),
    case("me_tenants", "GET", "/v1/me/tenants", Member(A::MeManage), 200),
    case("member_list", "GET", "/v1/members", Member(A::MemberList), 200),
    case("member_view", "GET", "/v1/members/{member}", Member(A::MemberList), 200).row(),
    case("member_disable", "POST", "/v1/members/{member}/disable", Member(A::MemberManage), 204)
        .row()
        .leaves(&["member.disable"]),
    case("member_enable", "POST", "/v1/members/{member}/enable", Member(A::MemberManage), 204)
        .row()
        .leaves(&["member.enable"]),
    case("member_factors_reset", "POST", "/v1/members/{member}/reset-factors", Member(A::MemberManage), 204)
        .row()
        .by_a_person()
        .leaves(&["factor.reset"]),
    case("invitation_list", "GET", "/v1/invitations", Member(A::MemberList), 200),
    case("invitation_create", "POST", "/v1/invitations", Member(A::MemberInvite), 201).leaves(&["invitation.create"]),
    case("invitation_resend", "POST", "/v1/invitations/{invitation}/resend", Member(A::MemberInvite), 200)
        .row()
        .leaves(&["invitation.resend"]),
    case("invitation_withdraw", "DELETE", "/v1/invitations/{invitation}", Member(A::MemberInvite), 204)
        .row()
        .leaves(&["invitation.withdraw"]),
    case("role_binding_list", "GET", "/v1/role-bindings", Member(A::MemberList), 200),
    case("role_binding_create", "POST", "/v1/role-bindings", Member(A::MemberManage), 201)
        .leaves(&["role-binding.create"]),
    case("role_binding_delete", "DELETE", "/v1/role-bindings/{binding}", Member(A::MemberManage), 204)
        .row()
        .leaves(&["role-binding.delete"]),
    case("api_key_list", "GET", "/v1/api-keys", Member(A::ApiKeyList), 200),
    case("api_key_create", "POST", "/v1/api-keys", Member(A::ApiKeyCreate), 201).leaves(&["api-key.create"]),
    case("api_key_revoke", "DELETE", "/v1/api-keys/{api_key}", Member(A::ApiKeyRevoke), 204)
        .row()
        .leaves(&["api-key.revoke"]),
    case("project_list", "GET", "/v1/projects", Member(A::ProjectList), 200),
    case("project_create", "POST", "/v1/projects", Member(A::ProjectCreate), 201).leaves(&["project.create"]),
    case("project_view", "GET", "/v1/projects/{project}", Member(A::ProjectList), 200).row(),
    case("project_update", "PATCH", "/v1/projects/{project}", Member(A::ProjectManage), 200)
        .row()
        .leaves(&["project.update"]),
    case("project_kill_switch", "POST", "/v1/projects/{quiet}/kill-switch", Member(A::ProjectManage), 204)
        .row()
        .leaves(&["capture.stop"]),
    case("kill_switch_view", "GET", "/v1/kill-switch", Member(A::ProjectList), 200),
    // Off, as it was: on, the rest of the table could not record.
    case("kill_switch_set", "POST", "/v1/kill-switch", Member(A::TenantManage), 204),
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
    case("session_viewers", "GET", "/v1/sessions/{closed}/viewers", Member(A::SessionViewers), 200)
        .row()
        .leaves(&["session.viewers"]),
    case("session_manifest", "GET", "/v1/sessions/{closed}/manifest", Member(A::SessionManifest), 200).row(),
    case("export_create", "POST", "/v1/sessions/{closed}/export", Member(A::SessionView), 201)
        .row()
        .by_a_person()
        .leaves(&["session.export"]),
    case("export_list", "GET", "/v1/sessions/{closed}/exports", Member(A::SessionViewers), 200)
        .row()
        .leaves(&["session.exports"]),
    case("export_view", "GET", "/v1/exports/{export}", Member(A::SessionView), 200).row().by_a_person(),
    case("export_download", "GET", "/v1/exports/{export}/bundle", Member(A::SessionView), 200)
        .row()
        .by_a_person()
        .leaves(&["session.download"]),
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
    case("grant_list", "GET", "/v1/grants", LOOKERS, 200).leaves(&["grant.list"]),
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
    case("break_glass_list", "GET", "/v1/break-glass", Member(A::BreakGlassReview), 200).leaves(&["break-glass.list"]),
    case("break_glass_open", "POST", "/v1/break-glass", Member(A::BreakGlassUse), 201)
        .by_a_person()
        .leaves(&["break-glass.use"]),
    case("break_glass_review", "POST", "/v1/break-glass/{broken}/review", Member(A::BreakGlassReview), 200)
        .row()
        .leaves(&["break-glass.review"]),
    case("proposal_list", "GET", "/v1/proposals", Member(A::ProposalList), 200),
    case("proposal_view", "GET", "/v1/proposals/{proposal}", Member(A::MeRead), 200).row(),
    case("proposal_approve", "POST", "/v1/proposals/{proposal}/approve", Member(A::ProposalVote), 200)
        .row()
        .by_a_person()
        .leaves(&["proposal.approve", "role-binding.create"]),
    // The key is that of the proposer, who rejects nothing of their own.
    case("proposal_reject", "POST", "/v1/proposals/{proposal}/reject", Member(A::ProposalVote), 200)
        .row()
        .by_a_person()
        .leaves(&["proposal.reject"]),
    case("proposal_cancel", "POST", "/v1/proposals/{proposal}/cancel", Member(A::MeManage), 200)
        .row()
        .leaves(&["proposal.cancel"]),
    case("role_list", "GET", "/v1/roles", Member(A::RoleList), 200),
    case("role_matrix", "GET", "/v1/roles/matrix", Member(A::RoleList), 200),
    case("role_create", "POST", "/v1/roles", Member(A::RoleManage), 201).leaves(&["role.create"]),
    case("role_view", "GET", "/v1/roles/{role}", Member(A::RoleList), 200).row(),
    case("role_update", "PUT", "/v1/roles/{role}", Member(A::RoleManage), 200).row().leaves(&["role.update"]),
    case("role_delete", "DELETE", "/v1/roles/{role}", Member(A::RoleManage), 204).row().leaves(&["role.delete"]),
    case("member_permissions", "GET", "/v1/members/{member}/permissions", Member(A::MemberList), 200).row(),
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
    pub(crate) role: String,
    pub(crate) member: String,
    pub(crate) binding: String,
    pub(crate) invitation: String,
    pub(crate) api_key: String,
    pub(crate) login: String,
    pub(crate) export: String,
    pub(crate) webhook: String,
    pub(crate) delivery: String,
    pub(crate) quiet: String,
    pub(crate) tile: String,
    pub(crate) event: String,
    pub(crate) subject: String,
    pub(crate) detailed: String,
    pub(crate) audit_export: String,
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
            label: rows.label.clone(),
            broken: rows.broken.clone(),
            proposal: rows.proposal.clone(),
            role: rows.role.clone(),
            member: rows.member.clone(),
            binding: rows.binding.clone(),
            invitation: rows.invitation.clone(),
            api_key: rows.api_key.clone(),
            login: rows.login.clone(),
            export: rows.export.clone(),
            webhook: rows.webhook.clone(),
            delivery: rows.delivery.clone(),
            quiet: rows.quiet.clone(),
            tile: rows.tile.clone(),
            event: rows.event.clone(),
            subject: rows.subject.clone(),
            detailed: rows.detailed.clone(),
            audit_export: rows.audit_export.clone(),
        }
    }

    /// Ids that name nothing; `seed` tells several apart.
    pub(crate) fn random(seed: u128) -> Self {
        let id = |n: u128| uuid::Uuid::from_u128(0x0190_f3a1_0000_7000_8000_0000_0000_0000 + seed * 32 + n).to_string();
        Self {
            project: id(1),
            key: id(2),
            closed: id(3),
            live: id(4),
            factor: id(5),
            request: id(6),
            member: id(7),
            binding: id(8),
            invitation: id(9),
            api_key: id(10),
            login: id(11),
            role: id(15),
            label: id(12),
            broken: id(13),
            proposal: id(14),
            export: id(16),
            quiet: id(21),
            tile: "000.p/255".to_owned(),
            webhook: id(18),
            delivery: id(19),
            event: id(17),
            subject: id(18),
            detailed: id(19),
            audit_export: id(20),
        }
    }

    pub(crate) fn fill(&self, url: &str) -> String {
        url.replace("{project}", &self.project)
            .replace("{subject}", &self.subject)
            .replace("{detailed}", &self.detailed)
            .replace("{key}", &self.key)
            .replace("{closed}", &self.closed)
            .replace("{live}", &self.live)
            .replace("{factor}", &self.factor)
            .replace("{request}", &self.request)
            .replace("{label}", &self.label)
            .replace("{broken}", &self.broken)
            .replace("{proposal}", &self.proposal)
            .replace("{role}", &self.role)
            .replace("{member}", &self.member)
            .replace("{binding}", &self.binding)
            .replace("{invitation}", &self.invitation)
            .replace("{api_key}", &self.api_key)
            .replace("{login}", &self.login)
            .replace("{export}", &self.export)
            .replace("{webhook}", &self.webhook)
            .replace("{delivery}", &self.delivery)
            .replace("{quiet}", &self.quiet)
            .replace("{tile}", &self.tile)
            .replace("{event}", &self.event)
            .replace("{audit_export}", &self.audit_export)
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
        let caller = &client;
        let ids = if ids.project == own.project { self.fresh(app, caller, &ids).await } else { ids };
        let ids = roles::ready(self.operation, app, caller, own, &ids).await;
        let ids = exports::ready(self.operation, app, caller, own, &ids).await;
        let ids = audit_exports::ready(self.operation, caller, own, &ids).await;
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
            "project_kill_switch" => json!({ "on": true, "reason": "the table stops it" }),
            "kill_switch_set" => json!({ "on": false }),
            "audit_subject_find" => json!({ "kind": "user_id", "value": "u-1", "purpose": "data-request" }),
            "export_create" => json!({ "purpose": "debugging" }),
            "audit_export_create" => json!({ "format": "log" }),
            "session_label_add" => json!({ "label": format!("label-{}", request_number()) }),
            "role_binding_create" => {
                let member = app.fresh_member(&app.ours, policy::access::Role::Viewer).await.id;
                json!({ "member_id": member, "role": "engineer", "condition": { "environments": ["staging"] } })
            }
            "webhook_create" => json!({ "name": "SIEM", "kind": "webhook", "url": "https://hooks.test/new" }),
            "webhook_update" => json!({ "name": format!("SIEM {}", request_number()) }),
            "role_create" => roles::role(&format!("role-{}", request_number()), &["session.list"]),
            "role_update" => {
                let name = format!("renamed-{}", request_number());
                json!({ "revision": 1, "name": name, "actions": ["session.list"], "denies": [], "unmasked": false })
            }
            "agent_key_create" => json!({ "origins": ["https://shop.example"] }),
            "auth_switch" => json!({ "tenant": "theirs" }),
            "password_change" => json!({ "old_password": "wrong", "new_password": "correct horse battery 9" }),
            "password_forgot" => json!({ "email": "nobody@ours.example" }),
            "password_reset" => json!({ "token": "none", "new_password": "correct horse battery 9" }),
            "setup_run" => json!({ "setup_token": "x", "tenant": { "slug": "third", "name": "Third" },
                "owner": { "name": "A", "email": "a@third.example", "password": "correct horse battery 9" },
                "privacy_officer": { "email": "b@third.example" } }),
            "invitation_look" => json!({ "token": own.token }),
            "invitation_accept" => json!({ "token": spare_token(app, own).await, "name": "New",
                "password": "correct horse battery 9" }),
            "invitation_create" => {
                json!({ "email": format!("new-{}@ours.example", request_number()), "roles": ["viewer"] })
            }
            "api_key_create" => json!({ "name": "test", "scopes": ["project.list"],
                "expires_at": crate::stories::in_seconds(app, 60) }),
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

    /// Rows of the caller's own for an operation that uses its row up, or that everybody has only for themselves.
    async fn fresh(&self, app: &TestApp, caller: &Client, ids: &Ids) -> Ids {
        let mut ids = ids.clone();
        match self.operation {
            "role_binding_delete" => {
                let name = format!("unbound-{}", request_number());
                let member = app.ours.new_member(app, &name, policy::access::Role::Viewer).await;
                let sql = format!("SELECT id FROM role_binding WHERE member_id = {}", app.id(&member.id));
                ids.binding = app.ids(&sql).await.remove(0);
            }
            "member_enable" => {
                let name = format!("disabled-{}", request_number());
                ids.member = app.ours.new_member(app, &name, policy::access::Role::Viewer).await.id;
                let disable = format!("UPDATE member SET state = 'disabled' WHERE id = {}", app.id(&ids.member));
                app.tamper(&[&disable]).await;
            }
            "member_factors_reset" => {
                ids.member = app.guarded(&app.ours, policy::access::Role::Viewer).await.member.id;
            }
            "sign_in_end" => {
                if let Some(login) = own_login(app, caller).await {
                    ids.login = login;
                }
            }
            "webhook_delete" => {
                // Another revision is another removal: the same one is not proposed twice.
                let url = ids.fill("/v1/webhooks/{webhook}");
                caller.patch(&url, &json!({ "name": format!("removed {}", request_number()) })).await;
            }
            "api_key_revoke" => {
                let body = json!({ "name": "own", "scopes": ["project.list"],
                    "expires_at": crate::stories::in_seconds(app, 60) });
                let made = caller.post("/v1/api-keys", &body).await;
                if made.status == 201 {
                    made.json()["id"].as_str().unwrap().clone_into(&mut ids.api_key);
                }
            }
            _ => {}
        }
        ids
    }

    /// Whether its answer has no end.
    pub(crate) fn is_endless(&self) -> bool {
        self.operation == "session_live"
    }
}

/// The token of an invitation that nobody accepted; the prepared one when none can be made just now.
async fn spare_token(app: &TestApp, own: &Rows) -> String {
    let owner = app.as_role(policy::access::Role::Owner).await;
    let email = format!("spare-{}@ours.example", request_number());
    let made = owner.post("/v1/invitations", &json!({ "email": email, "roles": ["viewer"] })).await;
    if made.status == 201 { crate::stories::token_of(&made.json()) } else { own.token.clone() }
}

/// A further sign-in of the member who calls, when it is a member.
async fn own_login(app: &TestApp, caller: &Client) -> Option<String> {
    let me = caller.get("/v1/me").await;
    if me.status != 200 || caller.token().starts_with("st_") {
        return None;
    }
    let id = me.json()["id"].as_str().unwrap().to_owned();
    let member = app.ours.members.values().find(|member| member.id == id)?;
    app.anonymous().post("/v1/auth/login", &json!({ "email": member.email, "password": member.password })).await;
    let logins = caller.get("/v1/auth/sessions").await.json();
    let other = logins["items"].as_array()?.iter().find(|login| login["this"] == false)?;
    Some(other["id"].as_str().unwrap().to_owned())
}

fn request_number() -> u32 {
    static REQUESTS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    REQUESTS.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

#[test]
fn every_operation_of_the_document_has_a_case_and_every_case_an_operation() {
    let operations = operations();
    assert_eq!(
        operations,
        rows(CASES),
        "give a new operation a row in tests/api/cases.rs, and say what it leaves in the audit log"
    );
    assert_eq!(CASES.len(), operations.len());
    // Each row is needed: without it, the comparison above fails.
    for (missing, case) in CASES.iter().enumerate() {
        let left: Vec<Case> = CASES.iter().enumerate().filter(|(n, _)| *n != missing).map(|(_, case)| *case).collect();
        assert_ne!(operations, rows(&left), "without {}", case.operation);
    }
}

/// Every operation of the document: id, method, and whether its address names a row.
fn operations() -> BTreeSet<(String, String, bool)> {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            // What anybody may read is no tenant's, whatever its address names.
            let parameters = if path.starts_with("/.well-known/") { 0 } else { path.matches('{').count() };
            let id = operation["operationId"].as_str().unwrap().to_owned();
            operations.insert((id, method.to_uppercase(), parameters > 0));
        }
    }
    operations
}

fn rows(cases: &[Case]) -> BTreeSet<(String, String, bool)> {
    cases.iter().map(|case| (case.operation.to_owned(), case.method.to_owned(), case.names_a_row)).collect()
}
