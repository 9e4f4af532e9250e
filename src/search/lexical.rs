//! The word index: one tantivy field with title and phrasings, kept on disk under its content
//! hash and made anew when that differs or a file is damaged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexSettings, ReloadPolicy, TantivyDocument, TantivyError};

use super::SearchError;
use super::analyser;
use super::best::Best;
use super::cache::Cache;
use super::postings::{Posting, Postings};
use crate::model::ContentHash;
use crate::playbook::Card;

/// Part of the name on disk; raised whenever analyser or schema change.
const LAYOUT: &str = "2";

/// tantivy's smallest allowance for one writing thread, in bytes.
const WRITER_BYTES: usize = 15_000_000;

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
        let (Place::Directory(cache) | Place::Soon(cache)) = place else {
            let index = build(Index::builder().schema(schema().0), cards, None)?;
            return Self::over(&index);
        };
        let directory = cache.directory();
        let hashes = cards.iter().map(|card| card.source.hash.as_str());
        let hash = ContentHash::of(std::iter::once(LAYOUT).chain(hashes));
        let folder = directory.join(format!("words-{hash}"));
        if let Some(index) = sound(&folder) {
            return Self::over(&index);
        }
        remove(&folder)?;
        let draft = directory.join(format!("words-{hash}.{}.tmp", std::process::id()));
        remove(&draft)?;
        make(&draft)?;
        build(Index::builder().schema(schema().0), cards, Some(&draft))?;
        if let Err(cause) = std::fs::rename(&draft, &folder) {
            // Another process may have put the same index there in the meantime.
            remove(&draft)?;
            if sound(&folder).is_none() {
                return Err(SearchError::Files { path: folder, cause });
            }
        }
        remove_others(directory, &folder);
        Self::over(&Index::open_in_dir(&folder)?)
    }

    fn over(index: &Index) -> Result<Self, SearchError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let text = schema().1;
        let mut postings: BTreeMap<String, Vec<Posting>> = BTreeMap::new();
        let (mut lengths, mut words) = (BTreeMap::new(), 0);
        for segment in reader.searcher().segment_readers() {
            let (numbers, norms) =
                (segment.fast_fields().u64("card")?, segment.get_fieldnorms_reader(text)?);
            let cards: Vec<u32> = (0..segment.max_doc())
                .map(|document| {
                    let card = numbers.first(document).and_then(|card| card.try_into().ok());
                    card.unwrap_or(document)
                })
                .collect();
            let of = |(card, document): (&u32, u32)| (*card, norms.fieldnorm_id(document));
            lengths.extend(cards.iter().zip(0..).map(of));
            let inverted = segment.inverted_index(text)?;
            words += inverted.total_num_tokens();
            let mut terms = inverted.terms().stream().map_err(TantivyError::from)?;
            while terms.advance() {
                let word = String::from_utf8_lossy(terms.key()).into_owned();
                let list = postings.entry(word).or_default();
                let option = IndexRecordOption::WithFreqs;
                let block = inverted.read_block_postings_from_terminfo(terms.value(), option);
                let mut block = block.map_err(TantivyError::from)?;
                while !block.docs().is_empty() {
                    let pairs = block.docs().iter().zip(block.freqs());
                    list.extend(pairs.filter_map(|(document, times)| {
                        let card = *cards.get(*document as usize)?;
                        Some(Posting { times: *times, card })
                    }));
                    block.advance();
                }
            }
        }
        // tantivy rounds lengths to the steps of a scale, and gives the number of a step.
        let lengths: Vec<u8> = lengths.into_values().collect();
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
            let Some((rarity, groups)) = self.postings.get(&token) else { continue };
            lists.extend(groups.map(|(times, cards)| (rarity * (1.0 + K1), times as f32, cards)));
        }
        // Word after word, a sum for each card: sentences are made of common words, and a query
        // that walks the lists of all of them side by side takes many times as long. What is
        // written on the way stands on the stack, whose pages are in use all the time.
        let (mut sums, mut adds) = ([0.0_f32; BLOCK], [0.0_f32; LENGTHS]);
        let adds = &mut adds[..self.norms.len()];
        let mut best = Best::new();
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

