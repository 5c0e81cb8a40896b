//! Who has which role.

use domain::{MemberId, RoleBindingId, Timestamp};
use ledger::Object;
use policy::access::{Permit, Role, RoleSet, can};
use store::RoleBindingRow;

use super::{Members, NO_MEMBER, bind, keep_an_owner, own_account, refuse_guarded};
use crate::{AppError, Page, Paged, auth::member_of, paging::Cursors};

/// One member in one role.
#[derive(Debug, Clone)]
pub struct RoleBindingView {
    /// Its id.
    pub id: RoleBindingId,
    /// The member.
    pub member: MemberId,
    /// The role's name.
    pub role: String,
    /// Since when.
    pub created_at: Timestamp,
}

impl Members {
    /// Who has which role; of one member only when one is named.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn bindings(
        &self,
        permit: &Permit<can::MemberList>,
        member: Option<MemberId>,
        page: Page,
    ) -> Result<Paged<RoleBindingView>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let cursors = Cursors::new(&self.parts.deployment.cursor);
        let filter = format!("role-bindings {}", member.map(|member| member.to_string()).unwrap_or_default());
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, &filter, cursor)).transpose()?;
        let read = self.parts.store.tenant_read(tenant).await?;
        let mut rows = read.role_binding_page(member, after, size as u64 + 1).await?;
        let more = rows.len() > size;
        rows.truncate(size);
        let items: Vec<RoleBindingView> = rows.into_iter().map(view).collect();
        let next_cursor = match items.last() {
            Some(last) if more => Some(cursors.write(tenant, &filter, &last.id)?),
            _ => None,
        };
        Ok(Paged { items, next_cursor })
    }

    /// Gives a member a role; it counts within five seconds.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `role-held`, `own-account`; [`AppError::Forbidden`] `guarded-role`;
    /// [`AppError::Invalid`] for what is no role of members.
    pub async fn binding_create(
        &self,
        permit: &Permit<can::MemberManage>,
        member: MemberId,
        role: &str,
    ) -> Result<RoleBindingView, AppError> {
        let role = checked_role("/role", role)?;
        let me = member_of(permit.actor())?;
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        tx.member_find(member).await?.ok_or(NO_MEMBER)?;
        if member == me {
            return Err(own_account("nobody changes their own roles"));
        }
        refuse_guarded(&tx, me, RoleSet::from_iter([role])).await?;
        let id = match bind(&self.parts, &tx, member, role).await {
            Err(store::StoreError::Conflict) => {
                let detail = "the member has this role already".to_owned();
                return Err(AppError::Conflict { code: "role-held", detail, next: None });
            }
            outcome => outcome?,
        };
        self.parts.audit().allowed(&tx, permit, "role-binding.create", Object::RoleBinding(id)).await?;
        tx.commit().await?;
        Ok(RoleBindingView { id, member, role: role.to_string(), created_at: self.parts.clock.now() })
    }

    /// Takes a role from a member; it counts within five seconds.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `last-owner`, `own-account`; [`AppError::Forbidden`]
    /// `guarded-role`.
    pub async fn binding_delete(&self, permit: &Permit<can::MemberManage>, id: RoleBindingId) -> Result<(), AppError> {
        const NO_BINDING: AppError = AppError::NotFound { kind: "role binding" };
        let me = member_of(permit.actor())?;
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        let row = tx.role_binding_find(id).await?.ok_or(NO_BINDING)?;
        if row.member_id == me {
            return Err(own_account("nobody changes their own roles"));
        }
        let role = row.role.parse::<Role>().ok();
        refuse_guarded(&tx, me, role.into_iter().collect()).await?;
        if role == Some(Role::Owner) {
            keep_an_owner(&tx, row.member_id).await?;
        }
        if !tx.role_binding_delete(id).await? {
            return Err(NO_BINDING);
        }
        self.parts.audit().allowed(&tx, permit, "role-binding.delete", Object::RoleBinding(id)).await?;
        Ok(tx.commit().await?)
    }
}

/// A role that members can hold, by its exact name.
pub(super) fn checked_role(pointer: &str, name: &str) -> Result<Role, AppError> {
    name.parse().map_err(|_| AppError::invalid(pointer, "is not the name of a role that members can hold"))
}

fn view(row: RoleBindingRow) -> RoleBindingView {
    RoleBindingView {
        id: RoleBindingId::from_uuid(row.id),
        member: row.member_id,
        role: row.role,
        created_at: row.created_at,
    }
}
