//! How a rep says a card went.

use serde::{Deserialize, Serialize};

use crate::model::UnknownWord;

/// How a card went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The customer went along.
    Worked,
    /// The customer did not.
    DidNotWork,
    /// The rep did not use it.
    NotUsed,
    /// The rep takes back what they said of it.
    Undone,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 4] = [Self::Worked, Self::DidNotWork, Self::NotUsed, Self::Undone];

    /// The name used in JSON and forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Worked => "worked",
            Self::DidNotWork => "did_not_work",
            Self::NotUsed => "not_used",
            Self::Undone => "undone",
        }
    }
}

impl std::str::FromStr for Mark {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|mark| mark.name() == word).ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            what: "mark",
            known: Self::ALL.map(Self::name).to_vec(),
        })
    }
}
