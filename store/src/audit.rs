//! `audit_outbox`: audit leaves, before and after they have their place in the ledger. The app role may read rows and add
//! some without a place; triggers keep everybody from changing or removing them.

use domain::{AuditId, TenantId, Timestamp};

use crate::scope::table;
use crate::stored::Stored;
use crate::{StoreError, TenantTx};

table! {
    /// One audit leaf.
    AuditOutboxRow in audit_outbox = "audit_outbox" {
        key {
            /// Whose log.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: AuditId = Uuid,
        }
        /// The leaf's bytes, as they are hashed.
        leaf: Vec<u8> = Vec<u8>,
        /// Sealed detail beside the leaf.
        detail_sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// Its place in the tree, once sequenced.
        leaf_index: Option<u64> = Option<i64>,
        /// When the act happened.
        created_at: Timestamp = i64,
    }
}

impl TenantTx {
    /// Adds a leaf; it commits with the act it tells of.
    pub async fn audit_insert(&self, row: AuditOutboxRow) -> Result<(), StoreError> {
        if row.tenant_id != self.tenant() {
            return Err(StoreError::WrongTenant);
        }
        // By hand: every act comes through here, and making the statement anew costs as much as the insert.
        let sql = "INSERT INTO audit_outbox (tenant_id, id, leaf, detail_sealed, leaf_index, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = vec![
            row.id.uuid().into(),
            row.leaf.into(),
            row.detail_sealed.into(),
            row.leaf_index.map(Stored::store).transpose()?.into(),
            row.created_at.as_micros().into(),
        ];
        self.run(sql, values).await?;
        self.adds_leaf();
        Ok(())
    }
}
