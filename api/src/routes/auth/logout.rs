//! `POST /v1/auth/logout`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use app::App;

use super::{cookie, presented};
use crate::{ApiError, Interface, caller::request_id};

/// End this sign-in.
///
/// Its access tokens stop working within 5 seconds. Without a cookie there is nothing to end, and the answer is the same.
#[utoipa::path(operation_id = "auth_logout", tag = "auth", security(()),
    responses((status = 204, description = "Signed out.")))]
#[post("/v1/auth/logout")]
pub(crate) async fn auth_logout(
    req: HttpRequest,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<HttpResponse, ApiError> {
    if let Some(token) = presented(&req, &interface)? {
        app.auth().logout(&token, request_id(&req)).await?;
    }
    Ok(HttpResponse::NoContent().cookie(cookie("", 0)).finish())
}
