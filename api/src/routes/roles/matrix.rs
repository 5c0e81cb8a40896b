//! `GET /v1/roles/matrix`.

use actix_web::{get, web};
use app::{App, rights};
use policy::access::{Action, Condition, Reach, RoleKey, can};
use serde::Serialize;
use utoipa::ToSchema;

use super::ConditionSchema;
use crate::{ApiError, caller::Caller};

/// What an action is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum About {
    /// The member's own account.
    Own,
    /// One session: a role gives it for the sessions that it is held for.
    Session,
    /// One project, likewise.
    Project,
    /// The tenant as a whole: a role that is held for some sessions only does not give it.
    Tenant,
}

/// One row of the matrix.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatrixAction {
    #[schema(value_type = String, example = "session.view")]
    action: Action,
    about: About,
}

/// One column of the matrix.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatrixRole {
    /// A built-in role's name, or the id of one of the tenant's own.
    #[schema(example = "engineer")]
    role: String,
    /// What people call it.
    name: String,
    /// Whether it is one of ours, which nobody changes.
    built_in: bool,
    /// What it allows.
    #[schema(value_type = Vec<String>)]
    allows: Vec<Action>,
    /// What it takes away, whatever else its holder holds.
    #[schema(value_type = Vec<String>)]
    denies: Vec<Action>,
    /// Whether who watches by it sees no text.
    masked: bool,
    /// False when the stored role is not what was written.
    sound: bool,
    /// For which sessions it is held, and by how many.
    held: Vec<MatrixHeld>,
}

/// For which sessions a role is held.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatrixHeld {
    /// Null for all of them.
    #[schema(value_type = Option<ConditionSchema>, required)]
    condition: Option<Condition>,
    /// By how many members.
    members: u64,
}

/// Roles × actions. Without `session.view-restricted`, what a role gives about sessions ends at restricted ones.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleMatrix {
    actions: Vec<MatrixAction>,
    roles: Vec<MatrixRole>,
}

impl From<rights::MatrixRole> for MatrixRole {
    fn from(of: rights::MatrixRole) -> Self {
        let rights::MatrixRole { role, name, allows, denies, masked, sound, held } = of;
        let held = held.into_iter().map(|held| MatrixHeld { condition: held.condition, members: held.members });
        let built_in = matches!(role, RoleKey::BuiltIn(_));
        Self { role: role.to_string(), name, built_in, allows, denies, masked, sound, held: held.collect() }
    }
}

/// What every role may do, and for which sessions it is held.
#[utoipa::path(operation_id = "role_matrix", tag = "members", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "Built-in roles first.", body = RoleMatrix)))]
#[get("/v1/roles/matrix")]
pub(crate) async fn role_matrix(
    caller: Caller<can::RoleList>,
    app: web::Data<App>,
) -> Result<web::Json<RoleMatrix>, ApiError> {
    let roles = app.roles().matrix(&caller).await?.into_iter().map(MatrixRole::from).collect();
    let about = |action: Action| match action.reach() {
        Reach::Own => About::Own,
        Reach::Session => About::Session,
        Reach::Project => About::Project,
        Reach::Tenant => About::Tenant,
    };
    let actions = Action::of_people().map(|action| MatrixAction { action, about: about(action) }).collect();
    Ok(web::Json(RoleMatrix { actions, roles }))
}
