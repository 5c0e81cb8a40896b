//! Why an upload was refused.

/// Which class of HTTP answer a [`Rejection`] becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusClass {
    /// 400: the bytes are not what they claim to be.
    BadRequest,
    /// 413: one of the [`crate::Bounds`] is exceeded.
    TooLarge,
    /// 422: well-formed, but not a recording.
    Unprocessable,
    /// 500: our own mistake. The segment must be quarantined, never stored as it came.
    Quarantine,
}

impl StatusClass {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::TooLarge => 413,
            Self::Unprocessable => 422,
            Self::Quarantine => 500,
        }
    }
}

/// A body or segment that is not accepted. Neither [`Rejection::detail`] nor [`Rejection::pointer`] quotes content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Rejection {
    /// Stable name, kebab-case with a dot: `body.ratio`, `json.depth`, `event.time`.
    pub code: &'static str,
    /// Class of the HTTP answer.
    pub status: StatusClass,
    /// RFC 6901 pointer to the place, from the array of the segment's events: `/12/data/node`. Names that are not plain
    /// identifiers are shown masked, because a name can be personal.
    pub pointer: Option<String>,
    /// A sentence for people.
    pub detail: String,
}

impl Rejection {
    /// A rejection without a place.
    pub(crate) fn new(code: &'static str, status: StatusClass, detail: impl Into<String>) -> Self {
        Self { code, status, pointer: None, detail: detail.into() }
    }

    /// The same with its place.
    pub(crate) fn at(mut self, pointer: String) -> Self {
        self.pointer = Some(pointer);
        self
    }
}
