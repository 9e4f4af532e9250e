//! Finds what speaks for each card: BM25 over an index of words, cosines over sentence vectors.

mod analyser;
mod cache;
mod encoder;
mod finder;
mod int8;
mod intents;
mod lexical;
mod meaning;
mod mpnet;
mod nearness;
mod pages;
mod postings;
mod sentence_transformer;
mod sentences;
mod shard;
mod spelling;
mod top_k;
mod vectors;
mod word_index;

use std::sync::Arc;

pub use cache::Cache;
pub use encoder::{EncodeError, Encoder};
pub use finder::CardFinder;
pub use lexical::{LexicalIndex, Place};
pub use mpnet::Mpnet;
pub use sentence_transformer::{SentenceTransformer, UnusableModel};
pub use sentences::alike;

/// Told how many sentences of how many are encoded.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// How a generation is indexed.
#[derive(Clone)]
pub struct IndexOptions<'a> {
    /// What makes vectors of sentences; without one only words are compared.
    pub encoder: Option<Arc<dyn Encoder>>,
    /// Where the index is.
    pub place: Place<'a>,
    /// Told how far encoding is.
    pub progress: Progress<'a>,
}

/// Why the index cannot be made or asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// tantivy could not do its work.
    #[error("the word index: {0}")]
    Words(#[from] tantivy::TantivyError),
    /// A file under the index directory could not be written.
    #[error("`{}`: {cause}", path.display())]
    Files {
        /// The path that was tried.
        path: std::path::PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The encoder failed.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// More sentences have to be learned than someone waits for.
    #[error("{0} sentences have to be learned")]
    Unlearned(usize),
}

/// More sentences than these are learned while reps are answered by words alone: on two cores they
/// take some twenty seconds.
pub const MANY: usize = 3_000;

/// How many threads can work at once.
fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
