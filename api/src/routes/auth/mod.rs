//! Sign-in. The access token goes to the page, the refresh token into a cookie that no script can read.

pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod mfa;
pub(crate) mod password_change;
pub(crate) mod password_forgot;
pub(crate) mod password_reset;
pub(crate) mod refresh;
pub(crate) mod sign_in_end;
pub(crate) mod sign_in_list;
pub(crate) mod step_up;
pub(crate) mod step_up_challenge;
pub(crate) mod switch;

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time},
    http::header,
};
use app::{
    AppError, FieldError,
    auth::SignedIn,
    factors::{Proof, SignIn},
};
use domain::Secret;
use serde::Serialize;
use utoipa::ToSchema;

use super::factors::{AssertionCredential, ChallengeView};
use crate::{ApiError, Interface};

/// The refresh cookie. `__Host-` makes the browser insist on Secure, Path=/ and no Domain (RFC 6265bis §4.1.3.2).
const COOKIE: &str = "__Host-sealtape-refresh";

/// A fresh access token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenView {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// Seconds until it ends; refresh before.
    expires_in: u32,
}

/// The member has a second factor: this is the challenge for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MfaRequired {
    /// Always true.
    mfa_required: bool,
    #[serde(flatten)]
    challenge: ChallengeView,
}

/// How a sign-in goes on.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum LoginView {
    /// Signed in.
    SignedIn(TokenView),
    /// To be completed with a second factor.
    MfaRequired(MfaRequired),
}

/// The answer to a completed sign-in; `body` says how the token is told.
fn signed_in_as<T: Serialize>(signed_in: &SignedIn, body: impl FnOnce(TokenView) -> T) -> HttpResponse {
    let max_age = i64::try_from(signed_in.refresh_max_age.as_secs()).unwrap_or(i64::MAX);
    let token = TokenView { access_token: signed_in.access_token.clone(), expires_in: signed_in.expires_in };
    HttpResponse::Ok().cookie(cookie(signed_in.refresh.expose(), max_age)).json(body(token))
}

fn signed_in(done: &SignedIn) -> HttpResponse {
    signed_in_as(done, |token| token)
}

/// How a sign-in goes on: signed in, or asked for a second factor.
fn answer(outcome: SignIn) -> HttpResponse {
    match outcome {
        SignIn::Complete(done) => signed_in_as(&done, LoginView::SignedIn),
        SignIn::Factor(challenge) => HttpResponse::Ok()
            .json(LoginView::MfaRequired(MfaRequired { mfa_required: true, challenge: challenge.into() })),
    }
}

/// The one proof among these.
fn proof(
    totp: Option<Secret<String>>,
    recovery_code: Option<Secret<String>>,
    webauthn: Option<AssertionCredential>,
) -> Result<Proof, ApiError> {
    match (totp, recovery_code, webauthn) {
        (Some(code), None, None) => Ok(Proof::Totp(code)),
        (None, Some(code), None) => Ok(Proof::RecoveryCode(code)),
        (None, None, Some(answer)) => Ok(Proof::Webauthn(Box::new(answer.into()))),
        _ => Err(one_proof()),
    }
}

/// None was given, or several: which of them counts would be a guess.
fn one_proof() -> ApiError {
    invalid("", "exactly one proof must be given")
}

fn invalid(pointer: &str, detail: &str) -> ApiError {
    let errors = vec![FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() }];
    AppError::Invalid { code: "invalid-input", detail: detail.to_owned(), errors }.into()
}

fn cookie(value: &str, max_age_seconds: i64) -> Cookie<'static> {
    Cookie::build(COOKIE, value.to_owned())
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(time::Duration::seconds(max_age_seconds))
        .finish()
}

/// The refresh token that the browser sent, for the console's own pages only (case 45): `SameSite` keeps other sites out, the
/// Origin also other ports and subdomains of ours.
fn presented(req: &HttpRequest, interface: &Interface) -> Result<Option<String>, ApiError> {
    let origin = req.headers().get(header::ORIGIN).map(header::HeaderValue::as_bytes);
    if origin != Some(interface.edge.policies.console_origin().as_bytes()) {
        return Err(ApiError::OriginRefused);
    }
    Ok(req.cookie(COOKIE).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_as_strict_as_cookies_get() {
        assert_eq!(
            cookie("opaque", 43_200).to_string(),
            "__Host-sealtape-refresh=opaque; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=43200"
        );
        assert_eq!(
            cookie("", 0).to_string(),
            "__Host-sealtape-refresh=; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=0"
        );
    }
}
