//! `member` and `role_binding`: who works in the console, and in which role.

use domain::{MemberId, PersonKeyId, RoleBindingId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::scope::{TenantScoped as _, table};
use crate::stored::text;
use crate::{Backend, MemberState, StoreError, TenantRead, TenantTx};

table! {
    /// One person who works in the console.
    MemberRow in member = "member" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: MemberId = Uuid,
        }
        /// The key that seals name and e-mail.
        person_key_id: PersonKeyId = Uuid,
        /// The sealed e-mail address.
        email_sealed: Vec<u8> = Vec<u8>,
        /// The sealed name.
        name_sealed: Vec<u8> = Vec<u8>,
        /// The argon2id hash in PHC form.
        password_hash: String = String,
        /// Whether the member may sign in.
        state: MemberState = String,
        /// Grows with every change of what the member may do; tokens carry it.
        authz_epoch: u64 = i64,
        /// When the member was added.
        created_at: Timestamp = i64,
        /// Grows with every change of the password, and not when the same one is hashed anew.
        password_epoch: u64 = i64,
        /// Over password hash, its epoch and the state; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}

table! {
    /// One member in one role.
    RoleBindingRow in role_binding = "role_binding" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: Uuid = Uuid,
        }
        /// The member.
        member_id: MemberId = Uuid,
        /// The role's name, as `policy` spells it.
        role: String = String,
        /// When it was given.
        created_at: Timestamp = i64,
        /// For which sessions, as JSON; for all of them without one.
        condition: Option<String> = Option<String>,
        /// Over everything that counts; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}

impl TenantRead {
    /// One member.
    pub async fn member_find(&self, id: MemberId) -> Result<Option<MemberRow>, StoreError> {
        self.one(member::Entity::scoped(self.tenant()).filter(member::Column::Id.eq(id.uuid()))).await
    }

    /// Every member by id.
    pub async fn member_list(&self) -> Result<Vec<MemberRow>, StoreError> {
        self.all(member::Entity::scoped(self.tenant()).order_by_asc(member::Column::Id)).await
    }

    /// Every role of every member, by member and role name.
    pub async fn role_binding_list_all(&self) -> Result<Vec<RoleBindingRow>, StoreError> {
        let select = role_binding::Entity::scoped(self.tenant())
            .order_by_asc(role_binding::Column::MemberId)
            .order_by_asc(role_binding::Column::Role);
        self.all(select).await
    }

    /// A page of members by id.
    pub async fn member_page(&self, after: Option<MemberId>, limit: u64) -> Result<Vec<MemberRow>, StoreError> {
        let mut select = member::Entity::scoped(self.tenant()).order_by_asc(member::Column::Id).limit(limit);
        if let Some(after) = after {
            select = select.filter(member::Column::Id.gt(after.uuid()));
        }
        self.all(select).await
    }

    /// One binding.
    pub async fn role_binding_find(&self, id: RoleBindingId) -> Result<Option<RoleBindingRow>, StoreError> {
        self.one(role_binding::Entity::scoped(self.tenant()).filter(role_binding::Column::Id.eq(id.uuid()))).await
    }

    /// A page of bindings by id; those of one member only when one is named.
    pub async fn role_binding_page(
        &self,
        member: Option<MemberId>,
        after: Option<RoleBindingId>,
        limit: u64,
    ) -> Result<Vec<RoleBindingRow>, StoreError> {
        let mut select =
            role_binding::Entity::scoped(self.tenant()).order_by_asc(role_binding::Column::Id).limit(limit);
        if let Some(member) = member {
            select = select.filter(role_binding::Column::MemberId.eq(member.uuid()));
        }
        if let Some(after) = after {
            select = select.filter(role_binding::Column::Id.gt(after.uuid()));
        }
        self.all(select).await
    }

    /// The bindings of these members.
    pub async fn role_binding_of(&self, members: &[MemberId]) -> Result<Vec<RoleBindingRow>, StoreError> {
        let ids = members.iter().map(|member| member.uuid());
        let select = role_binding::Entity::scoped(self.tenant())
            .filter(role_binding::Column::MemberId.is_in(ids))
            .order_by_asc(role_binding::Column::Role);
        self.all(select).await
    }

    /// A member's roles, by role name.
    pub async fn role_binding_list(&self, member: MemberId) -> Result<Vec<RoleBindingRow>, StoreError> {
        let select = role_binding::Entity::scoped(self.tenant())
            .filter(role_binding::Column::MemberId.eq(member.uuid()))
            .order_by_asc(role_binding::Column::Role);
        self.all(select).await
    }
}

impl TenantRead {
    /// Every member in one of these roles, by id, disabled ones too.
    pub async fn role_holder_list(&self, roles: &[String]) -> Result<Vec<MemberId>, StoreError> {
        let select = role_binding::Entity::scoped(self.tenant())
            .filter(role_binding::Column::Role.is_in(roles.iter().map(String::as_str)))
            .order_by_asc(role_binding::Column::MemberId);
        let mut holders: Vec<MemberId> =
            self.all::<RoleBindingRow>(select).await?.into_iter().map(|row| row.member_id).collect();
        holders.dedup();
        Ok(holders)
    }
}

impl TenantTx {
    /// Adds a member; [`TenantTx::credential_put`] makes the e-mail findable.
    pub async fn member_insert(&self, row: MemberRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Replaces the hash of an active member's password by another hash of the same one, if it is still the one that was
    /// read: a rehash at sign-in cannot undo a change of password.
    pub async fn member_password_rehash(
        &self,
        id: MemberId,
        old: &str,
        new: &str,
        mac: &[u8],
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE member SET password_hash = $4, mac = $5
                   WHERE tenant_id = $1 AND id = $2 AND password_hash = $3 AND state = 'active'";
        self.won(sql, vec![id.uuid().into(), text(old)?.into(), text(new)?.into(), mac.to_vec().into()]).await
    }

    /// Keeps every other change to what belongs to this member waiting until this transaction ends; false when there is no
    /// such member.
    pub async fn member_lock(&self, id: MemberId) -> Result<bool, StoreError> {
        // SQLite has one writer, and this is it.
        let sql = match self.backend() {
            Backend::Sqlite => "SELECT id FROM member WHERE tenant_id = $1 AND id = $2",
            Backend::Postgres => "SELECT id FROM member WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        };
        Ok(self.row(sql, vec![id.uuid().into()]).await?.is_some())
    }

    /// Keeps what this member may do from changing until this transaction ends; false when there is no such member. Every
    /// change of rights raises `authz_epoch`, so it waits for this lock, and this lock for it.
    pub async fn member_share(&self, id: MemberId) -> Result<bool, StoreError> {
        // SQLite has one writer, and this is it.
        let sql = match self.backend() {
            Backend::Sqlite => "SELECT id FROM member WHERE tenant_id = $1 AND id = $2",
            Backend::Postgres => "SELECT id FROM member WHERE tenant_id = $1 AND id = $2 FOR SHARE",
        };
        Ok(self.row(sql, vec![id.uuid().into()]).await?.is_some())
    }

    /// Sets another password in the place of that of `epoch`; false when it was changed meanwhile, or the member is not
    /// active.
    pub async fn member_password_set(
        &self,
        id: MemberId,
        epoch: u64,
        new: &str,
        mac: &[u8],
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE member SET password_hash = $4, password_epoch = password_epoch + 1, mac = $5
                   WHERE tenant_id = $1 AND id = $2 AND state = 'active' AND password_epoch = $3";
        let epoch = i64::try_from(epoch).map_err(|_| StoreError::OutOfRange)?;
        self.won(sql, vec![id.uuid().into(), epoch.into(), text(new)?.into(), mac.to_vec().into()]).await
    }

    /// The active members in this role, each held as they are until this transaction ends: of two that would each leave
    /// the other as the last one, the second waits and sees what the first did.
    pub async fn member_hold_role(&self, role: &str) -> Result<Vec<MemberId>, StoreError> {
        let select = "SELECT id FROM member WHERE tenant_id = $1 AND state = 'active' AND EXISTS (
                        SELECT 1 FROM role_binding b
                        WHERE b.tenant_id = member.tenant_id AND b.member_id = member.id AND b.role = $2
                          AND b.condition IS NULL)
                      ORDER BY id";
        let values = vec![text(role)?.into()];
        if self.backend() == Backend::Postgres {
            self.rows(&format!("{select} FOR UPDATE"), values.clone()).await?;
        }
        // Asked again: what was waited for may have changed who is in the role.
        let rows = self.rows(select, values).await?;
        rows.iter().map(|row| Ok(MemberId::from_uuid(row.try_get("", "id")?))).collect()
    }

    /// Moves a member to another state; false when they are in it, or the row is not the one that was read.
    pub async fn member_state_set(&self, before: &MemberRow, to: MemberState, mac: &[u8]) -> Result<bool, StoreError> {
        let sql = "UPDATE member SET state = $5, mac = $6, authz_epoch = authz_epoch + 1
                   WHERE tenant_id = $1 AND id = $2 AND state = $3 AND state <> $5 AND password_hash = $4";
        let values = vec![
            before.id.uuid().into(),
            before.state.as_str().into(),
            text(&before.password_hash)?.into(),
            to.as_str().into(),
            mac.to_vec().into(),
        ];
        self.won(sql, values).await
    }

    /// Gives a member a role, and ends what its present tokens say.
    pub async fn role_binding_insert(&self, row: RoleBindingRow) -> Result<(), StoreError> {
        let member = row.member_id;
        self.insert(row).await?;
        let sql = "UPDATE member SET authz_epoch = authz_epoch + 1 WHERE tenant_id = $1 AND id = $2";
        self.run(sql, vec![member.uuid().into()]).await?;
        Ok(())
    }

    /// Takes a role from a member, and ends what their present tokens say; false when the binding is not there.
    pub async fn role_binding_delete(&self, id: RoleBindingId) -> Result<bool, StoreError> {
        let Some(row) = self.role_binding_find(id).await? else { return Ok(false) };
        let sql = "DELETE FROM role_binding WHERE tenant_id = $1 AND id = $2";
        if !self.won(sql, vec![id.uuid().into()]).await? {
            return Ok(false);
        }
        let sql = "UPDATE member SET authz_epoch = authz_epoch + 1 WHERE tenant_id = $1 AND id = $2";
        self.won(sql, vec![row.member_id.uuid().into()]).await
    }
}
