//! The words a rep reads: a card made ready to be shown, and the notices around it.
#![deny(clippy::disallowed_methods)]

mod action;
mod answer;
mod compose;
pub mod notice;
mod view;

pub use action::{AnswerAction, REASONS, WRONG_CARD};
pub use answer::{Clause, LatencyMicros, Suggestion};
pub use compose::{
    CardView, PushbackView, SectionView, SourceView, compose, pushback, two_decimals,
};
pub use view::{AnswerView, CardBlock, Group, Line, PushbackBlock, SAY};
