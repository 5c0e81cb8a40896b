//! `POST /v1/me/mfa/webauthn`.

use actix_web::{post, web};
use app::{App, factors::Registration};
use domain::{Personal, Secret};
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AttestationCredential, SecurityKeyView};
use crate::{ApiError, caller::Caller, input::Body, output::Created};

/// A security key to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecurityKeyRegister {
    /// The challenge that the key answered.
    #[schema(value_type = String)]
    challenge: Secret<String>,
    /// What to call it.
    #[schema(value_type = String, example = "Blue key on the key ring", min_length = 1, max_length = 60)]
    name: Personal<String>,
    /// What it answered.
    credential: AttestationCredential,
}

/// Register a security key.
///
/// The key must have checked who holds it (PIN, finger, face). From now on a sign-in asks for a second factor.
#[utoipa::path(operation_id = "security_key_register", tag = "me", security(("member" = [])),
    request_body = SecurityKeyRegister,
    responses((status = 201, description = "Registered.", body = SecurityKeyView)))]
#[post("/v1/me/mfa/webauthn")]
pub(crate) async fn security_key_register(
    caller: Caller<can::MeManage>,
    body: Body<SecurityKeyRegister>,
    app: web::Data<App>,
) -> Result<Created<SecurityKeyView>, ApiError> {
    let SecurityKeyRegister { challenge, name, credential } = body.read().await?;
    let registration = Registration { challenge, name, credential: credential.into() };
    Ok(Created(app.factors().key_register(&caller, registration).await?.into()))
}
