//! From what the customer said to the card, the choice, or the honest "nothing fits".

use std::time::{Duration, Instant};

use serde::Serialize;

use super::ports::{FinderError, Found, Generation};
use crate::card::{CardView, compose};
use crate::model::{CardId, Stage};
use crate::ranking::{Judged, Verdict, judge};

/// The longest question that is read, in code points; the rest is left out.
const LONGEST: usize = 4_000;

/// What a rep asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// What the customer said.
    pub text: String,
    /// Where the deal stands.
    pub stage: Option<Stage>,
}

/// The answer to a question, as the JSON has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// One card, a choice, or none.
    pub outcome: Verdict,
    /// The parts of the question, each with its outcome.
    pub clauses: Vec<Clause>,
    /// What is shown, best first.
    pub cards: Vec<CardView>,
    /// The generation that answered.
    pub generation: String,
    /// Names this answer, for marks and recommendations.
    pub receipt: String,
    /// How long it took.
    pub latency_us: LatencyMicros,
}

/// A part of a question that was answered by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Its words.
    pub text: String,
    /// What became of it.
    pub outcome: Verdict,
    /// The cards shown for it.
    pub card_ids: Vec<CardId>,
}

/// How long the parts of an answer took, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LatencyMicros {
    /// From the question to the finished answer.
    pub total: u64,
    /// Reading the question.
    pub understand: u64,
    /// Making a vector of it.
    pub encode: u64,
    /// Comparing it and looking its words up.
    pub search: u64,
    /// Ordering the cards.
    pub rank: u64,
    /// Making the words.
    pub compose: u64,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum CoachError {
    /// There is nothing but white space in the text.
    #[error("the text is empty; type what the customer said")]
    EmptyText,
    /// The search failed.
    #[error(transparent)]
    Finder(#[from] FinderError),
}

/// What the coach thinks of a text before anything is made of it.
#[derive(Debug)]
pub struct Look {
    /// The text that was looked up.
    pub text: String,
    /// The cards in order, and the verdict.
    pub judged: Judged,
    /// The times of the parts so far.
    pub latency: LatencyMicros,
}

/// Looks a text up in a generation. [`suggest`] and the measuring of it go through here alike.
///
/// # Errors
/// [`CoachError`] when the text is empty or the search fails.
pub async fn look(generation: &Generation, text: &str) -> Result<Look, CoachError> {
    let begun = Instant::now();
    let text = understood(text).ok_or(CoachError::EmptyText)?;
    let understand = micros(begun.elapsed());
    let found = match text.contains(char::is_alphanumeric) {
        true => generation.finder.find(&text).await?,
        false => Found::default(), // a lone smiley is no question; there is nothing to look up
    };
    let Found {
        evidence,
        decoy,
        encode,
        search,
    } = found;
    let ranking = Instant::now();
    let judged = judge(&evidence, decoy, &generation.finder.weights());
    let latency = LatencyMicros {
        total: micros(begun.elapsed()),
        understand,
        encode: micros(encode),
        search: micros(search),
        rank: micros(ranking.elapsed()),
        compose: 0,
    };
    Ok(Look {
        text,
        judged,
        latency,
    })
}

/// Answers a question from one generation. `receipt` becomes the answer's name.
///
/// # Errors
/// [`CoachError`] when the text is empty or the search fails.
pub async fn suggest(
    generation: &Generation,
    question: &Question,
    receipt: String,
) -> Result<Suggestion, CoachError> {
    let begun = Instant::now();
    let Look {
        text,
        judged,
        latency,
    } = look(generation, &question.text).await?;
    let composing = Instant::now();
    let shown = judged.shown(&generation.finder.weights());
    let cards: Vec<CardView> = shown
        .iter()
        .filter_map(|ranked| {
            Some(compose(
                generation.playbook.cards.get(ranked.card)?,
                Some(ranked),
            ))
        })
        .collect();
    let card_ids = cards.iter().map(|card| card.id.clone()).collect();
    let outcome = match cards.len() {
        0 => Verdict::None,
        1 => Verdict::Card,
        _ => Verdict::Choice,
    };
    Ok(Suggestion {
        outcome,
        clauses: vec![Clause {
            text,
            outcome,
            card_ids,
        }],
        cards,
        generation: generation.id.clone(),
        receipt,
        latency_us: LatencyMicros {
            compose: micros(composing.elapsed()),
            total: micros(begun.elapsed()),
            ..latency
        },
    })
}

/// The text on one line, cut to a length; `None` when it is blank.
fn understood(text: &str) -> Option<String> {
    let cut: String = text.chars().filter(|c| *c != '\0').take(LONGEST).collect();
    let line = cut.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_with_something_in_it() {
        assert_eq!(
            understood("  too\n\texpensive \0").as_deref(),
            Some("too expensive")
        );
        assert_eq!(understood(" \n \0\t "), None);
        assert_eq!(
            understood(&"é".repeat(9_000)).map(|t| t.chars().count()),
            Some(LONGEST)
        );
    }
}
