//! `GET /v1/auth/sessions`.

use actix_web::{get, web};
use app::{App, auth::SignInView};
use domain::{LoginId, Personal, Timestamp};
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller};

/// One's own sign-ins.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInList {
    items: Vec<SignIn>,
    /// Always null: there is one page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// One sign-in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignIn {
    #[schema(value_type = Uuid)]
    id: LoginId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
    /// When it ends at the latest.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The network it is used from, roughly.
    #[schema(value_type = Option<String>, required, example = "203.0.113.0/24")]
    network: Option<Personal<String>>,
    /// The browser's family.
    #[schema(required, example = "Firefox")]
    browser: Option<String>,
    /// Whether it is the one that asks.
    this: bool,
}

/// List one's own sign-ins, newest first.
#[utoipa::path(operation_id = "sign_in_list", tag = "auth", security(("member" = [])),
    responses((status = 200, description = "The sign-ins that have not ended.", body = SignInList)))]
#[get("/v1/auth/sessions")]
pub(crate) async fn sign_in_list(
    caller: Caller<can::MeManage>,
    app: web::Data<App>,
) -> Result<web::Json<SignInList>, ApiError> {
    let items = app.auth().sign_ins(&caller).await?.into_iter().map(SignIn::from).collect();
    Ok(web::Json(SignInList { items, next_cursor: None }))
}

impl From<SignInView> for SignIn {
    fn from(view: SignInView) -> Self {
        let SignInView { id, created_at, last_used_at, expires_at, network, browser, this } = view;
        Self { id, created_at, last_used_at, expires_at, network, browser, this }
    }
}
