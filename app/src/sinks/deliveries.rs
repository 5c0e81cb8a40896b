//! What was delivered, and delivering by hand.

use domain::{DeliveryId, SinkId, Timestamp};
use ledger::Object;
use policy::access::{Permit, can};
use store::{DeliveryKind, DeliveryRow, DeliveryState, SinkRow, TenantTx};

use super::{NO_SINK, Sinks};
use crate::{AppError, Page, Paged, paging::Cursors};

const NO_DELIVERY: AppError = AppError::NotFound { kind: "delivery" };

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryView {
    /// Its id; the receiver sees it behind `msg_`.
    pub id: DeliveryId,
    /// Entries, or a test.
    pub kind: DeliveryKind,
    /// Where the batch before ended.
    pub from: u64,
    /// Behind the last entry that was looked at for it.
    pub to: u64,
    /// Entries in it.
    pub entries: u64,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried since it last began to wait.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
    /// The status of the last answer.
    pub last_status: Option<u16>,
    /// Why the last try did not do.
    pub last_problem: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it first arrived.
    pub delivered_at: Option<Timestamp>,
}

impl From<DeliveryRow> for DeliveryView {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            from: row.from_index,
            to: row.to_index,
            entries: row.entries,
            state: row.state,
            attempts: row.attempts,
            next_at: row.next_at,
            last_status: row.last_status,
            last_problem: row.last_problem,
            created_at: row.created_at,
            delivered_at: row.delivered_at,
        }
    }
}

impl Sinks {
    /// A sink's deliveries, newest first; the oldest settled ones are forgotten.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] for a page that is none.
    pub async fn deliveries(
        &self,
        permit: &Permit<can::WebhookList>,
        sink: SinkId,
        state: Option<DeliveryState>,
        page: Page,
    ) -> Result<Paged<DeliveryView>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let (bound, cursors) = (format!("deliveries {sink} {state:?}"), Cursors::new(&self.parts.deployment.cursor));
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, &bound, cursor)).transpose()?;
        let read = self.parts.store.tenant_read(tenant).await?;
        read.sink_find(sink).await?.ok_or(NO_SINK)?;
        let mut rows = read.delivery_page(sink, state, after, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, &bound, &mut rows, size, |last| last.id)?;
        Ok(Paged { items: rows.into_iter().map(DeliveryView::from).collect(), next_cursor })
    }

    /// Sends a message without entries, soon. One that has not arrived yet is sent at once instead.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `webhook-paused`.
    pub async fn test(&self, permit: &Permit<can::WebhookManage>, sink: SinkId) -> Result<DeliveryView, AppError> {
        let now = self.parts.clock.now();
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        let row = sent_to(&tx, sink).await?;
        let waiting = tx.delivery_test(sink).await?;
        let id = if let Some(waiting) = waiting {
            tx.delivery_again(sink, waiting.id, now).await?;
            waiting.id
        } else {
            let test = test_of(&row, DeliveryId::mint(now, &*self.parts.entropy), now);
            tx.delivery_insert(test.clone()).await?;
            test.id
        };
        self.sent(permit, tx, sink, id, "webhook.test").await
    }

    /// Sends a delivery at once: one that waits, one that was given up, or one that had arrived.
    ///
    /// # Errors
    /// As [`Sinks::test`].
    pub async fn redeliver(
        &self,
        permit: &Permit<can::WebhookManage>,
        sink: SinkId,
        id: DeliveryId,
    ) -> Result<DeliveryView, AppError> {
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        sent_to(&tx, sink).await?;
        if !tx.delivery_again(sink, id, self.parts.clock.now()).await? {
            return Err(NO_DELIVERY);
        }
        self.sent(permit, tx, sink, id, "webhook.redeliver").await
    }

    async fn sent(
        &self,
        permit: &Permit<can::WebhookManage>,
        tx: TenantTx,
        sink: SinkId,
        id: DeliveryId,
        act: &'static str,
    ) -> Result<DeliveryView, AppError> {
        self.parts.audit().allowed(&tx, permit, act, Object::Webhook(sink)).await?;
        let row = tx.delivery_find(sink, id).await?.ok_or(NO_DELIVERY)?;
        tx.commit().await?;
        Ok(row.into())
    }
}

/// The sink, if anything is sent to it.
async fn sent_to(tx: &TenantTx, id: SinkId) -> Result<SinkRow, AppError> {
    let row = tx.sink_find(id).await?.ok_or(NO_SINK)?;
    if row.paused_at.is_none() {
        return Ok(row);
    }
    let detail = "this webhook is paused: set its state to active first".to_owned();
    Err(AppError::Conflict { code: "webhook-paused", detail, next: None })
}

fn test_of(row: &SinkRow, id: DeliveryId, now: Timestamp) -> DeliveryRow {
    DeliveryRow {
        tenant_id: row.tenant_id,
        id,
        sink_id: row.id,
        kind: DeliveryKind::Test,
        from_index: row.sent_size,
        first_index: row.sent_size,
        to_index: row.sent_size,
        entries: 0,
        checkpoint_size: 0,
        acts: None,
        state: DeliveryState::Waiting,
        attempts: 0,
        next_at: Some(now),
        last_status: None,
        last_problem: None,
        created_at: now,
        delivered_at: None,
    }
}
