//! Errors as RFC 9457 problems: the one place where a failure becomes a status and a body.

use std::time::Duration;

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use app::{AppError, FieldError};
use domain::RequestId;
use recording::StatusClass;
use serde::Serialize;
use utoipa::ToSchema;

use crate::codes;

/// Why a request is not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// A use case refused or failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// The `Authorization` header is missing or is not `Bearer`.
    #[error("authentication is required")]
    NoCredential,
    /// The `Origin` of a request that uses the cookie is not the console's.
    #[error("this is answered to the console's own origin only")]
    OriginRefused,
    /// No operation and no file has this path.
    #[error("there is nothing here")]
    NoRoute,
    /// The path exists with other methods.
    #[error("this path does not take this method")]
    MethodNotAllowed {
        /// The methods that it takes, as in `Allow`.
        allow: String,
    },
    /// The Host is not one of ours (RFC 9110 §15.5.20).
    #[error("this server does not answer for that host")]
    Misdirected,
    /// The body, the query or a header cannot be read.
    #[error("{detail}")]
    Malformed {
        /// What cannot be read, without quoting it.
        detail: String,
    },
    /// The body is longer than its limit in bytes.
    #[error("the body is longer than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The body's type or encoding is not the documented one.
    #[error("{detail}")]
    UnsupportedMedia {
        /// What would be right.
        detail: &'static str,
    },
    /// The web framework refused the request before any of our code could.
    #[error("the request cannot be handled")]
    Framework(StatusCode),
}

/// An error body (RFC 9457), sent as `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `/problems/<code>`: stable, documented, what clients switch on.
    #[schema(example = "/problems/not-found")]
    pub r#type: String,
    /// The same for every occurrence of this type.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// The last part of `type`.
    #[schema(example = "not-found")]
    pub code: String,
    /// This occurrence, for people. Never quotes content.
    pub detail: String,
    /// Find this request in the server's log by it.
    #[schema(value_type = Uuid)]
    pub request_id: RequestId,
    /// Which members of the input are not acceptable.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// For an upload that is not the tab's next (409): the number that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
    /// For `step-up-required` (403): what to prove again at `/v1/auth/step-up`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_up: Option<StepUpNeeded>,
}

/// A proof of who the caller is that is asked for again.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepUpNeeded {
    /// `password`, `factor` (a second factor), or `enrolment` (a second factor, which must be enrolled first).
    #[schema(example = "factor")]
    pub needs: &'static str,
    /// How recent the proof must be, in seconds.
    pub within_seconds: u64,
}

/// One member of the input that is not acceptable.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// RFC 6901 pointer into the input.
    #[schema(example = "/name")]
    pub pointer: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl From<&FieldError> for ProblemField {
    fn from(field: &FieldError) -> Self {
        Self { pointer: field.pointer.clone(), detail: field.detail.clone() }
    }
}

impl ApiError {
    /// A failure that is ours to mend.
    pub(crate) fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::App(AppError::Internal(source.into()))
    }

    /// Stable code and status. No `_` arm: a new variant must choose.
    pub(crate) fn code(&self) -> (&'static str, StatusCode) {
        match self {
            Self::App(error) => app_code(error),
            Self::NoCredential => ("unauthenticated", StatusCode::UNAUTHORIZED),
            Self::OriginRefused => ("origin-refused", StatusCode::FORBIDDEN),
            Self::NoRoute => ("not-found", StatusCode::NOT_FOUND),
            Self::MethodNotAllowed { .. } => ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED),
            Self::Misdirected => ("misdirected", StatusCode::MISDIRECTED_REQUEST),
            Self::Malformed { .. } => ("malformed", StatusCode::BAD_REQUEST),
            Self::TooLarge { .. } => ("too-large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMedia { .. } => ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::Framework(status) => (framework_code(*status), *status),
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::App(AppError::Rejected(rejection)) => rejection.detail.clone(),
            other => other.to_string(),
        }
    }

    fn errors(&self) -> Vec<ProblemField> {
        match self {
            Self::App(AppError::Invalid { errors, .. }) => errors.iter().map(ProblemField::from).collect(),
            Self::App(AppError::Rejected(rejection)) => rejection
                .pointer
                .iter()
                .map(|pointer| ProblemField { pointer: pointer.clone(), detail: rejection.detail.clone() })
                .collect(),
            _ => Vec::new(),
        }
    }

    const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::App(AppError::TooMany { retry_after, .. } | AppError::Unavailable { retry_after, .. }) => {
                Some(*retry_after)
            }
            _ => None,
        }
    }

    /// The body that tells this.
    pub(crate) fn problem(&self, request_id: RequestId) -> Problem {
        let (code, status) = self.code();
        let next = if let Self::App(AppError::Conflict { next, .. }) = self { *next } else { None };
        let step_up = if let Self::App(AppError::StepUpRequired(step_up)) = self {
            Some(StepUpNeeded { needs: step_up.needs.as_str(), within_seconds: step_up.within.as_secs() })
        } else {
            None
        };
        Problem {
            r#type: format!("/problems/{code}"),
            title: codes::title(code, status).to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: self.detail(),
            request_id,
            errors: self.errors(),
            next,
            step_up,
        }
    }

    /// The whole answer.
    pub(crate) fn response(&self, request_id: RequestId) -> HttpResponse {
        let (_, status) = self.code();
        let mut response = HttpResponseBuilder::new(status);
        response.content_type("application/problem+json");
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Self::MethodNotAllowed { allow } = self {
            response.insert_header((header::ALLOW, allow.as_str()));
        }
        if let Some(after) = self.retry_after() {
            // Rounded up: whoever waits so long is not too early.
            let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
            response.insert_header((header::RETRY_AFTER, seconds.max(1)));
        }
        if let Self::App(AppError::TooMany { allowance: Some(allowance), .. }) = self {
            let mut told = actix_web::http::header::HeaderMap::new();
            crate::output::add_rate_limit(&mut told, allowance);
            for (name, value) in told {
                response.insert_header((name, value));
            }
        }
        response.body(serde_json::to_string(&self.problem(request_id)).expect("a problem is plain text and numbers"))
    }
}

