//! From evidence for each card to an order, and to the decision to answer, to offer a choice or
//! to stay silent. Pure arithmetic over numbers that the search hands in.
#![deny(clippy::disallowed_methods)]

mod favour;
mod order;
mod parts;

pub use favour::Favours;
pub use order::{Evidence, Judged, Near, Nearness, Ranked, Sure, WORD_FOR_WORD, Weights, judge};
pub use parts::objections;
