//! The search over one generation: words and meaning together, off the asynchronous threads.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::spawn_blocking;

use super::meaning::{Meaning, Understood, on_every_core};
use super::shard::{Partial, texts};
use super::spelling::Spelling;
use super::{IndexOptions, LexicalIndex, SearchError};
use crate::playbook::Card;
use crate::ports::{Finder, FinderError, Found, Hits, PortFuture};
use crate::ranking::{Evidence, Weights};

/// Lines that need no card, shipped with the product, one a line; `#` begins a comment.
const NEGATIVES: &str = include_str!("decoys.txt");

/// About so many bytes of a text are read by an encoder.
const READ: usize = 600;

/// So many word pieces of the parts of a message are looked up, some twenty statements: each takes
/// a fifth of a millisecond.
const MOST_PIECES: usize = 160;

/// Finds the cards of one generation.
pub struct CardFinder {
    parts: Arc<Parts>,
}

struct Parts {
    words: LexicalIndex,
    spelling: Spelling,
    meaning: Option<Meaning>,
    processors: usize,
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
        options: IndexOptions<'_>,
    ) -> Result<Self, SearchError> {
        let IndexOptions { encoder, place, progress } = options;
        std::thread::scope(|scope| {
            // The words of ten thousand cards take as long as all that is done beside them.
            let words = scope.spawn(|| LexicalIndex::open(cards, place));
            let shipped =
                NEGATIVES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            // An encoder with intents was taught what needs no card.
            let taught = encoder.as_ref().is_none_or(|encoder| encoder.intents().is_some());
            let negatives = shipped.clone().filter(|_| !taught);
            let negatives: Vec<&str> =
                negatives.chain(no_card.iter().map(String::as_str)).collect();
            let written = cards
                .iter()
                .flat_map(|card| card.competitor.iter().chain([&card.title]).chain(texts(card)));
            let lines = shipped.chain(no_card.iter().map(String::as_str));
            let spelling = Spelling::of(written.map(String::as_str).chain(lines));
            // The self-test asks the phrasings themselves, as they are looked up.
            let mended = on_every_core(cards, |cards| {
                let own = cards.iter().flat_map(|card| &card.phrasings);
                let mended = own.map(|text| spelling.mended(text));
                let mended = mended.filter(|mended| matches!(mended, Cow::Owned(_)));
                mended.map(Cow::into_owned).collect()
            });
            let asked = asked.iter().map(|text| spelling.mended(text).into_owned());
            let asked: BTreeSet<String> = asked.chain(mended).collect();
            let meaning = match encoder {
                Some(encoder) => {
                    Some(Meaning::open(cards, asked, &negatives, encoder, (place, progress))?)
                }
                None => None,
            };
            let words = words.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            let parts = Parts { words, spelling, meaning, processors: super::processors() };
            Ok(Self { parts: Arc::new(parts) })
        })
    }

    /// The first of these texts, as many as take no longer than a rep waits: words that no one
    /// knows are cut into many pieces. The first text is the whole message, in which the others
    /// are seen too. What was encoded before takes no time.
    fn affordable(&self, mut texts: Vec<String>) -> Vec<String> {
        let mut pieces = 0;
        let mut fits = |text: &String| {
            if !self.parts.encoded(text) {
                pieces += self.parts.spelling.pieces(text);
            }
            pieces <= MOST_PIECES
        };
        let first = usize::from(!texts.is_empty());
        let fitting = texts.iter().skip(1).take_while(|text| fits(text)).count();
        texts.truncate(first + fitting);
        texts
    }
}

/// A text as it is looked up.
struct Asked {
    /// The cards that share words with it, and how much.
    sharing: Vec<(usize, f32)>,
    /// What it means; none without an encoder.
    meaning: Option<Understood>,
}

impl Parts {
    /// Whether there is a vector of this text already.
    fn encoded(&self, text: &str) -> bool {
        let encoded = |meaning: &Meaning| meaning.knows(&self.spelling.mended(text));
        self.meaning.as_ref().is_none_or(encoded)
    }

    fn asked(&self, texts: &[String]) -> Result<Vec<Asked>, FinderError> {
        let mended = texts.iter().map(|text| self.spelling.mended(text).into_owned());
        let mended: Vec<String> = mended.collect();
        let mut understood = match &self.meaning {
            Some(meaning) => meaning.understand(&mended).map_err(failed)?,
            None => Vec::new(),
        }
        .into_iter();
        let asked = mended
            .iter()
            .map(|text| Asked { sharing: self.words.find(text), meaning: understood.next() });
        Ok(asked.collect())
    }

    /// What one shard has for these texts.
    fn compared(&self, shard: usize, asked: &[Asked], shown: Option<usize>) -> Vec<Partial> {
        let wanted = |asked: &Asked| {
            let sharing = asked.sharing.iter().map(|(card, _)| *card);
            sharing.chain(shown).collect()
        };
        let wanted: Vec<Vec<usize>> = asked.iter().map(wanted).collect();
        let compare = |meaning: &Meaning| meaning.compare(shard, &meanings(asked), &wanted);
        self.meaning.as_ref().map(compare).unwrap_or_default()
    }

