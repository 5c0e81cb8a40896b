//! `GET /v1/audit/events/{id}/detail`.

use actix_web::{get, web};
use app::{App, ledger::DetailView};
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, input::InPath};

/// What was put on record beside an event.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditDetail {
    parts: Vec<DetailPart>,
}

/// What was put on record about one person.
#[derive(Serialize, ToSchema)]
pub(crate) struct DetailPart {
    /// `actor`: the member who acted.
    of: &'static str,
    /// `open`, or `erased` when the person's key was destroyed: then nobody can read it any more.
    state: &'static str,
    /// The network: a /24 of version 4 or a /48 of version 6.
    #[schema(required)]
    network: Option<String>,
    /// The browser's family.
    #[schema(required)]
    browser: Option<String>,
    /// Why they said that they act.
    #[schema(required)]
    reason: Option<String>,
}

impl From<DetailView> for AuditDetail {
    fn from(view: DetailView) -> Self {
        let part = match view {
            DetailView::Open { network, browser, reason } => DetailPart {
                of: "actor",
                state: "open",
                network: network.map(|network| network.expose().clone()),
                browser,
                reason: reason.map(|reason| reason.expose().clone()),
            },
            DetailView::Erased => {
                DetailPart { of: "actor", state: "erased", network: None, browser: None, reason: None }
            }
        };
        Self { parts: vec![part] }
    }
}

/// Open what was put on record beside an event, under the acting member's key.
///
/// Each look is an event of its own, on record before anything is shown. What is shown was checked against the event.
#[utoipa::path(operation_id = "audit_detail_view", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The event.")),
    responses((status = 200, description = "What was put on record.", body = AuditDetail)))]
#[get("/v1/audit/events/{id}/detail")]
pub(crate) async fn audit_detail_view(
    caller: Caller<can::AuditRead>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<AuditDetail>, ApiError> {
    let id = path.id("id", "event")?;
    Ok(web::Json(app.ledger().detail(&caller, id).await?.into()))
}
