//! `DELETE /v1/webhooks/{webhook}`.

use actix_web::{HttpResponse, delete, web};
use app::{App, sinks::SinkRemoved};
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, routes::proposals::ProposalView};

/// Remove a receiver of the audit log, with the log of its deliveries.
///
/// It takes a fresh proof of who you are, and a second person: the answer is the proposal. One to which nothing ever arrived,
/// and whose last try failed, is removed at once.
#[utoipa::path(operation_id = "webhook_delete", tag = "webhooks", security(("member" = [])),
    params(("webhook" = Uuid, Path, description = "The webhook.")),
    responses((status = 202, description = "It waits for a second person.", body = ProposalView),
        (status = 204, description = "Removed.")))]
#[delete("/v1/webhooks/{webhook}")]
pub(crate) async fn webhook_delete(
    caller: Caller<can::WebhookManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(match app.sinks().remove(&caller, path.id("webhook", "webhook")?).await? {
        SinkRemoved::Removed => HttpResponse::NoContent().finish(),
        SinkRemoved::Proposed(id) => {
            HttpResponse::Accepted().json(ProposalView::from(app.proposals().proposed(&caller, id).await?))
        }
    })
}
