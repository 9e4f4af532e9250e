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

    /// A copy of events that are about to be added, for [`Self::tell`]; none when no one watches.
    pub(super) fn copy(&self, events: &[Event]) -> Vec<Event> {
        let watched = |sender: &broadcast::Sender<_>| sender.receiver_count() > 0;
        let watched = self.with(|sender| sender.as_ref().is_some_and(watched));
        if watched { events.to_vec() } else { Vec::new() }
    }

    /// These events were added.
    pub(super) fn tell(&self, events: Vec<Event>) {
        self.with(|sender| {
            for event in events {
                // Those who watched may have gone.
                let _ = sender.as_ref().map(|sender| sender.send(Arc::new(event)));
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
