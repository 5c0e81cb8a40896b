//! `POST /v1/me/mfa/webauthn/challenge`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use super::ChallengeView;
use crate::{ApiError, caller::Caller, output::Created};

/// Begin to register a security key.
///
/// `webauthn.publicKey` is for `navigator.credentials.create`. Keys that are registered already are excluded.
#[utoipa::path(operation_id = "security_key_challenge", tag = "me", security(("member" = [])),
    responses((status = 201, description = "What to ask the key.", body = ChallengeView)))]
#[post("/v1/me/mfa/webauthn/challenge")]
pub(crate) async fn security_key_challenge(
    caller: Caller<can::MeManage>,
    app: web::Data<App>,
) -> Result<Created<ChallengeView>, ApiError> {
    Ok(Created(app.factors().key_challenge(&caller).await?.into()))
}
