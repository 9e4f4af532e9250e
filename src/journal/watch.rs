//! Tells those who look at a page what is added to the log meanwhile.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;

use crate::feedback::Event;

/// This many events wait for a slow reader; of more the oldest are lost to them.
const WAITING: usize = 256;

/// Hands every event that was added on to anyone who watches.
pub(super) struct Watches(Mutex<Option<broadcast::Sender<Arc<Event>>>>);

impl Default for Watches {
    fn default() -> Self {
        Self(Mutex::new(Some(broadcast::Sender::new(WAITING))))
    }
}

impl Watches {
    /// From now on, what is added; none after [`Self::end`].
    pub(super) fn watch(&self) -> Option<broadcast::Receiver<Arc<Event>>> {
        self.with(|sender| sender.as_ref().map(broadcast::Sender::subscribe))
    }

    /// These events were added.
    pub(super) fn tell(&self, events: &[Event]) {
        self.with(|sender| {
            let Some(sender) = sender.as_ref().filter(|sender| sender.receiver_count() > 0) else {
                return;
            };
            for event in events {
                let _ = sender.send(Arc::new(event.clone())); // whoever watched has gone
            }
        });
    }

    /// Ends every watch.
    pub(super) fn end(&self) {
        self.with(|sender| *sender = None);
    }

    /// Nothing panics while it holds the lock, so a poisoned lock holds a whole value.
    fn with<T>(&self, act: impl FnOnce(&mut Option<broadcast::Sender<Arc<Event>>>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
