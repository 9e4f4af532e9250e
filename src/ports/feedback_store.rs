//! The port to the log. It only grows: there is no way to change or remove an event.

use super::PortFuture;
use crate::feedback::Event;
use crate::model::Timestamp;

/// So many events of a conversation are handed out.
pub const MOST_IN_CONVERSATION: usize = 200;

/// Keeps events. Every call comes back within two seconds, with an error if need be: a rep in a call
/// does not wait longer for the log, and gets the card without it.
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

    /// The events of a conversation in the order in which they were added, at most the first
    /// [`MOST_IN_CONVERSATION`].
    fn conversation<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Vec<Event>, StoreError>>;

    /// What counts in a negotiation, in the order in which it was added: everything that happened
    /// with its prices and exceptions, the prices which that is about, and of the others the last
    /// twenty; at most the first [`MOST_IN_CONVERSATION`].
    fn negotiation<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Vec<Event>, StoreError>>;

    /// The last event that says whether this rep is in a call.
    fn last_call<'a>(&'a self, actor: &'a str)
    -> PortFuture<'a, Result<Option<Event>, StoreError>>;

    /// The last questions and answers of this rep, prices too, newest first.
    fn recent<'a>(
        &'a self,
        actor: &'a str,
        most: usize,
    ) -> PortFuture<'a, Result<Vec<Event>, StoreError>>;

    /// The questions of which this rep waits for an answer and which they have not asked again
    /// since, latest first; only those of which the words are kept.
    fn open_wishes<'a>(
        &'a self,
        actor: &'a str,
        most: usize,
    ) -> PortFuture<'a, Result<Vec<Event>, StoreError>>;

    /// Whether somebody waits for an answer in place of this one.
    fn is_wished<'a>(&'a self, receipt: &'a str) -> PortFuture<'a, Result<bool, StoreError>>;

    /// What was asked for and decided about exceptions from the price policy since a moment, in the
    /// order in which it was added.
    fn approvals(&self, since: Timestamp) -> PortFuture<'_, Result<Vec<Event>, StoreError>>;

    /// Events in the order in which they were added.
    fn read(&self, selection: Selection) -> PortFuture<'_, Result<Page, StoreError>>;

    /// The events with these numbers, in the order in which they were added.
    fn at(&self, numbers: Vec<i64>) -> PortFuture<'_, Result<Page, StoreError>>;

    /// Why nothing can be written now, as far as is known; none when it can.
    fn trouble(&self) -> Option<String>;
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

/// The log cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the log: {0}")]
pub struct StoreError(pub String);
