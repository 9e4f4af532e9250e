//! The half of the search that compares meanings: the vectors of a generation, and how near a
//! question is to each card.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::cache::Cache;
use super::int8::{Short, Table};
use super::intents::{About, Intents, Likely, mean, shared_out};
use super::nearness::{Neighbours, least_in_domain};
use super::shard::{Partial, Shard, texts};
use super::vectors::Vectors;
use super::{EncodeError, Encoder, MANY, Place, Progress, SearchError};
use crate::playbook::Card;
use crate::ports::Hits;
use crate::ranking::Weights;

/// A shard has no fewer cards: searching so many takes about as long as handing a shard to another
/// processor.
const SMALLEST: usize = 500;

/// The vectors of one generation.
pub(super) struct Meaning {
    encoder: Arc<dyn Encoder>,
    shards: Vec<Shard>,
    negatives: Table,
    intents: Intents,
    /// How evidence is weighed for these cards.
    pub weights: Weights,
    /// All vectors: sentences that are asked again and again are among them.
    known: Arc<Vectors>,
}

/// What is known of a text before it is compared with a card.
pub(super) struct Understood {
    vector: Vec<f32>,
    about: About,
}

impl Understood {
    /// A vector of length 1 for what the text is about: that of its sentence, and the square roots of
    /// how likely each intent is, whose product with another's is the overlap of both (Bhattacharyya
    /// 1943). A fifth of intents was best on lines of calls (tests/bench/RETRIEVAL.md).
    pub(super) fn into_vector(self) -> Vec<f32> {
        const INTENTS: f32 = 0.2;
        if self.about.likely.is_empty() {
            return self.vector;
        }
        let sentence = self.vector.iter().map(|part| part * (1.0 - INTENTS).sqrt());
        let likely = self.about.likely.iter().map(|likely| (likely * INTENTS).sqrt());
        sentence.chain(likely).collect()
    }
}

impl Meaning {
    /// Makes the vectors, or takes them from the index directory. `asked` are sentences whose
    /// vectors are to be kept as well.
    pub(super) fn open(
        cards: &[Card],
        asked: BTreeSet<String>,
        negatives: &[&str],
        encoder: Arc<dyn Encoder>,
        (place, progress): (Place<'_>, Progress<'_>),
    ) -> Result<Self, SearchError> {
        let (cache, most) = match place {
            Place::Directory(cache) => (Some(cache), usize::MAX),
            Place::Soon(cache) => (Some(cache), MANY),
            Place::Memory => (None, usize::MAX),
        };
        let encoded = cards.iter().flat_map(texts).chain(&asked).map(String::as_str);
        let encoded = encoded.chain(negatives.iter().copied());
        let known = cache.map(|cache| cache.known(encoder.model())).unwrap_or_default();
        let vectors = Vectors::of(encoded, encoder.as_ref(), known, most, progress)?;
        if let Some(cache) = cache {
            cache.keep_vectors(&vectors);
        }
        let vector = |text: &str| vectors.get(text).map(Short::floats).unwrap_or_default();
        let intents = Intents::of(encoder.intents());
        let known = cache.map(Cache::about).unwrap_or_default();
        let about_one = |card: &Card| {
            if let Some(known) = known.get(&card.source.hash) {
                return Arc::clone(known);
            }
            let vectors: Vec<Vec<f32>> = card.phrasings.iter().map(|text| vector(text)).collect();
            let vectors: Vec<&[f32]> = vectors.iter().map(Vec::as_slice).collect();
            Arc::new(mean(intents.classify(&vectors).iter().map(|about| &about.likely)))
        };
        let about = on_every_core(cards, |cards| cards.iter().map(about_one).collect());
        if let Some(cache) = cache {
            let hashes = cards.iter().map(|card| card.source.hash.clone());
            cache.keep_about(hashes.zip(about.iter().cloned()).collect());
        }
        let mut about: Vec<Likely> = about.iter().map(|about| about.to_vec()).collect();
        shared_out(&mut about);

        let size = cards.len().div_ceil(super::processors()).max(SMALLEST);
        static NONE: Short = Short { numbers: Vec::new(), scale: 0.0 };
        let short = |text: &String| Cow::Borrowed(vectors.get(text).unwrap_or(&NONE));
        let shard =
            |(at, cards): (usize, &[Card])| Shard::of(at * size, cards, &about[at * size..], short);
        let shards = beside_each_other(cards.chunks(size).enumerate(), shard);
        let phrasings: usize = cards.iter().map(|card| card.phrasings.len()).sum();
        let phrasings_a_card = phrasings as f32 / cards.len().max(1) as f32;
        let negatives: Vec<Vec<f32>> = negatives.iter().copied().map(vector).collect();
        let phrasings: Vec<&Table> = shards.iter().map(|shard| &shard.phrasings).collect();
        let weights = match encoder.intents() {
            Some(_) => Weights::TAUGHT,
            None => least_in_domain(&phrasings, &negatives),
        };
        Ok(Self {
            weights: weights.of_playbook(phrasings_a_card),
            negatives: Table::of(&negatives),
            shards,
            intents,
            encoder,
            known: vectors,
        })
    }

