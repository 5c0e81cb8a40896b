//! `POST /v1/access-requests/{id}/deny`.

use actix_web::{post, web};
use app::App;
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

/// A denial.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessRequestDeny {
    /// What the requester should know.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1_000)]
    comment: Option<Personal<String>>,
}

/// Deny an access request; one reviewer's no is enough.
#[utoipa::path(operation_id = "access_request_deny", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The request.")), request_body = AccessRequestDeny,
    responses((status = 200, description = "The denied request.", body = GrantView)))]
#[post("/v1/access-requests/{id}/deny")]
pub(crate) async fn access_request_deny(
    caller: Caller<can::GrantReview>,
    path: InPath,
    body: Body<AccessRequestDeny>,
    app: web::Data<App>,
) -> Result<web::Json<GrantView>, ApiError> {
    let id = path.id("id", "access request")?;
    let AccessRequestDeny { comment } = body.read().await?;
    Ok(web::Json(app.grants().deny(&caller, id, comment).await?.into()))
}
