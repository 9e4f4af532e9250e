//! The family of a card: which kind of objection it answers, or which other tool it is.

use serde::{Deserialize, Serialize};

use super::UnknownWord;

/// The 13 objection families, and four for cards that answer no objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// It costs too much, or someone else is cheaper.
    Price,
    /// There is no money set aside, or it is frozen.
    Budget,
    /// They use or prefer another vendor.
    Competitor,
    /// Not now.
    Timing,
    /// Someone else has to decide.
    Authority,
    /// They see no problem that this would solve.
    Need,
    /// They do not believe the vendor, the product or the promise.
    Trust,
    /// Terms, length, notice and legal questions.
    Contract,
    /// Whether it works with the systems they have.
    Integration,
    /// Where data lies, who sees it, which certificates there are.
    Security,
    /// Too hard to roll out or to use.
    Complexity,
    /// What they have is good enough.
    StatusQuo,
    /// A polite way to end the conversation.
    BrushOff,
    /// Opening a call: permission, gatekeepers, voicemail.
    Opening,
    /// Introductions, follow-ups and referrals.
    Networking,
    /// How a selling method is used.
    Methodology,
    /// What to say about one named competitor.
    Battlecard,
}

impl Family {
    /// Its name for people to read.
    #[must_use]
    pub fn words(self) -> String {
        self.name().replace('_', " ")
    }

    /// Every family, objections first.
    pub const ALL: [Self; 17] = [
        Self::Price,
        Self::Budget,
        Self::Competitor,
        Self::Timing,
        Self::Authority,
        Self::Need,
        Self::Trust,
        Self::Contract,
        Self::Integration,
        Self::Security,
        Self::Complexity,
        Self::StatusQuo,
        Self::BrushOff,
        Self::Opening,
        Self::Networking,
        Self::Methodology,
        Self::Battlecard,
    ];

    /// The name used in files, JSON and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Budget => "budget",
            Self::Competitor => "competitor",
            Self::Timing => "timing",
            Self::Authority => "authority",
            Self::Need => "need",
            Self::Trust => "trust",
            Self::Contract => "contract",
            Self::Integration => "integration",
            Self::Security => "security",
            Self::Complexity => "complexity",
            Self::StatusQuo => "status_quo",
            Self::BrushOff => "brush_off",
            Self::Opening => "opening",
            Self::Networking => "networking",
            Self::Methodology => "methodology",
            Self::Battlecard => "battlecard",
        }
    }

    /// Whether cards of this family answer something that a customer objects to.
    #[must_use]
    pub fn is_objection(self) -> bool {
        !matches!(self, Self::Opening | Self::Networking | Self::Methodology | Self::Battlecard)
    }

    /// After how many days without a check a card of this family is due for review:
    /// 60 for battlecards, 365 for methods, 180 for the rest.
    #[must_use]
    pub fn review_interval_days(self) -> i64 {
        match self {
            Self::Battlecard => 60,
            Self::Methodology => 365,
            _ => 180,
        }
    }
}

impl std::fmt::Display for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Family {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|family| family.name() == word).ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            what: "family",
            known: Self::ALL.map(Self::name).to_vec(),
        })
    }
}
