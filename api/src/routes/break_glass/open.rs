//! `POST /v1/break-glass`.

use std::time::Duration;

use actix_web::{post, web};
use app::{App, grants::BreakGlassInput};
use domain::{Personal, SessionId};
use policy::{access::can, grants::Purpose};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError,
    caller::Caller,
    input::{Body, OnceKey},
    output::Created,
    routes::access_requests::{GrantView, PurposeName},
};

/// Glass to be broken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BreakGlassOpen {
    /// Exactly these sessions; none of them restricted.
    #[schema(value_type = Vec<Uuid>, min_items = 1, max_items = 20)]
    sessions: Vec<SessionId>,
    #[schema(value_type = PurposeName)]
    purpose: Purpose,
    /// Why, in your words. It is reviewed; it is stored sealed.
    #[schema(value_type = String, min_length = 10, max_length = 2_000)]
    reason: Personal<String>,
    /// The ticket it belongs to.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "INC-204")]
    ticket: Personal<String>,
    /// For how long, from now on.
    #[serde(default = "most")]
    #[schema(minimum = 1, maximum = 60, default = 60)]
    minutes: u32,
}

const fn most() -> u32 {
    60
}

/// Break glass: open sessions at once, without anybody's approval.
///
/// It takes a second factor shown within the last ten minutes. Everybody who reviews is told at once; the use is to be
/// reviewed within 72 hours. It never opens restricted sessions, shows nothing unmasked, exports nothing and is not renewed.
#[utoipa::path(operation_id = "break_glass_open", tag = "access", security(("member" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request opens nothing again.")),
    request_body = BreakGlassOpen,
    responses((status = 201, description = "The sessions are open.", body = GrantView)))]
#[post("/v1/break-glass")]
pub(crate) async fn break_glass_open(
    caller: Caller<can::BreakGlassUse>,
    once: OnceKey,
    body: Body<BreakGlassOpen>,
    app: web::Data<App>,
) -> Result<Created<GrantView>, ApiError> {
    let once = once.read()?;
    let BreakGlassOpen { sessions, purpose, reason, ticket, minutes } = body.read().await?;
    let duration = Duration::from_secs(u64::from(minutes) * 60);
    let input = BreakGlassInput { sessions, purpose, reason, ticket, duration };
    Ok(Created(app.grants().break_glass(&caller, input, once).await?.into()))
}
