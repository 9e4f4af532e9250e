//! Figures that grow with what is new: each fold takes in one event at a time, and what two
//! stretches of the log came to can be put together.

mod cards;
mod events;
mod gaps;
mod recommendations;
mod tables;

use serde::{Deserialize, Serialize};

use super::{Mark, Platform};
use crate::model::{Outcome, Timestamp};

pub(super) use cards::CardFold;
pub(super) use events::EventFold;
pub(super) use gaps::GapFold;
pub(super) use recommendations::RecommendationFold;
pub(super) use tables::{Related, Tables, Wanted};

/// What is counted over the events of a stretch of the log.
pub(super) trait Fold: Default {
    /// Takes in the next event.
    fn apply(&mut self, fact: &Fact);

    /// Takes in what a later stretch came to, as far as it is wanted.
    fn merge(&mut self, later: &Self, wanted: &Wanted<'_>);
}

/// What events are told apart by when they are counted. A new way to filter is a field here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(Platform, u32)", into = "(Platform, u32)")]
pub(super) struct Slice {
    pub platform: Platform,
    /// The number of the list of cards that the event is about.
    pub list: u32,
}

impl Slice {
    /// Stands for slices that are not told apart any more.
    pub(super) const ANY: Self = Self { platform: Platform::Api, list: Tables::NO_CARDS };
}

/// Stored without names: there are hundreds of thousands.
impl From<(Platform, u32)> for Slice {
    fn from((platform, list): (Platform, u32)) -> Self {
        Self { platform, list }
    }
}

impl From<Slice> for (Platform, u32) {
    fn from(slice: Slice) -> Self {
        (slice.platform, slice.list)
    }
}

/// What is counted of one event. Numbers of [`Tables`] stand for lists of cards and for names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    /// Its number in the log.
    pub number: i64,
    pub at: Timestamp,
    pub slice: Slice,
    pub what: What,
}

impl Fact {
    /// The key of the words that nothing fitted, if it is an answer of that kind.
    pub(super) fn opens_gap(&self) -> Option<u64> {
        match self.what {
            What::Answered { question: Some(asked), outcome: Outcome::None, .. } => {
                Some(asked.words)
            }
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Asked,
    Answered {
        question: Option<Question>,
        outcome: Outcome,
        pushback: bool,
    },
    /// With the key of the receipt.
    Marked {
        receipt: u64,
        mark: Mark,
    },
    Recommended {
        channel: u32,
        benefit: u32,
    },
    /// What has nothing to count but itself.
    Other,
}

/// The question of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question {
    pub number: i64,
    /// The key of its words.
    pub words: u64,
    /// True if its words are stored.
    pub kept: bool,
    /// True if nothing fitted these words once.
    pub was_gap: bool,
    /// True if this is the first answer to it.
    pub first: bool,
}

/// All figures of a stretch.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Totals {
    pub events: EventFold,
    pub cards: CardFold,
    pub gaps: GapFold,
    pub recommendations: RecommendationFold,
}

impl Fold for Totals {
    fn apply(&mut self, fact: &Fact) {
        self.events.apply(fact);
        self.cards.apply(fact);
        self.gaps.apply(fact);
        self.recommendations.apply(fact);
    }

    fn merge(&mut self, later: &Self, wanted: &Wanted<'_>) {
        self.events.merge(&later.events, wanted);
        self.cards.merge(&later.cards, wanted);
        self.gaps.merge(&later.gaps, wanted);
        self.recommendations.merge(&later.recommendations, wanted);
    }
}
