//! One lane per tab: a queue of one, with what the redactor knows between two segments.

use std::{sync::Arc, time::Duration};

use domain::{SessionId, TenantId, Timestamp};
use moka::future::Cache;
use recording::TabState;
use tokio::sync::{Mutex, MutexGuard, watch};
use vault::blob::BlobKey;

/// What is known of a tab after its last committed segment.
pub(super) struct LaneState {
    pub(super) tab: TabState,
    pub(super) next: u32,
    pub(super) chain: [u8; 32],
    pub(super) generation: u32,
    pub(super) policy_version: u32,
    pub(super) started_at: Timestamp,
    /// Stored bytes of the whole session, as far as this process has seen them.
    pub(super) session_bytes: u64,
    /// Segments since the redactor state was last sealed.
    pub(super) unsaved: u32,
    /// The sealed redactor state that the store names.
    pub(super) saved: Option<BlobKey>,
}

/// Where a number stands relative to the tab's next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Taken,
    Next,
    Ahead,
}

impl LaneState {
    pub(super) const fn position(&self, n: u32) -> Position {
        if n < self.next {
            Position::Taken
        } else if n == self.next {
            Position::Next
        } else {
            Position::Ahead
        }
    }
}

/// A tab's queue. The state is `None` when it must be read from the store: at first, and after anything went wrong.
pub(super) struct Lane {
    state: Mutex<Option<LaneState>>,
    next: watch::Sender<u32>,
}

impl Lane {
    pub(super) async fn lock(&self) -> MutexGuard<'_, Option<LaneState>> {
        self.state.lock().await
    }

    /// Tells those who are ahead which number is next.
    pub(super) fn publish(&self, next: u32) {
        self.next.send_if_modified(|known| std::mem::replace(known, next) != next);
    }

    /// Waits until `n` is the next number, at most for `patience`.
    pub(super) async fn reaches(&self, n: u32, patience: Duration) -> bool {
        let mut next = self.next.subscribe();
        let reached = next.wait_for(|next| *next >= n);
        tokio::time::timeout(patience, reached).await.is_ok_and(|outcome| outcome.is_ok())
    }
}

/// The lanes of this process; the least used are forgotten and read again when needed.
pub(super) struct Lanes(Cache<(TenantId, SessionId, u16), Arc<Lane>>);

impl Lanes {
    pub(super) fn new(most: u64) -> Self {
        let idle = Duration::from_secs(10 * 60);
        Self(Cache::builder().max_capacity(most).time_to_idle(idle).build())
    }

    pub(super) async fn of(&self, tenant: TenantId, session: SessionId, tab: u16) -> Arc<Lane> {
        self.0
            .get_with((tenant, session, tab), async {
                Arc::new(Lane { state: Mutex::new(None), next: watch::channel(0).0 })
            })
            .await
    }
}
