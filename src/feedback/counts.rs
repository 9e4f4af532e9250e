//! What a part of the log comes to: how often a card came and how it went, what no one could answer,
//! what reps recommend.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Mark, Rate};
use crate::model::{CardId, ContentHash, Day, Timestamp};

/// How one card fared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CardUse {
    /// In how many answers it was shown.
    pub shown: u64,
    /// In how many of these it was the only one.
    pub alone: u64,
    /// How often customers pushed back on it.
    pub pushbacks: u64,
    /// Answers after which it worked.
    pub worked: u64,
    /// Answers after which it did not.
    pub did_not_work: u64,
    /// Answers in which it was not used.
    pub not_used: u64,
}

impl CardUse {
    /// Of the answers of which the outcome is known, those after which the customer went along.
    #[must_use]
    pub fn won(&self) -> Rate {
        Rate { hits: self.worked, of: self.worked + self.did_not_work }
    }

    /// Counts one answer that is marked so in the end.
    pub(super) fn mark(&mut self, mark: Mark) {
        match mark {
            Mark::Worked => self.worked += 1,
            Mark::DidNotWork => self.did_not_work += 1,
            Mark::NotUsed => self.not_used += 1,
            Mark::Undone => {}
        }
    }
}

/// A version of a card, and how it fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionUse {
    /// The hash of its content; none for answers that did not note it.
    pub hash: Option<ContentHash>,
    /// The first day on which it was shown or marked.
    pub first: Day,
    /// The last day on which it was.
    pub last: Day,
    /// How it fared.
    pub fate: CardUse,
}

/// A question that nothing fitted when it was asked last, by the numbers of its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenGap {
    /// Stands for its words: equal words have the same key.
    pub key: u64,
    /// How often it was asked since it was answered last.
    pub asked: u64,
    /// When it was asked first since then.
    pub first: Timestamp,
    /// When it was asked last.
    pub last: Timestamp,
    /// The answer it got then.
    pub answer: i64,
    /// The last question of which the words are kept.
    pub words: Option<i64>,
}

/// What a part of the log comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events in it.
    pub events: u64,
    /// Questions that were asked.
    pub questions: u64,
    /// Answers of which nothing fitted.
    pub unanswered: u64,
    /// What became of each card. A rep may change their mind: of several marks for one card of one
    /// answer the last one counts.
    pub cards: BTreeMap<CardId, CardUse>,
    /// Answers by the first of the cards that they showed: what a question was about.
    pub first_cards: BTreeMap<CardId, u64>,
    /// The questions without an answer, those asked most first, then the latest. Equal words are one
    /// question; one that was answered since is none any more.
    pub gaps: Vec<OpenGap>,
    /// Recommendations by channel and benefit; one that names none is counted under the empty name.
    pub recommendations: BTreeMap<(String, String), u64>,
}
