//! `POST /v1/break-glass/{id}/review`.

use actix_web::{post, web};
use app::App;
use domain::Personal;
use policy::{access::can, grants::ReviewOutcome};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
    routes::access_requests::{GrantView, ReviewOutcomeName},
};

/// A review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BreakGlassReviewed {
    #[schema(value_type = ReviewOutcomeName)]
    outcome: ReviewOutcome,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1_000)]
    comment: Option<Personal<String>>,
}

/// Review a broken glass, once it is over.
///
/// Nobody reviews their own use, and nobody reviews while a use of their own waits for its review. A use that is not
/// reviewed within 72 hours keeps everybody of that role from breaking glass.
#[utoipa::path(operation_id = "break_glass_review", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The use.")), request_body = BreakGlassReviewed,
    responses((status = 200, description = "The reviewed use.", body = GrantView)))]
#[post("/v1/break-glass/{id}/review")]
pub(crate) async fn break_glass_review(
    caller: Caller<can::BreakGlassReview>,
    path: InPath,
    body: Body<BreakGlassReviewed>,
    app: web::Data<App>,
) -> Result<web::Json<GrantView>, ApiError> {
    let id = path.id("id", "broken glass")?;
    let BreakGlassReviewed { outcome, comment } = body.read().await?;
    Ok(web::Json(app.grants().review(&caller, id, outcome, comment.as_ref()).await?.into()))
}
