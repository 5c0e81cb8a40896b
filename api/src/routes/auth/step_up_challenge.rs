//! `POST /v1/auth/step-up/challenge`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, output::Created, routes::factors::ChallengeView};

/// Ask what would prove me again.
///
/// Needed for a security key, which signs a question; codes and the password come without. 409 `no-factor` when the
/// password is what proves me.
#[utoipa::path(operation_id = "auth_step_up_challenge", tag = "auth", security(("member" = [])),
    responses((status = 201, description = "What will do, and the question for a security key.", body = ChallengeView)))]
#[post("/v1/auth/step-up/challenge")]
pub(crate) async fn auth_step_up_challenge(
    caller: Caller<can::MeManage>,
    app: web::Data<App>,
) -> Result<Created<ChallengeView>, ApiError> {
    Ok(Created(app.factors().step_up_challenge(&caller).await?.into()))
}
