//! `GET /v1/audit/key`.

use actix_web::{HttpResponse, get, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller};

/// Read the key by which the tenant's checkpoints are verified: a C2SP verifier key, `name+id+base64`.
///
/// Note it down once and compare: whoever could change the log's past could also change this answer.
#[utoipa::path(operation_id = "audit_key_view", tag = "audit", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "The verifier key.", body = String, content_type = "text/plain")))]
#[get("/v1/audit/key")]
pub(crate) async fn audit_key_view(
    caller: Caller<can::AuditRead>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let key = app.ledger().verifier(&caller).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(key + "\n"))
}
