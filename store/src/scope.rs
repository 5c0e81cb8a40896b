//! The one way to build a select, and the tie between a public row and its private entity.

use domain::TenantId;
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _, Select};

use crate::StoreError;

/// A table whose every row belongs to one tenant.
pub(crate) trait TenantScoped: EntityTrait {
    /// The column that says to which.
    const TENANT: Self::Column;

    /// Every select starts here, so that forgetting the tenant is not possible.
    #[expect(clippy::disallowed_methods, reason = "the one place that may build an unscoped select")]
    fn scoped(tenant: TenantId) -> Select<Self> {
        Self::find().filter(Self::TENANT.eq(tenant.uuid()))
    }
}

/// A public row struct over a private SeaORM model.
pub(crate) trait Row: Sized {
    /// The table.
    type Entity: TenantScoped;
    /// Whose row it is.
    fn tenant(&self) -> TenantId;
    /// From the database.
    fn load(model: <Self::Entity as EntityTrait>::Model) -> Result<Self, StoreError>;
    /// Towards the database.
    fn store(self) -> Result<<Self::Entity as EntityTrait>::ActiveModel, StoreError>;
}

/// Declares one table: the public row, the private entity in module `$entity`, and the way between them.
///
/// Each line reads `name: domain type = column type`.
macro_rules! table {
    (
        $(#[$doc:meta])*
        $row:ident in $entity:ident = $table:literal {
            key { $( $(#[$kdoc:meta])* $key:ident: $kty:ty = $kdb:ty, )+ }
            $( $(#[$fdoc:meta])* $field:ident: $fty:ty = $fdb:ty, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $row {
            $( $(#[$kdoc])* pub $key: $kty, )+
            $( $(#[$fdoc])* pub $field: $fty, )*
        }

        #[expect(unreachable_pub, reason = "SeaORM's derive writes `pub` items; the module keeps them private")]
        mod $entity {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                $( #[sea_orm(primary_key, auto_increment = false)] pub $key: $kdb, )+
                $( pub $field: $fdb, )*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}

            impl crate::scope::TenantScoped for Entity {
                const TENANT: Column = Column::TenantId;
            }
        }

        impl crate::scope::Row for $row {
            type Entity = $entity::Entity;
            fn tenant(&self) -> domain::TenantId {
                self.tenant_id
            }
            fn load(model: $entity::Model) -> Result<Self, crate::StoreError> {
                Ok(Self {
                    $( $key: crate::stored::Stored::load(model.$key)
                        .ok_or(crate::StoreError::Corrupt { table: $table, column: stringify!($key) })?, )+
                    $( $field: crate::stored::Stored::load(model.$field)
                        .ok_or(crate::StoreError::Corrupt { table: $table, column: stringify!($field) })?, )*
                })
            }
            fn store(self) -> Result<$entity::ActiveModel, crate::StoreError> {
                Ok($entity::ActiveModel {
                    $( $key: sea_orm::ActiveValue::Set(crate::stored::Stored::store(self.$key)?), )+
                    $( $field: sea_orm::ActiveValue::Set(crate::stored::Stored::store(self.$field)?), )*
                })
            }
        }
    };
}
pub(crate) use table;
