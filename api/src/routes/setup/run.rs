//! `POST /v1/setup`.

use actix_web::{HttpRequest, post, web};
use app::{App, setup::SetupInput};
use domain::{Personal, Secret, TenantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError, Interface,
    caller::request_id,
    client::address,
    input::Body,
    output::{Created, tell_allowance},
    routes::invitations::InvitationLink,
};

/// Who and what the deployment begins with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstRun {
    /// The token that the server printed at its start, or that its secret file holds.
    #[schema(value_type = String, format = Password)]
    setup_token: Secret<String>,
    tenant: SetupTenant,
    owner: SetupOwner,
    privacy_officer: SetupOfficer,
}

/// The first tenant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupTenant {
    /// Its short name in addresses: lower-case letters, digits and single hyphens.
    #[schema(min_length = 2, max_length = 40, example = "acme")]
    slug: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 80, example = "Acme GmbH")]
    name: String,
}

/// Its owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupOwner {
    #[schema(value_type = String)]
    name: Personal<String>,
    #[schema(value_type = String, format = Email)]
    email: Personal<String>,
    /// At least 12 characters, and not a well-known one.
    #[schema(value_type = String, format = Password, min_length = 12)]
    password: Secret<String>,
}

/// Its privacy officer, who is invited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupOfficer {
    /// Another person than the owner.
    #[schema(value_type = String, format = Email)]
    email: Personal<String>,
}

/// What set-up made.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetupView {
    #[schema(value_type = Uuid)]
    tenant_id: TenantId,
    slug: String,
    /// The privacy officer's invitation; its link is shown this once.
    privacy_officer: InvitationLink,
}

/// Make the first tenant, with its owner, and invite its privacy officer.
///
/// Works once, with the token that the server printed at its start. Five wrong tokens close it until the server is started
/// again. The owner signs in afterwards.
#[utoipa::path(operation_id = "setup_run", tag = "deployment", security(()), request_body = FirstRun,
    responses((status = 201, description = "Set up.", body = SetupView)))]
#[post("/v1/setup")]
pub(crate) async fn setup_run(
    req: HttpRequest,
    body: Body<FirstRun>,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<Created<SetupView>, ApiError> {
    interface.refuse_other_origins(&req)?;
    let try_once = app.auth().token_try(address(&req)?).await?;
    tell_allowance(&req, try_once.allowance());
    let FirstRun { setup_token, tenant, owner, privacy_officer } = body.read().await?;
    let input = SetupInput {
        token: setup_token,
        slug: tenant.slug,
        name: tenant.name,
        owner_name: owner.name,
        owner_email: owner.email,
        owner_password: owner.password,
        officer_email: privacy_officer.email,
        request: request_id(&req),
    };
    let done = app.setup().run(try_once, input).await?;
    Ok(Created(SetupView {
        tenant_id: done.tenant.id,
        slug: done.tenant.slug,
        privacy_officer: InvitationLink::from(&done.officer),
    }))
}
