//! The few figures that a stretch of the log is judged by.

use crate::feedback::{Counts, Rate};

/// What a stretch of the log comes to, in five figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Questions that were asked.
    pub questions: u64,
    /// Of these, those that something fitted.
    pub answered: Rate,
    /// Of the cards whose outcome is known, those that worked.
    pub worked: Rate,
    /// Of the cards that were shown, those whose outcome is known.
    pub known: Rate,
    /// What reps recommended.
    pub recommendations: u64,
}

impl Figures {
    /// Of these counts.
    #[must_use]
    pub fn of(counts: &Counts) -> Self {
        let (mut worked, mut known) = (Rate::default(), Rate::default());
        for card in counts.cards.values() {
            let won = card.won();
            worked = worked + won;
            known = known + Rate { hits: won.of, of: card.shown };
        }
        let questions = counts.questions;
        // A mark may come a day after its answer, so that a short stretch knows more than it showed.
        known.of = known.of.max(known.hits);
        Self {
            questions,
            answered: Rate { hits: questions.saturating_sub(counts.unanswered), of: questions },
            worked,
            known,
            recommendations: counts.recommendations.values().sum(),
        }
    }
}
