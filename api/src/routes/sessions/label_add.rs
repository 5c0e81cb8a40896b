//! `POST /v1/sessions/{id}/labels`.

use actix_web::{post, web};
use app::App;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::SessionLabel;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
    output::Created,
};

/// A label to put on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionLabelAdd {
    /// 1 to 40 lower-case letters, digits or `-_.:/`, beginning and ending with a letter or digit.
    #[schema(example = "payment", min_length = 1, max_length = 40)]
    label: String,
}

/// Put a label on a session.
///
/// A label that it has already stays as it is. Roles can be held for labelled sessions only, or for all but those.
#[utoipa::path(operation_id = "session_label_add", tag = "sessions", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The session.")), request_body = SessionLabelAdd,
    responses((status = 201, description = "The session has it.", body = SessionLabel)))]
#[post("/v1/sessions/{id}/labels")]
pub(crate) async fn session_label_add(
    caller: Caller<can::SessionLabel>,
    path: InPath,
    body: Body<SessionLabelAdd>,
    app: web::Data<App>,
) -> Result<Created<SessionLabel>, ApiError> {
    let session = path.id("id", "session")?;
    let SessionLabelAdd { label } = body.read().await?;
    Ok(Created(app.sessions().label_add(&caller, session, &label).await?.into()))
}
