//! `POST /v1/access-requests/{id}/approve`.

use actix_web::{post, web};
use app::{App, grants::Ballot};
use domain::Personal;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::GrantView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
};

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessRequestApprove {
    /// The `seen` of the request as it was shown.
    #[schema(min_length = 64, max_length = 64)]
    seen: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1_000)]
    comment: Option<Personal<String>>,
}

/// Approve an access request.
///
/// It may be used once everything in `needs` is met. Nobody approves their own, and an approval counts only while its
/// giver may review.
#[utoipa::path(operation_id = "access_request_approve", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The request.")), request_body = AccessRequestApprove,
    responses((status = 200, description = "The request with this approval.", body = GrantView)))]
#[post("/v1/access-requests/{id}/approve")]
pub(crate) async fn access_request_approve(
    caller: Caller<can::GrantReview>,
    path: InPath,
    body: Body<AccessRequestApprove>,
    app: web::Data<App>,
) -> Result<web::Json<GrantView>, ApiError> {
    let id = path.id("id", "access request")?;
    let AccessRequestApprove { seen, comment } = body.read().await?;
    Ok(web::Json(app.grants().approve(&caller, id, Ballot { seen, comment }).await?.into()))
}
