//! Where a sign-in comes from, no more precisely than needed to notice that a refresh token was carried elsewhere and to
//! tell its owner: the browser's family and the network.

use std::net::IpAddr;

use domain::{Entropy, LoginId, Place, TenantId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use vault::{
    Key32,
    chain::RowKey,
    seal::{self, Codec, Kind, ObjectContext},
};

use crate::{AppError, agent::families, columns};

/// What is kept of a place.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CoarsePlace {
    /// A /24 of version 4 or a /48 of version 6.
    pub(crate) network: String,
    /// Family of the browser, when it is a known one.
    pub(crate) browser: Option<String>,
}

/// Where a request of a person comes from: its address, and what its browser says about itself.
#[must_use]
pub fn place(address: IpAddr, user_agent: Option<&str>) -> Place {
    Place::new(address, user_agent.and_then(|agent| families(agent).0))
}

impl From<Place> for CoarsePlace {
    fn from(place: Place) -> Self {
        Self { network: place.network(), browser: place.browser().map(str::to_owned) }
    }
}

impl CoarsePlace {
    /// Equal for two uses from one browser family and network, and telling nothing without the key.
    pub(crate) fn mac(&self, key: &Key32) -> [u8; 32] {
        let mut bound = Sha256::new();
        bound.update(b"sealtape/place/v1\0");
        bound.update(&self.network);
        bound.update([0]);
        bound.update(self.browser.as_deref().unwrap_or_default());
        RowKey::derive(key).body_mac(&bound.finalize().into())
    }

    /// Sealed under the member's key, for the list of their own sign-ins.
    pub(crate) fn sealed(
        &self,
        tenant: TenantId,
        login: LoginId,
        key: &Key32,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, AppError> {
        let text = serde_json::to_vec(self).map_err(AppError::internal)?;
        Ok(seal::seal(key, &context(tenant, login), Codec::Raw, &text, entropy))
    }

    /// Opens what [`CoarsePlace::sealed`] made.
    pub(crate) fn open(tenant: TenantId, login: LoginId, key: &Key32, sealed: &[u8]) -> Result<Self, AppError> {
        columns::open(key, &context(tenant, login), sealed)
    }
}

const fn context(tenant: TenantId, login: LoginId) -> ObjectContext {
    ObjectContext { kind: Kind::Metadata, tenant, object: login.uuid(), number: columns::LOGIN_PLACE, generation: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";

    #[test]
    fn places_are_told_apart_by_family_and_network_only() {
        let key = Key32::from_bytes([1; 32]);
        let mac = |address: &str, agent: Option<&str>| {
            CoarsePlace::from(place(address.parse().expect("an address"), agent)).mac(&key)
        };
        let home = mac("203.0.113.9", Some(FIREFOX));
        assert_eq!(home, mac("203.0.113.200", Some(FIREFOX)), "another address of the network");
        assert_eq!(home, mac("::ffff:203.0.113.9", Some(&FIREFOX.replace("140", "141"))), "an update of the browser");
        assert_ne!(home, mac("203.0.114.9", Some(FIREFOX)), "another network");
        assert_ne!(home, mac("203.0.113.9", Some(CHROME)), "another browser");
        assert_ne!(home, mac("203.0.113.9", None));
        assert_eq!(mac("2001:db8:1:2::1", None), mac("2001:db8:1:ffff::2", None));
        assert_ne!(mac("2001:db8:1::1", None), mac("2001:db8:2::1", None));
    }
}
