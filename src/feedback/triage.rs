//! What becomes of a recommendation.

use serde::{Deserialize, Serialize};

use crate::model::{Day, Receipt, UnknownWord};
use crate::redact::Redacted;

/// Where a recommendation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has decided yet, or it was reopened.
    Open,
    /// It will be done.
    Planned,
    /// Someone works on it.
    Started,
    /// It is done.
    Done,
    /// It will not be done.
    Declined,
    /// It is the same as another one.
    Duplicate,
    /// It comes back on a day.
    Snoozed,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Planned,
        Self::Started,
        Self::Done,
        Self::Declined,
        Self::Duplicate,
        Self::Snoozed,
    ];

    /// The name used in JSON, forms and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Planned => "planned",
            Self::Started => "started",
            Self::Done => "done",
            Self::Declined => "declined",
            Self::Duplicate => "duplicate",
            Self::Snoozed => "snoozed",
        }
    }

    /// True if nothing more is to be done.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Done | Self::Declined | Self::Duplicate)
    }

    /// True if the rep is told.
    #[must_use]
    pub fn is_told(self) -> bool {
        !matches!(self, Self::Open | Self::Snoozed)
    }
}

impl std::str::FromStr for Status {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.into_iter().find(|status| status.name() == word);
        found.ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            what: "status",
            known: Self::ALL.map(Self::name).to_vec(),
        })
    }
}

/// A decision about a recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triaged {
    /// The event of the recommendation.
    pub recommendation: Receipt,
    /// Where it stands now.
    pub status: Status,
    /// What the rep reads; of one that is declined, the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Redacted>,
    /// Where it lands: a card, a campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Redacted>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Redacted>,
    /// When it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The recommendation that it repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<Receipt>,
}