fn schema() -> (Schema, Field, Field) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw") // not used: the words come as tokens
        .set_index_option(IndexRecordOption::WithFreqs);
    let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
    let card = schema.add_u64_field("card", FAST);
    (schema.build(), text, card)
}

fn build(
    builder: tantivy::IndexBuilder,
    cards: &[Card],
    folder: Option<&Path>,
) -> Result<Index, SearchError> {
    let (_, field, number) = schema();
    let builder = builder.settings(IndexSettings::default());
    let index = match folder {
        Some(folder) => builder.create_in_dir(folder)?,
        None => builder.create_in_ram()?,
    };
    let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
    for (place, card) in cards.iter().enumerate() {
        let mut document = TantivyDocument::default();
        document.add_u64(number, place as u64);
        for words in std::iter::once(&card.title).chain(&card.phrasings) {
            let token = |(position, text)| Token { position, text, ..Token::default() };
            let tokens = analyser::tokens(words).enumerate().map(token).collect();
            let text = String::new(); // is not kept
            document.add_pre_tokenized_text(field, PreTokenizedString { text, tokens });
        }
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(index)
}

/// The index in this folder, when it is there and every file has its checksum: tantivy opens a
/// file with a flipped byte and answers from it.
fn sound(folder: &Path) -> Option<Index> {
    let index = folder.is_dir().then(|| Index::open_in_dir(folder).ok())??;
    let damaged = index.validate_checksum().ok()?;
    damaged.is_empty().then_some(index)
}

fn make(folder: &Path) -> Result<(), SearchError> {
    std::fs::create_dir_all(folder)
        .map_err(|cause| SearchError::Files { path: folder.to_owned(), cause })
}

fn remove(folder: &Path) -> Result<(), SearchError> {
    match std::fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(SearchError::Files { path: folder.to_owned(), cause })
        }
        _ => Ok(()),
    }
}

/// Indexes of earlier contents go; one that cannot be removed does no harm.
fn remove_others(directory: &Path, keep: &Path) {
    let others = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|e| e.path());
    let ours = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| name.starts_with("words-") && !name.ends_with(".tmp"))
    };
    for other in others.filter(|path| path != keep).filter(ours) {
        let _ = std::fs::remove_dir_all(other);
    }
}

#[cfg(test)]
mod tests {
    use tantivy::Term;
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};

    use super::*;
    use crate::model::{CardId, Day};
    use crate::search::best::MOST_CARDS;

    /// What tantivy finds by itself for these words.
    fn walked(index: &Index, tokens: &[String]) -> Vec<(usize, f32)> {
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
            usize::try_from(numbers.first(document).unwrap()).unwrap()
        };
        hits.map(|(score, at)| (card(at.segment_ord, at.doc_id), score)).collect()
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
        let words = ["price", "seat", "budget", "boss", "later", "risk", "data", "hour", "team"];
        let mut dice = 7_u32;
        let mut phrase = |count: usize| {
            let mut word = || {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Some words are common, some are rare.
                words[((dice >> 16) as usize % 81).isqrt()]
            };
            (0..count).map(|_| word()).collect::<Vec<_>>().join(" ")
        };
        let day: Day = "2026-01-01".parse().unwrap();
        let card = |number: usize| {
            let phrasings = (0..1 + number % 4).map(|of| phrase(2 + of)).collect();
            Card::of_phrasings(CardId::parse(&format!("card-{number}")).unwrap(), day, phrasings)
        };
        let cards: Vec<Card> = (0..2_000).map(card).collect();
        let index = build(Index::builder().schema(schema().0), &cards, None).unwrap();
        let lists = LexicalIndex::over(&index).unwrap();
        for text in ["price", "team hour price", "the risk of data", "boss boss later", "nothing"] {
            let (ours, theirs) = (lists.find(text), walked(&index, &lists.tokens(text)));
            assert_eq!(ours.len(), theirs.len().min(MOST_CARDS), "{text}");
            let score = |card: usize| theirs.iter().find(|(other, _)| *other == card).unwrap().1;
            for ((card, sum), (_, in_place)) in ours.iter().zip(&theirs) {
                assert!((sum - score(*card)).abs() < 1e-4, "{text}: {card}");
                assert!((sum - in_place).abs() < 1e-4, "{text}: the best come first");
            }
        }
    }
}
