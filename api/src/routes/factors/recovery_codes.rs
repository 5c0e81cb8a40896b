//! `POST /v1/me/mfa/recovery-codes`.

use actix_web::{post, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, output::Created};

/// Ten recovery codes; shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Each stands in for a second factor once.
    #[schema(example = json!(["7K2M-9QXV-4DTB-0HZR"]))]
    codes: Vec<String>,
}

/// Make recovery codes.
///
/// Needs a fresh second factor. The codes made before are good no more.
#[utoipa::path(operation_id = "recovery_code_create", tag = "me", security(("member" = [])),
    responses((status = 201, description = "The codes, this once.", body = RecoveryCodes)))]
#[post("/v1/me/mfa/recovery-codes")]
pub(crate) async fn recovery_code_create(
    caller: Caller<can::MeManage>,
    app: web::Data<App>,
) -> Result<Created<RecoveryCodes>, ApiError> {
    let codes = app.factors().recovery_codes(&caller).await?;
    Ok(Created(RecoveryCodes { codes: codes.iter().map(|code| code.expose().clone()).collect() }))
}
