//! What the coach needs from outside, as traits.

mod library;

pub use library::{Finder, FinderError, Found, Generation, Library};

/// What an asynchronous port returns: boxed, so that ports can be swapped at run time.
pub type PortFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
