//! The words that every room shares: families, stages, outcomes, ids and times.
#![deny(clippy::disallowed_methods, clippy::float_arithmetic)]

mod chance;
mod family;
mod ids;
mod locale;
mod mode;
mod money;
mod names;
mod outcome;
mod reason;
mod rule;
mod stage;
mod time;

pub use chance::Chance;
pub use family::Family;
pub use ids::{CardId, ContentHash};
pub use locale::Locale;
pub use mode::Mode;
pub use money::{Cents, Percent, WrongFigure};
pub use names::{Currency, DealName, Receipt, Sku};
pub use outcome::Outcome;
pub use reason::Reason;
pub use rule::{Rule, Severity};
pub use stage::Stage;
pub use time::{Day, Timestamp, Zone};

/// A word that is none of those a closed list knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a known {what}; one of: {}", .known.join(", "))]
pub struct UnknownWord {
    /// The word as it was written.
    pub word: String,
    /// What it should have named, for example `stage`.
    pub what: &'static str,
    /// Every word that would have been right.
    pub known: Vec<&'static str>,
}
