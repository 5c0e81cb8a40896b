//! Breaking glass: opening sessions at once, reviewed afterwards.

pub(crate) mod list;
pub(crate) mod open;
pub(crate) mod review;
