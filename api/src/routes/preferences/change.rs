//! `PATCH /v1/me/preferences`.

use actix_web::{patch, web};
use app::{
    App,
    notices::{Delivery, PreferenceChange as Change},
};
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{LanguageName, MailChoice, PreferencesView};
use crate::{ApiError, caller::Caller, input::Body};

/// What I choose now; what is not named stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreferenceChange {
    /// The language of letters to me.
    language: Option<LanguageName>,
    /// Kinds of notices, each at most once.
    #[serde(default)]
    notices: Vec<NoticeChoice>,
}

/// How I want to be told of one kind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeChoice {
    #[schema(example = "access-requested")]
    kind: String,
    /// Whether the inbox shows it; mandatory kinds cannot be switched off.
    inbox: bool,
    /// Whether and when it is mailed.
    mail: MailChoice,
}

/// Change my preferences.
#[utoipa::path(operation_id = "preference_change", tag = "me", security(("member" = [])), request_body = PreferenceChange,
    responses((status = 200, description = "Changed; all of them.", body = PreferencesView)))]
#[patch("/v1/me/preferences")]
pub(crate) async fn preference_change(
    caller: Caller<can::MeManage>,
    body: Body<PreferenceChange>,
    app: web::Data<App>,
) -> Result<web::Json<PreferencesView>, ApiError> {
    let PreferenceChange { language, notices } = body.read().await?;
    let chosen = notices.into_iter().map(|choice| {
        let delivery = Delivery { inbox: choice.inbox, mail: choice.mail.into() };
        (choice.kind, delivery)
    });
    let change = Change { language: language.map(Into::into), notices: chosen.collect() };
    Ok(web::Json(app.notices().change_preferences(&caller, change).await?.into()))
}
