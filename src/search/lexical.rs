//! Which cards share words with a question, and how much: BM25 over the words of the index, read once
//! into lists of our own.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, TantivyError};

use super::SearchError;
use super::analyser;
use super::cache::Cache;
use super::postings::{Posting, Postings};
use super::top_k::TopK;
use super::word_index::{self, Key};
use crate::playbook::Card;

/// The scores of so many cards are added up at a time, on two pages of memory.
const BLOCK: usize = 2_048;

/// tantivy rounds the number of words to one of so many steps.
const LENGTHS: usize = 1 << u8::BITS;

/// No more than this many tokens of a question are looked up.
const MOST_TOKENS: usize = 64;

/// How fast a word that a card has several times stops to count for more, and how much the length of
/// a card matters, from 0 to 1: the usual constants of BM25, and tantivy's.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// Where an index is kept.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    /// Under the directory of this cache, across restarts.
    Directory(&'a Cache),
    /// The same, but only if it is soon there: not when [many](super::MANY) sentences have to be
    /// learned.
    Soon(&'a Cache),
    /// In memory, for as long as it is used.
    Memory,
}

/// An index of words over the cards of one generation.
pub struct LexicalIndex {
    /// In the place of its length each card has the place of that in `norms`.
    postings: Postings,
    /// What the length of a card takes from its words, for each length that there is.
    norms: Vec<f32>,
}

impl LexicalIndex {
    /// Opens the index of these cards, or makes it when there is none that is whole.
    ///
    /// # Errors
    /// [`SearchError`] when tantivy or the file system refuses.
    pub fn open(cards: &[Card], place: Place<'_>) -> Result<Self, SearchError> {
        let keys = word_index::keys(cards);
        let index = match place {
            Place::Directory(cache) | Place::Soon(cache) => {
                word_index::on_disk(cards, &keys, cache)
            }
            Place::Memory => word_index::in_memory(cards, &keys),
        };
        Self::over(&index?, &keys)
    }

    /// The lists of the words of cards that have these [keys](word_index::keys).
    fn over(index: &Index, keys: &[Key]) -> Result<Self, SearchError> {
        let text = word_index::schema().1;
        let places: BTreeMap<Key, u32> = keys.iter().copied().zip(0..).collect();
        let mut postings: BTreeMap<String, Vec<Posting>> = BTreeMap::new();
        let (mut lengths, mut words) = (vec![0; keys.len()], 0);
        for segment in word_index::reader(index)?.searcher().segment_readers() {
            let (keys, norms) =
                (segment.fast_fields().u64("card")?, segment.get_fieldnorms_reader(text)?);
            // A document that was taken out belongs to no card.
            let place = |document| {
                let alive = !segment.is_deleted(document);
                places.get(&keys.first(document).filter(|_| alive)?).copied()
            };
            let cards: Vec<Option<u32>> = (0..segment.max_doc()).map(place).collect();
            for (card, document) in cards.iter().zip(0..) {
                if let Some(length) = card.and_then(|card| lengths.get_mut(card as usize)) {
                    *length = norms.fieldnorm_id(document);
                }
            }
            let inverted = segment.inverted_index(text)?;
            let mut terms = inverted.terms().stream().map_err(TantivyError::from)?;
            while terms.advance() {
                let word = String::from_utf8_lossy(terms.key()).into_owned();
                let list = postings.entry(word).or_default();
                let option = IndexRecordOption::WithFreqs;
                let block = inverted.read_block_postings_from_terminfo(terms.value(), option);
                let mut block = block.map_err(TantivyError::from)?;
                while !block.docs().is_empty() {
                    for (document, times) in block.docs().iter().zip(block.freqs()) {
                        let Some(Some(card)) = cards.get(*document as usize) else { continue };
                        words += u64::from(*times);
                        list.push(Posting { times: *times, card: *card });
                    }
                    block.advance();
                }
            }
        }
        postings.retain(|_, cards| !cards.is_empty());
        // tantivy rounds lengths to the steps of a scale, and gives the number of a step.
        let steps: Vec<u8> = BTreeSet::from_iter(&lengths).into_iter().copied().collect();
        let mean = words as f32 / lengths.len() as f32;
        let norm = |step: &u8| {
            let length = FieldNormReader::id_to_fieldnorm(*step) as f32;
            K1 * (1.0 - B + B * length / mean)
        };
        let norms = steps.iter().map(norm).collect();
        let place = |length: u8| steps.partition_point(|step| *step < length) as u8;
        let postings = Postings::of(postings, lengths.into_iter().map(place).collect())
            .map_err(|e| TantivyError::InternalError(e.to_string()))?;
        Ok(Self { postings, norms })
    }

    /// The distinct words of a text as they are looked up, at most 64.
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<String> {
        let mut tokens = Vec::new();
        for token in analyser::tokens(text) {
            if !tokens.contains(&token) {
                tokens.push(token);
            }
            if tokens.len() == MOST_TOKENS {
                break;
            }
        }
        tokens
    }

    /// Cards that share a word with the text, each with its BM25, best first: the best 128.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<(usize, f32)> {
        let mut lists = Vec::with_capacity(32);
        for token in self.tokens(text) {
            let Some((idf, groups)) = self.postings.get(&token) else { continue };
            lists.extend(groups.map(|(times, cards)| (idf * (1.0 + K1), times as f32, cards)));
        }
        // Word after word, a sum for each card: sentences are made of common words, and a query
        // that walks the lists of all of them side by side takes many times as long. What is
        // written on the way stands on the stack, whose pages are in use all the time.
        let (mut sums, mut adds) = ([0.0_f32; BLOCK], [0.0_f32; LENGTHS]);
        let adds = &mut adds[..self.norms.len()];
        let mut best = TopK::new();
        for (block, lengths) in self.postings.lengths.chunks(BLOCK).enumerate() {
            let (begin, sums) = (block * BLOCK, &mut sums[..lengths.len()]);
            sums.fill(0.0);
            for (weight, times, cards) in &mut lists {
                // What the word adds depends on the length of the card alone.
                for (add, norm) in adds.iter_mut().zip(&self.norms) {
                    *add = *weight * (*times / (*times + norm));
                }
                cards.add(begin, lengths, adds, sums);
            }
            best.add(begin, sums);
        }
        best.in_order()
    }
}

