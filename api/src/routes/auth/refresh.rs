//! `POST /v1/auth/refresh`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use app::App;

use super::{TokenView, presented, signed_in};
use crate::{ApiError, Interface, caller::request_id, client::place};

/// Rotate the refresh cookie and get a fresh access token.
///
/// Using a refresh token again later than 10 seconds after its rotation, or from another browser family or network than
/// the sign-in, ends the whole sign-in.
#[utoipa::path(operation_id = "auth_refresh", tag = "auth", security(()),
    responses((status = 200, description = "Rotated.", body = TokenView)))]
#[post("/v1/auth/refresh")]
pub(crate) async fn auth_refresh(
    req: HttpRequest,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<HttpResponse, ApiError> {
    let token = presented(&req, &interface)?.ok_or(ApiError::NoCredential)?;
    Ok(signed_in(&app.auth().refresh(&token, place(&req)?, request_id(&req)).await?))
}
