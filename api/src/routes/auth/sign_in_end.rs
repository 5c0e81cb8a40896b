//! `DELETE /v1/auth/sessions/{id}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// End one of one's own sign-ins.
///
/// Its access tokens stop working within 5 seconds. Doing it again changes nothing.
#[utoipa::path(operation_id = "sign_in_end", tag = "auth", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The sign-in.")),
    responses((status = 204, description = "Ended.")))]
#[delete("/v1/auth/sessions/{id}")]
pub(crate) async fn sign_in_end(
    caller: Caller<can::MeManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.auth().sign_in_end(&caller, path.id("id", "sign-in")?).await?;
    Ok(NoContent)
}
