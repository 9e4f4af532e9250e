//! What the use cases need from outside, as traits.

mod clock;
mod feedback_store;
mod library;

pub use clock::Clock;
pub use feedback_store::{
    Appended, FeedbackStore, IdempotencyKey, MOST_IN_CONVERSATION, Page, Selection, StoreError,
};
pub use library::{Finder, FinderError, Found, Generation, Hits, Learning, Library};

/// What an asynchronous port returns: boxed, so that ports can be swapped at run time.
pub type PortFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
