//! `POST /v1/auth/mfa`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use app::{
    App,
    factors::{MfaAnswer, Proof},
};
use domain::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{TokenView, proof, signed_in};
use crate::{
    ApiError, Interface, caller::request_id, client::place, input::Body, routes::factors::AssertionCredential,
};

/// The answer to a challenge of a sign-in: exactly one of `totp`, `webauthn`, `recovery_code`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mfa {
    /// The challenge of `POST /v1/auth/login`.
    #[schema(value_type = String)]
    challenge: Secret<String>,
    /// Six digits of the authenticator app; spaces do not matter.
    #[schema(value_type = Option<String>, example = "123 456")]
    totp: Option<Secret<String>>,
    /// A recovery code; case, spaces and hyphens do not matter.
    #[schema(value_type = Option<String>)]
    recovery_code: Option<Secret<String>>,
    /// What the security key answered.
    webauthn: Option<AssertionCredential>,
}

/// Complete a sign-in with a second factor.
///
/// A challenge is good for five minutes, five tries and one answer. Each code is good once.
#[utoipa::path(operation_id = "auth_mfa", tag = "auth", security(()), request_body = Mfa,
    responses((status = 200, description = "Signed in.", body = TokenView)))]
#[post("/v1/auth/mfa")]
pub(crate) async fn auth_mfa(
    req: HttpRequest,
    body: Body<Mfa>,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<HttpResponse, ApiError> {
    interface.refuse_other_origins(&req)?;
    let Mfa { challenge, totp, recovery_code, webauthn } = body.read().await?;
    let proof: Proof = proof(totp, recovery_code, webauthn)?;
    let answer = MfaAnswer { challenge, proof };
    Ok(signed_in(&app.auth().mfa(answer, place(&req)?, request_id(&req)).await?))
}
