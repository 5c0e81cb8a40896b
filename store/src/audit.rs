//! `audit_outbox`: audit leaves, before and after they have their place in the ledger. The app role may read rows and add
//! some without a place; triggers keep everybody from changing or removing them.

use domain::{AuditId, TenantId, Timestamp};

use crate::scope::table;
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
        self.insert(row).await?;
        self.adds_leaf();
        Ok(())
    }
}
