//! What happens by the clock. A schedule does no work: it adds a sweep, and however many processes try that at the same
//! tick, one sweep is added.

use std::{sync::Arc, time::Duration};

use app::{
    AppError,
    jobs::{JobKind, Slot},
};
use domain::{TenantId, Timestamp};
use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job as Trigger, JobScheduler, JobSchedulerError};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Sweep,
    jobs::{SweepTenants, slot},
    runner::Runner,
};

/// Triggers that were not handled yet; a further one would say nothing new.
const TRIGGERS: usize = 64;
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// Runs of no interest are forgotten after an hour; a tick that is longer must not be.
const RARE: Duration = Duration::from_secs(3_600);

/// The trigger library did not start.
#[derive(Debug, thiserror::Error)]
#[error("the schedules cannot be started")]
pub struct ScheduleError(#[from] JobSchedulerError);

/// When a sweep is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    of: JobKind,
    every: Duration,
    offset: Duration,
}

impl Schedule {
    /// Every so often, counted from midnight UTC of the epoch: all processes have the same ticks.
    #[must_use]
    pub const fn every<S: Sweep>(every: Duration) -> Self {
        Self { of: S::KIND, every, offset: Duration::ZERO }
    }

    /// Once a day, so long after midnight UTC.
    #[must_use]
    pub const fn daily<S: Sweep>(after_midnight: Duration) -> Self {
        Self { of: S::KIND, every: DAY, offset: after_midnight }
    }

    /// What is swept.
    #[must_use]
    pub const fn of(&self) -> JobKind {
        self.of
    }

    /// The number of the tick that `now` lies in.
    #[must_use]
    pub fn tick(&self, now: Timestamp) -> i64 {
        let every = i64::try_from(self.every.as_micros()).unwrap_or(i64::MAX).max(1);
        now.minus(self.offset).as_micros().div_euclid(every)
    }

    /// How often the clock is looked at, as the trigger library spells it.
    fn pulse(&self) -> &'static str {
        if self.every < MINUTE { "* * * * * *" } else { "0 * * * * *" }
    }
}

impl Runner {
    /// Adds the sweep of the schedule's present tick, unless somebody did; true when it was us.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn fire(&self, schedule: &Schedule) -> Result<bool, AppError> {
        let now = self.app().clock().now();
        let tick = schedule.tick(now);
        let of = schedule.of.as_str();
        let sweep = SweepTenants { of: of.to_owned(), tick, rare: schedule.every >= RARE };
        let slot = Slot::Once(slot(of, tick));
        let added = self.app().jobs().add(TenantId::DEPLOYMENT, slot, &sweep, now).await?;
        Ok(added.is_some())
    }
}

/// Starts the triggers, and the task that answers them.
pub(crate) async fn start(
    runner: Arc<Runner>,
    tasks: &TaskTracker,
    stop: CancellationToken,
) -> Result<(), ScheduleError> {
    let mut triggers = JobScheduler::new().await?;
    let (pulse, pulses) = mpsc::channel(TRIGGERS);
    for (index, schedule) in runner.schedules().iter().enumerate() {
        let pulse = pulse.clone();
        let trigger = Trigger::new_async(schedule.pulse(), move |_, _| {
            let pulse = pulse.clone();
            // A full channel holds this trigger already, or one that came later.
            Box::pin(async move {
                let _ = pulse.try_send(index);
            })
        })?;
        triggers.add(trigger).await?;
    }
    triggers.start().await?;
    tasks.spawn(async move {
        answer(&runner, pulses, &stop).await;
        if let Err(error) = triggers.shutdown().await {
            tracing::warn!(error = %error, "the schedules did not stop cleanly");
        }
    });
    Ok(())
}

async fn answer(runner: &Runner, mut pulses: mpsc::Receiver<usize>, stop: &CancellationToken) {
    let mut fired = vec![None; runner.schedules().len()];
    // What was due while no process ran is swept at once.
    for index in 0..fired.len() {
        look(runner, index, &mut fired).await;
    }
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            pulse = pulses.recv() => match pulse {
                Some(index) => look(runner, index, &mut fired).await,
                None => return,
            },
        }
    }
}

async fn look(runner: &Runner, index: usize, fired: &mut [Option<i64>]) {
    let (Some(schedule), Some(fired)) = (runner.schedules().get(index), fired.get_mut(index)) else { return };
    let tick = schedule.tick(runner.app().clock().now());
    if *fired == Some(tick) {
        return;
    }
    match runner.fire(schedule).await {
        Ok(added) => {
            *fired = Some(tick);
            if added {
                runner.look_now();
            }
        }
        // The next pulse tries again.
        Err(error) => tracing::warn!(error = ?error, job.kind = %schedule.of, "a schedule could not add its sweep"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn schedule(every: u64, offset: u64) -> Schedule {
        let (every, offset) = (Duration::from_millis(every), Duration::from_millis(offset));
        Schedule { of: JobKind::new("test"), every, offset }
    }

    #[test]
    fn ticks_are_counted_from_the_epoch() {
        let at = Timestamp::from_millis;
        assert_eq!(schedule(5_000, 0).tick(at(0)), 0);
        assert_eq!(schedule(5_000, 0).tick(at(4_999)), 0);
        assert_eq!(schedule(5_000, 0).tick(at(5_000)), 1);
        let seven = schedule(86_400_000, 7 * 3_600_000);
        assert_eq!(seven.tick(at(7 * 3_600_000 - 1)), -1);
        assert_eq!(seven.tick(at(7 * 3_600_000)), 0);
        assert_eq!(seven.tick(at(31 * 3_600_000)), 1);
    }

    #[test]
    fn the_library_understands_our_pulses() {
        for every in [100, 1_000, 60_000, 86_400_000] {
            let pulse = schedule(every, 0).pulse();
            assert!(Trigger::new_async(pulse, |_, _| Box::pin(async {})).is_ok(), "{pulse}");
        }
    }
}
