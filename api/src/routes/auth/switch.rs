//! `POST /v1/auth/switch`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use app::{App, factors::MfaAnswer};
use domain::Secret;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{LoginView, answer, invalid, proof};
use crate::{
    ApiError, Interface,
    caller::{Caller, request_id},
    client::place,
    input::Body,
    routes::factors::AssertionCredential,
};

/// Where to; and, for a member with a second factor there, the answer to the challenge: exactly one of `totp`, `webauthn`,
/// `recovery_code`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Switch {
    /// The other tenant's short name.
    tenant: String,
    /// The challenge that the first call answered with.
    #[schema(value_type = Option<String>)]
    challenge: Option<Secret<String>>,
    /// Six digits of the authenticator app; spaces do not matter.
    #[schema(value_type = Option<String>, example = "123 456")]
    totp: Option<Secret<String>>,
    /// A recovery code; case, spaces and hyphens do not matter.
    #[schema(value_type = Option<String>)]
    recovery_code: Option<Secret<String>>,
    /// What the security key answered.
    webauthn: Option<AssertionCredential>,
}

/// Change over to another tenant that one is a member of.
///
/// To those of `GET /v1/me/tenants` only: tenants in which the password of this sign-in was right too. Who has a second factor
/// there is answered with a challenge for it, and calls again with the answer. This sign-in ends, and one in the other tenant
/// begins, which ends no later.
#[utoipa::path(operation_id = "auth_switch", tag = "auth", security(("member" = [])), request_body = Switch,
    responses((status = 200, description = "Signed in there, or asked for a second factor.", body = LoginView)))]
#[post("/v1/auth/switch")]
pub(crate) async fn auth_switch(
    caller: Caller<can::MeManage>,
    req: HttpRequest,
    body: Body<Switch>,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<HttpResponse, ApiError> {
    interface.refuse_other_origins(&req)?;
    let Switch { tenant, challenge, totp, recovery_code, webauthn } = body.read().await?;
    let given = match challenge {
        Some(challenge) => Some(MfaAnswer { challenge, proof: proof(totp, recovery_code, webauthn)? }),
        None if totp.is_none() && recovery_code.is_none() && webauthn.is_none() => None,
        None => return Err(invalid("/challenge", "must name what the proof answers")),
    };
    Ok(answer(app.auth().switch(&caller, &tenant, given, place(&req)?, request_id(&req)).await?))
}
