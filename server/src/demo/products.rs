//! What the shop sells: the same file that the shop's own tests use.

use std::{collections::BTreeSet, sync::LazyLock};

use serde::Deserialize;

/// The answer of `GET /api/products`.
pub(super) const JSON: &str = include_str!("../../../frontend/demo/products.json");

#[derive(Deserialize)]
struct Product {
    id: String,
}

static IDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    // The file is part of the program, and a test reads it.
    serde_json::from_str::<Vec<Product>>(JSON).unwrap_or_default().into_iter().map(|product| product.id).collect()
});

/// Whether the shop sells this.
pub(super) fn sells(id: &str) -> bool {
    IDS.contains(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_sells_a_dozen_pieces() {
        assert!(IDS.len() >= 12, "{}", IDS.len());
        assert!(sells("moon-vase"));
    }
}
