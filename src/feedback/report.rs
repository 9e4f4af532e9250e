//! The figures of a part of the log: what the page shows and what `cornerman feedback report` prints.

use serde::{Serialize, Serializer};

use super::{CardUse, ENOUGH, Event, Gap, Rate, channel_by_benefit, gaps, summary};
use crate::model::CardId;

/// What a part of the log comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Events in this part.
    pub events: usize,
    /// The questions, and those of them that something fitted.
    pub answered: Rate,
    /// Cards with what became of them, those shown most first.
    pub cards: Vec<CardLine>,
    /// What nobody could answer, asked most first.
    pub gaps: Vec<Gap>,
    /// What reps recommend, by channel and benefit.
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
    /// Counts events, in the order in which they happened.
    #[must_use]
    pub fn of(events: &[&Event]) -> Self {
        let all = || events.iter().copied();
        let summary = summary(all());
        let card = |(card_id, fate): (CardId, CardUse)| CardLine { won: fate.won(), card_id, fate };
        let counts = channel_by_benefit(all()).into_iter();
        let recommended = |((channel, benefit), count)| Recommended { channel, benefit, count };
        Self {
            events: events.len(),
            answered: Rate {
                hits: summary.questions.saturating_sub(summary.unanswered),
                of: summary.questions,
            },
            cards: summary.cards.into_iter().map(card).collect(),
            gaps: gaps(all()),
            recommendations: counts.map(recommended).collect(),
        }
    }

    /// How many events of how many this part has, and how many questions were answered.
    #[must_use]
    pub fn heading(&self, all: usize) -> String {
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
        let (events, questions) =
            (counted(self.events as u64, "event"), counted(asked, "question"));
        format!("{events}{of}: {questions}{answered}")
    }
}
