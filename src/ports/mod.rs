//! What the use cases need from outside, as traits, each with a twin in memory.

mod clock;
mod feedback_store;
mod library;
pub mod memory;
mod state_store;

pub use clock::Clock;
pub use feedback_store::{
    Appended, Cursor, EventQuery, FeedbackStore, IdempotencyKey, ListQuery, Listed, Numbered, Page,
    Selection, StoreError,
};
pub use library::{Finder, FinderError, Found, Generation, Hits, Learning, Library};
pub use state_store::StateStore;

/// What an asynchronous port returns: boxed, so that ports can be swapped at run time.
pub type PortFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
