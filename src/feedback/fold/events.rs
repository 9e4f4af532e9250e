//! How many events there are, how many of them are questions, and how many of these nothing fitted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tables::pairs;
use super::{Fact, Fold, Slice, Tables, Wanted, What};
use crate::feedback::Mark;
use crate::model::Outcome;

/// Events by what they are about.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(in crate::feedback) struct EventFold {
    #[serde(with = "pairs")]
    tallies: BTreeMap<Slice, Tally>,
    /// Marks, also those that a later one replaced.
    #[serde(with = "pairs")]
    marks: BTreeMap<(Slice, Mark), u32>,
}

/// Counts that may be below zero in a part: a question is counted as one about no card, and moves
/// to its cards with its first answer, which may be a day later.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
#[serde(from = "[i32; 3]", into = "[i32; 3]")]
pub(in crate::feedback) struct Tally {
    pub events: i32,
    pub questions: i32,
    pub unanswered: i32,
}

impl From<[i32; 3]> for Tally {
    fn from([events, questions, unanswered]: [i32; 3]) -> Self {
        Self { events, questions, unanswered }
    }
}

impl From<Tally> for [i32; 3] {
    fn from(Tally { events, questions, unanswered }: Tally) -> Self {
        [events, questions, unanswered]
    }
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.events += other.events;
        self.questions += other.questions;
        self.unanswered += other.unanswered;
    }
}

impl EventFold {
    /// What is wanted, over all slices.
    pub(in crate::feedback) fn tally(&self) -> Tally {
        let mut sum = Tally::default();
        self.tallies.values().for_each(|tally| sum.add(*tally));
        sum
    }

    /// The marks that are wanted.
    pub(in crate::feedback) fn marks(&self) -> u64 {
        self.marks.values().map(|count| u64::from(*count)).sum()
    }
}

impl Fold for EventFold {
    fn apply(&mut self, fact: &Fact) {
        const QUESTION: Tally = Tally { events: 1, questions: 1, unanswered: 0 };
        let mut add = |slice: Slice, tally: Tally| {
            self.tallies.entry(slice).or_default().add(tally);
        };
        match fact.what {
            What::Asked => add(fact.slice, QUESTION),
            What::Answered { question, outcome, .. } => {
                let unanswered = i32::from(outcome == Outcome::None);
                add(fact.slice, Tally { events: 1, questions: 0, unanswered });
                if question.is_some_and(|asked| asked.first) {
                    let about_none = Slice { list: Tables::NO_CARDS, ..fact.slice };
                    add(about_none, Tally { events: -1, questions: -1, unanswered: 0 });
                    add(fact.slice, QUESTION);
                }
            }
            What::Marked { mark, .. } => {
                add(fact.slice, Tally { events: 1, ..Tally::default() });
                *self.marks.entry((fact.slice, mark)).or_default() += 1;
            }
            What::Recommended { .. } | What::Other => {
                add(fact.slice, Tally { events: 1, ..Tally::default() });
            }
        }
    }

    fn merge(&mut self, later: &Self, wanted: &Wanted<'_>) {
        // Once it is known what is wanted, only the sums are of interest.
        let mut sum = Tally::default();
        for (_, tally) in later.tallies.iter().filter(|(slice, _)| wanted.slice(**slice)) {
            sum.add(*tally);
        }
        self.tallies.entry(Slice::ANY).or_default().add(sum);
        for ((slice, mark), count) in &later.marks {
            if wanted.slice(*slice) && wanted.mark(*mark) {
                *self.marks.entry((Slice::ANY, *mark)).or_default() += count;
            }
        }
    }
}
