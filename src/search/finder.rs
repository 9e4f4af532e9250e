//! The search over one generation: words and meaning together, off the asynchronous threads.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use super::meaning::{Meaning, texts};
use super::spelling::Spelling;
use super::{Encoder, LexicalIndex, Place, SearchError};
use crate::coach::ports::{Evidence, Finder, FinderError, Found, Nearness, PortFuture, Weights};
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
    fn find(&self, text: &str) -> Result<Found, FinderError> {
        let failed = |error: &dyn std::fmt::Display| FinderError(error.to_string());
        let begun = Instant::now();
        let text: &str = &self.spelling.mended(text);
        let vector = match &self.meaning {
            Some(meaning) => meaning.vector(text).map_err(|error| failed(&error))?,
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
