//! Taking the audit log out: everything, or what a filter takes, up to a signed checkpoint.
//!
//! **Purpose.** An auditor or a security tool gets entries in a file that proves itself ([`ledger::export`]).
//!
//! **Design.** An export is a row: the size of a signed checkpoint, a form, a filter, and how far it was looked through. The
//! log below a checkpoint never changes, so the row decides every byte of the file and no file is kept: it is made for each
//! download, page by page ([`file`](mod@file)). A job looks through the log beforehand ([`make`]): it counts, so that everybody sees how
//! much comes, and finds what cannot be written in the wanted form. Its progress is in the row; after a crash it goes on there.
//! What is stored is handed out as it is, right or wrong: judging it is the verifier's part, with the key that the reader trusts.
//! `docs/decisions/0012-an-audit-export-is-a-size-and-a-filter.md` has the reasons.
//!
//! **How to add one more form.** A module in [`ledger::export`], a format in the store, and three arms in [`file`](mod@file).

mod file;
mod make;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{AuditExportId, MemberId, TenantId, Timestamp};
use futures::Stream;
use ledger::{Object, export::Filter, note::Verifier};
use policy::access::{Permit, can};
use store::{AuditCheckpointRow, AuditExportFormat, AuditExportRow, AuditExportState, Store, TenantRead};

use self::file::File;
pub use self::make::{AuditExportReport, MakeAuditExport, Step};
use super::{
    Ledger,
    standing::{admit_chosen, origin_of},
};
use crate::{
    AppError, Page, Paged,
    attempts::{Attempts, What},
    auth::{Auth, member_of},
    details::Telling,
    jobs::Jobs,
    keys::ledger_public,
    looks::Look,
    once::{self, Once},
    opaque,
    paging::Cursors,
    settings::Limits,
};

const NO_EXPORT: AppError = AppError::NotFound { kind: "export" };
const EXPIRED: AppError = AppError::Gone {
    code: "audit-export-expired",
    detail: "the export's time is over; begin another one (POST /v1/audit/exports)",
};

/// Use cases of exports of the audit log.
#[derive(Clone)]
pub struct AuditExports {
    ledger: Ledger,
    jobs: Jobs,
    attempts: Arc<Attempts>,
    lasts: Duration,
}

/// An export, as everybody who may take the log out sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditExportView {
    /// Its id.
    pub id: AuditExportId,
    /// Its form.
    pub format: AuditExportFormat,
    /// What is wanted; everything when absent.
    pub filter: Option<Filter>,
    /// How it stands.
    pub state: ExportStanding,
    /// Entries that were looked at.
    pub done: u64,
    /// Entries of the log up to its checkpoint.
    pub size: u64,
    /// Entries and bytes of the file, once they are known.
    pub found: Option<(u64, u64)>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: MemberId,
    /// No download from then on.
    pub expires_at: Timestamp,
    /// The code of what went wrong.
    pub problem: Option<String>,
}

/// How an export stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportStanding {
    /// As it is stored.
    Stored(AuditExportState),
    /// Its time is over.
    Expired,
}

impl ExportStanding {
    /// The published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored(state) => state.as_str(),
            Self::Expired => "expired",
        }
    }
}

/// A file that is made while it is read.
pub struct Download<S> {
    /// Its name.
    pub name: String,
    /// What it is.
    pub format: AuditExportFormat,
    /// Its bytes.
    pub file: S,
}

impl AuditExports {
    pub(crate) fn new(ledger: Ledger, jobs: Jobs, auth: &Auth, limits: &Limits) -> Self {
        let lasts = Duration::from_secs(limits.audit_export_seconds);
        Self { ledger, jobs, attempts: Arc::clone(&auth.shared().attempts), lasts }
    }

