//! What becomes of a question.

use serde::{Deserialize, Serialize};

/// What is made of a question, in answers and in the log alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// One card answers it.
    Card,
    /// Two or three cards are too close to call.
    Choice,
    /// No card answers it.
    None,
}

impl Outcome {
    /// The name used in JSON and on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Choice => "choice",
            Self::None => "none",
        }
    }
}
