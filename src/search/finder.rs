//! The search over one generation: words and meaning together, off the asynchronous threads.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use super::encoder::{cosine, normalised};
use super::nearness::{Neighbours, least_familiarity};
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
    cards: usize,
    meaning: Option<Meaning>,
}

/// The half that compares meanings.
struct Meaning {
    encoder: Arc<dyn Encoder>,
    cards: Vec<CardVectors>,
    decoys: Vec<Vec<f32>>,
    /// Below this a question is foreign to all cards.
    familiar: f32,
    /// Vectors of sentences that are asked again and again.
    asked: BTreeMap<String, Vec<f32>>,
}

struct CardVectors {
    phrasings: Vec<Vec<f32>>,
    not_this: Vec<Vec<f32>>,
    /// Of each push-back the vectors of its title and its phrasings.
    pushbacks: Vec<Vec<Vec<f32>>>,
    centroid: Vec<f32>,
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
        let meaning = match encoder {
            Some(encoder) => Some(Meaning::open(cards, asked, no_card, encoder, place, progress)?),
            None => None,
        };
        Ok(Self { parts: Arc::new(Parts { words, cards: cards.len(), meaning }) })
    }
}

impl Meaning {
    fn open(
        cards: &[Card],
        asked: &[String],
        no_card: &[String],
        encoder: Arc<dyn Encoder>,
        place: Place<'_>,
        progress: Progress<'_>,
    ) -> Result<Self, SearchError> {
        let decoys = DECOYS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let decoys = decoys.chain(no_card.iter().map(String::as_str));
        // The self-test asks the phrasings themselves.
        let own = cards.iter().flat_map(|card| &card.phrasings);
        let phrasings = cards.iter().flat_map(|card| {
            let pushbacks = card.pushbacks.iter().flat_map(heard);
            card.phrasings.iter().chain(&card.not_this).chain(pushbacks)
        });
        let phrasings = phrasings.map(String::as_str);
        let directory = match place {
            Place::Directory(directory) => Some(directory),
            Place::Memory => None,
        };
        let asked_texts = asked.iter().map(String::as_str);
        let texts = phrasings.chain(decoys.clone()).chain(asked_texts);
        let vectors = Vectors::of(texts, encoder.as_ref(), directory, progress)?;
        let vector = |text: &str| vectors.get(text).map(<[f32]>::to_vec).unwrap_or_default();
        let cards = cards.iter().map(|card| {
            let phrasings: Vec<_> = card.phrasings.iter().map(|text| vector(text)).collect();
            let centroid = centroid(&phrasings);
            let not_this = card.not_this.iter().map(|text| vector(text)).collect();
            let pushback = |pushback| heard(pushback).map(|text| vector(text)).collect();
            let pushbacks = card.pushbacks.iter().map(pushback).collect();
            CardVectors { phrasings, not_this, pushbacks, centroid }
        });
        let cards: Vec<CardVectors> = cards.collect();
        let decoys: Vec<Vec<f32>> = decoys.map(vector).collect();
        let phrasings: Vec<&Vec<f32>> = cards.iter().flat_map(|card| &card.phrasings).collect();
        let familiar = least_familiarity(&phrasings, &decoys);
        let asked = asked.iter().chain(own).map(|text| (text.clone(), vector(text))).collect();
        Ok(Self { cards, decoys, familiar, asked, encoder })
    }

    fn evidence(&self, vector: &[f32]) -> (Vec<Evidence>, Nearness) {
        let mut neighbours = Neighbours::default(); // of the phrasings of all cards
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
            let (lexical, favour) = (0.0, 0.0); // the words come later, the call is not known here
            Evidence { card, nearest, phrasing, centroid, lexical, against, pushback, favour }
        });
        let evidence = evidence.collect();
        let decoys = Neighbours::of(self.decoys.iter(), vector);
        (evidence, neighbours.against(&decoys))
    }
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
                let blank = |card| Evidence {
                    card,
                    nearest: 0.0,
                    phrasing: 0,
                    centroid: 0.0,
                    lexical: 0.0,
                    against: 0.0,
                    pushback: None,
                    favour: 0.0,
                };
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
            Some(meaning) => Weights { familiar: meaning.familiar, ..Weights::HYBRID },
            None => Weights::LEXICAL,
        }
    }
}
