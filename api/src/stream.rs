//! Long answers end when the right to them does.

use std::{io, rc::Rc, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use policy::access::{Can, Permit};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::caller::Caller;

/// How often a running stream asks whether it may go on. With the ≤ 2 s for which sign-ins are remembered this keeps the
/// promise that sign-out, disabling and role changes cut a stream within 5 s.
const RECHECK: Duration = Duration::from_secs(2);

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
    while_true(RECHECK, allowed, stream)
}

fn while_true<F: Future<Output = bool>>(
    every: Duration,
    allowed: impl Fn() -> F,
    stream: impl Stream<Item = io::Result<Bytes>>,
) -> impl Stream<Item = io::Result<Bytes>> {
    async_stream::stream! {
        let mut stream = std::pin::pin!(stream);
        let mut recheck = interval_at(Instant::now() + every, every);
        recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let next = tokio::select! {
                biased;
                _ = recheck.tick() => None,
                item = stream.next() => Some(item),
            };
            match next {
                None if allowed().await => {}
                None => {
                    yield Err(io::Error::new(io::ErrorKind::PermissionDenied, "no longer allowed"));
                    break;
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
        let mut stream = std::pin::pin!(while_true(OFTEN, allowed, endless));
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
        let mut stream = std::pin::pin!(while_true(OFTEN, || async { false }, futures::stream::pending()));
        assert!(stream.next().await.expect("is cut").is_err());
    }

    #[tokio::test]
    async fn an_allowed_stream_passes_whole() {
        let items = futures::stream::iter([Ok(Bytes::from_static(b"a")), Ok(Bytes::from_static(b"b"))]);
        let read: Vec<_> =
            while_true(RECHECK, || async { true }, items).map(|item| item.expect("passes")).collect().await;
        assert_eq!(read, ["a", "b"]);
    }
}
