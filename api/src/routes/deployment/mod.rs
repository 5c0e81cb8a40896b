//! What a page may know before anybody signs in.

pub(crate) mod demo;
pub(crate) mod view;

use serde::Serialize;
use utoipa::ToSchema;

/// What the login page of a demo shows.
#[derive(Clone, Serialize, ToSchema)]
pub struct DemoSheet {
    /// The sample sign-ins of this data folder.
    pub accounts: Vec<DemoAccount>,
    /// Where the sample shop is.
    pub shop_url: String,
}

/// One sample sign-in: random per data folder, good for nothing else.
#[derive(Clone, Serialize, ToSchema)]
pub struct DemoAccount {
    /// What this member may do.
    pub role: String,
    /// The address to sign in with.
    pub email: String,
    /// The password to sign in with.
    pub password: String,
}
