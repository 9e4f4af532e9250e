//! What is read out of the whole log. Figures are kept by day and kept up to date; events and words
//! are read when someone looks at them.

use std::sync::{Arc, PoisonError, RwLock};

use super::UseCaseError;
use crate::feedback::{
    Body, Counts, Event, Filter, Gap, Inbox, LinkedEvents, OpenGap, Report, Rollups, VersionUse,
};
use crate::model::CardId;
use crate::ports::{Cursor, FeedbackStore, ListQuery, Numbered, Selection, StoreError};

/// This many events are read at once: reading them takes a thread for a millisecond or two.
const CHUNK: u32 = 500;

/// The figures are stored after so many events, and after a twentieth of the log: what a start has
/// to count again stays short, and storing takes a small part of the time.
const STORED_AFTER: u64 = 5_000;

/// Counts and reads in one log. Looking again reads only what came since.
#[derive(Clone)]
pub struct LogReader {
    store: Arc<dyn FeedbackStore>,
    rollups: Arc<RwLock<Rollups>>,
    /// One counts at a time: others who look do not take the processor from those who ask.
    turn: Arc<tokio::sync::Mutex<Begun>>,
}

/// What is known of the stored figures.
#[derive(Debug, Default)]
struct Begun {
    restored: bool,
    /// How many events the stored figures count.
    stored: u64,
}

/// What someone sees who looks at a part of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogView {
    /// Its figures.
    pub report: Report,
    /// The events of one page of it, newest first.
    pub events: Vec<Event>,
    /// Events of the whole log.
    pub all: u64,
    /// The numbers of those that are damaged and in no figure.
    pub unreadable: Vec<i64>,
}

impl LogReader {
    /// Reads in this log.
    #[must_use]
    pub fn new(store: Arc<dyn FeedbackStore>) -> Self {
        Self { store, rollups: Arc::default(), turn: Arc::default() }
    }

