//! `POST /v1/access-requests`.

use std::time::Duration;

use actix_web::{post, web};
use app::{
    App, AppError, FieldError,
    grants::{RequestInput, WantedSessions as Wanted},
};
use domain::{Personal, SessionId};
use policy::{
    access::can,
    grants::{Purpose, Verb},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{GrantView, PurposeName, VerbName, WantedSessions};
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, OnceKey},
    output::Created,
};

/// An access request to be. Either `sessions` or `filter`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessRequestCreate {
    /// Exactly these sessions.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Uuid>>, min_items = 1, max_items = 50)]
    sessions: Option<Vec<SessionId>>,
    /// The sessions that this finds when the first reviewer approves, at most 50.
    #[serde(default)]
    filter: Option<WantedSessions>,
    #[schema(value_type = VerbName)]
    verb: Verb,
    #[schema(value_type = PurposeName)]
    purpose: Purpose,
    /// Why, in your words. Reviewers read it; it is stored sealed.
    #[schema(value_type = String, min_length = 10, max_length = 2_000)]
    reason: Personal<String>,
    /// The ticket it belongs to.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "SHOP-1742")]
    ticket: Personal<String>,
    /// For how long, from the last needed approval on.
    #[serde(default = "usual")]
    #[schema(minimum = 5, maximum = 480, default = 60)]
    minutes: u32,
}

const fn usual() -> u32 {
    60
}

/// Ask for access to sessions.
///
/// Reviewers of the tenant are told. A request that nobody decides within an hour lapses.
#[utoipa::path(operation_id = "access_request_create", tag = "access", security(("member" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request creates nothing again.")),
    request_body = AccessRequestCreate,
    responses((status = 201, description = "It waits for approvals.", body = GrantView)))]
#[post("/v1/access-requests")]
pub(crate) async fn access_request_create(
    caller: Caller<can::GrantRequest>,
    once: OnceKey,
    body: Body<AccessRequestCreate>,
    app: web::Data<App>,
) -> Result<Created<GrantView>, ApiError> {
    let once = once.read()?;
    let body = body.read().await?;
    let sessions = match (body.sessions, body.filter) {
        (Some(named), None) => Wanted::Named(named),
        (None, Some(filter)) => Wanted::Found(filter.into()),
        _ => return Err(one_of_two()),
    };
    let input = RequestInput {
        sessions,
        verb: body.verb,
        purpose: body.purpose,
        reason: body.reason,
        ticket: body.ticket,
        duration: Duration::from_secs(u64::from(body.minutes) * 60),
    };
    Ok(Created(app.grants().request(&caller, input, once).await?.into()))
}

fn one_of_two() -> ApiError {
    let detail = "either sessions or filter, and not both".to_owned();
    let errors = vec![FieldError { pointer: "/sessions".to_owned(), detail: detail.clone() }];
    AppError::Invalid { code: "invalid-input", detail, errors }.into()
}
