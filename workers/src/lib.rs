//! Background work: schedules, the runner, and the jobs.
//!
//! **Purpose.** Whatever Sealtape does without somebody asking for it over HTTP happens here, the same way everywhere: in
//! turn between tenants, with a lease, with a bound on tries and time, with a report that the jobs page shows. Later parts
//! add jobs, never another loop; only the audit log has its own ([`tend_ledger`]), since every job writes to it.
//!
//! **Design.** A use case puts a job into the queue in its own transaction (`app::jobs::Jobs::enqueue`). A [`Runner`]
//! claims due jobs with one conditional UPDATE, one tenant after the other and at most a few of one tenant at a time, and
//! calls [`Job::run`], which calls one use case of `app` with a permit that names the job as the actor. The lease is
//! prolonged while the process lives; a dead process's jobs are due again when it runs out, and what a slow one does
//! after that is refused, because each claim has a higher number than the one before. Jobs run at least once; effects
//! happen once, because use cases change rows by condition or end the job in the transaction of the effect.
//!
//! [`Schedule`]s are triggers and do no work: tokio-cron-scheduler looks at the clock in every process, each of them tries
//! to add the same job under the name of schedule and tick, and one succeeds. That job is a *sweep*: it looks through the
//! tenants and adds a job where there is something to do ([`Sweep::wanted`]), so that an idle tenant costs one read.
//!
//! **How to add one more job.**
//! 1. In `app`, beside its use case: a payload (`impl app::jobs::Payload`, ids and numbers only, since it is stored in
//!    clear) and a report (`impl app::jobs::Report`). The use case takes `&Permit<can::X>` for an internal action that
//!    only the role `worker` has (`policy.csv`).
//! 2. A file in `jobs/` with `impl Job for` the payload: take the permit from the context, call the use case, hand back its
//!    report. Change the number of tries, the pauses or the time limit there if the usual ones do not fit.
//! 3. A line in [`standard`]. For a job that runs by the clock also `impl Sweep` and a [`Schedule`]. Something that is due
//!    at one known moment (a grant's end) needs no schedule: enqueue it with that moment as `due`.
//! 4. A test in `tests/api/jobs.rs` that runs it twice; `docs/operations/jobs.md` has a table of jobs.

mod backoff;
mod catalogue;
mod job;
mod jobs;
mod ledger;
mod runner;
mod schedule;

pub use backoff::Backoff;
pub use catalogue::Catalogue;
pub use job::{Job, JobCx, JobError, Outcome, Sweep};
pub use jobs::standard;
pub use ledger::{fold_refusals, tend_ledger};
pub use runner::{Runner, Running};
pub use schedule::{Schedule, ScheduleError};
