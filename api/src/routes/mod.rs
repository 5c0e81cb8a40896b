//! Every operation, one file each. The order of `.service` lines matters only where a fixed path lies under a variable one.

pub(crate) mod access_requests;
pub(crate) mod access_rules;
pub(crate) mod agent;
pub(crate) mod agent_keys;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod break_glass;
pub(crate) mod capture;
pub(crate) mod deployment;
pub(crate) mod exports;
pub(crate) mod factors;
pub(crate) mod grants;
pub(crate) mod invitations;
pub(crate) mod keys;
pub(crate) mod me;
pub(crate) mod members;
pub(crate) mod notices;
pub(crate) mod ops;
pub(crate) mod preferences;
pub(crate) mod projects;
pub(crate) mod proposals;
pub(crate) mod role_bindings;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod webhooks;

use actix_web::{HttpRequest, HttpResponse, route, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{ApiError, assets, edge::Edge, openapi::RouteTable};

/// Adds every operation; router and OpenAPI document both come from here.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    account(config);
    people(config);
    recordings(config);
    access(config);
    agents(config);
    operations(config);
    outside(config);
}

/// Who gets the audit log outside.
fn outside(config: &mut ServiceConfig<'_>) {
    config
        .service(webhooks::list::webhook_list)
        .service(webhooks::create::webhook_create)
        .service(webhooks::view::webhook_view)
        .service(webhooks::update::webhook_update)
        .service(webhooks::delete::webhook_delete)
        .service(webhooks::rotate::webhook_rotate)
        .service(webhooks::test::webhook_test)
        .service(webhooks::deliveries::webhook_delivery_list)
        .service(webhooks::redeliver::webhook_redeliver);
}

/// How one becomes somebody, and what is one's own.
fn account(config: &mut ServiceConfig<'_>) {
    config
        .service(auth::login::auth_login)
        .service(auth::mfa::auth_mfa)
        .service(auth::refresh::auth_refresh)
        .service(auth::logout::auth_logout)
        .service(auth::step_up::auth_step_up)
        .service(auth::step_up_challenge::auth_step_up_challenge)
        .service(auth::switch::auth_switch)
        .service(auth::password_change::password_change)
        .service(auth::password_forgot::password_forgot)
        .service(auth::password_reset::password_reset)
        .service(auth::sign_in_list::sign_in_list)
        .service(auth::sign_in_end::sign_in_end)
        .service(setup::run::setup_run)
        .service(deployment::view::deployment_view)
        .service(deployment::demo::demo_view)
        .service(me::view::me_view)
        .service(me::permissions::me_permissions)
        .service(me::tenants::me_tenants)
        .service(factors::view::mfa_view)
        .service(factors::totp_begin::totp_begin)
        .service(factors::totp_confirm::totp_confirm)
        .service(factors::totp_remove::totp_remove)
        .service(factors::key_challenge::security_key_challenge)
        .service(factors::key_register::security_key_register)
        .service(factors::key_rename::security_key_rename)
        .service(factors::key_remove::security_key_remove)
        .service(factors::recovery_codes::recovery_code_create)
        .service(notices::list::notice_list)
        .service(notices::read::notice_read)
        .service(preferences::view::preference_view)
        .service(preferences::change::preference_change);
}

/// Who belongs to the tenant, and what they may do.
fn people(config: &mut ServiceConfig<'_>) {
    config
        .service(members::list::member_list)
        .service(members::view::member_view)
        .service(members::disable::member_disable)
        .service(members::enable::member_enable)
        .service(members::factors_reset::member_factors_reset)
        .service(members::permissions::member_permissions)
        .service(invitations::list::invitation_list)
        .service(invitations::create::invitation_create)
        .service(invitations::look::invitation_look)
        .service(invitations::accept::invitation_accept)
        .service(invitations::resend::invitation_resend)
        .service(invitations::withdraw::invitation_withdraw)
        .service(role_bindings::list::role_binding_list)
        .service(role_bindings::create::role_binding_create)
        .service(role_bindings::delete::role_binding_delete)
        .service(roles::list::role_list)
        .service(roles::create::role_create)
        .service(roles::matrix::role_matrix)
        .service(roles::view::role_view)
        .service(roles::update::role_update)
        .service(roles::delete::role_delete)
        .service(api_keys::list::api_key_list)
        .service(api_keys::create::api_key_create)
        .service(api_keys::revoke::api_key_revoke);
}

