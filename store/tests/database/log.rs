//! `differential.rs`, continued: the audit log with what is asked of it, exports of it, and its receivers.

use domain::{AuditExportId, AuditId, DeliveryId, SinkId, TenantId};
use store::{
    AlarmReason, Attempted, AuditAlarmRow, AuditExportProgress, AuditHeadRow, AuditOutboxRow, DeliveryKind,
    DeliveryState, LeafCursor, LeafFilter, SinkRow, Store, StoreError, TenantTx,
};

use crate::fixture::{at, hash, member_id, session_id, subject_id, uuid};
use crate::operations::{Asked, Op};
use crate::{exports, ledger, sinks};

const REASONS: [AlarmReason; 5] =
    [AlarmReason::Shrunk, AlarmReason::Forked, AlarmReason::Changed, AlarmReason::Unsigned, AlarmReason::Anchor];
const ACTORS: [&str; 3] = ["user", "key", "worker"];
const ACTS: [&str; 3] = ["session.view", "audit.read", "Session.view"];
const OUTCOMES: [&str; 3] = ["allow", "deny", "error"];
/// Entries that one round places.
const BATCH: u64 = 3;

fn sink_id(n: u64) -> SinkId {
    SinkId::from_uuid(uuid(23, n))
}

fn delivery_id(n: u64) -> DeliveryId {
    DeliveryId::from_uuid(uuid(24, n))
}

fn export_id(n: u64) -> AuditExportId {
    AuditExportId::from_uuid(uuid(27, n))
}

