//! MACs over rows that give authority: who holds which role, what a role allows, which key or password opens what.
//!
//! Whoever can write to the database and has no key of the tenant can still delete such a row, or put an old one back; they
//! cannot make one. The MAC covers table, tenant, primary key, a version and every column that counts, each with its length,
//! so that no two rows have the same bytes.

use domain::TenantId;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::{Key32, chain::mac};

const LABEL: &[u8] = b"sealtape/authority/v1";

/// What a row says, as far as it gives authority.
#[derive(Debug, Clone, Copy)]
pub struct AuthorityRow<'a> {
    /// The table's name.
    pub table: &'static str,
    /// Whose row it is.
    pub tenant: TenantId,
    /// Its primary key within the tenant.
    pub id: Uuid,
    /// Which version of the row; 0 for rows that never change.
    pub version: u64,
    /// The columns that count, in a fixed order; `None` is not the same as empty.
    pub columns: &'a [Option<&'a [u8]>],
}

/// Makes and checks the MACs of one tenant, under its purpose key `authority`.
pub struct Authority {
    key: Key32,
}

impl Authority {
    /// Under this purpose key.
    #[must_use]
    pub const fn new(key: Key32) -> Self {
        Self { key }
    }

    /// The MAC of a row.
    #[must_use]
    pub fn mac(&self, row: &AuthorityRow<'_>) -> [u8; 32] {
        let mut bytes = Vec::with_capacity(128);
        let mut part = |part: &[u8]| {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        };
        part(row.table.as_bytes());
        part(row.tenant.uuid().as_bytes());
        part(row.id.as_bytes());
        part(&row.version.to_be_bytes());
        for column in row.columns {
            match column {
                None => part(&[0]),
                Some(column) => {
                    part(&[1]);
                    part(column);
                }
            }
        }
        mac(&self.key, &[LABEL, &bytes])
    }

    /// Whether `stored` is the MAC of this row; constant time.
    #[must_use]
    pub fn holds(&self, row: &AuthorityRow<'_>, stored: &[u8]) -> bool {
        self.mac(row).as_slice().ct_eq(stored).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(byte: u8) -> Authority {
        Authority::new(Key32::from_bytes([byte; 32]))
    }

    /// A row differs from another in one thing only, and so does its MAC.
    #[test]
    fn everything_that_counts_is_covered() {
        let (tenant, other) = (TenantId::from_uuid(Uuid::from_u128(1)), TenantId::from_uuid(Uuid::from_u128(2)));
        let id = Uuid::from_u128(3);
        let columns: [Option<&[u8]>; 2] = [Some(b"ab"), Some(b"c")];
        let row = AuthorityRow { table: "role_binding", tenant, id, version: 7, columns: &columns };
        let mac = authority(1).mac(&row);
        assert!(authority(1).holds(&row, &mac));
        assert!(!authority(2).holds(&row, &mac), "another key");
        assert!(!authority(1).holds(&row, &[]), "none");
        let moved: [Option<&[u8]>; 2] = [Some(b"a"), Some(b"bc")];
        let absent: [Option<&[u8]>; 3] = [Some(b"ab"), Some(b"c"), None];
        let empty: [Option<&[u8]>; 3] = [Some(b"ab"), Some(b"c"), Some(b"")];
        let others = [
            AuthorityRow { table: "api_key", ..row },
            AuthorityRow { tenant: other, ..row },
            AuthorityRow { id: Uuid::from_u128(4), ..row },
            AuthorityRow { version: 8, ..row },
            AuthorityRow { columns: &moved, ..row },
            AuthorityRow { columns: &columns[..1], ..row },
            AuthorityRow { columns: &absent, ..row },
            AuthorityRow { columns: &empty, ..row },
        ];
        let mut seen = vec![mac];
        for other in others {
            assert!(!authority(1).holds(&other, &mac), "{other:?}");
            seen.push(authority(1).mac(&other));
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 9, "no two of them are alike");
    }
}
