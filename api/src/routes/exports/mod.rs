//! Exports: sessions that are taken out as sealed files.

pub(crate) mod create;
pub(crate) mod download;
pub(crate) mod list;
pub(crate) mod view;

use domain::{ExportId, SessionId, Timestamp};
use policy::grants::Purpose;
use serde::Serialize;
use utoipa::ToSchema;

use super::access_requests::{Person, PurposeName};
use crate::output::as_text;

/// A session that somebody took out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Export)]
pub(crate) struct ExportView {
    #[schema(value_type = Uuid)]
    id: ExportId,
    #[schema(value_type = Uuid)]
    session_id: SessionId,
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = PurposeName)]
    purpose: Purpose,
    taken_by: Person,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// It can be downloaded until then: 24 hours.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// How often it was downloaded.
    downloads: u32,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_download_at: Option<Timestamp>,
}

impl From<app::sessions::ExportView> for ExportView {
    fn from(export: app::sessions::ExportView) -> Self {
        Self {
            id: export.id,
            session_id: export.session_id,
            purpose: export.purpose,
            taken_by: Person { id: export.taken_by, name: export.taken_by_name },
            created_at: export.created_at,
            expires_at: export.expires_at,
            downloads: export.downloads,
            last_download_at: export.last_download_at,
        }
    }
}
