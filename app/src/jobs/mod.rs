//! Background work, as use cases see it: putting a job into the queue, and what a tenant may know of its jobs.
//!
//! A job is a [`Payload`]: ids and numbers, never anything personal, because it is stored in clear. It is added in the
//! transaction of the act that makes it necessary ([`Jobs::enqueue`]), so that neither is there without the other, and is
//! worked on by the crate `workers`, which calls one use case with a permit that names the job as the actor.
//!
//! A job runs at least once. Its *effect* happens once when the use case either changes rows by condition
//! (`UPDATE … WHERE state = …`), or ends the job in the transaction of its effect with [`Jobs::complete_in`].
//!
//! **How to add one more job.** A payload beside its use case (`impl Payload`), the use case taking a permit for an
//! internal action, a file in `workers/src/jobs` (`impl Job`), a line in its `catalogue`. `workers/src/lib.rs` has more.

mod list;
mod queue;

use std::sync::Arc;

use domain::{Clock, Entropy, JobId, TenantId, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::{NewJob, Store, TenantTx};

pub use list::JobView;
pub use queue::{Begun, Held, Reason, Take, Turn};
pub use store::{JobBacklog, JobClaim, JobState};

use crate::{AppError, keys::DeploymentKeys};

/// The name of a kind of work: in the queue, in metrics, and as the actor of what the job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobKind(&'static str);

impl JobKind {
    /// A kind. The name is lower-case words joined by hyphens; it is stored, so it stays.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl std::fmt::Display for JobKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// What a job is to do. Stored in clear: ids and numbers only.
pub trait Payload: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Which kind of work it is.
    const KIND: JobKind;
    /// Raise it when the payload's form changes, and read the older forms in [`Payload::upgrade`].
    const VERSION: u16 = 1;

    /// Reads a payload that an older version of the program stored.
    #[must_use]
    fn upgrade(version: u16, data: serde_json::Value) -> Option<Self> {
        let _ = (version, data);
        None
    }
}

/// What a job did. Stored with the run and shown on the jobs page: numbers and ids only.
pub trait Report: Serialize + Send + Sync {
    /// Raise it when the report's form changes.
    const VERSION: u16 = 1;

    /// Whether nobody will look for this run later: there was nothing to do, or it is routine that metrics count. Such runs
    /// are soon forgotten.
    fn is_quiet(&self) -> bool;
}

/// What there may be only one of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// One job of the kind and tenant that is not finished.
    WhileUnfinished,
    /// One job of the kind and tenant with this name, for as long as its run is kept; for ticks of a schedule.
    Once(String),
}

/// A payload or report with the version of its form.
#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    v: u16,
    data: T,
}

fn versioned<T: Serialize>(v: u16, data: T) -> Result<String, AppError> {
    serde_json::to_string(&Versioned { v, data }).map_err(AppError::internal)
}

fn once(name: &str) -> String {
    format!("once/{name}")
}

/// Why a stored payload cannot be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// A newer version of the program wrote it: one of that version should work on it.
    #[error("the payload was written by a newer version")]
    Newer,
    /// No version of the program can have written it, or none that we still read.
    #[error("the payload cannot be read")]
    Unreadable,
}

/// Reads a stored payload.
///
/// # Errors
/// [`PayloadError`].
pub fn read_payload<P: Payload>(stored: &str) -> Result<P, PayloadError> {
    let Versioned { v, data } =
        serde_json::from_str::<Versioned<serde_json::Value>>(stored).map_err(|_| PayloadError::Unreadable)?;
    match v.cmp(&P::VERSION) {
        std::cmp::Ordering::Equal => serde_json::from_value(data).map_err(|_| PayloadError::Unreadable),
        std::cmp::Ordering::Less => P::upgrade(v, data).ok_or(PayloadError::Unreadable),
        std::cmp::Ordering::Greater => Err(PayloadError::Newer),
    }
}

/// Use cases of background work.
#[derive(Clone)]
pub struct Jobs {
    pub(crate) store: Store,
    pub(crate) deployment: Arc<DeploymentKeys>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Jobs {
    /// Adds a job to the queue of `tx`'s tenant, not to be begun before `due`; it is there when `tx` commits.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn enqueue<P: Payload>(&self, tx: &TenantTx, payload: &P, due: Timestamp) -> Result<JobId, AppError> {
        let job = self.new_job(None, payload, due)?;
        let id = job.id;
        tx.job_insert(job).await?;
        Ok(id)
    }

    /// The same for work of which there may be one; `None` when it is there already.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn enqueue_in<P: Payload>(
        &self,
        tx: &TenantTx,
        slot: Slot,
        payload: &P,
        due: Timestamp,
    ) -> Result<Option<JobId>, AppError> {
        let job = self.new_job(Some(slot), payload, due)?;
        let id = job.id;
        Ok(tx.job_insert(job).await?.then_some(id))
    }

    /// The same in a transaction of its own, for schedules: they have no act that the job belongs to.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn add<P: Payload>(
        &self,
        tenant: TenantId,
        slot: Slot,
        payload: &P,
        due: Timestamp,
    ) -> Result<Option<JobId>, AppError> {
        let tx = self.store.tenant(tenant).await?;
        let added = self.enqueue_in(&tx, slot, payload, due).await?;
        if added.is_some() {
            tx.commit().await?;
        }
        Ok(added)
    }

    fn new_job<P: Payload>(&self, slot: Option<Slot>, payload: &P, due: Timestamp) -> Result<NewJob, AppError> {
        let now = self.clock.now();
        Ok(NewJob {
            id: JobId::mint(now, &*self.entropy),
            kind: P::KIND.as_str(),
            slot: slot.map(|slot| match slot {
                Slot::WhileUnfinished => NewJob::while_unfinished(),
                Slot::Once(name) => once(&name),
            }),
            payload: versioned(P::VERSION, payload)?,
            created_at: now,
            due_at: due,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Second {
        pages: u32,
        colour: String,
    }

    impl Payload for Second {
        const KIND: JobKind = JobKind::new("test");
        const VERSION: u16 = 2;
        fn upgrade(version: u16, data: serde_json::Value) -> Option<Self> {
            (version == 1).then_some(())?;
            let pages = data["pages"].as_u64().and_then(|pages| u32::try_from(pages).ok())?;
            Some(Self { pages, colour: "black".to_owned() })
        }
    }

    #[test]
    fn a_payload_is_read_in_its_own_and_older_forms() {
        let now = Second { pages: 3, colour: "red".to_owned() };
        let stored = versioned(Second::VERSION, &now).expect("writes");
        assert_eq!(read_payload::<Second>(&stored), Ok(now));
        let older = Second { pages: 7, colour: "black".to_owned() };
        assert_eq!(read_payload::<Second>(r#"{"v":1,"data":{"pages":7}}"#), Ok(older));
        assert_eq!(read_payload::<Second>(r#"{"v":3,"data":{"sheets":7}}"#), Err(PayloadError::Newer));
        for broken in ["", "{}", r#"{"v":2,"data":{}}"#, r#"{"v":1,"data":{}}"#, r#"{"v":0,"data":{"pages":1}}"#] {
            assert_eq!(read_payload::<Second>(broken), Err(PayloadError::Unreadable), "{broken}");
        }
    }
}