    /// Reads texts.
    pub(super) fn understand(&self, texts: &[String]) -> Result<Vec<Understood>, EncodeError> {
        let known: Vec<Option<&Short>> = texts.iter().map(|text| self.known.get(text)).collect();
        let unknown = texts.iter().zip(&known).filter(|(_, known)| known.is_none());
        let unknown: Vec<&str> = unknown.map(|(text, _)| text.as_str()).collect();
        let mut encoded = self.encoder.encode(&unknown)?.into_iter();
        let known = known.into_iter().map(|known| known.map(Short::floats));
        let vectors: Vec<Vec<f32>> =
            known.map(|known| known.or_else(|| encoded.next()).unwrap_or_default()).collect();
        let about = self.intents.classify(&vectors.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let read = vectors.into_iter().zip(about);
        Ok(read.map(|(vector, about)| Understood { vector, about }).collect())
    }

    /// Whether the vector of this text is among those that were made beforehand.
    pub(super) fn knows(&self, text: &str) -> bool {
        self.known.get(text).is_some()
    }

    /// How many shards the cards are in.
    pub(super) fn shards(&self) -> usize {
        self.shards.len()
    }

    /// What one shard has for each of these texts, of which certain cards are wanted in any case.
    pub(super) fn compare(
        &self,
        shard: usize,
        texts: &[&Understood],
        wanted: &[Vec<usize>],
    ) -> Vec<Partial> {
        let vectors: Vec<&[f32]> = texts.iter().map(|text| text.vector.as_slice()).collect();
        let intents: Vec<&[f32]> = texts.iter().map(|text| text.about.likely.as_slice()).collect();
        self.shards[shard].compare(&vectors, &intents, wanted, &self.weights)
    }

    /// What all shards in their order have for each of these texts.
    pub(super) fn hits(&self, texts: &[&Understood], shards: Vec<Vec<Partial>>) -> Vec<Hits> {
        let vectors: Vec<&[f32]> = texts.iter().map(|text| text.vector.as_slice()).collect();
        let negatives = self.negatives.products(&vectors);
        let mut found: Vec<(Hits, Neighbours)> = texts.iter().map(|_| Default::default()).collect();
        for shard in shards {
            for ((sighting, nearest), mut partial) in found.iter_mut().zip(shard) {
                nearest.join(&partial.nearest);
                if sighting.evidence.is_empty() {
                    sighting.evidence = partial.evidence
                } else {
                    sighting.evidence.append(&mut partial.evidence)
                }
            }
        }
        let found = found.into_iter().zip(texts).zip(negatives);
        let found = found.map(|(((mut sighting, nearest), text), negatives)| {
            sighting.nearness =
                nearest.nearness(&Neighbours::of(negatives.into_iter()), text.about.need);
            sighting
        });
        found.collect()
    }
}

/// Does it with shares of the cards, one for each core, and puts what comes of them together.
pub(super) fn on_every_core<T: Send>(
    cards: &[Card],
    work: impl Fn(&[Card]) -> Vec<T> + Sync,
) -> Vec<T> {
    let share = cards.len().div_ceil(super::processors()).max(1);
    beside_each_other(cards.chunks(share), work).into_iter().flatten().collect()
}

/// Does it with each of these in a thread of its own.
fn beside_each_other<S: Send, T: Send>(
    each: impl Iterator<Item = S>,
    work: impl Fn(S) -> T + Sync,
) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let workers: Vec<_> = each.map(|one| scope.spawn(move || work(one))).collect();
        let done = workers.into_iter().map(|worker| match worker.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.collect()
    })
}