/// Only the status: `crate::edge` gives every error its body, since only there the request id is known.
impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.code().1
    }
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

fn app_code(error: &AppError) -> (&'static str, StatusCode) {
    match error {
        AppError::Unauthenticated { code, .. } => (code, StatusCode::UNAUTHORIZED),
        AppError::Forbidden { code, .. } => (code, StatusCode::FORBIDDEN),
        AppError::StepUpRequired(_) => ("step-up-required", StatusCode::FORBIDDEN),
        AppError::NotFound { .. } => ("not-found", StatusCode::NOT_FOUND),
        AppError::Conflict { code, .. } => (code, StatusCode::CONFLICT),
        AppError::Gone { code, .. } => (code, StatusCode::GONE),
        AppError::Invalid { code, .. } => (code, StatusCode::UNPROCESSABLE_ENTITY),
        AppError::Rejected(rejection) => (rejection.code, rejection_status(rejection)),
        AppError::TooMany { .. } => ("too-many", StatusCode::TOO_MANY_REQUESTS),
        AppError::Unavailable { .. } => ("unavailable", StatusCode::SERVICE_UNAVAILABLE),
        AppError::Internal(_) => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
    }
}

const fn rejection_status(rejection: &recording::Rejection) -> StatusCode {
    match rejection.status {
        StatusClass::BadRequest => StatusCode::BAD_REQUEST,
        StatusClass::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        StatusClass::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        StatusClass::Quarantine => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn framework_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
        status if status.is_client_error() => "malformed",
        _ => "internal",
    }
}

#[cfg(test)]
mod tests {
    use app::factors::{Needs, StepUp};
    use recording::Rejection;
    use uuid::Uuid;

    use super::*;

    fn all() -> Vec<ApiError> {
        let retry_after = Duration::from_millis(1_500);
        let field = FieldError { pointer: "/name".to_owned(), detail: "must not be empty".to_owned() };
        vec![
            AppError::Unauthenticated { code: "token-expired", detail: "the token has expired" }.into(),
            AppError::Forbidden { code: "forbidden", detail: "your role does not allow this" }.into(),
            AppError::StepUpRequired(StepUp { needs: Needs::Factor, within: Duration::from_secs(600) }).into(),
            AppError::NotFound { kind: "session" }.into(),
            AppError::Conflict { code: "not-next", detail: "not the tab's next".to_owned(), next: Some(7) }.into(),
            AppError::Gone { code: "session-erased", detail: "this session has been erased" }.into(),
            AppError::Invalid { code: "invalid-input", detail: "must not be empty".to_owned(), errors: vec![field] }
                .into(),
            AppError::Rejected(Rejection {
                code: "json.depth",
                status: StatusClass::TooLarge,
                pointer: Some("/12/data".to_owned()),
                detail: "values are nested deeper than allowed".to_owned(),
            })
            .into(),
            AppError::TooMany { retry_after, detail: "slow down", allowance: None }.into(),
            AppError::Unavailable { retry_after, detail: "busy" }.into(),
            ApiError::internal("CANARY"),
            ApiError::NoCredential,
            ApiError::OriginRefused,
            ApiError::NoRoute,
            ApiError::MethodNotAllowed { allow: "GET, POST".to_owned() },
            ApiError::Misdirected,
            ApiError::Malformed { detail: "the body is not JSON: line 1, column 2".to_owned() },
            ApiError::TooLarge { limit: 65_536 },
            ApiError::UnsupportedMedia { detail: "the body must be application/json" },
            ApiError::Framework(StatusCode::BAD_REQUEST),
        ]
    }

    #[test]
    fn problem_bodies() {
        let id = RequestId::from_uuid(Uuid::nil());
        let bodies: Vec<_> =
            all().iter().map(|error| serde_json::to_string(&error.problem(id)).expect("serialises")).collect();
        assert!(!bodies.concat().contains("CANARY"), "a cause is logged, never sent");
        insta::assert_snapshot!(bodies.join("\n").replace("00000000-0000-0000-0000-000000000000", "<id>"));
    }

    #[test]
    fn every_code_has_the_status_that_the_table_says() {
        for error in all() {
            let (code, status) = error.code();
            let known = codes::CODES.iter().find(|known| known.name == code).expect("is in the table");
            assert!(known.status == status.as_u16() || matches!(error, ApiError::Framework(_)), "{code}");
        }
    }

    #[test]
    fn headers_say_how_to_go_on() {
        let header = |error: ApiError, name: header::HeaderName| {
            let response = error.response(RequestId::from_uuid(Uuid::nil()));
            response.headers().get(name).map(|value| value.to_str().expect("is ASCII").to_owned())
        };
        let busy = AppError::Unavailable { retry_after: Duration::from_millis(200), detail: "busy" };
        assert_eq!(header(busy.into(), header::RETRY_AFTER).as_deref(), Some("1"), "never 0: that would mean at once");
        assert_eq!(header(ApiError::NoCredential, header::WWW_AUTHENTICATE).as_deref(), Some("Bearer"));
        let allow = "GET, POST".to_owned();
        assert_eq!(header(ApiError::MethodNotAllowed { allow }, header::ALLOW).as_deref(), Some("GET, POST"));
    }
}
