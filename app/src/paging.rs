//! Cursors: opaque to the client, bound by a MAC to the tenant and the filter they came from.
//!
//! A cursor that was changed, or is used with another filter or tenant, is refused; it never shifts a list silently.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::TenantId;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use vault::{Key32, chain::RowKey};

use crate::AppError;

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last.
    pub next_cursor: Option<String>,
}

/// Which page is asked for.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Most items of one page; 1 to [`Page::MOST`].
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Page {
    /// The largest page.
    pub const MOST: u16 = 200;
    const USUAL: u16 = 50;

    /// The number of items asked for, or the usual number.
    pub(crate) fn size(&self) -> Result<usize, AppError> {
        match self.limit.unwrap_or(Self::USUAL) {
            limit @ 1..=Self::MOST => Ok(usize::from(limit)),
            _ => Err(AppError::invalid("/limit", format!("must be a number from 1 to {}", Self::MOST))),
        }
    }
}

/// Makes and reads cursors under the deployment's cursor key.
pub(crate) struct Cursors<'a>(&'a Key32);

impl<'a> Cursors<'a> {
    pub(crate) const fn new(key: &'a Key32) -> Self {
        Self(key)
    }

    /// Writes `position` for `tenant` and the list described by `filter`.
    pub(crate) fn write<P: Serialize>(&self, tenant: TenantId, filter: &str, position: &P) -> Result<String, AppError> {
        let body = serde_json::to_vec(position).map_err(AppError::internal)?;
        let mut bytes = self.tag(tenant, filter, &body)[..16].to_vec();
        bytes.extend_from_slice(&body);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Leaves the first `size` of `rows` and, when there are more, gives the cursor behind them.
    pub(crate) fn cut<T, P: Serialize>(
        &self,
        tenant: TenantId,
        filter: &str,
        rows: &mut Vec<T>,
        size: usize,
        position: impl Fn(&T) -> P,
    ) -> Result<Option<String>, AppError> {
        let more = rows.len() > size;
        rows.truncate(size);
        match rows.last() {
            Some(last) if more => self.write(tenant, filter, &position(last)).map(Some),
            _ => Ok(None),
        }
    }

    /// Reads a cursor back.
    pub(crate) fn read<P: DeserializeOwned>(
        &self,
        tenant: TenantId,
        filter: &str,
        cursor: &str,
    ) -> Result<P, AppError> {
        let refuse = || AppError::invalid("/cursor", "is not a cursor of this list; start again without one");
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
        let (tag, body) = bytes.split_at_checked(16).ok_or_else(refuse)?;
        // The tag only guards a position in the caller's own tenant; a timing difference here tells nothing of worth.
        if tag != &self.tag(tenant, filter, body)[..16] {
            return Err(refuse());
        }
        serde_json::from_slice(body).map_err(|_| refuse())
    }

    /// The same keyed MAC that recognises a re-sent body, under a key that does nothing else.
    fn tag(&self, tenant: TenantId, filter: &str, body: &[u8]) -> [u8; 32] {
        let mut bound = Sha256::new();
        bound.update(b"sealtape/cursor/v1");
        bound.update(tenant.bytes());
        bound.update((filter.len() as u64).to_be_bytes());
        bound.update(filter);
        bound.update(body);
        RowKey::derive(self.0).body_mac(&bound.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_holds_for_its_tenant_and_filter_only() {
        let key = Key32::from_bytes([1; 32]);
        let cursors = Cursors::new(&key);
        let (one, two) = (TenantId::from_uuid(uuid::Uuid::from_u128(1)), TenantId::from_uuid(uuid::Uuid::from_u128(2)));
        let cursor = cursors.write(one, "state=live", &(7_i64, "x")).expect("writes");
        assert_eq!(cursors.read::<(i64, String)>(one, "state=live", &cursor).expect("reads"), (7, "x".to_owned()));
        assert!(cursors.read::<(i64, String)>(two, "state=live", &cursor).is_err(), "another tenant");
        assert!(cursors.read::<(i64, String)>(one, "", &cursor).is_err(), "another filter");
        let mut changed = cursor.clone().into_bytes();
        changed[30] ^= 1;
        let changed = String::from_utf8(changed).expect("ascii");
        assert!(cursors.read::<(i64, String)>(one, "state=live", &changed).is_err(), "changed");
    }
}
