//! The words a rep reads: a card made ready to be shown, and the notices around it.
#![deny(clippy::disallowed_methods)]

mod compose;
pub mod notice;

pub use compose::{
    CardView, PushbackView, SectionView, SourceView, compose, pushback, two_decimals,
};