    /// Begins an export of what was signed last.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a filter that can match nothing, [`AppError::Conflict`] `ledger-behind`,
    /// [`AppError::TooMany`] after so many in a day.
    pub async fn create(
        &self,
        permit: &Permit<can::AuditExport>,
        format: AuditExportFormat,
        filter: &Filter,
        once: Option<Once>,
    ) -> Result<AuditExportView, AppError> {
        let tenant = permit.tenant();
        filter.check().map_err(|error| AppError::invalid(&format!("/filter/{}", error.member), error.expected))?;
        let filter =
            if filter.is_empty() { None } else { Some(serde_json::to_string(filter).map_err(AppError::internal)?) };
        let read = self.ledger.store.tenant_read(tenant).await?;
        let size = self.may_leave(&read).await?.size;
        let telling = Telling::of(&self.ledger.keys, &read, permit).await;
        drop(read);
        self.attempts.admit(What::AuditExport, None, Some(&opaque::hash(&tenant.to_string()))).await?;

        let now = self.ledger.clock.now();
        let new = AuditExportRow {
            tenant_id: tenant,
            id: AuditExportId::mint(now, &*self.ledger.entropy),
            format,
            filter,
            size,
            state: AuditExportState::Waiting,
            done: 0,
            entries: 0,
            bytes: 0,
            problem: None,
            created_at: now,
            member_id: member_of(permit.actor())?,
            expires_at: now.plus(self.lasts),
        };
        let tx = self.ledger.store.tenant(tenant).await?;
        let asked = [format.as_str(), new.filter.as_deref().unwrap_or_default()];
        if let Some(earlier) = once::claim(once, &tx, permit, &asked, new.id.uuid(), now).await? {
            let earlier = tx.audit_export_find(AuditExportId::from_uuid(earlier)).await?.ok_or(NO_EXPORT)?;
            return self.view(earlier);
        }
        tx.audit_export_insert(new.clone()).await?;
        let object = Object::AuditExport(new.id);
        self.ledger.audit().allowed_telling(&tx, permit, "audit.export", object, telling).await?;
        self.jobs.enqueue(&tx, &MakeAuditExport { export: new.id }, now).await?;
        tx.commit().await?;
        self.view(new)
    }

    /// The newest signed checkpoint, when the log may leave as it stands now. The one place that decides so.
    async fn may_leave(&self, read: &TenantRead) -> Result<AuditCheckpointRow, AppError> {
        let newest = read.audit_checkpoint_newest().await?.ok_or_else(nothing_signed)?;
        admit_chosen(read, self.ledger.clock.now()).await?;
        Ok(newest)
    }

