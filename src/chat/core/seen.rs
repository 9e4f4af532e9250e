//! Notices what is delivered twice, after a resumed connection for example.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;

/// This many events are remembered. Platforms deliver one again for 15 minutes at most; 20 a second,
/// far more than reps can press, make 18,000 in that time.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();

/// The events that were seen lately.
pub(super) struct SeenEvents(Mutex<LruCache<String, ()>>);

impl Default for SeenEvents {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl SeenEvents {
    /// Whether this is the first time that this one comes.
    pub(super) fn is_new(&self, id: &str) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.put(id.to_owned(), ()).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_once_until_it_is_long_past() {
        let seen = SeenEvents::default();
        assert!(seen.is_new("first") && !seen.is_new("first"));
        assert!((0..REMEMBERED.get() - 1).all(|id| seen.is_new(&id.to_string())));
        assert!(!seen.is_new("first"));
        assert!((0..REMEMBERED.get()).all(|id| seen.is_new(&format!("other {id}"))));
        assert!(seen.is_new("first"), "forgotten by now");
    }
}
