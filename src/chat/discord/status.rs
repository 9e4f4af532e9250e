//! How the connection to Discord is doing, for `/healthz` and the log.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::model::Timestamp;

/// This many of the last answers are measured.
const MEASURED: usize = 1_000;

/// The state of the connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// It is being made.
    #[default]
    Connecting,
    /// Reps can ask.
    Ready,
    /// It broke and is being made again.
    Reconnecting,
    /// It is not tried before a moment, and why.
    Paused {
        /// The moment.
        until: Timestamp,
        /// Why.
        why: String,
    },
    /// It is not tried again until someone acts.
    Refused {
        /// What they have to do.
        why: String,
    },
    /// It was ended.
    Stopped,
}

/// The state, and what was counted since the start.
#[derive(Debug, Default)]
pub struct Status {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    state: State,
    /// How long the last first answers took, from the delivery on.
    answers: VecDeque<Duration>,
    duplicates: u64,
    unreadable: u64,
    reconnects: u64,
}

impl Status {
    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.with(|inner| inner.state.clone())
    }

    pub(super) fn set(&self, state: State) {
        self.with(|inner| inner.state = state);
    }

    pub(super) fn answered(&self, after: Duration) {
        self.with(|inner| {
            if inner.answers.len() == MEASURED {
                inner.answers.pop_front();
            }
            inner.answers.push_back(after);
        });
    }

    pub(super) fn duplicate(&self) {
        self.with(|inner| inner.duplicates += 1);
    }

    pub(super) fn unreadable(&self) {
        self.with(|inner| inner.unreadable += 1);
    }

    pub(super) fn reconnected(&self) {
        self.with(|inner| inner.reconnects += 1);
    }

    /// As `/healthz` shows it. Times are in milliseconds, over the last thousand answers.
    #[must_use]
    pub fn json(&self) -> Value {
        self.with(|inner| {
            let mut sorted: Vec<Duration> = inner.answers.iter().copied().collect();
            sorted.sort();
            let at = |share: usize| {
                let place = (sorted.len() * share).div_ceil(100).saturating_sub(1);
                sorted.get(place).map(Duration::as_millis)
            };
            let (state, why) = match &inner.state {
                State::Connecting => ("connecting".to_owned(), None),
                State::Ready => ("ready".to_owned(), None),
                State::Reconnecting => ("reconnecting".to_owned(), None),
                State::Paused { until, why } => (format!("paused until {until}"), Some(why)),
                State::Refused { why } => ("refused".to_owned(), Some(why)),
                State::Stopped => ("stopped".to_owned(), None),
            };
            json!({
                "state": state,
                "why": why,
                "answers_ms": {"p50": at(50), "p99": at(99), "max": at(100)},
                "duplicates": inner.duplicates,
                "unreadable": inner.unreadable,
                "reconnects": inner.reconnects,
            })
        })
    }
}