    /// One export.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn find(
        &self,
        permit: &Permit<can::AuditExport>,
        id: AuditExportId,
    ) -> Result<AuditExportView, AppError> {
        let read = self.ledger.store.tenant_read(permit.tenant()).await?;
        self.view(read.audit_export_find(id).await?.ok_or(NO_EXPORT)?)
    }

    /// The tenant's exports, newest first. They tell who took the log out, so reading them is on record.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn list(
        &self,
        permit: &Permit<can::AuditExport>,
        page: Page,
    ) -> Result<Paged<AuditExportView>, AppError> {
        let (tenant, size, bound) = (permit.tenant(), page.size()?, "audit-exports");
        let cursors = Cursors::new(&self.ledger.deployment.cursor);
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, bound, cursor)).transpose()?;
        self.ledger.record_look(permit, Look::AuditExports).await?;
        let mut rows = self.ledger.store.tenant_read(tenant).await?.audit_export_list(after, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, bound, &mut rows, size, |last| last.id)?;
        let items = rows.into_iter().map(|row| self.view(row)).collect::<Result<_, _>>()?;
        Ok(Paged { items, next_cursor })
    }

    /// Ends an export that is not ready, and removes any other; its download ends, too.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn remove(&self, permit: &Permit<can::AuditExport>, id: AuditExportId) -> Result<(), AppError> {
        let tx = self.ledger.store.tenant(permit.tenant()).await?;
        if !tx.audit_export_cancel(id).await? && !tx.audit_export_remove(id).await? {
            return Err(NO_EXPORT);
        }
        let telling = Telling::of(&self.ledger.keys, &tx, permit).await;
        self.ledger
            .audit()
            .allowed_telling(&tx, permit, "audit.export-remove", Object::AuditExport(id), telling)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The file. It is on record before its first byte.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `audit-export-not-ready`; [`AppError::Gone`] when its time is over.
    pub async fn download(
        &self,
        permit: &Permit<can::AuditExport>,
        id: AuditExportId,
    ) -> Result<Download<impl Stream<Item = std::io::Result<Bytes>> + use<>>, AppError> {
        let tenant = permit.tenant();
        let tx = self.ledger.store.tenant(tenant).await?;
        let row = tx.audit_export_find(id).await?.ok_or(NO_EXPORT)?;
        self.ready(&row)?;
        let file = self.file(&tx, &row).await?;
        let telling = Telling::of(&self.ledger.keys, &tx, permit).await;
        self.ledger.audit().allowed_telling(&tx, permit, "audit.download", Object::AuditExport(id), telling).await?;
        tx.commit().await?;
        let extension = if row.format == AuditExportFormat::Csv { "csv" } else { "ndjson" };
        let name = format!("sealtape-audit-{}-{id}.{extension}", row.format.as_str());
        Ok(Download { name, format: row.format, file: file.stream(self.ledger.store.clone()) })
    }

    /// Whether an export that is being downloaded still may be.
    ///
    /// # Errors
    /// As when the download began.
    pub async fn still_open(&self, permit: &Permit<can::AuditExport>, id: AuditExportId) -> Result<(), AppError> {
        let read = self.ledger.store.tenant_read(permit.tenant()).await?;
        self.ready(&read.audit_export_find(id).await?.ok_or(NO_EXPORT)?)
    }

    fn ready(&self, row: &AuditExportRow) -> Result<(), AppError> {
        match self.standing(row) {
            ExportStanding::Stored(AuditExportState::Ready) => Ok(()),
            ExportStanding::Expired => Err(EXPIRED),
            ExportStanding::Stored(state) => Err(AppError::Conflict {
                code: "audit-export-not-ready",
                detail: format!("the export is {}; only one that is ready can be downloaded", state.as_str()),
                next: None,
            }),
        }
    }

    fn standing(&self, row: &AuditExportRow) -> ExportStanding {
        let ended = matches!(row.state, AuditExportState::Failed | AuditExportState::Cancelled);
        if !ended && row.expires_at <= self.ledger.clock.now() {
            return ExportStanding::Expired;
        }
        ExportStanding::Stored(row.state)
    }

    /// What the row says, as a file.
    async fn file(&self, read: &TenantRead, row: &AuditExportRow) -> Result<File, AppError> {
        let signed = read.audit_checkpoint_of(row.size).await?;
        let signed = signed.ok_or_else(|| AppError::internal("an export's checkpoint is not there"))?;
        Ok(File::new(origin_of(&signed), row.tenant_id, row.format, filter_of(row)?, signed))
    }

    fn view(&self, row: AuditExportRow) -> Result<AuditExportView, AppError> {
        Ok(AuditExportView {
            state: self.standing(&row),
            filter: filter_of(&row)?,
            found: (row.state == AuditExportState::Ready).then_some((row.entries, row.bytes)),
            id: row.id,
            format: row.format,
            done: row.done,
            size: row.size,
            created_at: row.created_at,
            created_by: row.member_id,
            expires_at: row.expires_at,
            problem: row.problem,
        })
    }
}

fn nothing_signed() -> AppError {
    AppError::Conflict {
        code: "ledger-behind",
        detail: "nothing of the audit log is signed yet; it is within seconds".to_owned(),
        next: None,
    }
}

/// Everything that was signed of a tenant's log, as a `log` export.
pub struct WholeLog<S> {
    /// The log's name.
    pub origin: String,
    /// Its entries.
    pub size: u64,
    /// The key that its checkpoints are checked by, as the database has it.
    pub verifier: String,
    /// The file.
    pub file: S,
}

/// The whole log of a tenant, for the operator at the machine itself: it reads, takes no key, and works beside a service that
/// runs, and without one. Whoever can do this can also copy the folder, so it leaves no record.
///
/// # Errors
/// [`AppError::Conflict`] `ledger-behind` when nothing was signed.
pub async fn whole_log(
    store: &Store,
    tenant: TenantId,
) -> Result<WholeLog<impl Stream<Item = std::io::Result<Bytes>> + use<>>, AppError> {
    let signed = store.tenant_read(tenant).await?.audit_checkpoint_newest().await?.ok_or_else(nothing_signed)?;
    let public_key = ledger_public(store).await?.ok_or_else(nothing_signed)?;
    let (origin, size) = (origin_of(&signed), signed.size);
    let verifier = Verifier::new(origin.parse().map_err(AppError::internal)?, public_key).to_string();
    let file = File::new(origin.clone(), tenant, AuditExportFormat::Log, None, signed);
    Ok(WholeLog { origin, size, verifier, file: file.stream(store.clone()) })
}

fn filter_of(row: &AuditExportRow) -> Result<Option<Filter>, AppError> {
    row.filter.as_deref().map(serde_json::from_str).transpose().map_err(AppError::internal)
}
