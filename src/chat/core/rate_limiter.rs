//! Rate limits per user and per channel.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// This many are remembered at most; the ones that rested longest are forgotten first.
const REMEMBERED: usize = 10_000;

/// This many at once, and then one more each time that `each` has passed.
pub(super) struct RateLimiter {
    burst: u32,
    each: Duration,
    /// Until when each one's earlier doings count.
    busy: Mutex<BTreeMap<String, Instant>>,
}

impl RateLimiter {
    pub(super) fn new(burst: u32, each: Duration) -> Self {
        Self { burst, each, busy: Mutex::default() }
    }

    /// Whether they may do one more thing now.
    pub(super) fn allows(&self, who: &str, now: Instant) -> bool {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.len() >= REMEMBERED {
            busy.retain(|_, until| *until > now);
        }
        let until = busy.get(who).copied().filter(|until| *until > now).unwrap_or(now);
        if until - now > self.each * (self.burst - 1) {
            return false;
        }
        busy.insert(who.to_owned(), until + self.each);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_one_at_a_time_for_each_alone() {
        let rate_limiter = RateLimiter::new(3, Duration::from_secs(1));
        let start = Instant::now();
        let allowed = |who, millis| rate_limiter.allows(who, start + Duration::from_millis(millis));
        let burst = (0..5).filter(|_| allowed("a", 0)).count();
        assert_eq!(burst, 3);
        assert!(allowed("b", 0), "others are not slowed down");
        assert!(!allowed("a", 900) && allowed("a", 1_000) && !allowed("a", 1_100));
        assert_eq!((0..9).filter(|_| allowed("a", 60_000)).count(), 3);
    }
}
