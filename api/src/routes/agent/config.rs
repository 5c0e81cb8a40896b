//! `GET /v1/agent/config`.

use actix_web::{
    HttpResponse, get,
    http::header::{self, EntityTag, IfNoneMatch},
    web,
};
use app::App;

use crate::{ApiError, caller::FromAgent};

/// Read what the agent is to capture by: a compact JWS (`typ: sealtape-config+jwt`, `EdDSA`).
///
/// Its keys are in `/.well-known/sealtape/keys.json`. It is good for a day; another one is there after half of it. `ETag` names
/// exactly these bytes: with it in `If-None-Match` the answer is 304. While capture is stopped it is 403 `not-recorded`.
#[utoipa::path(operation_id = "agent_config_view", tag = "agent", security(("agent-key" = [])),
    responses((status = 200, description = "The signed config.", body = String, content_type = "application/jose"),
        (status = 304, description = "It is the one that you have.")))]
#[get("/v1/agent/config")]
pub(crate) async fn agent_config_view(
    caller: FromAgent,
    known: Option<web::Header<IfNoneMatch>>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let config = app.agent().config(&caller).await?;
    let tag = EntityTag::new_strong(config.etag.clone());
    let is_known = known.is_some_and(|known| match &*known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|one| one.weak_eq(&tag)),
    });
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header(header::ETag(tag)).insert_header((header::CACHE_CONTROL, "private, max-age=30"));
    if is_known {
        return Ok(response.finish());
    }
    Ok(response.insert_header((header::CONTENT_TYPE, "application/jose")).body(config.document.clone()))
}
