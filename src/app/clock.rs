//! The clock and the names of the machine this runs on.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Timestamp;
use crate::ports::Clock;

/// The system's clock, and UUIDs of version 7, which sort by time.
pub struct SystemClock;

/// A clock that stands still, to ask what would be answered at another time.
pub struct StoppedClock(pub Timestamp);

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn new_id(&self) -> String {
        SystemClock.new_id()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_unix_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn new_id(&self) -> String {
        uuid::Uuid::now_v7().to_string()
    }
}
