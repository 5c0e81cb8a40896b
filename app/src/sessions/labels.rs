//! What sessions are marked with. A label's text is sealed under the session's key; its blind token is what lists search
//! for and decisions compare.

use domain::{Label, LabelId, MemberId, SessionId, Timestamp};
use ledger::Object;
use policy::access::{LabelToken, Permit, can};
use store::{SessionLabelRow, SessionRow, TenantRead};
use vault::{
    Key32,
    blind::SearchTokens,
    seal::{self, Codec},
    wrap::Purpose,
};

use super::{
    Parts, Sessions,
    access::{admit, opened},
};
use crate::{AppError, auth::member_of, columns};

/// Most labels of one session.
pub(crate) const MOST: usize = 20;

/// A label of a session.
#[derive(Debug, Clone)]
pub struct LabelView {
    /// Its id.
    pub id: LabelId,
    /// The label.
    pub label: Label,
    /// Who put it there.
    pub created_by: MemberId,
    /// When.
    pub created_at: Timestamp,
}

impl Sessions {
    /// A session's labels in the order in which they came.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] `access-required`, [`AppError::Gone`].
    pub async fn labels(&self, permit: &Permit<can::SessionView>, id: SessionId) -> Result<Vec<LabelView>, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let (row, _) = opened(&self.parts, &read, permit, id).await?;
        self.parts.labels_of(&read, &row).await
    }

    /// Marks a session. A label that it has already is answered as it stands.
    ///
    /// # Errors
    /// As [`Sessions::labels`]; [`AppError::Invalid`] for what is no label, [`AppError::Conflict`] `label-limit`.
    pub async fn label_add(
        &self,
        permit: &Permit<can::SessionLabel>,
        id: SessionId,
        label: &str,
    ) -> Result<LabelView, AppError> {
        let label: Label =
            label.parse().map_err(|error: domain::ParseWordError| AppError::invalid("/label", error.to_string()))?;
        let (parts, tenant) = (&self.parts, permit.tenant());
        let read = parts.store.tenant_read(tenant).await?;
        opened(parts, &read, permit, id).await?;
        let generation = parts.keys.session_generation(&read, id).await?;
        drop(read);
        let key = parts.keys.session(tenant, id, generation).await?;
        let token = parts.label_tokens(tenant).await?.label(label.as_str()).token;
        let context = columns::context(columns::SESSION_LABEL, tenant, id, generation);
        let sealed = seal::seal(&key, &context, Codec::Raw, label.as_str().as_bytes(), &*parts.entropy);

        let tx = parts.store.tenant(tenant).await?;
        // The lock keeps two that add at the same time from passing the limit together.
        let row = tx.session_lock(id).await?.ok_or(super::access::NO_SESSION)?;
        admit(parts, &tx, permit, &row).await?;
        if !tx.session_key_share(id, generation).await? {
            return Err(AppError::KEY_MISSING);
        }
        let there = tx.session_label_list(id).await?;
        if let Some(there) = there.iter().find(|row| row.token == token) {
            let (created_by, created_at) = (there.created_by, there.created_at);
            return Ok(LabelView { id: there.id, label, created_by, created_at });
        }
        if there.len() >= MOST {
            return Err(AppError::Conflict {
                code: "label-limit",
                detail: format!("a session has at most {MOST} labels"),
                next: None,
            });
        }
        let now = parts.clock.now();
        let row = SessionLabelRow {
            tenant_id: tenant,
            session_id: id,
            id: LabelId::mint(now, &*parts.entropy),
            token,
            sealed,
            generation,
            created_by: member_of(permit.actor())?,
            created_at: now,
        };
        let view = LabelView { id: row.id, label, created_by: row.created_by, created_at: now };
        tx.session_label_insert(row).await?;
        parts.audit().allowed(&tx, permit, "session.label", Object::Session(id)).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Takes a label away; one that the session has not changes nothing.
    ///
    /// # Errors
    /// As [`Sessions::labels`].
    pub async fn label_remove(
        &self,
        permit: &Permit<can::SessionLabel>,
        id: SessionId,
        label: LabelId,
    ) -> Result<(), AppError> {
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        opened(&self.parts, &tx, permit, id).await?;
        if tx.session_label_delete(id, label).await? {
            self.parts.audit().allowed(&tx, permit, "session.unlabel", Object::Session(id)).await?;
        }
        Ok(tx.commit().await?)
    }
}

impl Parts {
    /// The labels of a session, opened.
    pub(crate) async fn labels_of(&self, read: &TenantRead, row: &SessionRow) -> Result<Vec<LabelView>, AppError> {
        let mut labels = Vec::new();
        for label in read.session_label_list(row.id).await? {
            let key = self.keys.session(row.tenant_id, row.id, label.generation).await?;
            let context = columns::context(columns::SESSION_LABEL, row.tenant_id, row.id, label.generation);
            let opened = seal::open(&key, &context, &label.sealed).map_err(crate::keys::open_error)?;
            let text = String::from_utf8(opened.plaintext).map_err(AppError::internal)?;
            labels.push(LabelView {
                id: label.id,
                label: text.parse().map_err(AppError::internal)?,
                created_by: label.created_by,
                created_at: label.created_at,
            });
        }
        Ok(labels)
    }

    /// Makes tokens of labels.
    pub(crate) async fn label_tokens(&self, tenant: domain::TenantId) -> Result<SearchTokens, AppError> {
        let key = self.keys.purpose(tenant, Purpose::Search).await?;
        Ok(SearchTokens::new(Key32::from_bytes(*key.expose())))
    }

    /// The token of one label.
    pub(crate) async fn label_token(&self, tenant: domain::TenantId, label: &Label) -> Result<LabelToken, AppError> {
        Ok(self.label_tokens(tenant).await?.label(label.as_str()).token)
    }
}
