//! `POST /v1/auth/step-up`.

use actix_web::{post, web};
use app::{App, factors::StepUpInput};
use domain::{Secret, Timestamp};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::proof;
use crate::{ApiError, caller::Caller, input::Body, routes::factors::AssertionCredential};

/// A fresh proof: exactly one of `password`, `totp`, `recovery_code`, `webauthn`. The password is for a member without a
/// second factor; `webauthn` comes with its `challenge`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepUp {
    /// The password.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<Secret<String>>,
    /// Six digits of the authenticator app.
    #[schema(value_type = Option<String>, example = "123 456")]
    totp: Option<Secret<String>>,
    /// A recovery code.
    #[schema(value_type = Option<String>)]
    recovery_code: Option<Secret<String>>,
    /// The challenge of `POST /v1/auth/step-up/challenge`; needed with `webauthn`.
    #[schema(value_type = Option<String>)]
    challenge: Option<Secret<String>>,
    /// What the security key answered.
    webauthn: Option<AssertionCredential>,
}

/// When the caller last proved who they are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FreshnessView {
    /// By anything.
    #[schema(value_type = String, format = DateTime)]
    authenticated_at: Timestamp,
    /// By a second factor.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    mfa_at: Option<Timestamp>,
}

/// Prove again who I am.
///
/// Use cases that a stolen token must not reach answer 403 `step-up-required` until this was done a short time ago.
#[utoipa::path(operation_id = "auth_step_up", tag = "auth", security(("member" = [])), request_body = StepUp,
    responses((status = 200, description = "Proved, just now.", body = FreshnessView)))]
#[post("/v1/auth/step-up")]
pub(crate) async fn auth_step_up(
    caller: Caller<can::MeManage>,
    body: Body<StepUp>,
    app: web::Data<App>,
) -> Result<web::Json<FreshnessView>, ApiError> {
    let StepUp { password, totp, recovery_code, challenge, webauthn } = body.read().await?;
    let input = match password {
        Some(password) if totp.is_none() && recovery_code.is_none() && webauthn.is_none() => {
            StepUpInput::Password(password)
        }
        Some(_) => return Err(super::one_proof()),
        None => StepUpInput::Factor { challenge, proof: proof(totp, recovery_code, webauthn)? },
    };
    let fresh = app.factors().step_up(&caller, input).await?;
    Ok(web::Json(FreshnessView { authenticated_at: fresh.authenticated_at, mfa_at: fresh.mfa_at }))
}
