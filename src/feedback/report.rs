//! The figures of a part of the log: what the page shows and what `cornerman feedback report` prints.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{CardUse, Counts, ENOUGH, Rate};
use crate::model::{CardId, Receipt, Timestamp};
use crate::redact::Redacted;

/// What a part of the log comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Events in this part.
    pub events: u64,
    /// The questions, and those of them that something fitted.
    pub answered: Rate,
    /// Cards with what became of them, those shown most first.
    pub cards: Vec<CardLine>,
    /// What no one could answer, asked most first.
    pub gaps: Vec<Gap>,
    /// Field notes, by channel and benefit.
    pub recommendations: Vec<Recommended>,
}

/// How one card fared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CardLine {
    /// Which.
    pub card_id: CardId,
    /// How often it was shown, and how it went.
    #[serde(flatten)]
    pub fate: CardUse,
    /// Of the answers of which the outcome is known, those after which the customer went along.
    pub won: Rate,
}

/// A question that nothing fitted when it was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Stands for its words: equal words have the same key.
    #[serde(skip)]
    pub key: u64,
    /// The words, if they are kept.
    pub text: Option<Redacted>,
    /// How often it was asked.
    pub asked: u64,
    /// When it was asked last.
    pub last: Timestamp,
    /// The answer it got then.
    pub receipt: Receipt,
}

/// How many recommendations name this channel and this benefit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recommended {
    /// A channel of the plan; none when the rep named none.
    #[serde(serialize_with = "named")]
    pub channel: String,
    /// A benefit of the plan; none when the rep named none.
    #[serde(serialize_with = "named")]
    pub benefit: String,
    /// So many.
    pub count: u64,
}

/// The empty name is none.
fn named<S: Serializer>(name: &str, to: S) -> Result<S::Ok, S::Error> {
    Some(name).filter(|name| !name.is_empty()).serialize(to)
}

impl Report {
    /// Puts the figures in the order in which they are read; `gaps` are those of the counts, with
    /// their words.
    #[must_use]
    pub fn new(counts: Counts, gaps: Vec<Gap>) -> Self {
        let Counts { events, questions, unanswered, cards, recommendations, .. } = counts;
        let card = |(card_id, fate): (CardId, CardUse)| CardLine { won: fate.won(), card_id, fate };
        let mut cards: Vec<CardLine> = cards.into_iter().map(card).collect();
        // Equal counts keep the order of the names, so that the list is the same every time.
        cards.sort_by_key(|card| std::cmp::Reverse(card.fate.shown));
        let recommended = |((channel, benefit), count)| Recommended { channel, benefit, count };
        Self {
            events,
            answered: Rate { hits: questions.saturating_sub(unanswered), of: questions },
            cards,
            gaps,
            recommendations: recommendations.into_iter().map(recommended).collect(),
        }
    }

    /// Recommendations by channel, most first; those without one under the empty name.
    #[must_use]
    pub fn channels(&self) -> Vec<(&str, u64)> {
        self.most_first(|found| &found.channel)
    }

    /// Recommendations by benefit, most first; those without one under the empty name.
    #[must_use]
    pub fn benefits(&self) -> Vec<(&str, u64)> {
        self.most_first(|found| &found.benefit)
    }

    fn most_first<'a>(&'a self, name: impl Fn(&'a Recommended) -> &'a str) -> Vec<(&'a str, u64)> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for found in &self.recommendations {
            *counts.entry(name(found)).or_insert(0) += found.count;
        }
        let mut list: Vec<(&str, u64)> = counts.into_iter().collect();
        list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        list
    }

    /// How many events of how many this part has, and how many questions were answered.
    #[must_use]
    pub fn heading(&self, all: u64) -> String {
        let counted = |count: u64, what: &str| match count {
            1 => format!("1 {what}"),
            _ => format!("{count} {what}s"),
        };
        let of = if self.events == all { String::new() } else { format!(" of {all}") };
        let Rate { hits, of: asked } = self.answered;
        let answered = match asked {
            0 => String::new(),
            1..ENOUGH => format!(", {hits} answered"),
            _ => format!(", answered {}", self.answered),
        };
        let (events, questions) = (counted(self.events, "event"), counted(asked, "question"));
        format!("{events}{of}: {questions}{answered}")
    }
}
