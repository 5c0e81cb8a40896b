//! `audit_head`: how far each tenant's audit log has come, and the transaction that makes it longer.
//!
//! The sequencer of a log is whoever holds its head: locking the row makes it one at a time, on PostgreSQL by FOR UPDATE,
//! on SQLite because there is one writer.

use std::ops::Deref;

use domain::{AuditId, TenantId, Timestamp};
use sea_orm::{ConnectionTrait as _, QueryResult, Statement, Value};

use crate::stored::Stored;
use crate::{
    AuditAlarmRow, AuditAnchoredRow, AuditCheckpointRow, AuditWitnessedRow, Backend, Store, StoreError, TenantRead,
    TenantTx,
};

/// How far a tenant's log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHeadRow {
    /// Whose log.
    pub tenant_id: TenantId,
    /// Number of its leaves.
    pub size: u64,
    /// Its root at that size.
    pub root: [u8; 32],
    /// The hashes from which it grows.
    pub frontier: Vec<u8>,
    /// When it last grew.
    pub sequenced_at: Timestamp,
}

/// A leaf without a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingLeaf {
    /// Its id.
    pub id: AuditId,
    /// Its bytes, as they are hashed.
    pub leaf: Vec<u8>,
}

/// One transaction on one tenant's log. On PostgreSQL it is a connection of role `sealtape_system`, bound to the tenant by
/// row security like any other; dropping it without [`commit`](Self::commit) rolls back.
#[must_use = "a LedgerTx rolls back unless committed"]
#[derive(Debug)]
pub struct LedgerTx(TenantTx);

impl Deref for LedgerTx {
    type Target = TenantRead;
    fn deref(&self) -> &TenantRead {
        &self.0
    }
}

/// The longest waiting leaves, `$2` of them.
pub(crate) const WAITING: &str =
    "SELECT id, leaf FROM audit_outbox WHERE tenant_id = $1 AND leaf_index IS NULL ORDER BY id LIMIT $2";

const HEAD: &str = "tenant_id, size, root, frontier, sequenced_at";

fn load(row: &QueryResult) -> Result<AuditHeadRow, StoreError> {
    let corrupt = |column| StoreError::Corrupt { table: "audit_head", column };
    Ok(AuditHeadRow {
        tenant_id: TenantId::from_uuid(row.try_get("", "tenant_id")?),
        size: Stored::load(row.try_get::<i64>("", "size")?).ok_or(corrupt("size"))?,
        root: Stored::load(row.try_get::<Vec<u8>>("", "root")?).ok_or(corrupt("root"))?,
        frontier: row.try_get("", "frontier")?,
        sequenced_at: Timestamp::from_micros(row.try_get("", "sequenced_at")?),
    })
}

impl Store {
    /// The tenants with leaves that wait for their place. Takes no lock.
    pub async fn audit_waiting(&self) -> Result<Vec<TenantId>, StoreError> {
        let sql = match self.backend() {
            Backend::Sqlite => {
                "SELECT id FROM tenant WHERE EXISTS (
                   SELECT 1 FROM audit_outbox WHERE tenant_id = tenant.id AND leaf_index IS NULL) ORDER BY id"
            }
            // The function looks at one tenant after the other, bound to each: no policy lets anybody see all of them.
            Backend::Postgres => "SELECT id FROM audit_waiting() AS waiting(id)",
        };
        let rows = self.system_reader().query_all_raw(Statement::from_string(self.backend().sea_orm(), sql)).await?;
        rows.iter().map(|row| Ok(TenantId::from_uuid(row.try_get("", "id")?))).collect()
    }

    /// The heads of all logs, by tenant.
    pub async fn audit_heads(&self) -> Result<Vec<AuditHeadRow>, StoreError> {
        let sql = format!("SELECT {HEAD} FROM audit_head ORDER BY tenant_id");
        let rows = self.system_reader().query_all_raw(Statement::from_string(self.backend().sea_orm(), sql)).await?;
        rows.iter().map(load).collect()
    }
}

impl LedgerTx {
    pub(crate) async fn begin(store: &Store, tenant: TenantId) -> Result<Self, StoreError> {
        Ok(Self(TenantTx::begin_on(store.system_pool(), store, tenant).await?))
    }

