//! `GET /v1/audit/checkpoint`.

use actix_web::{HttpResponse, get, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller};

/// Read the newest signed checkpoint of the tenant's audit log: a signed note (C2SP tlog-checkpoint).
///
/// Its first line names deployment, tenant and epoch. A log that grew is signed within five seconds, and each is signed
/// again at least every hour.
#[utoipa::path(operation_id = "audit_checkpoint_view", tag = "audit", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "The signed note.", body = String, content_type = "text/plain")))]
#[get("/v1/audit/checkpoint")]
pub(crate) async fn audit_checkpoint_view(
    caller: Caller<can::AuditRead>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let note = app.ledger().checkpoint(&caller).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(note))
}
