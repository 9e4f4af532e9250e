//! What the coach thinks of a text before anything is made of it.

use std::time::{Duration, Instant};

use super::Question;
use crate::card::LatencyMicros;
use crate::journal::UseCaseError;
use crate::model::{Family, Outcome};
use crate::nlu::{Message, parts, understood};
use crate::ports::{FinderError, Found, Generation, Hits};
use crate::ranking::{Evidence, Ranked, Ranking, WORD_FOR_WORD, Weights, objections, rank};

/// What the coach thinks of a text.
#[derive(Debug)]
pub struct Retrieval {
    /// The text that was looked up.
    pub text: String,
    /// The cards for it as a whole, in order, and the outcome.
    pub ranking: Ranking,
    /// What the search found.
    pub evidence: Vec<Evidence>,
    /// The [objections] of a message that holds more than one.
    pub parts: Vec<Part>,
    /// The times of the parts so far.
    pub latency: LatencyMicros,
}

/// One of several objections in a message. It has one card: a choice for each would be more than
/// can be read while someone talks.
#[derive(Debug)]
pub struct Part {
    /// Its words.
    pub text: String,
    /// Its card.
    pub best: Ranked,
}

impl Retrieval {
    /// The cards that are shown: the one of each objection, or what comes of the message as a whole.
    #[must_use]
    pub fn shown(&self, weights: &Weights) -> Vec<&Ranked> {
        if self.parts.is_empty() {
            self.ranking.shown(weights).iter().collect()
        } else {
            self.parts.iter().map(|part| &part.best).collect()
        }
    }

    /// What comes of it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.parts.is_empty() { self.ranking.outcome } else { Outcome::Card }
    }
}

/// Looks a question up in a generation. [`super::Coach::suggest`] and the measuring of it both go
/// through here.
///
/// # Errors
/// [`UseCaseError`] when the text is empty or the search fails.
pub async fn retrieve(
    generation: &Generation,
    question: &Question,
) -> Result<Retrieval, UseCaseError> {
    retrieve_after(generation, question, None).await
}

/// Looks a question up that is asked after this card was shown.
pub(super) async fn retrieve_after(
    generation: &Generation,
    question: &Question,
    shown: Option<usize>,
) -> Result<Retrieval, UseCaseError> {
    let begun = Instant::now();
    let text = understood(&question.text).ok_or(UseCaseError::EmptyText)?;
    let Message { text: claimed, parts } = parts(&text);
    let mut latency = LatencyMicros { understand: micros(begun.elapsed()), ..Default::default() };
    let several = parts.iter().filter(|_| parts.len() > 1);
    let texts: Vec<String> = std::iter::once(&claimed).chain(several).cloned().collect();
    let found = find(generation, texts.clone(), shown).await?;
    (latency.encode, latency.search) = (micros(found.encode), micros(found.search));
    let begun_ranking = Instant::now();
    let hits = texts.iter().zip(found.each);
    let mut parts_ranked = hits.map(|(text, found)| one(generation, question, text, found));
    let none = || FinderError("the search had nothing to say".to_owned());
    let (mut ranking, mut evidence) = parts_ranked.next().ok_or_else(none)?;
    let nearest = evidence.iter().map(|card| card.nearest).fold(0.0, f32::max);
    let whole = nearest >= WORD_FOR_WORD;
    let mut parts_ranked: Vec<_> = if whole { Vec::new() } else { parts_ranked.collect() };
    // A method of selling is what a rep asks about, not a customer's second objection.
    let family = |best: &Ranked| generation.playbook.cards.get(best.card).map(|card| card.family);
    for (ranking, _) in &mut parts_ranked {
        if ranking.ranked.first().and_then(family) == Some(Family::Methodology) {
            ranking.outcome = Outcome::None;
        }
    }
    let weights = generation.finder.weights();
    let rankings: Vec<&Ranking> = parts_ranked.iter().map(|(ranking, _)| ranking).collect();
    let kept = objections(&ranking, &rankings, &weights);
    let part = |(at, best): (Option<usize>, Ranked)| {
        let text = at.map_or_else(|| claimed.clone(), |at| parts[at].clone());
        Part { text, best }
    };
    let parts = match kept.as_slice() {
        [(Some(at), _)] if ranking.outcome == Outcome::None => {
            (ranking, evidence) = parts_ranked.swap_remove(*at); // much talk around one objection
            Vec::new()
        }
        [] | [_] => Vec::new(),
        _ => kept.into_iter().map(part).collect(),
    };
    latency.rank = micros(begun_ranking.elapsed());
    latency.total = micros(begun.elapsed());
    Ok(Retrieval { text, ranking, evidence, parts, latency })
}

/// What is found for these texts, of which the first is the whole message.
async fn find(
    generation: &Generation,
    texts: Vec<String>,
    shown: Option<usize>,
) -> Result<Found, UseCaseError> {
    if texts.first().is_some_and(|whole| is_question(whole)) {
        Ok(generation.finder.find(texts, shown).await?)
    } else {
        Ok(Found { each: vec![Hits::default()], ..Found::default() })
    }
}

/// A lone smiley is not a question; there is nothing to look up.
fn is_question(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// What is thought of each of these texts as a whole, whatever its parts are.
///
/// # Errors
/// [`UseCaseError`] when a text is empty or the search fails.
pub async fn rank_each(
    generation: &Generation,
    texts: &[String],
) -> Result<Vec<Ranking>, UseCaseError> {
    let texts =
        texts.iter().map(|text| Ok(parts(&understood(text).ok_or(UseCaseError::EmptyText)?).text));
    let texts: Vec<String> = texts.collect::<Result<_, UseCaseError>>()?;
    let found = generation.finder.find(texts.clone(), None).await?.each;
    let ranking = texts.iter().zip(found).map(|(text, found)| {
        let found = if is_question(text) { found } else { Hits::default() };
        one(generation, &text.as_str().into(), text, found).0
    });
    Ok(ranking.collect())
}

/// What is thought of one statement, from what was found for it.
fn one(
    generation: &Generation,
    question: &Question,
    text: &str,
    found: Hits,
) -> (Ranking, Vec<Evidence>) {
    let Hits { mut evidence, nearness } = found;
    for found in &mut evidence {
        let competitor = question.context.competitor.as_deref();
        found.boost =
            generation.context_boost.boost(found.card, text, question.context.stage, competitor);
    }
    let weights = generation.finder.weights().in_mode(question.mode);
    (rank(&evidence, nearness, &weights), evidence)
}

pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
