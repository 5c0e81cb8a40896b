//! One's own account.

pub(crate) mod permissions;
pub(crate) mod view;
