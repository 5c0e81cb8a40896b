//! One's own account.

pub(crate) mod permissions;
pub(crate) mod tenants;
pub(crate) mod view;
