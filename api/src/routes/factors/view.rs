//! `GET /v1/me/mfa`.

use actix_web::{get, web};
use app::App;
use domain::Timestamp;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::SecurityKeyView;
use crate::{ApiError, caller::Caller};

/// My second factors.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MfaOverview {
    /// The authenticator app; null when there is none.
    #[schema(required)]
    totp: Option<TotpView>,
    /// Security keys and passkeys, oldest first; at most ten.
    security_keys: Vec<SecurityKeyView>,
    /// Recovery codes; null when no set was made.
    #[schema(required)]
    recovery_codes: Option<RecoveryCodesView>,
    /// Whether security keys can be registered here.
    webauthn_available: bool,
    /// When I last proved who I am in this sign-in, by anything.
    #[schema(value_type = String, format = DateTime)]
    authenticated_at: Timestamp,
    /// When I last did so by a second factor.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    mfa_at: Option<Timestamp>,
}

/// An authenticator app.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TotpView {
    #[schema(value_type = String, format = DateTime)]
    confirmed_at: Timestamp,
    /// When its last code was given.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_used_at: Option<Timestamp>,
}

/// A set of recovery codes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecoveryCodesView {
    /// Codes that are not used yet, of ten.
    left: u16,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Read my second factors.
///
/// What is enrolled, and when I last proved who I am. No secret is ever shown again.
#[utoipa::path(operation_id = "mfa_view", tag = "me", security(("member" = [])),
    responses((status = 200, description = "What is enrolled.", body = MfaOverview)))]
#[get("/v1/me/mfa")]
pub(crate) async fn mfa_view(
    caller: Caller<can::MeManage>,
    app: web::Data<App>,
) -> Result<web::Json<MfaOverview>, ApiError> {
    let seen = app.factors().overview(&caller).await?;
    let totp = seen.totp.map(|totp| TotpView { confirmed_at: totp.confirmed_at, last_used_at: totp.last_used_at });
    let codes = seen.recovery_codes;
    Ok(web::Json(MfaOverview {
        totp,
        security_keys: seen.security_keys.into_iter().map(SecurityKeyView::from).collect(),
        recovery_codes: codes.map(|codes| RecoveryCodesView { left: codes.left, created_at: codes.created_at }),
        webauthn_available: seen.webauthn_available,
        authenticated_at: seen.freshness.authenticated_at,
        mfa_at: seen.freshness.mfa_at,
    }))
}
