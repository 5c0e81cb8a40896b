//! Who has which role.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;

use domain::{MemberId, RoleBindingId, Timestamp};
use policy::access::Condition;
use serde::Serialize;
use utoipa::ToSchema;

use crate::routes::roles::ConditionSchema;

/// A member in a role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleBindingView {
    #[schema(value_type = Uuid)]
    id: RoleBindingId,
    #[schema(value_type = Uuid)]
    member_id: MemberId,
    /// A built-in role's name, or the id of one of the tenant's own.
    #[schema(example = "engineer")]
    role: String,
    /// For which sessions; null for all of them.
    #[schema(value_type = Option<ConditionSchema>, required)]
    condition: Option<Condition>,
    /// False when the stored binding is not what was written, or cannot be read: then it gives nothing.
    sound: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<app::rights::RoleBindingView> for RoleBindingView {
    fn from(binding: app::rights::RoleBindingView) -> Self {
        let app::rights::RoleBindingView { id, member, role, condition, sound, created_at } = binding;
        Self { id, member_id: member, role, condition, sound, created_at }
    }
}
