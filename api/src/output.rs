//! Answers that are not plain `200` JSON, and pieces that many answers share.

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};
use app::limits::Allowance;
use serde::{Serialize, Serializer};

/// `201 Created` with what was created.
pub(crate) struct Created<T>(pub(crate) T);

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Created().json(self.0)
    }
}

/// `202 Accepted` with what is being worked on.
pub(crate) struct Accepted<T>(pub(crate) T);

impl<T: Serialize> Responder for Accepted<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Accepted().json(self.0)
    }
}

/// `204 No Content`.
pub(crate) struct NoContent;

impl Responder for NoContent {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

/// Remembers what is left of a limit for the headers of the answer, whatever the answer becomes.
pub(crate) fn tell_allowance(req: &HttpRequest, allowance: Allowance) {
    req.extensions_mut().insert(allowance);
}

/// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers): seconds are rounded up, so that waiting them
/// is enough.
pub(crate) fn add_rate_limit(headers: &mut HeaderMap, allowance: &Allowance) {
    let Allowance { limit, quota, window, remaining, reset } = allowance;
    let reset = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
    let policy = format!("\"{limit}\";q={quota};w={}", window.as_secs());
    let left = format!("\"{limit}\";r={remaining};t={reset}");
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// Writes a value by its published name.
pub(crate) fn as_text<T: std::fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
