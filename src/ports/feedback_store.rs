//! The port to the log. It only grows: there is no way to change or remove an event.

use super::PortFuture;
use crate::feedback::{Checkpoint, Event, Filter};
use crate::model::{Receipt, Timestamp};

/// Keeps events, and what is counted of them. Every call comes back within two seconds, with an error
/// if need be: a rep in a call does not wait longer for the log, and gets the card without it.
///
/// Each event has a number, and numbers grow. A reader that has been handed an event is never handed one
/// with a lower number later: a store whose numbers may become visible out of order holds back those
/// above the first that is still in progress. Events that are added together have numbers that follow
/// each other.
pub trait FeedbackStore: Send + Sync {
    /// Adds events, all of them or none. When it returns they outlive a crash.
    ///
    /// With `once`, a second call with the same key and the same request adds nothing.
    fn append(
        &self,
        events: Vec<Event>,
        once: Option<IdempotencyKey>,
    ) -> PortFuture<'_, Result<Appended, StoreError>>;

    /// The event with this id.
    fn find<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Option<Event>, StoreError>>;

    /// The events with these ids, with their numbers, in the order in which they were added.
    fn find_all(&self, ids: Vec<String>) -> PortFuture<'_, Result<Vec<Numbered>, StoreError>>;

    /// The events that a query names, with their numbers. Through an index: it takes no longer in a
    /// longer log.
    fn events(&self, query: EventQuery) -> PortFuture<'_, Result<Vec<Numbered>, StoreError>>;

    /// Events in the order in which they were added.
    fn read(&self, selection: Selection) -> PortFuture<'_, Result<Page, StoreError>>;

    /// The events with these numbers, in the order in which they were added.
    fn at(&self, numbers: Vec<i64>) -> PortFuture<'_, Result<Page, StoreError>>;

    /// A part of the log in order of time, some of it. Through indexes: a page that no filter but time
    /// and platform cuts out takes no longer in a longer log.
    fn list(&self, query: ListQuery) -> PortFuture<'_, Result<Listed, StoreError>>;

    /// The figures that were stored last, with all their parts.
    fn checkpoint(&self) -> PortFuture<'_, Result<Option<Checkpoint>, StoreError>>;

    /// Stores the figures up to an event. Its parts replace those with the same names. Figures of an
    /// older version go; nothing happens when what is stored is of a newer version or counts more.
    fn save_checkpoint(&self, checkpoint: Checkpoint) -> PortFuture<'_, Result<(), StoreError>>;

    /// Why nothing can be written now, as far as is known; none when it can.
    fn trouble(&self) -> Option<String>;

    /// Finishes what is in progress and lets go of what it holds. Whatever comes later fails.
    fn close(&self) -> PortFuture<'_, ()>;
}

/// An event with its number.
pub type Numbered = (i64, Event);

/// Which events: all that is named has to hold, and at least one kind is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuery {
    /// The kinds, as [`crate::feedback::Body::kind`] names them.
    pub kinds: &'static [&'static str],
    /// Who did it, as a pseudonym.
    pub actor: Option<String>,
    /// The conversation or deal it belongs to.
    pub conversation: Option<String>,
    /// The answer or price it is about.
    pub receipt: Option<Receipt>,
    /// The salted hash of the words it is about.
    pub text_hash: Option<String>,
    /// Not before this moment.
    pub since: Option<Timestamp>,
    /// Newest first, and of too many the newest; otherwise in the order in which they were added.
    pub newest_first: bool,
    /// At most so many.
    pub limit: usize,
}

impl EventQuery {
    /// All events of these kinds.
    #[must_use]
    pub fn all(kinds: &'static [&'static str]) -> Self {
        Self {
            kinds,
            actor: None,
            conversation: None,
            receipt: None,
            text_hash: None,
            since: None,
            newest_first: false,
            limit: usize::MAX,
        }
    }

    /// The last events of these kinds, newest first.
    #[must_use]
    pub fn last(limit: usize, kinds: &'static [&'static str]) -> Self {
        Self { newest_first: true, limit, ..Self::all(kinds) }
    }
}

/// Makes a request that is sent twice count once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The sender's name for the request.
    pub key: String,
    /// Hash of the request: the same key with another one is the sender's mistake.
    pub request: String,
}

/// What became of an [`FeedbackStore::append`].
#[derive(Debug, Clone, PartialEq)]
pub enum Appended {
    /// The events were added.
    New,
    /// The same request was there before; this was its first event.
    Repeated(Box<Event>),
    /// The key was used for another request.
    KeyReused,
}

/// Which events to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// Only events with a number above this one (below it when `newest_first`).
    pub after: Option<i64>,
    /// Newest first instead of oldest first.
    pub newest_first: bool,
    /// At most this many.
    pub limit: u32,
}

/// Some events of the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Each with its number, in the order that was asked for.
    pub events: Vec<(i64, Event)>,
    /// The numbers of those that are damaged and were left out.
    pub unreadable: Vec<i64>,
    /// The number of the last one, damaged or not: the next page begins after it. None when there
    /// is no event beyond.
    pub last: Option<i64>,
}

/// Which part of the log to list, and where to begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// The part.
    pub filter: Filter,
    /// Newest first instead of oldest first.
    pub newest_first: bool,
    /// Only what comes after this event in the order that was asked for.
    pub after: Option<Cursor>,
    /// Only events up to this number.
    pub up_to: Option<i64>,
    /// Leaves out so many first.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}

/// Where an event is in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When it happened.
    pub at: Timestamp,
    /// Its number.
    pub number: i64,
}

/// Some events of a part of the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listed {
    /// In the order that was asked for.
    pub events: Vec<Numbered>,
    /// The cursor of the last one, damaged or not. None when there is no event beyond.
    pub last: Option<Cursor>,
}

/// The log cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the log: {0}")]
pub struct StoreError(pub String);
