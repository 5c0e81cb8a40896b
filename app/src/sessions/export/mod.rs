//! Taking a session out: a sealed file of what its taker may see, and the key that opens it.
//!
//! **Purpose.** What leaves is decided like what is watched, is on record before its first byte, is counted, and is of no
//! use to who finds the file.
//!
//! **Design.** An export is a row that says who may download which session, until when; it holds neither file nor key. The
//! file is made for each download from the segments as they are at that moment, so an erasure, a new mask or a lost right
//! reaches it, and nothing lies about that would have to be erased. Its key is derived from the session's
//! ([`vault::export`]) and told once. A row gives no right: every download is asked anew ([`taker`]), and a running one is
//! cut like a view.
//!
//! No role lets sessions out: it takes a grant that a second person approved, and a role can deny it to its holder, whoever
//! approves.
//!
//! **How to add one more kind of file.** A module beside [`bundle`] that makes it of the same lines, and a first line that
//! names its format.

mod bundle;
mod taker;

use std::time::Duration;

use domain::{ExportId, MemberId, Personal, Secret, SessionId, TenantId, Timestamp};
use ledger::Object;
use policy::{
    access::{Action, Permit, can},
    grants::Purpose,
};
use store::SessionExportRow;
use vault::export::ExportKey;

pub use bundle::Download;
use taker::{Taken, person};

use super::{
    Parts, Sessions,
    access::{Admitted, NO_SESSION, admit},
};
use crate::{
    AppError, Page, Paged,
    attempts::What,
    grants::in_force,
    ledger::admit_chosen,
    looks::Look,
    notices::{Audience, Notice, NoticeKind},
    once::{self, Once},
    opaque,
    paging::Cursors,
};

/// How long an export can be downloaded.
const LASTS: Duration = Duration::from_secs(24 * 3_600);

const NO_EXPORT: AppError = AppError::NotFound { kind: "export" };
const EXPIRED: AppError = AppError::Gone {
    code: "export-expired",
    detail: "an export can be downloaded for 24 hours; take the session out again (POST /v1/sessions/{id}/export)",
};

/// An export, as its taker and those who see who watched see it.
#[derive(Debug, Clone)]
pub struct ExportView {
    /// Its id.
    pub id: ExportId,
    /// What was taken out.
    pub session_id: SessionId,
    /// What for.
    pub purpose: Purpose,
    /// Who took it.
    pub taken_by: MemberId,
    /// Their name; empty when it has been erased.
    pub taken_by_name: Personal<String>,
    /// When.
    pub created_at: Timestamp,
    /// No download from then on.
    pub expires_at: Timestamp,
    /// How often it was downloaded.
    pub downloads: u32,
    /// When that was last.
    pub last_download_at: Option<Timestamp>,
}

impl Sessions {
    /// Takes a session out: from now on and for [`LASTS`] its taker can download it. The key is in the answer and nowhere
    /// else.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] `access-required`, [`AppError::Gone`],
    /// [`AppError::TooMany`] after so many in a day that it is no longer a matter of single sessions.
    pub async fn export(
        &self,
        permit: &Permit<can::SessionView>,
        id: SessionId,
        purpose: Purpose,
        once: Option<Once>,
    ) -> Result<(ExportView, Secret<String>), AppError> {
        let (parts, tenant, member) = (&self.parts, permit.tenant(), person(permit)?);
        let read = parts.store.tenant_read(tenant).await?;
        let Taken { row, grant, admitted } = parts.taken(&read, permit, id).await?;
        admit_chosen(&read, parts.clock.now()).await?;
        let generation = parts.keys.session_generation(&read, id).await?;
        drop(read);
        let key = parts.keys.session(tenant, id, generation).await?;
        let taker = parts.viewer(permit).await?;
        parts.attempts.admit(What::Export, None, Some(&opaque::hash(&member.to_string()))).await?;

        let now = parts.clock.now();
        let new = SessionExportRow {
            tenant_id: tenant,
            id: ExportId::mint(now, &*parts.entropy),
            session_id: id,
            generation,
            member_id: member,
            purpose,
            created_at: now,
            expires_at: now.plus(LASTS),
            downloads: 0,
            last_download_at: None,
        };
        let tx = parts.store.tenant(tenant).await?;
        let asked = [&*id.to_string(), purpose.as_str()];
        if let Some(earlier) = once::claim(once, &tx, permit, &asked, new.id.uuid(), now).await? {
            let earlier = tx.session_export_find(ExportId::from_uuid(earlier)).await?.ok_or(NO_EXPORT)?;
            drop(tx);
            let key = parts.keys.session(tenant, id, earlier.generation).await?;
            let text = ExportKey::derive(&key, earlier.id).text();
            return Ok((parts.export_view(earlier).await?, text));
        }
        if !tx.session_key_share(id, generation).await? {
            return Err(AppError::KEY_MISSING);
        }
        in_force::use_in(&tx, &parts.authorizer, grant, member, &row, now).await?;
        tx.session_export_insert(new.clone()).await?;
        let (rule, telling) = (rule(admitted, permit, &new), taker.telling(permit));
        parts.audit().allowed_by_telling(&tx, permit, rule, "session.export", Object::Session(id), telling).await?;
        let (audience, about) = (Audience::HoldersBut(Action::GrantReview, member), Some(Object::Session(id)));
        parts.notices.notify(&tx, Notice { kind: NoticeKind::SessionExported, audience, about }).await?;
        tx.commit().await?;
        let text = ExportKey::derive(&key, new.id).text();
        Ok((parts.export_view(new).await?, text))
    }

