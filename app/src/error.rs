//! One error for every use case. `api` maps it once to RFC 9457; jobs decide by variant whether to try again.

use std::time::Duration;

use recording::Rejection;

use crate::{factors::StepUp, limits::Allowance};

/// What went wrong, in terms of the caller. `detail` is for people and never quotes content.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// No valid credential (401).
    #[error("{detail}")]
    Unauthenticated {
        /// Stable name that clients switch on.
        code: &'static str,
        /// For people.
        detail: &'static str,
    },
    /// The credential is valid and does not allow this (403); decided before any look-up.
    #[error("{detail}")]
    Forbidden {
        /// Stable name that clients switch on.
        code: &'static str,
        /// For people.
        detail: &'static str,
    },
    /// The caller may do this, and must prove who they are again first (403 `step-up-required`).
    #[error("{}", .0.detail())]
    StepUpRequired(StepUp),
    /// No such row in the caller's tenant (404); another tenant's row is exactly this.
    #[error("{kind} not found")]
    NotFound {
        /// What was looked for.
        kind: &'static str,
    },
    /// The present state refuses this (409).
    #[error("{detail}")]
    Conflict {
        /// Stable name that clients switch on.
        code: &'static str,
        /// For people.
        detail: String,
        /// For an upload that is not the tab's next: the number that is.
        next: Option<u32>,
    },
    /// The thing is gone for good (410); trying again cannot help.
    #[error("{detail}")]
    Gone {
        /// Stable name that clients switch on.
        code: &'static str,
        /// For people.
        detail: &'static str,
    },
    /// The input's values are not acceptable (422).
    #[error("{detail}")]
    Invalid {
        /// Stable name that clients switch on.
        code: &'static str,
        /// For people.
        detail: String,
        /// Which members of the input, and what would be acceptable.
        errors: Vec<FieldError>,
    },
    /// An uploaded segment was refused; the rejection names class and place.
    #[error("the segment was refused")]
    Rejected(#[source] Rejection),
    /// A limit of the documented table was reached (429).
    #[error("{detail}")]
    TooMany {
        /// When trying again makes sense.
        retry_after: Duration,
        /// For people.
        detail: &'static str,
        /// The limit as it stands.
        allowance: Option<Allowance>,
    },
    /// A part is missing or full: nothing was done, trying again later may help (503).
    #[error("{detail}")]
    Unavailable {
        /// When trying again makes sense.
        retry_after: Duration,
        /// For people.
        detail: &'static str,
    },
    /// Ours to mend (500): the source is logged under the request id and never sent.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// One member of an input that is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// RFC 6901 pointer into the input.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl AppError {
    /// Wraps a failure that the caller can do nothing about.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// The stable name of what went wrong, for logs and job reports; never content.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated { code, .. }
            | Self::Forbidden { code, .. }
            | Self::Conflict { code, .. }
            | Self::Gone { code, .. }
            | Self::Invalid { code, .. } => code,
            Self::NotFound { .. } => "not-found",
            Self::StepUpRequired(_) => "step-up-required",
            Self::Rejected(_) => "segment-refused",
            Self::TooMany { .. } => "too-many",
            Self::Unavailable { .. } => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// A key that should be there is not: refuse, and say nothing more to the outside.
    pub(crate) const KEY_MISSING: Self = Self::Unavailable {
        retry_after: Duration::from_secs(30),
        detail: "a key needed for this is not available; nothing was stored or shown",
    };

    /// One member of the input is not acceptable.
    pub(crate) fn invalid(pointer: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::Invalid {
            code: "invalid-input",
            detail: detail.clone(),
            errors: vec![FieldError { pointer: pointer.to_owned(), detail }],
        }
    }
}

impl From<store::StoreError> for AppError {
    fn from(error: store::StoreError) -> Self {
        if error.is_retryable() {
            tracing::warn!(error = %error, "the database does not answer now");
            return Self::Unavailable {
                retry_after: Duration::from_secs(2),
                detail: "the database does not answer now",
            };
        }
        Self::internal(error)
    }
}
