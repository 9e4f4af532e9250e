//! What no one could answer: questions that nothing fitted when they were asked last.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Fact, Fold, Wanted, What};
use crate::feedback::OpenGap;
use crate::model::{Outcome, Timestamp};

/// The answers, in their order, that open a gap or close one.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(in crate::feedback) struct GapFold(Vec<Answered>);

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Answered {
    /// The number of the answer.
    answer: i64,
    at: Timestamp,
    slice: super::Slice,
    /// The key of the words.
    words: u64,
    /// True if something fitted.
    closes: bool,
    /// The number of the question, if its words are stored.
    kept: Option<i64>,
}

impl GapFold {
    /// The keys of all words that nothing fitted.
    pub(in crate::feedback) fn words(&self) -> impl Iterator<Item = u64> {
        self.0.iter().filter(|answered| !answered.closes).map(|answered| answered.words)
    }

    /// The gaps that are open in the end, asked most first, then the latest. Equal words are one
    /// question.
    pub(in crate::feedback) fn open(&self) -> Vec<OpenGap> {
        let mut gaps: HashMap<u64, OpenGap> = HashMap::new();
        for &Answered { answer, at, words, closes, kept, .. } in &self.0 {
            if closes {
                gaps.remove(&words);
                continue;
            }
            let new = OpenGap { key: words, asked: 0, first: at, last: at, answer, words: None };
            let gap = gaps.entry(words).or_insert(new);
            let kept = kept.or(gap.words);
            *gap = OpenGap { asked: gap.asked + 1, last: at, answer, words: kept, ..*gap };
        }
        let mut gaps: Vec<OpenGap> = gaps.into_values().collect();
        gaps.sort_by_key(|gap| std::cmp::Reverse((gap.asked, gap.last, gap.answer)));
        gaps
    }
}

impl Fold for GapFold {
    fn apply(&mut self, fact: &Fact) {
        let What::Answered { question: Some(question), outcome, .. } = fact.what else { return };
        let closes = outcome != Outcome::None;
        if closes && !question.was_gap {
            return;
        }
        self.0.push(Answered {
            answer: fact.number,
            at: fact.at,
            slice: fact.slice,
            words: question.words,
            closes,
            kept: question.kept.then_some(question.number),
        });
    }

    fn merge(&mut self, later: &Self, wanted: &Wanted<'_>) {
        if wanted.answers() {
            self.0.extend(later.0.iter().filter(|answered| wanted.slice(answered.slice)));
        }
    }
}