/// Projects, and what was recorded in them.
fn recordings(config: &mut ServiceConfig<'_>) {
    config
        .service(projects::list::project_list)
        .service(projects::create::project_create)
        .service(projects::view::project_view)
        .service(projects::update::project_update)
        .service(capture::project::project_kill_switch)
        .service(capture::view::kill_switch_view)
        .service(capture::everything::kill_switch_set)
        .service(agent_keys::list::agent_key_list)
        .service(agent_keys::create::agent_key_create)
        .service(agent_keys::revoke::agent_key_revoke)
        .service(sessions::list::session_list)
        .service(sessions::live::session_live)
        .service(sessions::view::session_view)
        .service(sessions::events::session_events)
        .service(sessions::viewers::session_viewers)
        .service(sessions::manifest::session_manifest)
        .service(sessions::label_list::session_label_list)
        .service(sessions::label_add::session_label_add)
        .service(sessions::label_remove::session_label_remove)
        .service(exports::create::export_create)
        .service(exports::list::export_list)
        .service(exports::view::export_view)
        .service(exports::download::export_download);
}

/// Just-in-time access, and changes that take two people.
fn access(config: &mut ServiceConfig<'_>) {
    config
        .service(access_requests::list::access_request_list)
        .service(access_requests::create::access_request_create)
        .service(access_requests::view::access_request_view)
        .service(access_requests::approve::access_request_approve)
        .service(access_requests::deny::access_request_deny)
        .service(access_requests::cancel::access_request_cancel)
        .service(grants::list::grant_list)
        .service(grants::revoke::grant_revoke)
        .service(access_rules::view::access_rules_view)
        .service(access_rules::update::access_rules_update)
        .service(break_glass::list::break_glass_list)
        .service(break_glass::open::break_glass_open)
        .service(break_glass::review::break_glass_review)
        .service(proposals::list::proposal_list)
        .service(proposals::view::proposal_view)
        .service(proposals::approve::proposal_approve)
        .service(proposals::reject::proposal_reject)
        .service(proposals::cancel::proposal_cancel);
}

/// What capture agents call.
fn agents(config: &mut ServiceConfig<'_>) {
    config
        .service(agent::start::agent_session_start)
        .service(agent::tab_open::agent_tab_open)
        .service(agent::token_renew::agent_token_renew)
        .service(agent::segment_put::agent_segment_put)
        .service(agent::segment_upload::agent_segment_upload)
        .service(agent::finish::agent_session_finish)
        .service(agent::identify::agent_session_identify);
}

/// Background work, the deployment's public keys, and the audit log.
fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(ops::jobs::job_list)
        .service(ops::mail::mail_list)
        .service(keys::list::key_list)
        .service(audit::events::audit_event_list)
        .service(audit::events::audit_event_view)
        .service(audit::detail::audit_detail_view)
        .service(audit::health::audit_health_view)
        .service(audit::health::audit_checkpoint_list)
        .service(audit::persons::audit_subject_view)
        .service(audit::persons::audit_subject_find)
        .service(audit::anchor::audit_anchor_prove)
        .service(audit::deployment::ledger_checkpoint_view)
        .service(audit::deployment::ledger_key_view)
        .service(audit::deployment::ledger_tile_view)
        .service(audit::checkpoint::audit_checkpoint_view)
        .service(audit::key::audit_key_view)
        .service(audit::entries::audit_entries_view)
        .service(audit::tile::audit_tile_view)
        .service(audit::inclusion::audit_inclusion_prove)
        .service(audit::consistency::audit_consistency_prove)
        .service(audit::exports::create::audit_export_create)
        .service(audit::exports::list::audit_export_list)
        .service(audit::exports::view::audit_export_view)
        .service(audit::exports::download::audit_export_download)
        .service(audit::exports::remove::audit_export_remove);
}

/// The same for a plain actix application, and the files that are no operations.
pub(crate) fn configure_plain(config: &mut web::ServiceConfig) {
    config.service(agent_script);
    configure(&mut ServiceConfig::new(config));
}

/// The agent's script: a file, not an operation.
#[route("/agent/{file}", method = "GET", method = "HEAD")]
async fn agent_script(req: HttpRequest, file: web::Path<String>) -> Result<HttpResponse, ApiError> {
    assets::agent(&req, &file)
}

