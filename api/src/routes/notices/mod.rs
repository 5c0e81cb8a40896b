//! One's own notices.

pub(crate) mod list;
pub(crate) mod read;
