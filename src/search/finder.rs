//! The search over one generation: words and meaning together, off the asynchronous threads.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::spawn_blocking;

use super::meaning::{Meaning, texts};
use super::spelling::Spelling;
use super::{Encoder, LexicalIndex, Place, SearchError};
use crate::coach::ports::{Evidence, Finder, FinderError, Found, PortFuture, Sighting, Weights};
use crate::playbook::Card;

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

impl Parts {
    /// The text as it is looked up, with its vector.
    fn encoded(&self, text: &str) -> Result<(String, Vec<f32>), FinderError> {
        let text = self.spelling.mended(text).into_owned();
        let vector = match &self.meaning {
            Some(meaning) => meaning.vector(&text).map_err(failed)?,
            None => Vec::new(),
        };
        Ok((text, vector))
    }

    fn compared(&self, texts: &[(String, Vec<f32>)]) -> Vec<Sighting> {
        let mut found: Vec<Sighting> = match &self.meaning {
            Some(meaning) => meaning.sightings(texts.iter().map(|(_, vector)| vector.as_slice())),
            None => {
                let blank = |card| Evidence { card, ..Evidence::default() };
                let evidence = || (0..self.cards).map(blank).collect();
                let sighting = |_| Sighting { evidence: evidence(), ..Sighting::default() };
                texts.iter().map(sighting).collect()
            }
        };
        for (sighting, (text, _)) in found.iter_mut().zip(texts) {
            for (card, score) in self.words.find(text) {
                if let Some(evidence) = sighting.evidence.get_mut(card) {
                    evidence.lexical = score;
                }
            }
        }
        found
    }
}

fn failed(error: impl std::fmt::Display) -> FinderError {
    FinderError(error.to_string())
}

impl Finder for CardFinder {
    fn find(&self, texts: Vec<String>) -> PortFuture<'_, Result<Found, FinderError>> {
        let begun = Instant::now();
        // The longest one is waited for, not all of them.
        let encoding = texts.into_iter().map(|text| {
            let parts = Arc::clone(&self.parts);
            spawn_blocking(move || parts.encoded(&text))
        });
        let encoding: Vec<_> = encoding.collect();
        Box::pin(async move {
            let mut texts = Vec::new();
            for text in encoding {
                texts.push(text.await.map_err(failed)??);
            }
            let encode = begun.elapsed();
            let parts = Arc::clone(&self.parts);
            let each = spawn_blocking(move || parts.compared(&texts)).await.map_err(failed)?;
            Ok(Found { each, encode, search: begun.elapsed() - encode })
        })
    }

    fn weights(&self) -> Weights {
        match &self.parts.meaning {
            Some(meaning) => meaning.weights,
            None => Weights::LEXICAL,
        }
    }
}