/// What no operation answers: a file or route of the console, 405 for a known path, else 404.
pub(crate) async fn fallback(
    req: HttpRequest,
    table: web::Data<RouteTable>,
    edge: web::Data<Edge>,
) -> Result<HttpResponse, ApiError> {
    if let Some(allow) = table.allowed(&req) {
        return Err(ApiError::MethodNotAllowed { allow });
    }
    let first = req.path().split('/').nth(1).unwrap_or_default();
    let reserved = ["v1", ".well-known", "agent"].iter().any(|name| first.eq_ignore_ascii_case(name));
    if reserved || !assets::is_read(req.method()) {
        return Err(ApiError::NoRoute);
    }
    assets::console(&req, &edge.policies, &edge.nonce())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use actix_web::{
        App,
        dev::ServiceResponse,
        http::{Method, StatusCode},
        test,
    };
    use domain::{ManualClock, SeededEntropy, Timestamp};
    use url::Url;
    use utoipa::openapi::OpenApi;

    use super::*;
    use crate::openapi;

    const ID: &str = "0190f3a1-0000-7000-8000-00000000000a";

    /// The real router without an application behind it: whatever is answered, is answered before one is asked.
    async fn ask(method: Method, target: &str, header: Option<(&str, &str)>) -> (StatusCode, Option<String>) {
        let url = |text: &str| Url::parse(text).expect("is a URL");
        let (clock, entropy) = (Arc::new(ManualClock::new(Timestamp::from_millis(0))), Arc::new(SeededEntropy::new(1)));
        let edge =
            Edge::new(&url("http://localhost:8080"), &url("http://127.0.0.1:8080"), clock, entropy).expect("differ");
        let app = test::init_service(
            App::new()
                .app_data(web::Data::new(edge))
                .app_data(web::Data::new(RouteTable::new(&openapi())))
                .configure(configure_plain)
                .default_service(web::to(fallback)),
        )
        .await;
        let mut req = test::TestRequest::with_uri(target).method(method);
        if let Some(header) = header {
            req = req.insert_header(header);
        }
        let answer: ServiceResponse = test::call_service(&app, req.to_request()).await;
        let code = answer.response().error().and_then(|e| e.as_error::<ApiError>()).map(|e| e.code().0.to_owned());
        (answer.status(), code)
    }

    fn guarded(document: &OpenApi) -> Vec<(Method, String)> {
        let json = serde_json::to_value(document).expect("serialises");
        let mut found = Vec::new();
        for (path, item) in json["paths"].as_object().expect("an object") {
            for (method, operation) in item.as_object().expect("an object") {
                let public = operation["security"][0].as_object().is_none_or(serde_json::Map::is_empty);
                if !public {
                    found.push((method.to_uppercase().parse().expect("a method"), path.clone()));
                }
            }
        }
        found
    }

    /// 401 comes before path, query and body are read: for good ids, for bad ones, and without a body.
    #[actix_web::test]
    async fn nobody_gets_past_an_operation_s_first_argument() {
        let operations = guarded(&openapi());
        assert!(operations.len() >= 18, "{operations:?}");
        for (method, path) in operations {
            for id in [ID, "..%2f", "x"] {
                let target = path
                    .split('/')
                    .map(|part| if part.starts_with('{') { id } else { part })
                    .collect::<Vec<_>>()
                    .join("/");
                for header in
                    [None, Some(("authorization", "Basic YTpi")), Some(("cookie", "__Host-sealtape-refresh=x"))]
                {
                    let answer = ask(method.clone(), &format!("{target}?tenant={ID}"), header).await;
                    assert_eq!(
                        answer,
                        (StatusCode::UNAUTHORIZED, Some("unauthenticated".to_owned())),
                        "{method} {target} {header:?}"
                    );
                }
            }
        }
    }

    /// Case 6: a path has one spelling and a method is the request's own.
    #[actix_web::test]
    async fn other_spellings_of_a_path_or_method_reach_nothing() {
        let not_found = (StatusCode::NOT_FOUND, Some("not-found".to_owned()));
        for target in [
            "/v1/sessions/",
            "/v1//sessions",
            "/V1/sessions",
            "/v1/none/../sessions",
            "/v1/%73essions/",
            "/v1/%252e%252e/sessions",
            "/v1/sessions%2f",
            "/v1",
            "/agent/../v1/none",
            "/agent/..%2findex.html",
            "/.well-known/none",
            "/assets/%2e%2e/index.html",
            "/none.js",
        ] {
            assert_eq!(ask(Method::GET, target, None).await, not_found, "{target}");
        }
        let not_allowed = (StatusCode::METHOD_NOT_ALLOWED, Some("method-not-allowed".to_owned()));
        for method in [Method::DELETE, Method::PUT, Method::PATCH, Method::HEAD, Method::TRACE] {
            assert_eq!(ask(method.clone(), "/v1/projects", None).await, not_allowed, "{method}");
        }
        // A method in a header is a header: this is still a GET of a list, and asks for a credential.
        let list = ask(Method::GET, "/v1/projects", Some(("x-http-method-override", "DELETE"))).await;
        assert_eq!(list.0, StatusCode::UNAUTHORIZED);
        assert_eq!(ask(Method::POST, "/none", None).await, not_found);
    }
}
