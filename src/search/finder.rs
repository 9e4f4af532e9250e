//! The search over one generation: words and meaning together, off the asynchronous threads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use super::encoder::{cosine, normalised};
use super::nearness::{Neighbours, least_familiarity};
use super::prototypes::{self, Intents, intents};
use super::spelling::Spelling;
use super::vectors::Vectors;
use super::{Encoder, LexicalIndex, Place, SearchError};
use crate::coach::ports::{
    Evidence, Finder, FinderError, Found, Near, Nearness, PortFuture, Weights,
};
use crate::playbook::{Card, Pushback};

/// Lines that need no card, shipped with the product, one a line; `#` begins a comment.
const DECOYS: &str = include_str!("decoys.txt");

/// Told how many sentences of how many are encoded.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Finds the cards of one generation.
pub struct CardFinder {
    parts: Arc<Parts>,
}

struct Parts {
    words: LexicalIndex,
    spelling: Spelling,
    cards: usize,
    meaning: Option<Meaning>,
}

/// The half that compares meanings.
struct Meaning {
    encoder: Arc<dyn Encoder>,
    cards: Vec<CardVectors>,
    decoys: Vec<Vec<f32>>,
    weights: Weights,
    /// Vectors of sentences that are asked again and again.
    asked: BTreeMap<String, Vec<f32>>,
}

struct CardVectors {
    phrasings: Vec<Vec<f32>>,
    not_this: Vec<Vec<f32>>,
    /// Of each push-back the vectors of its title and its phrasings.
    pushbacks: Vec<Vec<Vec<f32>>>,
    centroid: Vec<f32>,
    /// Of each phrasing, and of all of them.
    intents: (Vec<Intents>, Intents),
}

impl CardFinder {
    /// Makes what finding needs, or takes it from the index directory. Without an encoder only
    /// words are compared. `asked` are sentences whose vectors are to be kept as well, `no_card`
    /// the team's own lines that need no card.
    ///
    /// # Errors
    /// [`SearchError`] when index or vectors can neither be read nor made.
    pub fn open(
        cards: &[Card],
        asked: &[String],
        no_card: &[String],
        encoder: Option<Arc<dyn Encoder>>,
        place: Place<'_>,
        progress: Progress<'_>,
    ) -> Result<Self, SearchError> {
        let words = LexicalIndex::open(cards, place)?;
        let decoys = DECOYS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let decoys: Vec<&str> = decoys.chain(no_card.iter().map(String::as_str)).collect();
        let written = cards
            .iter()
            .flat_map(|card| card.competitor.iter().chain([&card.title]).chain(texts(card)));
        let spelling = Spelling::of(written.map(String::as_str).chain(decoys.iter().copied()));
        // The self-test asks the phrasings themselves.
        let own = cards.iter().flat_map(|card| &card.phrasings);
        let asked = asked.iter().chain(own).map(|text| spelling.mended(text).into_owned());
        let asked: BTreeSet<String> = asked.collect();
        let meaning = match encoder {
            Some(encoder) => Some(Meaning::open(cards, asked, &decoys, encoder, place, progress)?),
            None => None,
        };
        Ok(Self { parts: Arc::new(Parts { words, spelling, cards: cards.len(), meaning }) })
    }
}

impl Meaning {
    fn open(
        cards: &[Card],
        asked: BTreeSet<String>,
        decoys: &[&str],
        encoder: Arc<dyn Encoder>,
        place: Place<'_>,
        progress: Progress<'_>,
    ) -> Result<Self, SearchError> {
        let directory = match place {
            Place::Directory(directory) => Some(directory),
            Place::Memory => None,
        };
        let encoded = cards.iter().flat_map(texts).chain(&asked).map(String::as_str);
        let encoded = encoded.chain(decoys.iter().copied());
        let vectors = Vectors::of(encoded, encoder.as_ref(), directory, progress)?;
        let vector = |text: &str| vectors.get(text).map(<[f32]>::to_vec).unwrap_or_default();
        let cards = cards.iter().map(|card| {
            let phrasings: Vec<_> = card.phrasings.iter().map(|text| vector(text)).collect();
            let centroid = centroid(&phrasings);
            let of_each = phrasings.iter().map(|vector| intents(encoder.prototypes(), vector));
            let of_each: Vec<Intents> = of_each.collect();
            let of_all = prototypes::mean(&of_each);
            let not_this = card.not_this.iter().map(|text| vector(text)).collect();
            let pushback = |pushback| heard(pushback).map(|text| vector(text)).collect();
            let pushbacks = card.pushbacks.iter().map(pushback).collect();
            CardVectors { phrasings, not_this, pushbacks, centroid, intents: (of_each, of_all) }
        });
        let cards: Vec<CardVectors> = cards.collect();
        let decoys: Vec<Vec<f32>> = decoys.iter().copied().map(vector).collect();
        let phrasings: Vec<&Vec<f32>> = cards.iter().flat_map(|card| &card.phrasings).collect();
        let familiar = least_familiarity(&phrasings, &decoys, encoder.prototypes());
        let weights =
            Weights::of_playbook(phrasings.len() as f32 / cards.len().max(1) as f32, familiar);
        let with_vector = |text: String| {
            let vector = vector(&text);
            (text, vector)
        };
        let asked = asked.into_iter().map(with_vector).collect();
        Ok(Self { cards, decoys, weights, asked, encoder })
    }

