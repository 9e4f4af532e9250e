//! The port to time and chance, so that tests can hand them in.

use crate::model::Timestamp;

/// Tells the time and makes names for events.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// A name that was never given before; names sort by time.
    fn new_id(&self) -> String;
}