    /// One's own export.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for somebody else's.
    pub async fn export_find(&self, permit: &Permit<can::SessionView>, id: ExportId) -> Result<ExportView, AppError> {
        let row = self.parts.own_export(permit, id).await?;
        self.parts.export_view(row).await
    }

    /// Who took a session out, newest first. Reading it is on record before anything is shown.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Invalid`] for a page that is none.
    pub async fn exports(
        &self,
        permit: &Permit<can::SessionViewers>,
        id: SessionId,
        page: Page,
    ) -> Result<Paged<ExportView>, AppError> {
        let (tenant, parts, size) = (permit.tenant(), &self.parts, page.size()?);
        let (bound, cursors) = (format!("exports {id}"), Cursors::new(&parts.deployment.cursor));
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, &bound, cursor)).transpose()?;
        let read = parts.store.tenant_read(tenant).await?;
        // Who took an erased session out can still be told.
        let session = read.session_find(id).await?.ok_or(NO_SESSION)?;
        admit(parts, &read, permit, &session).await?;
        drop(read);
        parts.looks.record(&parts.store, parts.audit(), permit, Look::Exports, Object::Session(id)).await?;
        let read = parts.store.tenant_read(tenant).await?;
        let mut rows = read.session_export_list(id, after, size as u64 + 1).await?;
        drop(read);
        let next_cursor = cursors.cut(tenant, &bound, &mut rows, size, |last| last.id)?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(parts.export_view(row).await?);
        }
        Ok(Paged { items, next_cursor })
    }
}

/// What a leaf names: the grant, and which export it was used for.
fn rule(admitted: Admitted, permit: &Permit<can::SessionView>, export: &SessionExportRow) -> String {
    format!("{}/export:{}", admitted.by.rule(permit), export.id)
}

impl Parts {
    /// The export, when it is the caller's own.
    async fn own_export(&self, permit: &Permit<can::SessionView>, id: ExportId) -> Result<SessionExportRow, AppError> {
        let (read, member) = (self.store.tenant_read(permit.tenant()).await?, person(permit)?);
        read.session_export_find(id).await?.filter(|row| row.member_id == member).ok_or(NO_EXPORT)
    }

    async fn export_view(&self, row: SessionExportRow) -> Result<ExportView, AppError> {
        Ok(ExportView {
            taken_by_name: self.member_name(row.tenant_id, row.member_id).await?,
            id: row.id,
            session_id: row.session_id,
            purpose: row.purpose,
            taken_by: row.member_id,
            created_at: row.created_at,
            expires_at: row.expires_at,
            downloads: row.downloads,
            last_download_at: row.last_download_at,
        })
    }

    /// What opens an export. It is made anew whenever it is needed.
    async fn export_key(&self, tenant: TenantId, row: &SessionExportRow) -> Result<ExportKey, AppError> {
        let key = self.keys.session(tenant, row.session_id, row.generation).await?;
        Ok(ExportKey::derive(&key, row.id))
    }
}
