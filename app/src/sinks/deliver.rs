//! The job that hands the log on.

use std::time::Duration;

use bytes::Bytes;
use domain::{DeliveryId, Timestamp};
use egress::{EgressError, Target};
use futures::{StreamExt as _, stream};
use ledger::Object;
use policy::access::{Action, Permit, can};
use serde::{Deserialize, Serialize};
use store::{Attempted, DeliveryKind, DeliveryRow, DeliveryState, SinkKind, SinkRow};
use tokio::time::Instant;

use super::{
    Sinks,
    batch::{self, Batch, Next},
    change::egress_kind,
    retry,
    settings::SinkSettings,
    syslog, trusted,
};
use crate::{
    AppError,
    jobs::{JobKind, Payload, Report},
    notices::{Audience, NoticeKind},
};

/// One sink is served for so long, then the next run goes on: a slow one keeps the others waiting no longer.
const TURN: Duration = Duration::from_secs(15);
/// Tests and repetitions of one run.
const EXTRAS: u64 = 3;
/// Sinks that are served side by side.
const SIDE_BY_SIDE: usize = 4;
/// Members are told of a sink that takes nothing for so long.
const TELL_AFTER: Duration = Duration::from_secs(15 * 60);
/// Settled deliveries are kept for so long …
const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// … and of one sink so many.
const KEPT_COUNT: u64 = 1_000;
const GONE: u16 = 410;

/// The job that hands one tenant's log on to its sinks.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliverLog {}

impl Payload for DeliverLog {
    const KIND: JobKind = JobKind::new("webhook-deliver");
}

/// What was handed on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LogDelivered {
    /// Batches and tests that arrived.
    pub arrived: u64,
    /// Entries in them.
    pub entries: u64,
    /// Tries that did not do.
    pub failed: u64,
    /// Sinks that could not be served for a reason of ours.
    pub broken: u64,
    /// Receivers keep enough of this process waiting; the next run is for this tenant.
    pub postponed: bool,
}

impl Report for LogDelivered {
    fn is_quiet(&self) -> bool {
        // What is broken is met again in every run until somebody has looked; the log of the service has it each time.
        self.failed == 0
    }
}

/// How a receiver took it.
#[derive(Debug, Clone, Copy)]
enum Verdict {
    Arrived(Option<u16>),
    /// It wants nothing any more.
    Gone,
    Failed {
        status: Option<u16>,
        problem: &'static str,
        asked: Option<u64>,
    },
}

impl From<EgressError> for Verdict {
    fn from(error: EgressError) -> Self {
        Self::Failed { status: None, problem: error.code(), asked: None }
    }
}

