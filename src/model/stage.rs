//! The stage of a deal, from cold contact to renewal.

use serde::{Deserialize, Serialize};

use super::UnknownWord;

/// Where a deal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Cold contact.
    Prospecting,
    /// Finding out what the problem is.
    Discovery,
    /// The customer tries or compares.
    Evaluation,
    /// An offer is on the table.
    Proposal,
    /// Terms are being discussed.
    Negotiation,
    /// The signature is due.
    Closing,
    /// An existing contract comes to its end.
    Renewal,
}

impl Stage {
    /// Every stage, earliest first.
    pub const ALL: [Self; 7] = [
        Self::Prospecting,
        Self::Discovery,
        Self::Evaluation,
        Self::Proposal,
        Self::Negotiation,
        Self::Closing,
        Self::Renewal,
    ];

    /// The name used in files, JSON and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prospecting => "prospecting",
            Self::Discovery => "discovery",
            Self::Evaluation => "evaluation",
            Self::Proposal => "proposal",
            Self::Negotiation => "negotiation",
            Self::Closing => "closing",
            Self::Renewal => "renewal",
        }
    }
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Stage {
    /// The stage that a form or a command names; `None` when it names none.
    ///
    /// # Errors
    /// [`UnknownWord`] for what is not a stage.
    pub fn named(word: &str) -> Result<Option<Self>, UnknownWord> {
        if word.is_empty() { Ok(None) } else { word.parse().map(Some) }
    }
}

impl std::str::FromStr for Stage {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|stage| stage.name() == word).ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            what: "stage",
            known: Self::ALL.map(Self::name).to_vec(),
        })
    }
}