#[cfg(test)]
mod tests {
    use tantivy::Term;
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};

    use std::path::Path;

    use super::*;
    use crate::model::{CardId, Day};
    use crate::search::top_k::MOST_CARDS;
    use crate::search::word_index::{keys, schema};

    /// What tantivy finds by itself for these words.
    fn walked(index: &Index, keys: &[Key], tokens: &[String]) -> Vec<(usize, f32)> {
        let places: BTreeMap<Key, usize> = keys.iter().copied().zip(0..).collect();
        let terms = tokens.iter().map(|token| {
            let term = Term::from_field_text(schema().1, token);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            (Occur::Should, Box::new(query) as Box<dyn Query>)
        });
        let query = BooleanQuery::new(terms.collect());
        let all = TopDocs::with_limit(1_000).order_by_score();
        let searcher = index.reader().unwrap().searcher();
        let hits = searcher.search(&query, &all).unwrap().into_iter();
        let card = |segment: u32, document: u32| {
            let numbers = searcher.segment_reader(segment).fast_fields().u64("card").unwrap();
            places[&numbers.first(document).unwrap()]
        };
        hits.map(|(score, at)| (card(at.segment_ord, at.doc_id), score)).collect()
    }

    /// Cards of words of which some are common and some are rare.
    fn many() -> impl FnMut(usize) -> Card {
        let words = ["price", "seat", "budget", "boss", "later", "risk", "data", "hour", "team"];
        let mut dice = 7_u32;
        let mut phrase = move |count: usize| {
            let mut word = || {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                words[((dice >> 16) as usize % 81).isqrt()]
            };
            (0..count).map(|_| word()).collect::<Vec<_>>().join(" ")
        };
        let day: Day = "2026-01-01".parse().unwrap();
        move |number: usize| {
            let phrasings = (0..1 + number % 4).map(|of| phrase(2 + of)).collect();
            Card::of_phrasings(CardId::parse(&format!("card-{number}")).unwrap(), day, phrasings)
        }
    }

    /// The names of the segments that are there.
    fn segments(folder: &Path) -> BTreeSet<String> {
        let indexes = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files = indexes.flat_map(|index| std::fs::read_dir(index).unwrap());
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(".term")).collect()
    }

    #[test]
    fn an_edit_brings_the_index_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let mut card = many();
        let mut cards: Vec<Card> = (0..200).map(&mut card).collect();
        let same = |cards: &[Card]| {
            let kept = LexicalIndex::open(cards, Place::Directory(&cache)).unwrap();
            let fresh = LexicalIndex::open(cards, Place::Memory).unwrap();
            for text in ["price", "team hour price", "the risk of data", "boss later", "nothing"] {
                assert_eq!(kept.find(text), fresh.find(text), "{text}");
            }
        };
        same(&cards);
        let first = segments(folder.path());
        assert_eq!(first.len(), 1);
        // One card is rewritten, one added in the middle, one taken out, and two change places.
        cards[7] = card(7);
        cards.insert(100, card(1_000));
        cards.remove(30);
        cards.swap(3, 150);
        same(&cards);
        let second = segments(folder.path());
        assert_eq!((second.len(), second.is_superset(&first)), (2, true), "the old one is linked");
        cards.swap(3, 150);
        cards[8].sections.clear();
        same(&cards);
        assert_eq!(segments(folder.path()), second, "no word has changed");
        for number in 0..120 {
            cards[number] = card(2_000 + number);
            if number % 20 == 0 {
                same(&cards);
            }
        }
        same(&cards);
        assert!(segments(folder.path()).is_disjoint(&first), "made anew: most of it was gone");
    }

    #[test]
    fn a_flood_is_cut() {
        let index = LexicalIndex::open(&[], Place::Memory).unwrap();
        let flood: Vec<String> = (0..10_000).map(|number| format!("word{number}")).collect();
        assert_eq!(index.tokens(&flood.join(" ")).len(), MOST_TOKENS);
        assert!(index.find("nothing is there").is_empty());
    }

    #[test]
    fn sums_are_those_of_tantivy() {
        let mut card = many();
        let cards: Vec<Card> = (0..2_000).map(&mut card).collect();
        let keys = keys(&cards);
        let index = word_index::in_memory(&cards, &keys).unwrap();
        let lists = LexicalIndex::over(&index, &keys).unwrap();
        for text in ["price", "team hour price", "the risk of data", "boss boss later", "nothing"] {
            let (ours, theirs) = (lists.find(text), walked(&index, &keys, &lists.tokens(text)));
            assert_eq!(ours.len(), theirs.len().min(MOST_CARDS), "{text}");
            let score = |card: usize| theirs.iter().find(|(other, _)| *other == card).unwrap().1;
            for ((card, sum), (_, in_place)) in ours.iter().zip(&theirs) {
                assert!((sum - score(*card)).abs() < 1e-4, "{text}: {card}");
                assert!((sum - in_place).abs() < 1e-4, "{text}: the best come first");
            }
        }
    }
}
