//! How typed values of the domain stand in columns: the same bytes, numbers and text on both databases.

use domain::{
    AgentKeyId, ApiKeyId, AuditExportId, AuditId, CloseReason, DeliveryId, Environment, ExportId, FactorId, GapId,
    GrantId, InvitationId, JobId, LabelId, LoginId, MailId, MemberId, NoticeId, PasswordResetId, PersonKeyId,
    ProjectId, ProposalId, RoleBindingId, RoleId, Sensitivity, SessionId, SessionState, SinkId, SubjectId, TenantId,
    Timestamp, Validation, ViewId,
};
use policy::{
    grants::{EndReason, GrantState, Kind, Purpose, ReviewOutcome, Verb},
    proposals::ProposalState,
};
use uuid::Uuid;

use crate::StoreError;

/// A value that stands in one column.
pub(crate) trait Stored: Sized {
    /// What the database driver sees.
    type Db;
    /// Towards the database.
    fn store(self) -> Result<Self::Db, StoreError>;
    /// From the database; `None` when no version of ours can have written it.
    fn load(db: Self::Db) -> Option<Self>;
}

macro_rules! ids {
    ($($id:ty),*) => { $(
        impl Stored for $id {
            type Db = Uuid;
            fn store(self) -> Result<Uuid, StoreError> { Ok(self.uuid()) }
            fn load(db: Uuid) -> Option<Self> { Some(Self::from_uuid(db)) }
        }
    )* };
}
ids!(
    TenantId,
    ProjectId,
    SessionId,
    MemberId,
    SubjectId,
    AgentKeyId,
    LoginId,
    PersonKeyId,
    GapId,
    ViewId,
    ExportId,
    AuditId,
    LabelId,
    RoleId,
    RoleBindingId,
    JobId,
    NoticeId,
    MailId,
    FactorId
);

ids!(GrantId, ProposalId, InvitationId, PasswordResetId, ApiKeyId, AuditExportId, SinkId, DeliveryId);

macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl Stored for $number {
            type Db = i64;
            fn store(self) -> Result<i64, StoreError> { i64::try_from(self).map_err(|_| StoreError::OutOfRange) }
            fn load(db: i64) -> Option<Self> { Self::try_from(db).ok() }
        }
    )* };
}
numbers!(u16, u32, u64);

macro_rules! as_they_are {
    ($($plain:ty),*) => { $(
        impl Stored for $plain {
            type Db = Self;
            fn store(self) -> Result<Self, StoreError> { Ok(self) }
            fn load(db: Self) -> Option<Self> { Some(db) }
        }
    )* };
}
as_they_are!(Uuid, i64, bool, Vec<u8>);

macro_rules! names {
    ($($name:ty),*) => { $(
        impl Stored for $name {
            type Db = String;
            fn store(self) -> Result<String, StoreError> { Ok(self.as_str().to_owned()) }
            fn load(db: String) -> Option<Self> { db.parse().ok() }
        }
    )* };
}
names!(
    SessionState,
    Validation,
    Sensitivity,
    Environment,
    crate::AuditExportFormat,
    crate::AuditExportState,
    crate::InvitationState,
    crate::JobState,
    crate::KeyState,
    crate::MailState,
    crate::MemberState,
    crate::NoticeMail,
    crate::ChallengePurpose,
    crate::FactorKind,
    crate::FactorState,
    crate::TenantState
);
names!(crate::SinkKind, crate::DeliveryKind, crate::DeliveryState);
names!(Kind, GrantState, EndReason, Verb, Purpose, ReviewOutcome, ProposalState, crate::Influence, crate::Vote);
names!(crate::AlarmReason);

impl Stored for CloseReason {
    type Db = String;
    fn store(self) -> Result<String, StoreError> {
        Ok(self.as_str().to_owned())
    }
    fn load(db: String) -> Option<Self> {
        [Self::Finished, Self::Idle, Self::Length, Self::Late].into_iter().find(|reason| reason.as_str() == db)
    }
}

impl Stored for Timestamp {
    type Db = i64;
    fn store(self) -> Result<i64, StoreError> {
        Ok(self.as_micros())
    }
    fn load(db: i64) -> Option<Self> {
        Some(Self::from_micros(db))
    }
}

impl Stored for String {
    type Db = Self;
    fn store(self) -> Result<Self, StoreError> {
        text(self)
    }
    fn load(db: Self) -> Option<Self> {
        Some(db)
    }
}

impl Stored for [u8; 32] {
    type Db = Vec<u8>;
    fn store(self) -> Result<Vec<u8>, StoreError> {
        Ok(self.to_vec())
    }
    fn load(db: Vec<u8>) -> Option<Self> {
        db.try_into().ok()
    }
}

impl Stored for Vec<String> {
    type Db = String;
    fn store(self) -> Result<String, StoreError> {
        // JSON escapes NUL, so the text never holds one; a NUL in an item would still be a caller's mistake.
        if self.iter().any(|item| item.contains('\0')) {
            return Err(StoreError::NulByte);
        }
        serde_json::to_string(&self).map_err(|_| StoreError::OutOfRange)
    }
    fn load(db: String) -> Option<Self> {
        serde_json::from_str(&db).ok()
    }
}

impl<T: Stored> Stored for Option<T> {
    type Db = Option<T::Db>;
    fn store(self) -> Result<Self::Db, StoreError> {
        self.map(T::store).transpose()
    }
    fn load(db: Self::Db) -> Option<Self> {
        match db {
            None => Some(None),
            Some(value) => T::load(value).map(Some),
        }
    }
}

/// Text fit for a column or a comparison on either database: SQLite would take a NUL that PostgreSQL refuses.
pub(crate) fn text(value: impl Into<String>) -> Result<String, StoreError> {
    let value = value.into();
    if value.contains('\0') { Err(StoreError::NulByte) } else { Ok(value) }
}
