//! `POST /v1/auth/login`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use app::{App, auth::LoginInput, factors::SignIn};
use domain::{Personal, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{TokenView, signed_in_as};
use crate::{
    ApiError, Interface, caller::request_id, input::Body, output::tell_allowance, routes::factors::ChallengeView,
};

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

/// The member has a second factor: this is the challenge for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MfaRequired {
    /// Always true.
    mfa_required: bool,
    #[serde(flatten)]
    challenge: ChallengeView,
}

/// How a sign-in goes on.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum LoginView {
    /// Signed in.
    SignedIn(TokenView),
    /// To be completed at `/v1/auth/mfa`.
    MfaRequired(MfaRequired),
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
    let peer = req.peer_addr().ok_or_else(|| ApiError::internal("the connection has no peer address"))?.ip();
    let Login { email, password, tenant } = body.read().await?;
    let attempt = app.auth().attempt(&email, peer)?;
    tell_allowance(&req, attempt.allowance());
    let input = LoginInput { email, password, tenant, request: request_id(&req) };
    Ok(match app.auth().login(attempt, input).await? {
        SignIn::Complete(done) => signed_in_as(&done, LoginView::SignedIn),
        SignIn::Factor(challenge) => HttpResponse::Ok()
            .json(LoginView::MfaRequired(MfaRequired { mfa_required: true, challenge: challenge.into() })),
    })
}
