//! What the log says to marketing: the figures of a period beside those of the one before, in the
//! words of the playbooks. Page, digest and command line all take them from here.
#![deny(clippy::disallowed_methods)]

mod cards;
mod change;
mod clusters;
mod figures;
mod goal;
mod overview;
mod period;

pub use cards::{CardFigures, Sort, cards, comparable, sort};
pub use change::Change;
pub use clusters::{SAME_MEANING, clusters};
pub use figures::Figures;
pub use goal::{Progress, Standing};
pub use overview::{Overview, Parts, Theme, Week};
pub use period::{Period, Span};
