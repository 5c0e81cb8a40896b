//! `GET /v1/audit/events/{id}/detail`.

use actix_web::{get, web};
use app::{
    App,
    ledger::{About, Change, DetailPart as Opened},
};
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, input::InPath};

/// What was put on record beside an event.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditDetail {
    /// One part about each person, the acting one's first. Each is erased on its own.
    parts: Vec<DetailPart>,
}

/// What was put on record about one person.
#[derive(Serialize, ToSchema)]
pub(crate) struct DetailPart {
    /// `actor`: the member who acted. `subject`: the member or the recorded person whom they acted upon.
    of: &'static str,
    /// `open`, or `erased` when the person's key was destroyed: then nobody can read it any more.
    state: &'static str,
    /// The network they acted from: a /24 of version 4 or a /48 of version 6.
    #[schema(required)]
    network: Option<String>,
    /// The browser's family.
    #[schema(required)]
    browser: Option<String>,
    /// Why it was done, as it was said.
    #[schema(required)]
    reason: Option<String>,
    /// What the act changed.
    changes: Vec<DetailChange>,
}

/// One thing that an act changed.
#[derive(Serialize, ToSchema)]
pub(crate) struct DetailChange {
    /// `role` (a built-in role's name, or the id of one of the tenant's own), `state` (`active` or `disabled`) or `factors`
    /// (how many second factors).
    what: &'static str,
    /// What it was; null when there was none.
    #[schema(required)]
    before: Option<String>,
    /// What it is; null when there is none any more.
    #[schema(required)]
    after: Option<String>,
}

impl From<Opened> for DetailPart {
    fn from(Opened { about, told }: Opened) -> Self {
        let of = match about {
            About::Actor => "actor",
            About::Subject => "subject",
        };
        let Some(told) = told else {
            return Self { of, state: "erased", network: None, browser: None, reason: None, changes: Vec::new() };
        };
        let change = |Change { what, before, after }| DetailChange { what: what.as_str(), before, after };
        Self {
            of,
            state: "open",
            network: told.network.map(domain::Personal::into_inner),
            browser: told.browser,
            reason: told.reason.map(domain::Personal::into_inner),
            changes: told.changes.into_iter().map(change).collect(),
        }
    }
}

/// Open what was put on record beside an event, under the keys of the persons whom it is about.
///
/// Each look is an event of its own, one for each person, on record before anything is shown. What is shown was checked
/// against the event.
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
    let parts = app.ledger().detail(&caller, id).await?;
    Ok(web::Json(AuditDetail { parts: parts.into_iter().map(DetailPart::from).collect() }))
}