    fn evidence(&self, vector: &[f32]) -> (Vec<Evidence>, Nearness) {
        let mut neighbours = Neighbours::default(); // of the phrasings of all cards
        let about = intents(self.encoder.prototypes(), vector);
        let evidence = self.cards.iter().enumerate().map(|(card, vectors)| {
            let (phrasing, nearest) = nearest_of(&vectors.phrasings, vector, |cosine| {
                neighbours.meet(cosine);
            });
            let centroid = cosine(&vectors.centroid, vector);
            let against = nearest_of(&vectors.not_this, vector, |_| {}).1;
            let pushbacks = vectors.pushbacks.iter().enumerate();
            let pushbacks = pushbacks
                .map(|(index, heard)| Near { index, cosine: nearest_of(heard, vector, |_| {}).1 });
            let pushback = pushbacks.max_by(|a, b| a.cosine.total_cmp(&b.cosine));
            let intent = nearest_of(&vectors.intents.0, &about, |_| {}).1;
            Evidence {
                card,
                nearest,
                phrasing,
                centroid,
                phrasings: vectors.phrasings.len(),
                intent: f32::midpoint(intent, cosine(&vectors.intents.1, &about)),
                against,
                pushback,
                ..Evidence::default() // the words come later, the call is not known here
            }
        });
        let evidence = evidence.collect();
        let decoys = Neighbours::of(self.decoys.iter(), vector);
        let intents = prototypes::nearest(self.encoder.prototypes(), vector);
        (evidence, neighbours.nearness(&decoys, intents))
    }
}

/// All that a card compares a question with.
fn texts(card: &Card) -> impl Iterator<Item = &String> {
    let pushbacks = card.pushbacks.iter().flat_map(heard);
    card.phrasings.iter().chain(&card.not_this).chain(pushbacks)
}

/// What a customer may say to bring a push-back.
fn heard(pushback: &Pushback) -> impl Iterator<Item = &String> {
    std::iter::once(&pushback.title).chain(&pushback.phrasings)
}

/// The place and cosine of the nearest vector; (0, 0) when there is none. Each cosine is told.
fn nearest_of(vectors: &[Vec<f32>], vector: &[f32], mut tell: impl FnMut(f32)) -> (usize, f32) {
    let cosines = vectors.iter().map(|other| cosine(other, vector)).enumerate();
    let told = cosines.inspect(|(_, cosine)| tell(*cosine));
    told.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 0.0))
}

fn centroid(vectors: &[Vec<f32>]) -> Vec<f32> {
    let mut sum = vectors.first().cloned().unwrap_or_default();
    for vector in vectors.iter().skip(1) {
        for (sum, coordinate) in sum.iter_mut().zip(vector) {
            *sum += coordinate;
        }
    }
    normalised(sum)
}

impl Parts {
    fn find(&self, text: &str) -> Result<Found, FinderError> {
        let failed = |error: &dyn std::fmt::Display| FinderError(error.to_string());
        let begun = Instant::now();
        let text: &str = &self.spelling.mended(text);
        let vector = match &self.meaning {
            Some(meaning) => match meaning.asked.get(text) {
                Some(vector) => vector.clone(),
                None => meaning.encoder.encode(text).map_err(|error| failed(&error))?,
            },
            None => Vec::new(),
        };
        let encode = begun.elapsed();
        let begun = Instant::now();
        let (mut evidence, nearness) = match &self.meaning {
            Some(meaning) => meaning.evidence(&vector),
            None => {
                let blank = |card| Evidence { card, ..Evidence::default() };
                ((0..self.cards).map(blank).collect(), Nearness::default())
            }
        };
        for (card, score) in self.words.find(text).map_err(|error| failed(&error))? {
            if let Some(evidence) = evidence.get_mut(card) {
                evidence.lexical = score;
            }
        }
        Ok(Found { evidence, nearness, encode, search: begun.elapsed() })
    }
}

impl Finder for CardFinder {
    fn find<'a>(&'a self, text: &'a str) -> PortFuture<'a, Result<Found, FinderError>> {
        let (parts, text) = (Arc::clone(&self.parts), text.to_owned());
        Box::pin(async move {
            tokio::task::spawn_blocking(move || parts.find(&text))
                .await
                .unwrap_or_else(|error| Err(FinderError(error.to_string())))
        })
    }

    fn weights(&self) -> Weights {
        match &self.parts.meaning {
            Some(meaning) => meaning.weights,
            None => Weights::LEXICAL,
        }
    }
}