    /// Counts what was added since the last look.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn catch_up(&self) -> Result<(), UseCaseError> {
        let mut begun = self.turn.lock().await;
        Ok(self.read_on(&mut begun).await?)
    }

    /// Stores the figures, so that the next start goes on from here.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read or written.
    pub async fn save(&self) -> Result<(), UseCaseError> {
        let mut begun = self.turn.lock().await;
        Ok(self.store_figures(&mut begun).await?)
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
        let mut begun = self.turn.lock().await;
        self.read_on(&mut begun).await?;
        let cut = self.cut_days(&filter).await?;
        let counted = filter.clone();
        let count = move |rollups: &Rollups| {
            let counts = rollups.count(&counted, &cut);
            (counts, rollups.len(), rollups.unreadable().to_vec(), rollups.last())
        };
        let (counts, all, unreadable, up_to) = self.with(count).await?;
        drop(begun);
        let gaps = self.gaps(&counts, most_gaps).await?;
        let skip = page.saturating_sub(1).saturating_mul(size);
        let listed =
            ListQuery { filter, newest_first: true, after: None, up_to, skip, limit: size };
        let events = self.store.list(listed).await?.events;
        let events = events.into_iter().map(|(_, event)| event).collect();
        Ok(LogView { report: Report::new(counts, gaps), events, all, unreadable })
    }

    /// True if nothing is counted yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rollups.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Looks at what reps recommend and what became of it, as the log is now.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn inbox<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Inbox) -> T + Send + 'static,
    ) -> Result<T, UseCaseError> {
        self.catch_up().await?;
        Ok(self.with(|rollups: &Rollups| look(rollups.inbox())).await?)
    }

    /// The versions of a card that were shown, oldest first.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn versions(&self, card: CardId) -> Result<Vec<VersionUse>, UseCaseError> {
        self.catch_up().await?;
        Ok(self.with(move |rollups| rollups.versions(&card)).await?)
    }

    /// The last events of a part, newest first.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn last(&self, filter: Filter, limit: usize) -> Result<Vec<Numbered>, UseCaseError> {
        let query = ListQuery { filter, newest_first: true, limit, ..ListQuery::default() };
        Ok(self.store.list(query).await?.events)
    }

    /// The events with these numbers, in the order in which they were added.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn events(&self, numbers: Vec<i64>) -> Result<Vec<Numbered>, UseCaseError> {
        Ok(self.store.at(numbers).await?.events)
    }

    /// The figures of several parts, counted at one moment.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn figures(&self, parts: Vec<Filter>) -> Result<Vec<Counts>, UseCaseError> {
        let mut begun = self.turn.lock().await;
        self.read_on(&mut begun).await?;
        let mut cut = Vec::new();
        for part in &parts {
            cut.push(self.cut_days(part).await?);
        }
        let count = move |rollups: &Rollups| {
            parts.iter().zip(&cut).map(|(part, cut)| rollups.count(part, cut)).collect()
        };
        Ok(self.with(count).await?)
    }

    /// The events of a part as the log is now, some at a time.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn export(&self, filter: Filter) -> Result<Export, UseCaseError> {
        self.catch_up().await?;
        let (last, unreadable) = {
            let rollups = self.rollups.read().unwrap_or_else(PoisonError::into_inner);
            (rollups.last().unwrap_or(i64::MIN), rollups.unreadable().to_vec())
        };
        Ok(Export { store: Arc::clone(&self.store), filter, after: None, last, unreadable })
    }

    async fn read_on(&self, begun: &mut Begun) -> Result<(), StoreError> {
        if !begun.restored {
            if let Err(error) = self.restore(begun).await {
                // They only save time.
                tracing::warn!(%error, "the stored figures cannot be read; the log is counted anew");
            }
            begun.restored = true;
        }
        loop {
            let after = self.rollups.read().unwrap_or_else(PoisonError::into_inner).last();
            let page = self.store.read(Selection { after, newest_first: false, limit: CHUNK });
            let page = page.await?;
            if page.last.is_none() {
                return Ok(());
            }
            let linked = self.linked(page.events).await?;
            let counted = {
                let mut rollups = self.rollups.write().unwrap_or_else(PoisonError::into_inner);
                rollups.add(&linked);
                page.unreadable.iter().for_each(|number| rollups.add_unreadable(*number));
                rollups.len()
            };
            let new = counted.saturating_sub(begun.stored);
            if new >= STORED_AFTER.max(counted / 20)
                && let Err(error) = self.store_figures(begun).await
            {
                // They are counted again at the next start.
                tracing::warn!(%error, "the figures of the log could not be stored");
                begun.stored = counted;
            }
        }
    }

    /// Goes on from the figures that were stored, if there are any.
    async fn restore(&self, begun: &mut Begun) -> Result<(), StoreError> {
        if let Some(checkpoint) = self.store.checkpoint().await? {
            let restored = tokio::task::spawn_blocking(move || Rollups::restore(checkpoint)).await;
            if let Some(rollups) = restored.map_err(|error| StoreError(error.to_string()))? {
                begun.stored = rollups.len();
                *self.rollups.write().unwrap_or_else(PoisonError::into_inner) = rollups;
            }
        }
        Ok(())
    }

    async fn store_figures(&self, begun: &mut Begun) -> Result<(), StoreError> {
        let checkpoint = self.with(Rollups::checkpoint).await?;
        let checkpoint = checkpoint.map_err(|error| StoreError(error.to_string()))?;
        let Some(checkpoint) = checkpoint else { return Ok(()) };
        self.store.save_checkpoint(checkpoint.clone()).await?;
        let mut rollups = self.rollups.write().unwrap_or_else(PoisonError::into_inner);
        rollups.stored(&checkpoint);
        begun.stored = rollups.len();
        Ok(())
    }

    /// These events with those that they refer to.
    async fn linked(&self, events: Vec<Numbered>) -> Result<LinkedEvents, StoreError> {
        let earlier = self.store.find_all(LinkedEvents::missing(&events)).await?;
        Ok(LinkedEvents { events, earlier })
    }

    /// The events of the days that a part cuts in two.
    async fn cut_days(&self, filter: &Filter) -> Result<LinkedEvents, StoreError> {
        let stretches =
            self.rollups.read().unwrap_or_else(PoisonError::into_inner).cut_days(filter);
        let mut found = Vec::new();
        for (since, until) in stretches {
            let filter = Filter { since: Some(since), until: Some(until), ..Filter::default() };
            let mut query = ListQuery { filter, limit: CHUNK as usize, ..ListQuery::default() };
            loop {
                let listed = self.store.list(query.clone()).await?;
                if listed.last.is_none() {
                    break;
                }
                query.after = listed.last;
                found.extend(listed.events);
            }
        }
        self.linked(found).await
    }

    /// Counts on a thread of its own: it takes a while, and others are to be answered meanwhile.
    async fn with<T: Send + 'static>(
        &self,
        count: impl FnOnce(&Rollups) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let rollups = Arc::clone(&self.rollups);
        let counted = tokio::task::spawn_blocking(move || {
            count(&rollups.read().unwrap_or_else(PoisonError::into_inner))
        });
        counted.await.map_err(|error| StoreError(error.to_string()))
    }

    /// The first of these gaps, with their words.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn gaps(&self, counts: &Counts, most: usize) -> Result<Vec<Gap>, UseCaseError> {
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
                let receipt = find(gap.answer)?.id.as_str().into();
                Some(Gap { key: gap.key, text, asked: gap.asked, last: gap.last, receipt })
            }));
        }
        Ok(gaps)
    }
}

/// The events of a part of the log in order of time, which are read as they are taken.
pub struct Export {
    store: Arc<dyn FeedbackStore>,
    filter: Filter,
    after: Option<Cursor>,
    /// The last event that there was when it began.
    last: i64,
    unreadable: Vec<i64>,
}

impl Export {
    /// The next few events in their order; none at the end.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn next(&mut self) -> Result<Vec<Event>, UseCaseError> {
        loop {
            let query = ListQuery {
                filter: self.filter.clone(),
                after: self.after,
                up_to: Some(self.last),
                limit: CHUNK as usize,
                ..ListQuery::default()
            };
            let listed = self.store.list(query).await?;
            if listed.last.is_none() {
                return Ok(Vec::new());
            }
            self.after = listed.last;
            if !listed.events.is_empty() {
                return Ok(listed.events.into_iter().map(|(_, event)| event).collect());
            }
        }
    }

    /// The numbers of events that are damaged and left out.
    #[must_use]
    pub fn unreadable(&self) -> &[i64] {
        &self.unreadable
    }
}
