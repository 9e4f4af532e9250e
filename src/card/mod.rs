//! The words a rep reads: a card made ready to be shown, and the notices around it.
#![deny(clippy::disallowed_methods)]

mod compose;
pub mod notice;
mod price;

pub use compose::{
    CardView, PushbackView, SectionView, SourceView, compose, pushback, two_decimals,
};
pub use price::{
    AsAsked, AskView, MoveKind, Owed, PolicyView, PriceCard, PriceMove, PriceOutcome,
    PriceQuestion, Understood,
};
