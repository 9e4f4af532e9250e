//! Where people talk to us.

use serde::{Deserialize, Serialize};

use crate::model::UnknownWord;

/// Where a rep talks to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// The command line.
    Terminal,
    /// The web page.
    Web,
    /// Another program, through the JSON API.
    Api,
    /// Discord.
    Discord,
}

impl Platform {
    /// Every platform.
    pub const ALL: [Self; 4] = [Self::Terminal, Self::Web, Self::Api, Self::Discord];

    /// The name used in JSON and on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Web => "web",
            Self::Api => "api",
            Self::Discord => "discord",
        }
    }
}

impl std::str::FromStr for Platform {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.into_iter().find(|platform| platform.name() == word);
        found.ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            what: "platform",
            known: Self::ALL.map(Self::name).to_vec(),
        })
    }
}
