//! Long answers end when the right to them does.

use std::{io, rc::Rc, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use policy::access::{Can, Permit};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout_at};

use crate::caller::Caller;

/// How often a running stream asks whether it may go on …
const RECHECK: Duration = Duration::from_secs(1);
/// … and how long it may live on the last yes. An answer that does not come is a no by then: a process that is cut off from
/// the database cannot know what was revoked. With the ≤ 2 s for which sign-ins are remembered this keeps the promise that
/// sign-out, disabling, role changes and revoked grants cut a stream within 5 s.
const LIVES_ON: Duration = Duration::from_secs(3);

/// Passes `stream` on for as long as `caller` is still allowed to read it and `open` agrees with the permit of that moment.
/// A cut stream ends with an error, so that the connection is closed without the mark of a complete answer.
pub(crate) fn while_allowed<A: Can, F: Future<Output = bool>>(
    caller: Caller<A>,
    open: impl Fn(Permit<A>) -> F + 'static,
    stream: impl Stream<Item = io::Result<Bytes>> + 'static,
) -> impl Stream<Item = io::Result<Bytes>> {
    let both = Rc::new((caller, open));
    let allowed = move || {
        let both = Rc::clone(&both);
        async move {
            let (caller, open) = &*both;
            match caller.again().await {
                Ok(permit) => open(permit).await,
                Err(_) => false,
            }
        }
    };
    while_true(RECHECK, LIVES_ON, allowed, stream)
}

fn while_true<F: Future<Output = bool>>(
    every: Duration,
    lives_on: Duration,
    allowed: impl Fn() -> F,
    stream: impl Stream<Item = io::Result<Bytes>>,
) -> impl Stream<Item = io::Result<Bytes>> {
    async_stream::stream! {
        let mut stream = std::pin::pin!(stream);
        // The caller was let in just now.
        let mut last_yes = Instant::now();
        let mut recheck = interval_at(Instant::now() + every, every);
        recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let next = tokio::select! {
                biased;
                _ = recheck.tick() => None,
                item = stream.next() => Some(item),
            };
            match next {
                None => {
                    let asked = Instant::now();
                    if !matches!(timeout_at(last_yes + lives_on, allowed()).await, Ok(true)) {
                        yield Err(io::Error::new(io::ErrorKind::PermissionDenied, "no longer allowed"));
                        break;
                    }
                    last_yes = asked;
                }
                Some(Some(item)) => yield item,
                Some(None) => break,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const OFTEN: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn a_stream_is_cut_at_the_first_recheck_that_refuses() {
        let checks = AtomicU32::new(0);
        let endless = futures::stream::unfold((), |()| async {
            tokio::task::yield_now().await;
            Some((Ok(Bytes::from_static(b"x")), ()))
        });
        let allowed = || async { checks.fetch_add(1, Ordering::SeqCst) < 2 };
        let mut stream = std::pin::pin!(while_true(OFTEN, LIVES_ON, allowed, endless));
        let cut = loop {
            match stream.next().await {
                Some(Ok(_)) => {}
                Some(Err(error)) => break error,
                None => panic!("ended as if complete"),
            }
        };
        assert_eq!(cut.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(checks.load(Ordering::SeqCst), 3, "two that allowed, one that refused");
        assert!(stream.next().await.is_none());
    }

    #[tokio::test]
    async fn a_silent_stream_is_cut_too() {
        let mut stream = std::pin::pin!(while_true(OFTEN, LIVES_ON, || async { false }, futures::stream::pending()));
        assert!(stream.next().await.expect("is cut").is_err());
    }

    /// Attack 71: no answer is a no, in time.
    #[tokio::test]
    async fn attack_71_a_stream_that_gets_no_answer_is_cut() {
        let lives_on = Duration::from_millis(100);
        let (checks, last_yes) = (AtomicU32::new(0), std::cell::Cell::new(Instant::now()));
        let allowed = || async {
            if checks.fetch_add(1, Ordering::SeqCst) >= 2 {
                std::future::pending::<()>().await;
            }
            last_yes.set(Instant::now());
            true
        };
        let endless = futures::stream::unfold((), |()| async {
            tokio::task::yield_now().await;
            Some((Ok(Bytes::from_static(b"x")), ()))
        });
        let mut stream = std::pin::pin!(while_true(OFTEN, lives_on, allowed, endless));
        let cut = tokio::time::timeout(Duration::from_secs(20), async {
            while stream.next().await.expect("goes on or is cut").is_ok() {}
        });
        cut.await.expect("does not wait for ever");
        assert!(last_yes.get().elapsed() >= lives_on / 2, "it lives on for a while");
        assert_eq!(checks.load(Ordering::SeqCst), 3);
        assert!(stream.next().await.is_none());
    }

    #[tokio::test]
    async fn an_allowed_stream_passes_whole() {
        let items = futures::stream::iter([Ok(Bytes::from_static(b"a")), Ok(Bytes::from_static(b"b"))]);
        let read: Vec<_> =
            while_true(RECHECK, LIVES_ON, || async { true }, items).map(|item| item.expect("passes")).collect().await;
        assert_eq!(read, ["a", "b"]);
    }
}
