//! Golden questions: whether each still brings what it must.

use crate::coach::{self, CallContext, retrieve};
use crate::journal::UseCaseError;
use crate::model::{CardId, Outcome};
use crate::playbook::{Expectation, Question};
use crate::ports::Generation;

/// How one golden question went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What came, in words; or why nothing could come.
    pub got: String,
    /// True if it is what had to come.
    pub passed: bool,
}

/// Asks golden questions of a generation; the verdicts come in their order.
pub async fn golden_questions(generation: &Generation, questions: &[Question]) -> Vec<Verdict> {
    let mut verdicts = Vec::with_capacity(questions.len());
    for question in questions {
        let verdict = ask(generation, question).await;
        let failed = |error: UseCaseError| Verdict { got: error.to_string(), passed: false };
        verdicts.push(verdict.unwrap_or_else(failed));
    }
    verdicts
}

async fn ask(generation: &Generation, question: &Question) -> Result<Verdict, UseCaseError> {
    let context = CallContext { stage: question.stage, ..CallContext::default() };
    let asked = coach::Question { context, ..question.ask.as_str().into() };
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
