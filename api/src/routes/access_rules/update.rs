//! `PUT /v1/access-rules`.

use actix_web::{HttpResponse, put, web};
use app::{
    App,
    grants::{AccessRules, RulesChange},
};
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AccessRule, AccessRulesView};
use crate::{ApiError, caller::Caller, input::Body, routes::proposals::ProposalView};

/// Rules to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessRulesUpdate {
    /// The revision that these replace.
    revision: u64,
    strict: bool,
    #[schema(minimum = 1, maximum = 5)]
    approvals: u8,
    reviewers: Vec<String>,
    #[schema(max_items = 50)]
    rules: Vec<AccessRule>,
}

/// Replace the tenant's access rules.
///
/// Rules that let nothing more through are in force at once. Looser ones, and switching `strict` off, take a second person:
/// the answer is the proposal.
#[utoipa::path(operation_id = "access_rules_update", tag = "access", security(("member" = [])),
    request_body = AccessRulesUpdate,
    responses((status = 200, description = "The rules in force.", body = AccessRulesView),
        (status = 202, description = "They wait for a second person.", body = ProposalView)))]
#[put("/v1/access-rules")]
pub(crate) async fn access_rules_update(
    caller: Caller<can::TenantManage>,
    body: Body<AccessRulesUpdate>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let AccessRulesUpdate { revision, strict, approvals, reviewers, rules } = body.read().await?;
    let rules = AccessRules {
        strict,
        approvals,
        reviewers: reviewers.into_iter().collect(),
        rules: rules.into_iter().map(Into::into).collect(),
    };
    Ok(match app.grants().rules_replace(&caller, revision, rules).await? {
        RulesChange::Replaced(view) => HttpResponse::Ok().json(AccessRulesView::from(view)),
        RulesChange::Proposed(id) => {
            HttpResponse::Accepted().json(ProposalView::from(app.proposals().proposed(&caller, id).await?))
        }
    })
}
