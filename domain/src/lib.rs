//! The words every other room uses: ids, time, randomness, secrets, session states.
//!
//! **Purpose.** One vocabulary (see `docs/concepts/words.md`) with no I/O and no dependency on our other crates, so that
//! everything else can agree on what an id, an instant or a secret is.
//!
//! **Design.** Ids are UUIDv7 newtypes: a `SessionId` cannot be passed where a `ProjectId` is wanted, and they sort by
//! creation time. Time is [`Timestamp`] (microseconds UTC) and comes from a [`Clock`]; randomness comes from
//! [`Entropy`]; both are injected so that tests are exact. [`Secret`] and [`Personal`] print `***`.
//!
//! **How to add one more id.** Add a line to the list in `id.rs`; nothing else.

mod clock;
mod entropy;
mod id;
mod place;
mod sensitive;
mod session;
mod time;
mod word;

pub use clock::{Clock, ManualClock, SystemClock};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use id::{
    AgentKeyId, ApiKeyId, AuditExportId, AuditId, DeliveryId, ExportId, FactorId, GapId, GrantId, InvitationId, JobId,
    LabelId, LoginId, MailId, MemberId, NoticeId, ParseIdError, PasswordResetId, PersonKeyId, ProjectId, ProposalId,
    RequestId, RoleBindingId, RoleId, SessionId, SinkId, SubjectId, TenantId, ViewId,
};
pub use place::Place;
pub use sensitive::{Personal, Secret};
pub use session::{CloseReason, Sensitivity, SessionState, UnknownName, Validation};
pub use time::Timestamp;
pub use word::{Environment, Label, ParseWordError};
