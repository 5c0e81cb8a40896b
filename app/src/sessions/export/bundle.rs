//! The file: one gzip member of JSON lines in one sealed object, made while it is downloaded.

use std::{
    io::{self, Write as _},
    sync::Arc,
};

use async_stream::try_stream;
use bytes::Bytes;
use domain::{Entropy, ExportId, SessionId, TenantId, Timestamp};
use flate2::{Compression, write::GzEncoder};
use futures::{Stream, StreamExt as _};
use ledger::Object;
use policy::access::{Permit, can};
use serde_json::json;
use store::{SessionExportRow, SessionRow};
use vault::export::ExportKey;

use super::{
    super::{
        Opening, Sessions, WatchRange,
        access::Admitted,
        guard::Guard,
        lines::{Show, Watermark, pane_name, stream},
        watch::open_panes,
    },
    EXPIRED, Taken, person, rule,
};
use crate::{AppError, grants::in_force, hex};

/// The name of what is in the file, and of its version.
const FORMAT: &str = "sealtape-session@1";
/// Bytes gathered before they are handed to the connection.
const CHUNK: usize = 64 << 10;

/// A download that has begun: its session, how that was opened, and the file.
pub struct Download<S> {
    /// The session in the file.
    pub session: SessionId,
    /// How it was opened.
    pub opening: Opening,
    /// The file.
    pub file: S,
}

impl Sessions {
    /// Downloads an export of one's own. When this returns, the download is on record and counted.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for somebody else's; [`AppError::Gone`] `export-expired`, or of an erased session;
    /// [`AppError::Forbidden`] `access-required` when it is not open any more.
    pub async fn export_download(
        &self,
        permit: &Permit<can::SessionView>,
        id: ExportId,
    ) -> Result<Download<impl Stream<Item = io::Result<Bytes>> + use<>>, AppError> {
        let (parts, tenant, member) = (&self.parts, permit.tenant(), person(permit)?);
        let export = parts.own_export(permit, id).await?;
        let now = parts.clock.now();
        if export.expires_at <= now {
            return Err(EXPIRED);
        }
        let read = parts.store.tenant_read(tenant).await?;
        let Taken { row, grant, admitted } = parts.taken(&read, permit, export.session_id).await?;
        drop(read);
        let key = parts.export_key(tenant, &export).await?;
        parts.keys.session(tenant, row.id, row.summary_generation).await?;
        let viewer = parts.viewer(permit).await?;
        let plan = parts.plan(&row, &WatchRange::default()).await;
        let failure = parts.audit().integrity_failure(permit, Object::Session(row.id));

        let tx = parts.store.tenant(tenant).await?;
        in_force::use_in(&tx, &parts.authorizer, grant, member, &row, now).await?;
        if !tx.session_export_count(id, now).await? {
            return Err(EXPIRED);
        }
        if plan.as_ref().map_or(true, |plan| plan.integrity_failed) {
            parts.audit().noticed(&tx, &failure).await?;
        }
        let by = rule(admitted, permit, &export);
        let (object, telling) = (Object::Session(row.id), viewer.telling(permit));
        parts.audit().allowed_by_telling(&tx, permit, by, "session.download", object, telling).await?;
        tx.commit().await?;

        let plan = plan?;
        let panes = open_panes(&[], admitted.panes)?;
        let watermark = Watermark { viewer: viewer.name, at: now, grant: admitted.by.grant() };
        let mut show = Show::new(&row, &plan, panes, admitted.masked, &watermark);
        show.opening.insert(0, about(&export, &row, &admitted, &show, now));
        let guard = Guard::new(parts, member, &row, admitted.by);
        let lines = stream(Arc::clone(parts), &row, plan, show, failure, guard);
        let file = sealed(key, tenant, Arc::clone(&parts.entropy), lines);
        Ok(Download { session: row.id, opening: Opening(admitted), file })
    }
}

/// The first line: what the file is, and of which session.
fn about(
    export: &SessionExportRow,
    row: &SessionRow,
    admitted: &Admitted,
    show: &Show,
    now: Timestamp,
) -> serde_json::Value {
    let manifest = row.manifest_hash.map(|hash| json!({ "rev": row.manifest_rev, "hash": hex(&hash) }));
    let first = row.first_event_at.unwrap_or(row.started_at);
    let duration_ms = row.last_event_at.map_or(0, |last| (last.as_millis() - first.as_millis()).max(0));
    json!({ "export": {
        "format": FORMAT,
        "export_id": export.id,
        "session_id": row.id,
        "project_id": row.project_id,
        "exported_at": now,
        "purpose": export.purpose,
        "grant": admitted.by.grant(),
        "masked": admitted.masked,
        "panes": show.panes.iter().map(|pane| pane_name(*pane)).collect::<Vec<_>>(),
        "session": {
            "state": row.state,
            "started_at": row.started_at,
            "last_event_at": row.last_event_at,
            "duration_ms": duration_ms,
            "release": row.release,
            "browser": row.browser,
            "os": row.os,
            "environment": row.environment,
            "policy_version": row.policy_version,
            "manifest": manifest,
        },
    } })
}

/// Packs and seals `lines` as they come. When they end early the file has no last chunk, and does not open.
fn sealed(
    key: ExportKey,
    tenant: TenantId,
    entropy: Arc<dyn Entropy>,
    lines: impl Stream<Item = io::Result<Bytes>>,
) -> impl Stream<Item = io::Result<Bytes>> {
    try_stream! {
        let (mut file, mut packer) = (Vec::new(), GzEncoder::new(Vec::new(), Compression::default()));
        let mut sealer = key.sealer(tenant, &*entropy, &mut file);
        drop(key);
        let mut lines = std::pin::pin!(lines);
        while let Some(part) = lines.next().await {
            packer.write_all(&part?)?;
            sealer.push(&std::mem::take(packer.get_mut()), &mut file);
            if file.len() >= CHUNK {
                yield Bytes::from(std::mem::take(&mut file));
            }
        }
        sealer.push(&packer.finish()?, &mut file);
        sealer.finish(&mut file);
        yield Bytes::from(file);
    }
}