impl Sinks {
    /// Whether there is anything to hand on.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn wanted(&self, tenant: domain::TenantId) -> Result<bool, AppError> {
        let now = self.parts.clock.now();
        Ok(self.parts.store.tenant_read(tenant).await?.sink_wanted(now, now.minus(TELL_AFTER)).await?)
    }

    /// Hands the tenant's log on to each of its sinks, as far as they take it. One that fails holds up no other.
    ///
    /// # Errors
    /// When the store does not answer; what arrived and is not recorded arrives again, under the same id.
    pub async fn deliver(&self, permit: &Permit<can::WebhookDeliver>) -> Result<LogDelivered, AppError> {
        let Ok(_place) = self.places.try_acquire() else {
            return Ok(LogDelivered { postponed: true, ..LogDelivered::default() });
        };
        let rows = self.parts.store.tenant_read(permit.tenant()).await?.sink_active().await?;
        let served = stream::iter(rows).map(|row| async move {
            let id = row.id;
            let mut report = LogDelivered::default();
            let outcome = self.serve(permit, row, &mut report).await;
            (id, report, outcome)
        });
        let served: Vec<_> = served.buffer_unordered(SIDE_BY_SIDE).collect().await;
        let (mut all, mut failed) = (LogDelivered::default(), None);
        for (id, report, outcome) in served {
            all.arrived += report.arrived;
            all.entries += report.entries;
            all.failed += report.failed;
            if let Err(error) = outcome {
                tracing::error!(tenant.id = %permit.tenant(), webhook.id = %id, error = ?error, "a webhook could not be served");
                all.broken += 1;
                failed = failed.or(Some(error));
            }
        }
        match failed {
            Some(error @ AppError::Unavailable { .. }) => Err(error),
            _ => Ok(all),
        }
    }

    async fn serve(
        &self,
        permit: &Permit<can::WebhookDeliver>,
        row: SinkRow,
        report: &mut LogDelivered,
    ) -> Result<(), AppError> {
        let (id, failing) = (row.id, row.failing_since.is_some());
        let outcome = self.hand_on(permit, row, report).await;
        if let Err(AppError::Conflict { .. }) = &outcome {
            // What is stored is not what was signed, or written: nothing arrives any more, and somebody has to look.
            let tx = self.parts.store.tenant(permit.tenant()).await?;
            tx.sink_failed(id, self.parts.clock.now()).await?;
            tx.commit().await?;
        }
        if failing {
            self.tell(permit, id).await?;
        }
        if report.arrived > 0 {
            let tx = self.parts.store.tenant(permit.tenant()).await?;
            tx.delivery_prune(id, self.parts.clock.now().minus(KEPT), KEPT_COUNT).await?;
            tx.commit().await?;
        }
        outcome
    }

    async fn hand_on(
        &self,
        permit: &Permit<can::WebhookDeliver>,
        row: SinkRow,
        report: &mut LogDelivered,
    ) -> Result<(), AppError> {
        let tenant = permit.tenant();
        let read = self.parts.store.tenant_read(tenant).await?;
        let mut row = trusted(&self.parts.authorizer, &read, row).await?;
        let settings = self.settings_by(&read, &row).await?;
        let extras = read.delivery_extra(row.id, self.parts.clock.now(), EXTRAS).await?;
        drop(read);
        let end = Instant::now() + TURN;
        for extra in extras {
            if Instant::now() < end {
                self.attempt(permit, &row, &settings, &extra, report).await?;
            }
        }
        while Instant::now() < end {
            let Some(delivery) = self.next(&mut row, settings.detail_from).await? else { return Ok(()) };
            if !self.attempt(permit, &row, &settings, &delivery, report).await? {
                return Ok(());
            }
            (row.done_size, row.sent_size) = (delivery.to_index, delivery.to_index);
        }
        Ok(())
    }

    /// The batch that is due, made now if there is none; `None` when there is nothing to send, or its time has not come.
    async fn next(&self, row: &mut SinkRow, detail_from: Option<u64>) -> Result<Option<DeliveryRow>, AppError> {
        let now = self.parts.clock.now();
        loop {
            let read = self.parts.store.tenant_read(row.tenant_id).await?;
            if let Some(open) = read.delivery_open(row.id).await? {
                return Ok(Some(open).filter(|open| open.next_at.is_some_and(|due| due <= now)));
            }
            let Some(signed) = read.audit_checkpoint_newest().await? else { return Ok(None) };
            if row.done_size >= signed.size {
                return Ok(None);
            }
            let next = batch::next(&read, row, signed.size, detail_from).await?;
            drop(read);
            let tx = self.parts.store.tenant(row.tenant_id).await?;
            match next {
                Next::Nothing { to } => {
                    if !tx.sink_passed(row.id, row.done_size, to).await? {
                        return Ok(None);
                    }
                    tx.commit().await?;
                    row.done_size = to;
                }
                Next::Batch { first, to, entries } => {
                    let delivery = DeliveryRow {
                        tenant_id: row.tenant_id,
                        id: DeliveryId::mint(now, &*self.parts.entropy),
                        sink_id: row.id,
                        kind: DeliveryKind::Batch,
                        from_index: row.sent_size,
                        first_index: first,
                        to_index: to,
                        entries,
                        checkpoint_size: signed.size,
                        acts: row.acts.clone(),
                        state: DeliveryState::Waiting,
                        attempts: 0,
                        next_at: Some(now),
                        last_status: None,
                        last_problem: None,
                        created_at: now,
                        delivered_at: None,
                    };
                    return match tx.delivery_insert(delivery.clone()).await {
                        Ok(()) => tx.commit().await.map(|()| Some(delivery)).map_err(Into::into),
                        // Somebody else makes it at this moment, or the sink was removed.
                        Err(store::StoreError::Conflict | store::StoreError::MissingParent) => Ok(None),
                        Err(error) => Err(error.into()),
                    };
                }
            }
        }
    }

    /// Sends once and writes down what became of it; true when it arrived and that was news.
    async fn attempt(
        &self,
        permit: &Permit<can::WebhookDeliver>,
        row: &SinkRow,
        settings: &SinkSettings,
        delivery: &DeliveryRow,
        report: &mut LogDelivered,
    ) -> Result<bool, AppError> {
        let verdict = self.send(permit, row, settings, delivery).await?;
        let arrived = matches!(verdict, Verdict::Arrived(_));
        let outcome = if arrived { "arrived" } else { "failed" };
        metrics::counter!("sealtape_webhook_deliveries_total", "kind" => row.kind.as_str(), "outcome" => outcome)
            .increment(1);
        report.arrived += u64::from(arrived);
        report.failed += u64::from(!arrived);
        report.entries += if arrived { delivery.entries } else { 0 };
        Ok(self.record(permit, delivery, verdict).await? && arrived)
    }

    async fn send(
        &self,
        permit: &Permit<can::WebhookDeliver>,
        row: &SinkRow,
        settings: &SinkSettings,
        delivery: &DeliveryRow,
    ) -> Result<Verdict, AppError> {
        let target = Target::parse(egress_kind(row.kind), &settings.url);
        // What the operator allowed when it was saved may not be allowed now.
        let Ok(target) = target.and_then(|target| self.guard.admit(&target).map(|()| target)) else {
            return Ok(EgressError::Address.into());
        };
        let read = self.parts.store.tenant_read(row.tenant_id).await?;
        let batch = Batch::of(&read, delivery).await?;
        // Nothing is held while a receiver takes its time.
        let details = self.detail(permit, read, (row, settings), &batch).await?;
        if row.kind == SinkKind::Syslog {
            let sent = self.guard.stream(&target, &syslog::frames(&batch, &self.host)).await;
            return Ok(sent.map_or_else(Verdict::from, |()| Verdict::Arrived(None)));
        }
        let (id, now, body) = (batch.message_id(), self.parts.clock.now(), batch.json(&details)?);
        let signatures = settings.signatures(&id, now, &body)?;
        let headers =
            [("webhook-id", id), ("webhook-timestamp", now.as_secs().to_string()), ("webhook-signature", signatures)];
        Ok(match self.guard.post(&target, &headers, Bytes::from(body)).await {
            Ok(answer) => match answer.status {
                200..=299 => Verdict::Arrived(Some(answer.status)),
                GONE => Verdict::Gone,
                status => Verdict::Failed { status: Some(status), problem: "status", asked: answer.retry_after },
            },
            Err(error) => error.into(),
        })
    }

    /// Everything that follows from one try, in one transaction; false when somebody else was first, or it is gone.
    async fn record(
        &self,
        permit: &Permit<can::WebhookDeliver>,
        delivery: &DeliveryRow,
        verdict: Verdict,
    ) -> Result<bool, AppError> {
        let (now, sink) = (self.parts.clock.now(), delivery.sink_id);
        // The log itself is tried for ever; what was asked for besides is given up some time.
        let is_log = delivery.kind == DeliveryKind::Batch && delivery.delivered_at.is_none();
        let attempts = delivery.attempts + 1;
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        if !tx.delivery_attempted(delivery.id, attempts, self.tried(verdict, is_log, attempts, now)).await? {
            return Ok(false);
        }
        match verdict {
            Verdict::Arrived(_) if is_log => {
                let told = tx.sink_find(sink).await?.is_some_and(|row| row.told_at.is_some());
                if !tx.sink_moved(sink, delivery.from_index, delivery.to_index).await? {
                    return Ok(false);
                }
                tx.sink_arrived(sink, now).await?;
                if told {
                    self.notify(&tx, NoticeKind::SinkRecovered, sink).await?;
                }
            }
            Verdict::Arrived(_) => {
                tx.sink_heard(sink, now).await?;
                // It is there: no reason to leave the log waiting any longer.
                tx.delivery_hurry_log(sink, now).await?;
            }
            Verdict::Gone if is_log => {
                if tx.sink_pause(sink, now).await? {
                    self.parts.audit().allowed(&tx, permit, "webhook.pause", Object::Webhook(sink)).await?;
                    self.notify(&tx, NoticeKind::SinkFailing, sink).await?;
                }
            }
            Verdict::Failed { .. } if is_log => {
                tx.sink_failed(sink, now).await?;
            }
            Verdict::Gone | Verdict::Failed { .. } => {}
        }
        tx.commit().await?;
        Ok(true)
    }

    fn tried(&self, verdict: Verdict, is_log: bool, attempts: u32, now: Timestamp) -> Attempted {
        let given_up = if is_log { DeliveryState::Waiting } else { DeliveryState::Failed };
        match verdict {
            Verdict::Arrived(status) => {
                Attempted { state: DeliveryState::Delivered, next_at: None, status, problem: None, now }
            }
            Verdict::Gone => {
                Attempted { state: given_up, next_at: None, status: Some(GONE), problem: Some("gone"), now }
            }
            Verdict::Failed { status, problem, .. } if !is_log && attempts >= retry::TRIES => {
                Attempted { state: given_up, next_at: None, status, problem: Some(problem), now }
            }
            Verdict::Failed { status, problem, asked } => {
                let next_at = now.plus(retry::pause(attempts, asked, &*self.parts.entropy));
                Attempted { state: DeliveryState::Waiting, next_at: Some(next_at), status, problem: Some(problem), now }
            }
        }
    }

    /// Tells members once that a sink takes nothing for a while.
    async fn tell(&self, permit: &Permit<can::WebhookDeliver>, sink: domain::SinkId) -> Result<(), AppError> {
        let now = self.parts.clock.now();
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        if tx.sink_told(sink, now.minus(TELL_AFTER), now).await? {
            self.notify(&tx, NoticeKind::SinkFailing, sink).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn notify(&self, tx: &store::TenantTx, kind: NoticeKind, sink: domain::SinkId) -> Result<(), AppError> {
        self.parts.tell(tx, kind, Audience::Holders(Action::WebhookManage), Object::Webhook(sink)).await
    }
}
