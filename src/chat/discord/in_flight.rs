//! Tracks in-flight work for graceful shutdown.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// How long answers that are under way may take when the bot stops: the log gives up on a lock after
/// two seconds, then the card has to be sent.
pub(super) const SHUTDOWN_GRACE: Duration = Duration::from_secs(3);

/// Counts what has begun and is not finished.
#[derive(Default)]
pub(super) struct InFlight {
    count: AtomicUsize,
    finished: Notify,
}

/// Something that has begun; it is finished when this is dropped.
pub(super) struct Begun(Arc<InFlight>);

impl InFlight {
    /// Something begins.
    pub(super) fn begin(self: &Arc<Self>) -> Begun {
        self.count.fetch_add(1, Ordering::SeqCst);
        Begun(Arc::clone(self))
    }

    /// Waits until nothing is under way, at most [`SHUTDOWN_GRACE`]; says so when that is too short.
    pub(super) async fn farewell(&self) {
        let none = async {
            loop {
                let finished = self.finished.notified();
                if self.count.load(Ordering::SeqCst) == 0 {
                    return;
                }
                finished.await;
            }
        };
        if tokio::time::timeout(SHUTDOWN_GRACE, none).await.is_err() {
            tracing::warn!("answers on Discord were still under way at the end");
        }
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::SeqCst);
        self.0.finished.notify_waiters();
    }
}
