//! Notices an interaction that is delivered twice, after a resumed connection for example.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// So many interactions are remembered. Discord forgets one after 15 minutes; 20 a second, far
/// more than reps can press, make 18,000 in that time.
const REMEMBERED: usize = 20_000;

/// The interactions that were seen lately.
#[derive(Default)]
pub(super) struct SeenInteractions {
    seen: Mutex<(BTreeSet<u64>, VecDeque<u64>)>,
}

impl SeenInteractions {
    /// Whether this is the first time that this one comes.
    pub(super) fn is_new(&self, id: u64) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, order) = &mut *seen;
        if !known.insert(id) {
            return false;
        }
        order.push_back(id);
        if order.len() > REMEMBERED
            && let Some(oldest) = order.pop_front()
        {
            known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_once_until_it_is_long_past() {
        let once = SeenInteractions::default();
        assert!(once.is_new(1) && !once.is_new(1));
        let most = u64::try_from(REMEMBERED).unwrap();
        assert!((2..=most).all(|id| once.is_new(id)));
        assert!(!once.is_new(1));
        assert!(once.is_new(most + 1));
        assert!(once.is_new(1), "forgotten by now");
    }
}
