//! What the coach thinks of a text before anything is made of it.

use std::time::{Duration, Instant};

use super::ports::{FinderError, Found, Generation, Sighting};
use super::{CoachError, LatencyMicros, Question};
use crate::model::{Family, Outcome};
use crate::nlu::{Message, parts, with_apostrophes};
use crate::ranking::{Evidence, Judged, Ranked, WORD_FOR_WORD, Weights, judge, objections};

/// The longest question that is read, in code points; the rest is left out.
pub(super) const LONGEST: usize = 4_000;

/// What the coach thinks of a text.
#[derive(Debug)]
pub struct Look {
    /// The text that was looked up.
    pub text: String,
    /// The cards for it as a whole, in order, and the outcome.
    pub judged: Judged,
    /// What the search found.
    pub evidence: Vec<Evidence>,
    /// The [objections] of a message that holds more than one.
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
    /// The cards that are shown: the one of each objection, or what comes of the message as a whole.
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
    look_after(generation, question, None).await
}

/// Looks a question up that is asked after this card was shown.
pub(super) async fn look_after(
    generation: &Generation,
    question: &Question,
    shown: Option<usize>,
) -> Result<Look, CoachError> {
    let begun = Instant::now();
    let text = understood(&question.text).ok_or(CoachError::EmptyText)?;
    let Message { text: claimed, parts } = parts(&text);
    let mut latency = LatencyMicros { understand: micros(begun.elapsed()), ..Default::default() };
    let several = parts.iter().filter(|_| parts.len() > 1);
    let texts: Vec<String> = std::iter::once(&claimed).chain(several).cloned().collect();
    let found = find(generation, texts.clone(), shown).await?;
    (latency.encode, latency.search) = (micros(found.encode), micros(found.search));
    let begun_ranking = Instant::now();
    let sightings = texts.iter().zip(found.each);
    let mut looks = sightings.map(|(text, found)| one(generation, question, text, found));
    let none = || FinderError("the search had nothing to say".to_owned());
    let (mut judged, mut evidence) = looks.next().ok_or_else(none)?;
    let nearest = evidence.iter().map(|card| card.nearest).fold(0.0, f32::max);
    let whole = nearest >= WORD_FOR_WORD;
    let mut looks: Vec<_> = if whole { Vec::new() } else { looks.collect() };
    // A method of selling is what a rep asks about, not a customer's second objection.
    let family = |best: &Ranked| generation.playbook.cards.get(best.card).map(|card| card.family);
    for (judged, _) in &mut looks {
        if judged.ranked.first().and_then(family) == Some(Family::Methodology) {
            judged.outcome = Outcome::None;
        }
    }
    let weights = generation.finder.weights();
    let judgements: Vec<&Judged> = looks.iter().map(|(judged, _)| judged).collect();
    let kept = objections(&judged, &judgements, &weights);
    let part = |(at, best): (Option<usize>, Ranked)| {
        let text = at.map_or_else(|| claimed.clone(), |at| parts[at].clone());
        Part { text, best }
    };
    let parts = match kept.as_slice() {
        [(Some(at), _)] if judged.outcome == Outcome::None => {
            (judged, evidence) = looks.swap_remove(*at); // much talk around one objection
            Vec::new()
        }
        [] | [_] => Vec::new(),
        _ => kept.into_iter().map(part).collect(),
    };
    latency.rank = micros(begun_ranking.elapsed());
    latency.total = micros(begun.elapsed());
    Ok(Look { text, judged, evidence, parts, latency })
}

/// What is found for these texts, of which the first is the whole message.
async fn find(
    generation: &Generation,
    texts: Vec<String>,
    shown: Option<usize>,
) -> Result<Found, CoachError> {
    match texts.first().is_some_and(|whole| is_question(whole)) {
        true => Ok(generation.finder.find(texts, shown).await?),
        false => Ok(Found { each: vec![Sighting::default()], ..Found::default() }),
    }
}

/// A lone smiley is no question; there is nothing to look up.
fn is_question(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// What is thought of each of these texts as a whole, whatever its parts are.
pub(super) async fn whole(
    generation: &Generation,
    texts: &[String],
) -> Result<Vec<Judged>, CoachError> {
    let texts =
        texts.iter().map(|text| Ok(parts(&understood(text).ok_or(CoachError::EmptyText)?).text));
    let texts: Vec<String> = texts.collect::<Result<_, CoachError>>()?;
    let found = generation.finder.find(texts.clone(), None).await?.each;
    let judged = texts.iter().zip(found).map(|(text, found)| {
        let found = if is_question(text) { found } else { Sighting::default() };
        one(generation, &text.as_str().into(), text, found).0
    });
    Ok(judged.collect())
}

/// The sentences that are looked up for a text, so that their vectors can be kept for texts that
/// are asked again and again.
#[must_use]
pub fn looked_up(text: &str) -> Vec<String> {
    let message = parts(&understood(text).unwrap_or_default());
    let single = message.parts.len() < 2;
    std::iter::once(message.text).chain(if single { Vec::new() } else { message.parts }).collect()
}

/// What is thought of one statement, from what was found for it.
fn one(
    generation: &Generation,
    question: &Question,
    text: &str,
    found: Sighting,
) -> (Judged, Vec<Evidence>) {
    let Sighting { mut evidence, nearness } = found;
    for found in &mut evidence {
        let competitor = question.competitor.as_deref();
        found.favour = generation.favours.favour(found.card, text, question.stage, competitor);
    }
    let weights = generation.finder.weights().in_mode(question.mode);
    (judge(&evidence, nearness, &weights), evidence)
}

/// Characters that say nothing and would hide a word from the search: control characters, those
/// without width, and those that turn the direction of text.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

/// The text on one line, with its apostrophes, cut to a length; `None` when it is blank.
fn understood(text: &str) -> Option<String> {
    let cut: String = text.chars().filter(|c| !is_invisible(*c)).take(LONGEST).collect();
    let line = cut.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then(|| with_apostrophes(&line).into_owned())
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
        assert_eq!(understood("we dont").as_deref(), Some("we don't"));
        assert_eq!(understood(" \n \0\t \u{200b}"), None);
        assert_eq!(understood("to\u{200b}o dear\u{202e}").as_deref(), Some("too dear"));
        assert_eq!(understood(&"é".repeat(9_000)).map(|t| t.chars().count()), Some(LONGEST));
    }
}
