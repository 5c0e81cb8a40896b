//! Who has which role.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;

use domain::{MemberId, RoleBindingId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// A member in a role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleBindingView {
    #[schema(value_type = Uuid)]
    id: RoleBindingId,
    #[schema(value_type = Uuid)]
    member_id: MemberId,
    #[schema(example = "engineer")]
    role: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<app::members::RoleBindingView> for RoleBindingView {
    fn from(binding: app::members::RoleBindingView) -> Self {
        Self { id: binding.id, member_id: binding.member, role: binding.role, created_at: binding.created_at }
    }
}
