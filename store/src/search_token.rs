//! `search_token`: blind tokens under P `search` that lead to sessions (`sealing.md`, "In clear, for search").

use domain::{SessionId, TenantId};
use sea_orm::EntityTrait as _;
use sea_orm::sea_query::OnConflict;

use crate::scope::{Row as _, table};
use crate::{StoreError, TenantTx};

table! {
    /// One token of one session.
    SearchTokenRow in search_token = "search_token" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// `origin`, `path`, `error`, …
            kind: String = String,
            /// HMAC of kind and value.
            token: [u8; 32] = Vec<u8>,
            /// The session.
            session_id: SessionId = Uuid,
        }
    }
}
pub(crate) use search_token::{Column, Entity};

impl TenantTx {
    /// Makes a session findable by these tokens (kind, token). One that is there already stays.
    pub async fn search_token_put(&self, session: SessionId, tokens: &[(String, [u8; 32])]) -> Result<(), StoreError> {
        if tokens.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(tokens.len());
        for (kind, token) in tokens {
            let row =
                SearchTokenRow { tenant_id: self.tenant(), kind: kind.clone(), token: *token, session_id: session };
            rows.push(row.store()?);
        }
        let there = [Column::TenantId, Column::Kind, Column::Token, Column::SessionId];
        Entity::insert_many(rows)
            .on_conflict(OnConflict::columns(there).do_nothing().to_owned())
            .exec_without_returning(self.db()?)
            .await?;
        Ok(())
    }
}
