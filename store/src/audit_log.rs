//! A tenant's audit log as it is read: leaves in their places, tiles, signed checkpoints.

use std::ops::Range;

use domain::{AuditId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QueryResult, QuerySelect as _};

use crate::scope::{TenantScoped as _, table};
use crate::stored::Stored as _;
use crate::{StoreError, TenantRead};

table! {
    /// A head of the log as it was signed.
    AuditCheckpointRow in audit_checkpoint = "audit_checkpoint" {
        key {
            /// Whose log.
            tenant_id: TenantId = Uuid,
            /// Number of leaves.
            size: u64 = i64,
            /// When it was signed.
            signed_at: Timestamp = i64,
        }
        /// The root at that size.
        root: [u8; 32] = Vec<u8>,
        /// The signed note.
        note: String = String,
    }
}
use audit_checkpoint::{Column, Entity};

/// A leaf of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLeaf {
    /// Its id.
    pub id: AuditId,
    /// Its place, once it has one.
    pub index: Option<u64>,
    /// Its bytes, as they are hashed.
    pub leaf: Vec<u8>,
    /// When the act happened.
    pub created_at: Timestamp,
}

/// The last leaf of the page before; the next page is older.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeafCursor(pub AuditId);

const LEAF: &str = "id, leaf_index, leaf, created_at";

fn load(row: &QueryResult) -> Result<AuditLeaf, StoreError> {
    let index = row.try_get::<Option<i64>>("", "leaf_index")?;
    let corrupt = StoreError::Corrupt { table: "audit_outbox", column: "leaf_index" };
    Ok(AuditLeaf {
        id: AuditId::from_uuid(row.try_get("", "id")?),
        index: index.map(u64::try_from).transpose().map_err(|_| corrupt)?,
        leaf: row.try_get("", "leaf")?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
    })
}

impl TenantRead {
    /// One leaf.
    pub async fn audit_leaf_find(&self, id: AuditId) -> Result<Option<AuditLeaf>, StoreError> {
        let sql = format!("SELECT {LEAF} FROM audit_outbox WHERE tenant_id = $1 AND id = $2");
        self.row(&sql, vec![id.uuid().into()]).await?.as_ref().map(load).transpose()
    }

    /// Leaves newest first, those older than the cursor.
    pub async fn audit_leaf_list(&self, before: Option<LeafCursor>, limit: u64) -> Result<Vec<AuditLeaf>, StoreError> {
        let (older, mut values) = match before {
            Some(LeafCursor(id)) => (" AND id < $3", vec![id.uuid().into()]),
            None => ("", Vec::new()),
        };
        values.insert(0, limit.store()?.into());
        let sql = format!("SELECT {LEAF} FROM audit_outbox WHERE tenant_id = $1{older} ORDER BY id DESC LIMIT $2");
        self.rows(&sql, values).await?.iter().map(load).collect()
    }

    /// The bytes of the leaves in these places, with their places; what is missing is not there.
    pub async fn audit_entries(&self, places: Range<u64>) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let sql = "SELECT leaf_index, leaf FROM audit_outbox
                   WHERE tenant_id = $1 AND leaf_index >= $2 AND leaf_index < $3 ORDER BY leaf_index";
        let rows = self.rows(sql, vec![places.start.store()?.into(), places.end.store()?.into()]).await?;
        let entry = |row: &QueryResult| {
            let index = u64::try_from(row.try_get::<i64>("", "leaf_index")?);
            let corrupt = StoreError::Corrupt { table: "audit_outbox", column: "leaf_index" };
            Ok((index.map_err(|_| corrupt)?, row.try_get("", "leaf")?))
        };
        rows.iter().map(entry).collect()
    }

    /// The hashes of a tile, one after the other, as many as there are.
    pub async fn audit_tile_find(&self, level: u32, number: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT hashes FROM audit_tile WHERE tenant_id = $1 AND level = $2 AND number = $3";
        let row = self.row(sql, vec![level.store()?.into(), number.store()?.into()]).await?;
        Ok(row.map(|row| row.try_get("", "hashes")).transpose()?)
    }

    /// The newest checkpoint: of the largest size, and of those the one signed last.
    pub async fn audit_checkpoint_newest(&self) -> Result<Option<AuditCheckpointRow>, StoreError> {
        let newest = Entity::scoped(self.tenant()).order_by_desc(Column::Size).order_by_desc(Column::SignedAt);
        self.one(newest.limit(1)).await
    }

    /// The checkpoint of exactly this size that was signed last.
    pub async fn audit_checkpoint_of(&self, size: u64) -> Result<Option<AuditCheckpointRow>, StoreError> {
        let of_size = Entity::scoped(self.tenant()).filter(Column::Size.eq(size.store()?));
        self.one(of_size.order_by_desc(Column::SignedAt).limit(1)).await
    }
}
