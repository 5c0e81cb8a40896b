//! Which tables hold wrapped keys. Rotation, shred epochs and the key bundle walk this list (`sealing.md`).

/// One table with a `wrapped` column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTable {
    /// The table.
    pub table: &'static str,
    /// What wraps its keys.
    pub parent: KeyParent,
}

/// What wraps the keys of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyParent {
    /// A root key R at the KMS provider, named in `root_id`.
    Root,
    /// A tenant's T: `(tenant_id, kek_version)` refers to `tenant_kek` with ON DELETE RESTRICT.
    TenantKek,
}

/// Every table with a `wrapped` column; a test reads the catalogue and fails for one that is not here.
pub const KEY_REGISTRY: &[KeyTable] = &[
    KeyTable { table: "person_key", parent: KeyParent::TenantKek },
    KeyTable { table: "session_key", parent: KeyParent::TenantKek },
    KeyTable { table: "signing_key", parent: KeyParent::Root },
    KeyTable { table: "tenant_kek", parent: KeyParent::Root },
    KeyTable { table: "tenant_purpose_key", parent: KeyParent::TenantKek },
];
