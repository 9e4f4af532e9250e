//! The use cases: a sentence in, a card out. Knows the ports, not what stands behind them.

pub mod ports;
mod suggest;

pub use suggest::{Clause, CoachError, LatencyMicros, Look, Question, Suggestion, look, suggest};
