//! Following what changes: the list's live rows.

use std::{collections::HashMap, time::Duration};

use async_stream::stream;
use domain::{SessionId, Timestamp};
use futures::Stream;
use policy::access::{Action, Permit, can};
use store::ChangeCursor;

use super::{SessionSummary, Sessions, summary::ProjectNames};
use crate::{AppError, auth::MemberCaller};

/// How often the store is asked. Several processes write sessions, so the truth is in the store and not in a channel.
const PERIOD: Duration = Duration::from_secs(1);
/// How far each question reaches back: a change is written with the writer's clock and seen only after its commit.
const OVERLAP: Duration = Duration::from_secs(5);
/// Most changes told at one time.
const MOST: u64 = 200;

impl Sessions {
    /// Sessions that start or change from now on and that the caller could open then, each with its newest summary. Ends
    /// when the caller may no longer list; a store that does not answer is asked again at the next turn.
    pub fn live(
        &self,
        permit: &Permit<can::SessionList>,
        caller: MemberCaller,
    ) -> impl Stream<Item = SessionSummary> + use<> {
        let (parts, tenant) = (std::sync::Arc::clone(&self.parts), permit.tenant());
        stream! {
            let mut told: HashMap<SessionId, Timestamp> = HashMap::new();
            let mut names = ProjectNames::new();
            let mut turns = tokio::time::interval(PERIOD);
            turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                turns.tick().await;
                let since = parts.clock.now().minus(OVERLAP);
                let after = ChangeCursor { changed_at: since, id: SessionId::from_uuid(uuid::Uuid::nil()) };
                let held = match caller.still::<can::SessionList>().await {
                    Ok(permit) => permit.holdings().clone(),
                    Err(AppError::Unavailable { .. }) => continue,
                    Err(_) => break,
                };
                let Ok(read) = parts.store.tenant_read(tenant).await else { continue };
                let Ok(rows) = read.session_changed_since(after, &held.listable(), MOST).await else { continue };
                let Ok(masked) = parts.masked(&read, &held.scope(Action::SessionView), &rows).await else { continue };
                drop(read);
                if parts.learn_names(tenant, &rows, &mut names).await.is_err() {
                    continue;
                }
                told.retain(|_, changed_at| *changed_at >= since);
                for (row, masked) in rows.into_iter().zip(masked) {
                    if told.insert(row.id, row.changed_at) != Some(row.changed_at) {
                        yield parts.summary(row, &names, masked).await;
                    }
                }
            }
        }
    }
}
