//! From evidence for each card to an order, and to the decision to answer, to offer a choice or
//! to stay silent. Pure arithmetic over numbers that the search hands in.
#![deny(clippy::disallowed_methods)]

mod context_boost;
mod order;
mod parts;

pub use context_boost::ContextBoost;
pub use order::{Evidence, Near, Nearness, Ranked, Ranking, Sure, WORD_FOR_WORD, Weights, rank};
pub use parts::objections;
