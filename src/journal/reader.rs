//! What is read out of the whole log. What is counted is kept in memory and kept up to date; words
//! are read when someone looks at them.

use std::sync::{Arc, PoisonError, RwLock};

use super::UseCaseError;
use crate::feedback::{Body, Counts, Event, Facts, Filter, Gap, OpenGap, Report};
use crate::ports::{FeedbackStore, Selection, StoreError};

/// This many events are read at once: reading them takes a thread for a millisecond or two.
const CHUNK: u32 = 500;

/// Counts and reads in one log. Looking again reads only what came since.
#[derive(Clone)]
pub struct LogReader {
    store: Arc<dyn FeedbackStore>,
    facts: Arc<RwLock<Facts>>,
    /// One counts at a time: others who look do not take the processor from those who ask.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// What someone sees who looks at a part of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogView {
    /// Its figures.
    pub report: Report,
    /// The events of one page of it, newest first.
    pub events: Vec<Event>,
    /// Events of the whole log.
    pub all: usize,
    /// The numbers of those that are damaged and in no figure.
    pub unreadable: Vec<i64>,
}

impl LogReader {
    /// Reads in this log.
    #[must_use]
    pub fn new(store: Arc<dyn FeedbackStore>) -> Self {
        Self { store, facts: Arc::default(), turn: Arc::default() }
    }

    /// Reads what was added since the last look.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn catch_up(&self) -> Result<(), UseCaseError> {
        let _turn = self.turn.lock().await;
        Ok(self.read_on().await?)
    }

    /// The figures of a part, with the words of so many gaps, and one page of its events.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn view(
        &self,
        filter: Filter,
        most_gaps: usize,
        (page, size): (usize, usize),
    ) -> Result<LogView, UseCaseError> {
        let skip = page.saturating_sub(1).saturating_mul(size);
        let count = move |facts: &Facts| {
            let (counts, numbers) = (facts.count(&filter), facts.newest(&filter, skip, size));
            (counts, numbers, facts.len(), facts.unreadable().to_vec())
        };
        let (counts, numbers, all, unreadable) = self.count(count).await?;
        let gaps = self.gaps(&counts, most_gaps).await?;
        let mut events = self.store.at(numbers).await?.events;
        events.reverse();
        let events = events.into_iter().map(|(_, event)| event).collect();
        Ok(LogView { report: Report::new(counts, gaps), events, all, unreadable })
    }

    /// The events of a part as the log is now, some at a time.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn export(&self, filter: Filter) -> Result<Export, UseCaseError> {
        let last = self.count(|facts| facts.last().unwrap_or(i64::MIN)).await?;
        Ok(Export { reader: self.clone(), filter, after: i64::MIN, last })
    }

    /// Counts in everything that is in the log now.
    async fn count<T: Send + 'static>(
        &self,
        count: impl FnOnce(&Facts) -> T + Send + 'static,
    ) -> Result<T, UseCaseError> {
        let _turn = self.turn.lock().await;
        self.read_on().await?;
        Ok(self.with(count).await?)
    }

    async fn read_on(&self) -> Result<(), StoreError> {
        let mut after = self.facts.read().unwrap_or_else(PoisonError::into_inner).last();
        loop {
            let page = self.store.read(Selection { after, newest_first: false, limit: CHUNK });
            let page = page.await?;
            let Some(last) = page.last else { return Ok(()) };
            after = Some(last);
            let mut facts = self.facts.write().unwrap_or_else(PoisonError::into_inner);
            page.events.iter().for_each(|(number, event)| facts.add(*number, event));
            page.unreadable.iter().for_each(|number| facts.add_unreadable(*number));
        }
    }

    /// Counts on a thread of its own: it takes a while, and others are to be answered meanwhile.
    async fn with<T: Send + 'static>(
        &self,
        count: impl FnOnce(&Facts) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let facts = Arc::clone(&self.facts);
        let counted = tokio::task::spawn_blocking(move || {
            count(&facts.read().unwrap_or_else(PoisonError::into_inner))
        });
        counted.await.map_err(|error| StoreError(error.to_string()))
    }

    /// The first of these gaps, with their words.
    async fn gaps(&self, counts: &Counts, most: usize) -> Result<Vec<Gap>, UseCaseError> {
        let mut gaps = Vec::new();
        let open: Vec<&OpenGap> = counts.gaps.iter().take(most).collect();
        for some in open.chunks(CHUNK as usize / 2) {
            let numbers = some.iter().flat_map(|gap| [Some(gap.answer), gap.words]).flatten();
            let events = self.store.at(numbers.collect()).await?.events;
            let find = |number: i64| {
                let at = events.binary_search_by_key(&number, |(number, _)| *number).ok()?;
                events.get(at).map(|(_, event)| event)
            };
            gaps.extend(some.iter().filter_map(|gap| {
                let text = gap.words.and_then(find).and_then(|asked| match &asked.body {
                    Body::Asked { text, .. } => text.clone(),
                    _ => None,
                });
                let receipt = find(gap.answer)?.id.clone();
                Some(Gap { text, asked: gap.asked, last: gap.last, receipt })
            }));
        }
        Ok(gaps)
    }
}

/// The events of a part of the log, which are read as they are taken.
pub struct Export {
    reader: LogReader,
    filter: Filter,
    after: i64,
    /// The last event that there was when it began.
    last: i64,
}

impl Export {
    /// The next few events in their order; none at the end.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn next(&mut self) -> Result<Vec<Event>, UseCaseError> {
        loop {
            let (after, last, filter) = (self.after, self.last, self.filter.clone());
            let numbers = self.reader.with(move |facts| {
                let mut numbers = facts.after(after, &filter, CHUNK as usize);
                numbers.retain(|number| *number <= last);
                numbers
            });
            let numbers = numbers.await?;
            let Some(end) = numbers.last() else { return Ok(Vec::new()) };
            self.after = *end;
            let events = self.reader.store.at(numbers).await?.events;
            if !events.is_empty() {
                return Ok(events.into_iter().map(|(_, event)| event).collect());
            }
        }
    }

    /// The numbers of events that are damaged and left out.
    ///
    /// # Errors
    /// [`UseCaseError`] when they cannot be counted.
    pub async fn unreadable(&self) -> Result<Vec<i64>, UseCaseError> {
        Ok(self.reader.with(|facts| facts.unreadable().to_vec()).await?)
    }
}
