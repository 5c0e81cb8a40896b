//! `POST /v1/auth/login`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use app::{App, auth::LoginInput};
use domain::{Personal, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{LoginView, answer};
use crate::{ApiError, Interface, caller::request_id, client::place, input::Body, output::tell_allowance};

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
/// Answers with an access token and sets the refresh cookie; or, for a member with a second factor, with a challenge for it,
/// and sets nothing. An unknown address and a wrong password are answered alike.
#[utoipa::path(operation_id = "auth_login", tag = "auth", security(()), request_body = Login,
    responses((status = 200, description = "Signed in, or asked for a second factor.", body = LoginView)))]
#[post("/v1/auth/login")]
pub(crate) async fn auth_login(
    req: HttpRequest,
    body: Body<Login>,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<HttpResponse, ApiError> {
    interface.refuse_other_origins(&req)?;
    let place = place(&req)?;
    let Login { email, password, tenant } = body.read().await?;
    let attempt = app.auth().attempt(&email, place).await?;
    tell_allowance(&req, attempt.allowance());
    let input = LoginInput { email, password, tenant, request: request_id(&req) };
    Ok(answer(app.auth().login(attempt, input).await?))
}
