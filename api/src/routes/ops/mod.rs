//! What an admin looks at to see that the tenant's machinery runs.

pub(crate) mod jobs;
pub(crate) mod mail;
