//! Whether the log can be written, as far as is known: from the last write, and from trying again.

use std::sync::{Mutex, PoisonError};

/// Why the last write failed, until one succeeds.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<Option<String>>);

impl Health {
    /// Notes how a write went, and says in the operator's log when that changes.
    pub(super) fn note(&self, failure: Option<&str>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (known.as_deref(), failure) {
            (None, Some(cause)) => tracing::error!(%cause, "the log cannot be written"),
            (Some(_), None) => tracing::info!("the log is written again"),
            _ => {}
        }
        *known = failure.map(str::to_owned);
    }

    /// Why nothing can be written; none when it can.
    pub(super) fn trouble(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
