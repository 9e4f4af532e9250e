//! The whole log in memory, to count in: it only grows, so that each look reads what is new.

use super::ports::Selection;
use super::{Coach, CoachError};
use crate::feedback::{Body, Event};

/// So many events are read at once.
const CHUNK: u32 = 5_000;

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The number of the last event.
    last: Option<i64>,
    events: Vec<Event>,
}

impl Coach {
    /// Counts in the whole log, in the order in which it grew. Answers to price requests are left
    /// out of their events: they are long, and nothing is counted in them.
    ///
    /// # Errors
    /// [`CoachError`] when there is no log or it cannot be read.
    pub async fn with_log<T: Send>(
        &self,
        count: impl FnOnce(&[Event]) -> T + Send,
    ) -> Result<T, CoachError> {
        self.catch_up().await?;
        let seen = self.seen.read().await;
        Ok(count(&seen.events))
    }

    async fn catch_up(&self) -> Result<(), CoachError> {
        let store = self.log_store()?;
        let read = async |after| {
            let chunk =
                Selection { since: None, until: None, after, newest_first: false, limit: CHUNK };
            store.read(chunk).await
        };
        let known = self.seen.read().await.last;
        if read(known).await?.is_empty() {
            return Ok(());
        }
        let mut seen = self.seen.write().await;
        loop {
            let page = read(seen.last).await?;
            let Some((number, _)) = page.last() else { return Ok(()) };
            seen.last = Some(*number);
            seen.events.extend(page.into_iter().map(|(_, event)| short(event)));
        }
    }
}

fn short(mut event: Event) -> Event {
    if let Body::PriceShown(shown) = &mut event.body {
        shown.answer = String::new();
    }
    event
}
