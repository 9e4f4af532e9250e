//! What the coach thinks of a text before anything is made of it.

use std::time::{Duration, Instant};

use super::ports::{Found, Generation};
use super::{CoachError, LatencyMicros, Question};
use crate::model::Outcome;
use crate::nlu::{Message, parts};
use crate::ranking::{Evidence, Judged, Ranked, Weights, favour, judge, objections};

/// The longest question that is read, in code points; the rest is left out.
pub(super) const LONGEST: usize = 4_000;

/// A message this near to a phrasing is that phrasing, however many parts it has.
const WORD_FOR_WORD: f32 = 0.95;

/// What the coach thinks of a text.
#[derive(Debug)]
pub struct Look {
    /// The text that was looked up.
    pub text: String,
    /// The cards for it as a whole, in order, and the outcome.
    pub judged: Judged,
    /// What the search found for each card.
    pub evidence: Vec<Evidence>,
    /// The objections of a message that holds more than one, in the customer's order.
    pub parts: Vec<Part>,
    /// The times of the parts so far.
    pub latency: LatencyMicros,
}

/// One of several objections in a message. It has one card: a choice for each would be more than
/// can be read while somebody talks.
#[derive(Debug)]
pub struct Part {
    /// Its words.
    pub text: String,
    /// Its card.
    pub best: Ranked,
}

impl Look {
    /// The cards that are shown: the one of each objection in the customer's order, or what comes
    /// of the message as a whole.
    #[must_use]
    pub fn shown(&self, weights: &Weights) -> Vec<&Ranked> {
        match self.parts.is_empty() {
            true => self.judged.shown(weights).iter().collect(),
            false => self.parts.iter().map(|part| &part.best).collect(),
        }
    }

    /// What comes of it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.parts.is_empty() { self.judged.outcome } else { Outcome::Card }
    }
}

/// Looks a question up in a generation. [`super::Coach::suggest`] and the measuring of it both go
/// through here.
///
/// # Errors
/// [`CoachError`] when the text is empty or the search fails.
pub async fn look(generation: &Generation, question: &Question) -> Result<Look, CoachError> {
    let begun = Instant::now();
    let text = understood(&question.text).ok_or(CoachError::EmptyText)?;
    let Message { text: claimed, parts } = parts(&text);
    let mut latency = LatencyMicros { understand: micros(begun.elapsed()), ..Default::default() };
    let mut apart = LatencyMicros::default();
    // At the same time: a rep waits for the longer of both only.
    let ((mut judged, mut evidence), mut looks) = tokio::try_join!(
        one(generation, question, &claimed, &mut latency),
        each(generation, question, &parts, &mut apart)
    )?;
    latency.encode += apart.encode;
    latency.search += apart.search;
    latency.rank += apart.rank;
    let nearest = evidence.iter().map(|card| card.nearest).fold(0.0, f32::max);
    if nearest >= WORD_FOR_WORD {
        looks.clear();
    }
    let begun_ranking = Instant::now();
    let weights = generation.finder.weights();
    let judgements: Vec<Judged> = looks.iter().map(|(judged, _)| judged.clone()).collect();
    let kept = objections(&judged, &judgements, &weights);
    let part = |(at, best): (usize, Ranked)| Part { text: parts[at].clone(), best };
    let parts = match kept.as_slice() {
        [(at, _)] if judged.outcome == Outcome::None => {
            (judged, evidence) = looks.swap_remove(*at); // much talk around one objection
            Vec::new()
        }
        [] | [_] => Vec::new(),
        _ => kept.into_iter().map(part).collect(),
    };
    latency.rank += micros(begun_ranking.elapsed());
    latency.total = micros(begun.elapsed());
    Ok(Look { text, judged, evidence, parts, latency })
}

/// The sentences that are looked up for a text, so that their vectors can be kept for texts that
/// are asked again and again.
#[must_use]
pub fn looked_up(text: &str) -> Vec<String> {
    let message = parts(&understood(text).unwrap_or_default());
    let single = message.parts.len() < 2;
    std::iter::once(message.text).chain(if single { Vec::new() } else { message.parts }).collect()
}

/// Looks up each of several statements; there is nothing to look up when there is only one.
async fn each(
    generation: &Generation,
    question: &Question,
    parts: &[String],
    latency: &mut LatencyMicros,
) -> Result<Vec<(Judged, Vec<Evidence>)>, CoachError> {
    let mut looks = Vec::new();
    for part in parts.iter().filter(|_| parts.len() > 1) {
        looks.push(one(generation, question, part, latency).await?);
    }
    Ok(looks)
}

/// Looks one statement up; its times are added.
async fn one(
    generation: &Generation,
    question: &Question,
    text: &str,
    latency: &mut LatencyMicros,
) -> Result<(Judged, Vec<Evidence>), CoachError> {
    let found = match text.contains(char::is_alphanumeric) {
        true => generation.finder.find(text).await?,
        false => Found::default(), // a lone smiley is no question; there is nothing to look up
    };
    let Found { mut evidence, nearness, encode, search } = found;
    let ranking = Instant::now();
    for found in &mut evidence {
        let card = generation.playbook.cards.get(found.card);
        let competitor = question.competitor.as_deref();
        found.favour = card.map_or(0.0, |card| favour(card, text, question.stage, competitor));
    }
    let judged = judge(&evidence, nearness, &generation.finder.weights());
    latency.encode += micros(encode);
    latency.search += micros(search);
    latency.rank += micros(ranking.elapsed());
    Ok((judged, evidence))
}

/// Characters that say nothing and would hide a word from the search: control characters, those
/// without width, and those that turn the direction of text.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

/// The text on one line, cut to a length; `None` when it is blank.
fn understood(text: &str) -> Option<String> {
    let cut: String = text.chars().filter(|c| !is_invisible(*c)).take(LONGEST).collect();
    let line = cut.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_with_something_in_it() {
        assert_eq!(understood("  too\n\texpensive \0").as_deref(), Some("too expensive"));
        assert_eq!(understood(" \n \0\t \u{200b}"), None);
        assert_eq!(understood("to\u{200b}o dear\u{202e}").as_deref(), Some("too dear"));
        assert_eq!(understood(&"é".repeat(9_000)).map(|t| t.chars().count()), Some(LONGEST));
    }
}