    /// Makes everything durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await
    }

    /// The head, held until the transaction ends. A log that has none gets `empty` first.
    pub async fn audit_head_lock(&self, empty: &AuditHeadRow) -> Result<AuditHeadRow, StoreError> {
        let sql = format!("INSERT INTO audit_head ({HEAD}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
        self.0.run(&sql, head_values(empty)?).await?;
        let lock = if self.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
        let sql = format!("SELECT {HEAD} FROM audit_head WHERE tenant_id = $1{lock}");
        let row = self.row(&sql, Vec::new()).await?;
        load(&row.ok_or(StoreError::Corrupt { table: "audit_head", column: "tenant_id" })?)
    }

    /// The longest waiting leaves.
    pub async fn audit_waiting_list(&self, limit: u64) -> Result<Vec<WaitingLeaf>, StoreError> {
        // Never "after the last one taken": a transaction that commits late has an id from before.
        let rows = self.rows(WAITING, vec![limit.store()?.into()]).await?;
        let leaf = |row: &QueryResult| {
            Ok(WaitingLeaf { id: AuditId::from_uuid(row.try_get("", "id")?), leaf: row.try_get("", "leaf")? })
        };
        rows.iter().map(leaf).collect()
    }

    /// Gives leaves their places from `first` on; each must still wait.
    pub async fn audit_place(&self, first: u64, leaves: &[WaitingLeaf]) -> Result<(), StoreError> {
        let (mut places, mut values) = (Vec::with_capacity(leaves.len()), Vec::with_capacity(2 * leaves.len()));
        for (leaf, index) in leaves.iter().zip(first..) {
            values.extend([Value::from(leaf.id.uuid()), index.store()?.into()]);
            places.push(format!("(${}, ${})", values.len(), values.len() + 1));
        }
        let sql = format!(
            "UPDATE audit_outbox SET leaf_index = place.column2 FROM (VALUES {}) AS place
             WHERE tenant_id = $1 AND id = place.column1 AND leaf_index IS NULL",
            places.join(", ")
        );
        let moved = self.0.run(&sql, values).await?;
        if moved == leaves.len() as u64 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Stores the hashes of a tile in place of fewer that it had.
    pub async fn audit_tile_put(&self, level: u32, number: u64, hashes: Vec<u8>) -> Result<(), StoreError> {
        let sql = "INSERT INTO audit_tile (tenant_id, level, number, hashes) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (tenant_id, level, number) DO UPDATE SET hashes = excluded.hashes";
        self.0.run(sql, vec![level.store()?.into(), number.store()?.into(), hashes.into()]).await?;
        Ok(())
    }

    /// Moves the head that [`audit_head_lock`](Self::audit_head_lock) holds.
    pub async fn audit_head_put(&self, head: &AuditHeadRow) -> Result<(), StoreError> {
        if head.tenant_id != self.tenant() {
            return Err(StoreError::WrongTenant);
        }
        let sql = "UPDATE audit_head SET size = $2, root = $3, frontier = $4, sequenced_at = $5 WHERE tenant_id = $1";
        self.0.run(sql, head_values(head)?).await?;
        Ok(())
    }

    /// Says that the signer refuses this log; one that it refuses already stays refused since when it was.
    pub async fn audit_alarm_raise(&self, row: &AuditAlarmRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO audit_alarm (tenant_id, since, reason, place) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (tenant_id) DO UPDATE SET reason = excluded.reason, place = excluded.place";
        let place = row.place.map(Stored::store).transpose()?;
        self.0.run(sql, vec![row.since.as_micros().into(), row.reason.as_str().into(), place.into()]).await?;
        Ok(())
    }

    /// Says that the signer signs this log again. False when it was not refused.
    pub async fn audit_alarm_end(&self) -> Result<bool, StoreError> {
        self.0.won("DELETE FROM audit_alarm WHERE tenant_id = $1", Vec::new()).await
    }

    /// Adds a signed checkpoint.
    pub async fn audit_checkpoint_insert(&self, row: AuditCheckpointRow) -> Result<(), StoreError> {
        self.0.insert(row).await
    }

    /// Adds what witnesses signed.
    pub async fn audit_witnessed_insert(&self, row: AuditWitnessedRow) -> Result<(), StoreError> {
        self.0.insert(row).await
    }

    /// Adds what was put into WORM storage.
    pub async fn audit_anchored_insert(&self, row: AuditAnchoredRow) -> Result<(), StoreError> {
        self.0.insert(row).await
    }
}

fn head_values(head: &AuditHeadRow) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        head.size.store()?.into(),
        head.root.to_vec().into(),
        head.frontier.clone().into(),
        head.sequenced_at.as_micros().into(),
    ])
}