    /// What was found for these texts, in shards and by their words.
    fn found(&self, asked: &[Asked], shards: Vec<Vec<Partial>>) -> Vec<Hits> {
        let Some(meaning) = &self.meaning else { return asked.iter().map(by_words).collect() };
        let mut found = meaning.hits(&meanings(asked), shards);
        for (sighting, asked) in found.iter_mut().zip(asked) {
            for (card, lexical) in &asked.sharing {
                let place = sighting.evidence.binary_search_by_key(card, |found| found.card);
                if let Ok(place) = place {
                    sighting.evidence[place].lexical = *lexical;
                }
            }
        }
        found
    }
}

/// What is found without an encoder.
fn by_words(asked: &Asked) -> Hits {
    let mut evidence: Vec<Evidence> = asked
        .sharing
        .iter()
        .map(|(card, lexical)| Evidence { card: *card, lexical: *lexical, ..Evidence::default() })
        .collect();
    evidence.sort_unstable_by_key(|found| found.card);
    Hits { evidence, ..Hits::default() }
}

/// The texts in as many shares as there are processors, none much longer than another. The texts of
/// a share are encoded together.
fn shares(texts: Vec<String>, processors: usize) -> Vec<Vec<String>> {
    let work = |text: &String| text.len().min(READ);
    let all: usize = texts.iter().map(work).sum();
    let (mut shares, mut done) = (vec![Vec::new(); processors], 0);
    for text in texts {
        // Where the middle of a text falls, there it belongs.
        let middle = done + work(&text) / 2;
        done += work(&text);
        shares[(middle * processors / all.max(1)).min(processors - 1)].push(text);
    }
    shares.retain(|share| !share.is_empty());
    shares
}

fn meanings(asked: &[Asked]) -> Vec<&Understood> {
    asked.iter().filter_map(|asked| asked.meaning.as_ref()).collect()
}

fn failed(error: impl std::fmt::Display) -> FinderError {
    FinderError(error.to_string())
}

impl Finder for CardFinder {
    fn find(
        &self,
        texts: Vec<String>,
        shown: Option<usize>,
    ) -> PortFuture<'_, Result<Found, FinderError>> {
        let begun = Instant::now();
        let wanted = texts.len();
        let texts = self.affordable(texts);
        let asking = shares(texts, self.parts.processors).into_iter().map(|texts| {
            let parts = Arc::clone(&self.parts);
            spawn_blocking(move || parts.asked(&texts))
        });
        let asking: Vec<_> = asking.collect();
        Box::pin(async move {
            let mut asked = Vec::new();
            for texts in asking {
                asked.append(&mut texts.await.map_err(failed)??);
            }
            let encode = begun.elapsed();
            let asked = Arc::new(asked);
            let count = self.parts.meaning.as_ref().map_or(0, Meaning::shards);
            let comparing = (0..count).map(|shard| {
                let (parts, asked) = (Arc::clone(&self.parts), Arc::clone(&asked));
                spawn_blocking(move || parts.compared(shard, &asked, shown))
            });
            let comparing: Vec<_> = comparing.collect();
            let mut shards = Vec::new();
            for shard in comparing {
                shards.push(shard.await.map_err(failed)?);
            }
            let parts = Arc::clone(&self.parts);
            let found = spawn_blocking(move || parts.found(&asked, shards));
            let mut each = found.await.map_err(failed)?;
            each.resize_with(wanted, Hits::default);
            Ok(Found { each, encode, search: begun.elapsed() - encode })
        })
    }

    fn vectors(&self, texts: Vec<String>) -> PortFuture<'_, Result<Vec<Vec<f32>>, FinderError>> {
        let parts = Arc::clone(&self.parts);
        let encode = move || {
            let Some(meaning) = &parts.meaning else { return Ok(Vec::new()) };
            let texts = texts.iter().map(|text| parts.spelling.mended(text).into_owned());
            let understood = meaning.understand(&texts.collect::<Vec<_>>()).map_err(failed)?;
            Ok(understood.into_iter().map(Understood::into_vector).collect())
        };
        Box::pin(async { spawn_blocking(encode).await.map_err(failed)? })
    }

    fn weights(&self) -> Weights {
        match &self.parts.meaning {
            Some(meaning) => meaning.weights,
            None => Weights::LEXICAL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn a_message_and_its_parts_are_read_beside_each_other() {
        let lengths = |texts: &[usize], processors| {
            let shares =
                shares(texts.iter().map(|length| "x".repeat(*length)).collect(), processors);
            let length = |share: &Vec<String>| share.iter().map(String::len).collect::<Vec<_>>();
            shares.iter().map(length).collect::<Vec<_>>()
        };
        assert_eq!(lengths(&[40], 2), [[40]]);
        assert_eq!(lengths(&[40, 18, 20], 2), [vec![40], vec![18, 20]]);
        assert_eq!(lengths(&[4_000, 400, 400, 400, 400], 2), [vec![4_000, 400], vec![400; 3]]);
        assert_eq!(lengths(&[40, 18, 20], 1), [[40, 18, 20]]);
        assert_eq!(lengths(&[0, 0], 4).concat().len(), 2);
        assert_eq!(lengths(&[], 4).len(), 0);
    }
}