/// An id that is minted at this second.
fn leaf_id(seconds: u64, i: u64) -> AuditId {
    let millis = u64::try_from(at(seconds).as_millis()).unwrap();
    let mut random = [0; 10];
    random[9] = u8::try_from(i).unwrap();
    AuditId::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

fn actor_of(number: usize) -> String {
    if ACTORS[number] == "worker" { "retention".to_owned() } else { member_id(number as u64).to_string() }
}

/// A session, a person, or nobody.
fn object_of(number: u64) -> (&'static str, String) {
    match number {
        0..2 => ("session", session_id(number).to_string()),
        2..4 => ("subject", subject_id(number - 2).to_string()),
        _ => ("tenant", uuid(1, number).to_string()),
    }
}

/// A leaf's bytes, or what is none.
fn leaf(actor: usize, act: usize, object: u64, outcome: usize) -> Vec<u8> {
    let Some(outcome) = OUTCOMES.get(outcome) else { return b"\xff{not a leaf".to_vec() };
    let (kind, named) = object_of(object);
    // As leaves are written: members in their one order, and the commitment only where something lies beside it.
    let detail = if object == 1 { r#""d":"word","# } else { "" };
    let (who, how, act, [id, request, tenant]) =
        (actor_of(actor), ACTORS[actor], ACTS[act], [12, 2, 1].map(|n| uuid(n, 1)));
    format!(
        r#"{{"act":"{act}","actor":{{"id":"{who}","k":"{how}"}},{detail}"id":"{id}","obj":{{"id":"{named}","k":"{kind}"}},"out":"{outcome}","req":"{request}","rule":"test","t":1,"tenant":"{tenant}","v":1}}"#
    )
    .into_bytes()
}

fn filter(asked: &Asked) -> LeafFilter {
    LeafFilter {
        actor: asked.actor.map(actor_of),
        object_kind: asked.object.filter(|_| asked.kind).map(|object| object_of(object).0.to_owned()),
        object: asked.object.map(|object| object_of(object).1),
        act: asked.act.map(|act| ACTS[act].to_owned()),
        outcome: asked.outcome.map(|outcome| OUTCOMES[outcome].to_owned()),
        from: asked.from.map(at),
        to: asked.to.map(at),
        about: asked.about.map(subject_id),
    }
}

/// What the sequencer and the signer do: in a transaction of their own.
pub(crate) async fn tend(store: &Store, tenant: TenantId, op: &Op) -> Result<String, StoreError> {
    let tx = store.ledger(tenant).await?;
    let answer = match op {
        Op::Place { now } => {
            let empty =
                AuditHeadRow { tenant_id: tenant, size: 0, root: hash(0), frontier: Vec::new(), sequenced_at: at(0) };
            let head = tx.audit_head_lock(&empty).await?;
            let waiting = tx.audit_waiting_list(BATCH).await?;
            if !waiting.is_empty() {
                tx.audit_place(head.size, &waiting).await?;
            }
            let size = head.size + waiting.len() as u64;
            tx.audit_tile_put(0, 0, vec![7; usize::try_from(size).unwrap() * 32]).await?;
            tx.audit_head_put(&AuditHeadRow { size, root: hash(size), sequenced_at: at(*now), ..head }).await?;
            format!("{waiting:?} {:?} {:?}", tx.audit_entries(0..9).await?, tx.audit_tile_find(0, 0).await?)
        }
        Op::Checkpoint { size, now } => {
            tx.audit_checkpoint_insert(ledger::checkpoint(tenant, *size, *now)).await?;
            String::new()
        }
        Op::Alarm { reason, now, place } => {
            let ended = match reason.and_then(|reason| REASONS.get(reason)) {
                None => tx.audit_alarm_end().await?,
                Some(reason) => {
                    let row = AuditAlarmRow { tenant_id: tenant, since: at(*now), reason: *reason, place: *place };
                    tx.audit_alarm_raise(&row).await?;
                    false
                }
            };
            format!("{ended} {:?}", tx.audit_alarm_find().await?)
        }
        other => unreachable!("{other:?}"),
    };
    tx.commit().await?;
    Ok(answer)
}

pub(crate) async fn step(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    match op {
        Op::Sink { .. } => sink(tx, op).await,
        Op::Delivery { .. } => delivery(tx, op).await,
        Op::AuditExport { .. } => export(tx, op).await,
        Op::Leaf { i, actor, act, object, outcome, now, detail } => {
            let row = AuditOutboxRow {
                tenant_id: tx.tenant(),
                id: leaf_id(*now, *i),
                leaf: leaf(*actor, *act, *object, *outcome),
                detail_sealed: detail.then(|| vec![1, 2]),
                leaf_index: None,
                created_at: at(*now),
            };
            tx.audit_insert(row).await?;
            let id = leaf_id(*now, *i);
            Ok(format!("{:?} {:?}", tx.audit_leaf_find(id).await?, tx.audit_detail_find(id).await?))
        }
        other => unreachable!("{other:?}"),
    }
}

pub(crate) async fn read(tx: &store::TenantRead, asked: &Asked) -> Result<String, StoreError> {
    let before = asked.before.map(|seconds| LeafCursor(leaf_id(seconds, 1)));
    let page = tx.audit_leaf_list(filter(asked), before, asked.limit).await?;
    let of = asked.limit;
    Ok(format!(
        "{page:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        tx.audit_standing(of).await?,
        tx.audit_checkpoint_newest().await?,
        tx.audit_checkpoint_list(asked.to.map(|to| (of, at(to))), 2).await?,
        tx.audit_checkpoint_of(of).await?,
        tx.audit_alarm_find().await?,
        tx.sink_wanted(at(asked.from.unwrap_or(20)), at(5)).await?,
    ))
}

async fn export(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let Op::AuditExport { i, done, to, now, action } = op else { unreachable!("{op:?}") };
    let id = export_id(*i);
    let answer = match action {
        0 => tx.audit_export_insert(exports::audit_export(tx.tenant(), *i)).await.map(|()| 1)?,
        1 => {
            let reached = AuditExportProgress { done: *to, entries: *i, bytes: 10 * to };
            u64::from(tx.audit_export_advance(id, *done, reached).await?)
        }
        2 => u64::from(tx.audit_export_fail(id, "integrity-fail").await?),
        3 => u64::from(tx.audit_export_cancel(id).await?),
        4 => u64::from(tx.audit_export_remove(id).await?),
        _ => tx.audit_export_prune(at(*now), 2).await?,
    };
    let after = (*now > 20).then(|| export_id(2));
    Ok(format!("{answer} {:?} {:?}", tx.audit_export_find(id).await?, tx.audit_export_list(after, 3).await?))
}

async fn sink(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let Op::Sink { i, from, to, now, action, name } = op else { unreachable!("{op:?}") };
    let (id, fresh) = (sink_id(*i), sinks::sink(tx.tenant(), *i));
    let done = match action {
        0 => tx.sink_insert(SinkRow { name: name.clone(), ..fresh }).await.map(|()| true)?,
        1 => {
            let acts = (*to > 5).then(|| vec![name.clone(), "audit.read".to_owned()]);
            tx.sink_update(SinkRow { revision: from + 1, name: name.clone(), acts, ..fresh }).await?
        }
        2 => tx.sink_delete(id, from + 1).await?,
        3 => tx.sink_passed(id, *from, *to).await?,
        4 => tx.sink_moved(id, *from, *to).await?,
        5 => tx.sink_arrived(id, at(*now)).await?,
        6 => tx.sink_failed(id, at(*now)).await?,
        7 => tx.sink_told(id, at(*now), at(now + 1)).await?,
        _ => tx.sink_pause(id, at(*now)).await?,
    };
    Ok(format!(
        "{done} {:?} {:?} {:?} {:?}",
        tx.sink_find(id).await?,
        tx.sink_page((*to > 5).then_some(id), 2).await?,
        tx.sink_active().await?,
        tx.sink_count().await?
    ))
}

async fn delivery(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let Op::Delivery { i, sink, attempts, now, action } = op else { unreachable!("{op:?}") };
    let (id, sink) = (delivery_id(*i), sink_id(*sink));
    let tried = |state, next_at| Attempted {
        state,
        next_at,
        status: Some(500),
        problem: (*now > 9).then_some("status"),
        now: at(*now),
    };
    let done = match action {
        0 => {
            let kind = if i.is_multiple_of(3) { DeliveryKind::Test } else { DeliveryKind::Batch };
            let row = sinks::delivery(tx.tenant(), *i);
            tx.delivery_insert(store::DeliveryRow { sink_id: sink, kind, ..row }).await.map(|()| 1)?
        }
        1 => u64::from(tx.delivery_attempted(id, *attempts, tried(DeliveryState::Delivered, None)).await?),
        2 => {
            let later = Some(at(now + 3));
            u64::from(tx.delivery_attempted(id, *attempts, tried(DeliveryState::Waiting, later)).await?)
        }
        3 => u64::from(tx.delivery_attempted(id, *attempts, tried(DeliveryState::Failed, None)).await?),
        4 => tx.delivery_hurry(sink, at(*now)).await?,
        5 => tx.delivery_hurry_log(sink, at(*now)).await?,
        6 => u64::from(tx.delivery_again(sink, id, at(*now)).await?),
        _ => tx.delivery_prune(sink, at(now / 2), u64::from(*attempts)).await?,
    };
    let state = (*now > 20).then_some(DeliveryState::Waiting);
    Ok(format!(
        "{done} {:?} {:?} {:?} {:?} {:?}",
        tx.delivery_find(sink, id).await?,
        tx.delivery_page(sink, state, (*attempts > 2).then_some(id), 3).await?,
        tx.delivery_open(sink).await?,
        tx.delivery_extra(sink, at(*now), 2).await?,
        tx.delivery_test(sink).await?
    ))
}
