//! Refused acts of known callers, noticed on the way out: the one place that every refusal passes.

use actix_web::{HttpMessage as _, HttpRequest, dev::ServiceResponse, http::StatusCode, web};
use app::{App, AppError, refusals::Refusal};
use policy::access::Action;

use crate::ApiError;

/// What a known caller asks for, should it be refused.
struct Asked(Refusal);

/// Remembers who asks for what.
pub(crate) fn asked(req: &HttpRequest, caller: &app::auth::MemberCaller, action: Action) {
    req.extensions_mut().insert(Asked(caller.refusal(action)));
}

/// Puts a refusal on record before its answer leaves. What cannot be put on record stays refused.
pub(crate) async fn record(answered: &ServiceResponse<impl Sized>) {
    let Some(refusal) = refusal(answered) else { return };
    let Some(app) = answered.request().app_data::<web::Data<App>>() else { return };
    if let Err(error) = app.refusals().note(&refusal).await {
        metrics::counter!("sealtape_refusals_late_total").increment(1);
        tracing::warn!(error = ?error, "a refusal is put on record later");
    }
}

fn refusal(answered: &ServiceResponse<impl Sized>) -> Option<Refusal> {
    let req = answered.request();
    let error = answered.response().error()?.as_error::<ApiError>()?;
    // To be asked for a fresh proof is a step of what one may do, and not a refusal.
    if matches!(error, ApiError::App(AppError::StepUpRequired(_))) {
        return None;
    }
    let (code, status) = error.code();
    let names_something = !req.match_info().is_empty();
    if status != StatusCode::FORBIDDEN && !(status == StatusCode::NOT_FOUND && names_something) {
        return None;
    }
    let Asked(refusal) = req.extensions_mut().remove::<Asked>()?;
    Some(refusal.of(named(req).as_ref().map(|(kind, id)| (*kind, id.as_str())), code))
}

/// What the request's address names, by the collection that the id is in. Whether there is such a thing in the tenant is not
/// said.
fn named(req: &HttpRequest) -> Option<(&'static str, String)> {
    let pattern = req.match_pattern()?;
    let mut parts = pattern.strip_prefix("/v1/")?.split('/');
    let kind = match parts.next()? {
        "sessions" => "session",
        "projects" => "project",
        "members" => "member",
        "roles" => "role",
        "role-bindings" => "role-binding",
        "invitations" => "invitation",
        "api-keys" => "api-key",
        "access-requests" | "grants" | "break-glass" => "grant",
        "proposals" => "proposal",
        _ => return None,
    };
    let name = parts.next()?.strip_prefix('{')?.strip_suffix('}')?;
    Some((kind, req.match_info().get(name)?.to_owned()))
}
