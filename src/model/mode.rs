//! How a question comes about.

use serde::{Deserialize, Serialize};

/// How a question comes about: it decides how sure one must be that it needs a card at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A rep types it and wants a card: there is an answer unless it plainly needs none.
    #[default]
    Typed,
    /// It is overheard where much is said that needs no card: there is none unless it plainly needs
    /// one.
    Listening,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Typed, Self::Listening];

    /// The name on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Listening => "listening",
        }
    }
}
