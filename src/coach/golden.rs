//! Golden questions: whether each still brings what it must.

use super::ports::Generation;
use super::{CoachError, look};
use crate::model::{CardId, Outcome};
use crate::playbook::{Expectation, Question};

/// How one golden question went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What came, in words.
    pub got: String,
    /// Whether it is what had to come.
    pub passed: bool,
}

/// Asks a golden question of a generation.
///
/// # Errors
/// [`CoachError`] when the search fails.
pub async fn golden(generation: &Generation, question: &Question) -> Result<Verdict, CoachError> {
    let judged = look(generation, &question.ask).await?.judged;
    let shown = judged.shown(&generation.finder.weights()).iter();
    let cards = shown.filter_map(|ranked| generation.playbook.cards.get(ranked.card));
    let ids: Vec<&CardId> = cards.map(|card| &card.id).collect();
    let met = match &question.expect {
        Expectation::Nothing => judged.outcome == Outcome::None,
        Expectation::Choice => judged.outcome == Outcome::Choice,
        Expectation::AnyOf(cards) => ids.first().is_some_and(|first| cards.contains(first)),
    };
    let passed = met && !ids.iter().any(|id| question.not.contains(id));
    let names: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    let got = match judged.outcome {
        Outcome::None => "none".to_owned(),
        Outcome::Card => names.concat(),
        Outcome::Choice => format!("a choice of {}", names.join(", ")),
    };
    Ok(Verdict { got, passed })
}
