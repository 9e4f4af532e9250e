//! Golden questions: whether each still brings what it must.

use crate::coach::{self, retrieve};
use crate::journal::UseCaseError;
use crate::model::{CardId, Outcome};
use crate::playbook::{Expectation, Question};
use crate::ports::Generation;

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
/// [`UseCaseError`] when the search fails.
pub async fn golden(generation: &Generation, question: &Question) -> Result<Verdict, UseCaseError> {
    let asked = coach::Question { stage: question.stage, ..question.ask.as_str().into() };
    let retrieval = retrieve(generation, &asked).await?;
    let outcome = retrieval.outcome();
    let shown = retrieval.shown(&generation.finder.weights()).into_iter();
    let cards = shown.filter_map(|ranked| generation.playbook.cards.get(ranked.card));
    let ids: Vec<&CardId> = cards.map(|card| &card.id).collect();
    let met = match &question.expect {
        Expectation::Nothing => outcome == Outcome::None,
        Expectation::Choice => outcome == Outcome::Choice,
        Expectation::Each(cards) => ids.iter().copied().eq(cards),
        Expectation::AnyOf(cards) => ids.first().is_some_and(|first| cards.contains(first)),
    };
    let passed = met && !ids.iter().any(|id| question.not.contains(id));
    let names: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    let got = match outcome {
        Outcome::None => "none".to_owned(),
        Outcome::Card => names.join(" and "),
        Outcome::Choice => format!("a choice of {}", names.join(", ")),
    };
    Ok(Verdict { got, passed })
}
