//! `POST /v1/auth/login`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use app::{App, auth::LoginInput};
use domain::{Personal, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{TokenView, signed_in};
use crate::{ApiError, Interface, caller::request_id, input::Body, output::tell_allowance};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// The member's e-mail address.
    #[schema(value_type = String)]
    email: Personal<String>,
    /// The member's password.
    #[schema(value_type = String, format = Password)]
    password: Secret<String>,
    /// The tenant's short name; needed only by somebody who is a member of several.
    tenant: Option<String>,
}

/// Sign in with e-mail and password.
///
/// Answers with an access token and sets the refresh cookie. An unknown address and a wrong password are answered alike.
#[utoipa::path(operation_id = "auth_login", tag = "auth", security(()), request_body = Login,
    responses((status = 200, description = "Signed in.", body = TokenView)))]
#[post("/v1/auth/login")]
pub(crate) async fn auth_login(
    req: HttpRequest,
    body: Body<Login>,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<HttpResponse, ApiError> {
    interface.refuse_other_origins(&req)?;
    let peer = req.peer_addr().ok_or_else(|| ApiError::internal("the connection has no peer address"))?.ip();
    let Login { email, password, tenant } = body.read().await?;
    let attempt = app.auth().attempt(&email, peer)?;
    tell_allowance(&req, attempt.allowance());
    let input = LoginInput { email, password, tenant, request: request_id(&req) };
    Ok(signed_in(&app.auth().login(attempt, input).await?))
}
