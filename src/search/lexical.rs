//! The word index: one tantivy field with title and phrasings, kept on disk under its content
//! hash and made anew when that differs or a file is damaged.

use std::path::{Path, PathBuf};

use tantivy::collector::{Count, TopDocs};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexSettings, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::SearchError;
use super::analyser::{self, analyser};
use crate::model::ContentHash;
use crate::playbook::Card;

/// Part of the name on disk; raised whenever analyser or schema change.
const LAYOUT: &str = "1";

/// tantivy's smallest allowance for one writing thread, in bytes.
const WRITER_BYTES: usize = 15_000_000;

/// So many cards are found at most; what lies behind would hardly add to its score.
const MOST_CARDS: usize = 128;

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
    searcher: Searcher,
    /// Of each segment the cards of its documents.
    numbers: Vec<Column<u64>>,
    text: Field,
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
        let searcher = reader.searcher();
        let numbers = searcher.segment_readers().iter();
        let numbers = numbers.map(|segment| segment.fast_fields().u64("card"));
        let numbers = numbers.collect::<Result<_, _>>()?;
        Ok(Self { searcher, numbers, text: schema().1, analyser: analyser() })
    }

    /// The distinct words of a text as they are looked up.
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<String> {
        analyser::tokens(&mut self.analyser.clone(), text)
    }

    /// Cards that share a word with the text, each with its BM25, best first: the best 128.
    ///
    /// # Errors
    /// [`SearchError::Words`] when the index cannot be read.
    pub fn find(&self, text: &str) -> Result<Vec<(usize, f32)>, SearchError> {
        // The query is made of tokens, never parsed: what a customer says is no query language.
        let terms = self.tokens(text).into_iter().map(|token| {
            let term = Term::from_field_text(self.text, &token);
            let query: Box<dyn Query> =
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, query)
        });
        let query = BooleanQuery::new(terms.collect());
        // Counting in the same pass switches block-max WAND off, which is slower on sentences of
        // common words.
        let collector = (TopDocs::with_limit(MOST_CARDS).order_by_score(), Count);
        let (hits, _) = self.searcher.search(&query, &collector)?;
        let found = hits.into_iter().filter_map(|(score, address)| {
            let numbers = self.numbers.get(address.segment_ord as usize)?;
            let card = numbers.first(address.doc_id)?;
            Some((usize::try_from(card).ok()?, score))
        });
        Ok(found.collect())
    }
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
