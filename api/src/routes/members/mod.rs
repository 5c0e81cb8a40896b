//! Members of the tenant.

pub(crate) mod disable;
pub(crate) mod enable;
pub(crate) mod factors_reset;
pub(crate) mod list;
pub(crate) mod permissions;
pub(crate) mod view;

use domain::{MemberId, Personal, Timestamp};
use policy::access::Role;
use serde::Serialize;
use utoipa::ToSchema;

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberView {
    #[schema(value_type = Uuid)]
    id: MemberId,
    /// Null when what seals it was destroyed.
    #[schema(value_type = Option<String>, required)]
    name: Option<Personal<String>>,
    /// Null when what seals it was destroyed.
    #[schema(value_type = Option<String>, required)]
    email: Option<Personal<String>>,
    /// Built-in roles.
    #[schema(value_type = Vec<String>, example = json!(["engineer"]))]
    roles: Vec<Role>,
    /// What the tenant calls its own roles that they have.
    #[schema(example = json!(["Payments on call"]))]
    own_roles: Vec<String>,
    /// Whether they may sign in.
    active: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<app::members::MemberView> for MemberView {
    fn from(member: app::members::MemberView) -> Self {
        let app::members::MemberView { id, name, email, roles, own_roles, active, created_at } = member;
        Self { id, name, email, roles, own_roles, active, created_at }
    }
}
