//! The tantivy index over titles and phrasings: rebuilt, or brought up to date card by card.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::SearchError;
use super::analyser;
use super::cache::Cache;
use crate::model::ContentHash;
use crate::playbook::Card;

/// Part of the name on disk; raised whenever analyser or schema change.
const LAYOUT: &str = "3";

/// tantivy's smallest allowance for one writing thread, in bytes.
const WRITER_BYTES: usize = 15_000_000;

/// Names the words of a card: its document in the index has this number.
pub(super) type Key = u64;

/// The name of each card's words.
pub(super) fn keys(cards: &[Card]) -> Vec<Key> {
    let key = |card: &Card| {
        let texts = written(card).map(String::as_str);
        ContentHash::number(std::iter::once(card.id.as_str()).chain(texts))
    };
    cards.iter().map(key).collect()
}

/// The index of these cards, which have these [`keys`], in memory.
///
/// # Errors
/// [`SearchError`] when tantivy refuses.
pub(super) fn in_memory(cards: &[Card], keys: &[Key]) -> Result<Index, SearchError> {
    let index = Index::builder().schema(schema().0).create_in_ram()?;
    update(&index, cards, keys)?;
    Ok(index)
}

/// Opens the index of these cards, which have these [`keys`], under the index directory. When there is none that is whole, the
/// one that is there of other cards is brought up to date beside it, or one is made.
///
/// # Errors
/// [`SearchError`] when tantivy or the file system refuses.
pub(super) fn on_disk(cards: &[Card], keys: &[Key], cache: &Cache) -> Result<Index, SearchError> {
    let directory = cache.directory();
    let names: BTreeSet<String> = keys.iter().map(|key| format!("{key:016x}")).collect();
    let hash = ContentHash::of(std::iter::once(LAYOUT).chain(names.iter().map(String::as_str)));
    let folder = directory.join(format!("words-{LAYOUT}-{hash}"));
    if let Some(index) = sound(&folder) {
        return Ok(index);
    }
    remove(&folder)?;
    let draft = directory.join(format!("words-{hash}.{}.tmp", std::process::id()));
    remove(&draft)?;
    if !updated(directory, &draft, cards, keys) {
        remove(&draft)?;
        make(&draft)?;
        let index = Index::builder().schema(schema().0).settings(IndexSettings::default());
        update(&index.create_in_dir(&draft)?, cards, keys)?;
    }
    if let Err(cause) = std::fs::rename(&draft, &folder) {
        // Another process may have put the same index there in the meantime.
        remove(&draft)?;
        if sound(&folder).is_none() {
            return Err(SearchError::Files { path: folder, cause });
        }
    }
    for other in others(directory).filter(|other| *other != folder) {
        let _ = std::fs::remove_dir_all(other); // one that cannot be removed does no harm
    }
    Ok(Index::open_in_dir(&folder)?)
}

/// Whether an index of other cards could be brought up to date in this folder. tantivy writes every
/// file once and never changes it, so that the files of the other one are linked and not copied.
fn updated(directory: &Path, draft: &Path, cards: &[Card], keys: &[Key]) -> bool {
    let alike = format!("words-{LAYOUT}-");
    let is_alike = |path: &PathBuf| name(path).is_some_and(|name| name.starts_with(&alike));
    let Some(other) = others(directory).find(|path| is_alike(path)) else { return false };
    let linked = || -> Result<bool, SearchError> {
        if sound(&other).is_none() {
            return Ok(false);
        }
        make(draft)?;
        let failed = |cause| SearchError::Files { path: other.clone(), cause };
        for entry in std::fs::read_dir(&other).map_err(failed)? {
            let from = entry.map_err(failed)?.path();
            let to = from.file_name().map(|name| draft.join(name)).unwrap_or_default();
            if name(&from).is_some_and(|name| !name.ends_with(".lock")) {
                std::fs::hard_link(&from, to).map_err(failed)?;
            }
        }
        update(&Index::open_in_dir(draft)?, cards, keys)
    };
    // Where it is not to be: another process has removed it, or the file system has no links.
    linked().unwrap_or(false)
}

/// Takes out of an index what is none of these cards and adds what is missing. `false` when more than
/// half of it would be gone: it is rebuilt then, since tantivy keeps what is taken out.
fn update(index: &Index, cards: &[Card], keys: &[Key]) -> Result<bool, SearchError> {
    let (_, text, number) = schema();
    let mut missing: BTreeMap<Key, &Card> = keys.iter().copied().zip(cards).collect();
    let (mut stale, mut all) = (Vec::new(), 0);
    for segment in reader(index)?.searcher().segment_readers() {
        let keys = segment.fast_fields().u64("card")?;
        all += segment.max_doc();
        for key in segment.doc_ids_alive().filter_map(|document| keys.first(document)) {
            if missing.remove(&key).is_none() {
                stale.push(key);
            }
        }
    }
    let kept = cards.len() - missing.len();
    if kept < all as usize / 2 {
        return Ok(false);
    }
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
    for key in stale {
        writer.delete_term(Term::from_field_u64(number, key));
    }
    for (key, card) in missing {
        writer.add_document(document(card, key, text, number))?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(true)
}

fn document(card: &Card, key: Key, text: Field, number: Field) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_u64(number, key);
    for words in written(card) {
        let token = |(position, text)| Token { position, text, ..Token::default() };
        let tokens = analyser::tokens(words).enumerate().map(token).collect();
        let words = String::new(); // are not kept
        document.add_pre_tokenized_text(text, PreTokenizedString { text: words, tokens });
    }
    document
}

/// What is looked up of a card.
fn written(card: &Card) -> impl Iterator<Item = &String> {
    std::iter::once(&card.title).chain(&card.phrasings)
}

/// The schema, and in it the words of a card and its [`Key`].
pub(super) fn schema() -> (Schema, Field, Field) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw") // not used: the words come as tokens
        .set_index_option(IndexRecordOption::WithFreqs);
    let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
    let card = schema.add_u64_field("card", FAST | INDEXED);
    (schema.build(), text, card)
}

pub(super) fn reader(index: &Index) -> Result<tantivy::IndexReader, SearchError> {
    Ok(index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?)
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

/// All indexes that are there, of whatever cards.
fn others(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let ours = |path: &PathBuf| {
        name(path).is_some_and(|name| name.starts_with("words-") && !name.ends_with(".tmp"))
    };
    entries.map(|entry| entry.path()).filter(ours)
}

fn name(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}
