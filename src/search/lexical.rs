//! The word index: one tantivy field with title and phrasings, kept on disk under its content
//! hash and made anew when that differs or a file is damaged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tantivy::query::Bm25Weight;
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexSettings, ReloadPolicy, TantivyDocument, TantivyError};

use super::SearchError;
use super::analyser::{self, analyser};
use super::postings::{Posting, Postings};
use crate::model::ContentHash;
use crate::playbook::Card;

/// Part of the name on disk; raised whenever analyser or schema change.
const LAYOUT: &str = "1";

/// tantivy's smallest allowance for one writing thread, in bytes.
const WRITER_BYTES: usize = 15_000_000;

/// So many cards are found at most; what lies behind would hardly add to its score.
const MOST_CARDS: usize = 128;

/// Cards stand in so many columns while the best are chosen: several times as many as are wanted.
const COLUMNS: usize = 4 * MOST_CARDS;

/// tantivy rounds the number of words to one of so many steps.
const LENGTHS: usize = 1 << u8::BITS;

/// Where an index is kept.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// Under this directory, across restarts.
    Directory(&'a Path),
    /// In memory, for as long as it is used.
    Memory,
}

/// An index of words over the cards of one generation.
pub struct LexicalIndex {
    postings: Postings,
    /// How many words each card has, as tantivy rounds them: the number of a step in its scale.
    lengths: Vec<u8>,
    /// How many words a card has on average.
    mean_length: f32,
    analyser: TextAnalyzer,
}

impl LexicalIndex {
    /// Opens the index of these cards, or makes it when there is none that is whole.
    ///
    /// # Errors
    /// [`SearchError`] when tantivy or the file system refuses.
    pub fn open(cards: &[Card], place: Place<'_>) -> Result<Self, SearchError> {
        let Place::Directory(directory) = place else {
            let index = build(Index::builder().schema(schema().0), cards, None)?;
            return Self::over(&index);
        };
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
        Self::over(&with_analyser(Index::open_in_dir(&folder)?))
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
        let lengths: Vec<u8> = lengths.into_values().collect();
        let mean_length = words as f32 / lengths.len() as f32;
        let postings =
            Postings::of(postings).map_err(|e| TantivyError::InternalError(e.to_string()))?;
        Ok(Self { postings, lengths, mean_length, analyser: analyser() })
    }

    /// The distinct words of a text as they are looked up.
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<String> {
        analyser::tokens(&mut self.analyser.clone(), text)
    }

    /// Cards that share a word with the text, each with its BM25, best first: the best 128.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<(usize, f32)> {
        // Word after word, a sum for each card: sentences are made of common words, and a query
        // that walks the lists of all of them side by side takes many times as long.
        let all = self.lengths.len();
        let mut scores = vec![0.0_f32; all];
        for token in self.tokens(text) {
            let Some((having, groups)) = self.postings.get(&token) else { continue };
            let weight = Bm25Weight::for_one_term_without_explain(
                u64::from(having),
                all as u64,
                self.mean_length,
            );
            for (times, cards) in groups {
                // What the word adds depends on the length of the card alone.
                let adds: [f32; LENGTHS] =
                    std::array::from_fn(|length| weight.score(length as u8, times));
                for card in cards {
                    let (Some(score), Some(length)) =
                        (scores.get_mut(card as usize), self.lengths.get(card as usize))
                    else {
                        continue;
                    };
                    *score += adds[usize::from(*length)];
                }
            }
        }
        best(&scores)
    }
}

/// The places of the highest scores above nothing, best first; of equal ones the first.
fn best(scores: &[f32]) -> Vec<(usize, f32)> {
    let order = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    // In as many columns as cards are wanted stands one that is no worse than the last of their
    // maxima: what is worse than that is not among the best. The compiler compares many columns at
    // once; to look at card after card takes as long as adding up.
    let mut maxima = vec![0.0_f32; COLUMNS];
    for row in scores.chunks(COLUMNS) {
        for (maximum, score) in maxima.iter_mut().zip(row) {
            *maximum = if *score > *maximum { *score } else { *maximum };
        }
    }
    let mut by_maximum = maxima.clone();
    let (_, least, _) = by_maximum.select_nth_unstable_by(MOST_CARDS - 1, |a, b| b.total_cmp(a));
    let least = least.max(f32::MIN_POSITIVE);
    let columns = maxima.iter().enumerate().filter(|(_, maximum)| **maximum >= least);
    let mut best = Vec::with_capacity(2 * MOST_CARDS);
    for (column, _) in columns {
        let cards = scores.iter().enumerate().skip(column).step_by(COLUMNS);
        best.extend(
            cards.filter(|(_, score)| **score >= least).map(|(card, score)| (card, *score)),
        );
    }
    best.sort_unstable_by(order);
    best.truncate(MOST_CARDS);
    best
}

fn schema() -> (Schema, Field, Field) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyser::NAME)
        .set_index_option(IndexRecordOption::WithFreqs);
    let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
    let card = schema.add_u64_field("card", FAST);
    (schema.build(), text, card)
}

fn with_analyser(index: Index) -> Index {
    index.tokenizers().register(analyser::NAME, analyser());
    index
}

fn build(
    builder: tantivy::IndexBuilder,
    cards: &[Card],
    folder: Option<&Path>,
) -> Result<Index, SearchError> {
    let (_, text, number) = schema();
    let builder = builder.settings(IndexSettings::default());
    let index = with_analyser(match folder {
        Some(folder) => builder.create_in_dir(folder)?,
        None => builder.create_in_ram()?,
    });
    let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
    for (place, card) in cards.iter().enumerate() {
        let mut document = TantivyDocument::default();
        document.add_u64(number, place as u64);
        for words in std::iter::once(&card.title).chain(&card.phrasings) {
            document.add_text(text, analyser::without_apostrophes(words));
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
    damaged.is_empty().then(|| with_analyser(index))
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
