//! The search over one generation: words and meaning together, off the asynchronous threads.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::spawn_blocking;

use super::meaning::{Meaning, Understood};
use super::shard::{Partial, texts};
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

/// A text as it is looked up.
struct Asked {
    text: String,
    /// What it means; none without an encoder.
    meaning: Option<Understood>,
}

impl Parts {
    fn asked(&self, text: &str) -> Result<Asked, FinderError> {
        let text = self.spelling.mended(text).into_owned();
        let understand = |meaning: &Meaning| meaning.understand(&text).map_err(failed);
        let meaning = self.meaning.as_ref().map(understand).transpose()?;
        Ok(Asked { text, meaning })
    }

    /// What one shard has for these texts.
    fn compared(&self, shard: usize, asked: &[Asked]) -> Vec<Partial> {
        let compare = |meaning: &Meaning| meaning.compare(shard, &meanings(asked));
        self.meaning.as_ref().map(compare).unwrap_or_default()
    }

    /// The cards that share words with each of these texts.
    fn sharing(&self, asked: &[Asked]) -> Vec<Vec<(usize, f32)>> {
        asked.iter().map(|asked| self.words.find(&asked.text)).collect()
    }

    /// What was found for these texts, in shards and by their words.
    fn found(
        &self,
        asked: &[Asked],
        shards: Vec<Vec<Partial>>,
        sharing: Vec<Vec<(usize, f32)>>,
    ) -> Vec<Sighting> {
        let mut found: Vec<Sighting> = match &self.meaning {
            Some(meaning) => meaning.sightings(&meanings(asked), shards),
            None => {
                let blank = |card| Evidence { card, ..Evidence::default() };
                let evidence = || (0..self.cards).map(blank).collect();
                let sighting = |_| Sighting { evidence: evidence(), ..Sighting::default() };
                asked.iter().map(sighting).collect()
            }
        };
        for (sighting, sharing) in found.iter_mut().zip(sharing) {
            for (card, score) in sharing {
                if let Some(evidence) = sighting.evidence.get_mut(card) {
                    evidence.lexical = score;
                }
            }
        }
        found
    }
}

fn meanings(asked: &[Asked]) -> Vec<&Understood> {
    asked.iter().filter_map(|asked| asked.meaning.as_ref()).collect()
}

fn failed(error: impl std::fmt::Display) -> FinderError {
    FinderError(error.to_string())
}

impl Finder for CardFinder {
    fn find(&self, texts: Vec<String>) -> PortFuture<'_, Result<Found, FinderError>> {
        let begun = Instant::now();
        // The longest one is waited for, not all of them.
        let asking = texts.into_iter().map(|text| {
            let parts = Arc::clone(&self.parts);
            spawn_blocking(move || parts.asked(&text))
        });
        let asking: Vec<_> = asking.collect();
        Box::pin(async move {
            let mut asked = Vec::new();
            for text in asking {
                asked.push(text.await.map_err(failed)??);
            }
            let encode = begun.elapsed();
            let asked = Arc::new(asked);
            let count = self.parts.meaning.as_ref().map_or(0, Meaning::shards);
            let comparing = (0..count).map(|shard| {
                let (parts, asked) = (Arc::clone(&self.parts), Arc::clone(&asked));
                spawn_blocking(move || parts.compared(shard, &asked))
            });
            let comparing: Vec<_> = comparing.collect();
            let (parts, words) = (Arc::clone(&self.parts), Arc::clone(&asked));
            let sharing = spawn_blocking(move || parts.sharing(&words));
            let mut shards = Vec::new();
            for shard in comparing {
                shards.push(shard.await.map_err(failed)?);
            }
            let sharing = sharing.await.map_err(failed)?;
            let parts = Arc::clone(&self.parts);
            let found = spawn_blocking(move || parts.found(&asked, shards, sharing));
            let each = found.await.map_err(failed)?;
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
