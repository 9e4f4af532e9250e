//! Sentences of customers, as the encoder was taught them: what to suggest as phrasings of a card.

use serde::Deserialize;

use super::encoder::dot;
use super::int8::Short;
use super::intents::{Intents, mean};
use super::shard::centroid;
use super::vectors::{Known, Vectors};
use super::{Encoder, Progress, SearchError};

/// A sentence a line, with its intent. What was typed in haste is left out: no one would write it
/// into a playbook.
const SENTENCES: [&str; 2] =
    [include_str!("../../training/sentences.jsonl"), include_str!("../../training/hard.jsonl")];

/// The intents whose name begins so are the shipped cards themselves.
const CARD: &str = "card.";

/// So many intents are looked through…
const INTENTS: usize = 6;

/// …of those that are at least this share as likely as the likeliest.
const SHARE: f32 = 0.1;

/// A longer sentence says more than one thing.
const LONGEST: usize = 80;

/// A sentence this near to one that is there already adds nothing.
const SAME: f32 = 0.85;

#[derive(Deserialize)]
struct Sentence {
    intent: String,
    text: String,
}

/// At most `most` sentences that mean what these texts mean together, the likeliest first; none is
/// nearly one of the texts or another sentence. Nothing when the encoder knows no intents.
///
/// # Errors
/// [`SearchError`] when encoding fails.
pub fn alike(
    encoder: &dyn Encoder,
    texts: &[&str],
    most: usize,
    progress: Progress<'_>,
) -> Result<Vec<String>, SearchError> {
    let Some(classifier) = encoder.intents() else { return Ok(Vec::new()) };
    let own = encoder.encode(texts)?;
    let own: Vec<&[f32]> = own.iter().map(Vec::as_slice).collect();
    let about = Intents::of(Some(classifier)).classify(&own);
    let likely = mean(about.iter().map(|about| &about.likely));
    let names = classifier.names.iter().zip(&classifier.no_card);
    let names = names.filter(|(_, no_card)| !**no_card).map(|(name, _)| name.as_str());
    let mut intents: Vec<(&str, f32)> =
        names.zip(likely).filter(|(name, _)| !name.starts_with(CARD)).collect();
    intents.sort_by(|a, b| b.1.total_cmp(&a.1));
    let least = intents.first().map_or(0.0, |(_, best)| best * SHARE);
    intents.retain(|(_, likely)| *likely >= least);
    intents.truncate(INTENTS);

    let lines = SENTENCES.iter().flat_map(|file| file.lines());
    let sentences = lines.filter_map(|line| serde_json::from_str::<Sentence>(line).ok());
    let meant: Vec<(String, f32)> = sentences
        .filter(|sentence| sentence.text.len() <= LONGEST)
        .filter_map(|Sentence { intent, text }| {
            let (_, likely) = intents.iter().find(|(name, _)| *name == intent)?;
            Some((text, *likely))
        })
        .collect();
    let vectors = Vectors::of(
        meant.iter().map(|(text, _)| text.as_str()),
        encoder,
        Known::default(),
        usize::MAX,
        progress,
    )?;
    let centre = centroid(&own.iter().map(|own| Short::of(own)).collect::<Vec<_>>());
    let score = |(text, likely): (String, f32)| {
        let vector = vectors.get(&text)?.floats();
        let nearest = own.iter().map(|own| dot(own, &vector)).fold(f32::MIN, f32::max);
        let score = f32::midpoint(nearest, dot(&centre, &vector)) + WEIGHT * likely.ln();
        (nearest < SAME).then_some((score, text, vector))
    };
    let mut found: Vec<(f32, String, Vec<f32>)> = meant.into_iter().filter_map(score).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut taken: Vec<(Vec<f32>, String)> = Vec::new();
    for (_, text, vector) in found {
        if taken.iter().all(|(other, _)| dot(other, &vector) < SAME) {
            taken.push((vector, text));
        }
        if taken.len() == most {
            break;
        }
    }
    Ok(taken.into_iter().map(|(_, text)| text).collect())
}

/// What the logarithm of how likely the intent of a sentence is adds to its nearness.
const WEIGHT: f32 = 0.05;
