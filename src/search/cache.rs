//! What was computed for one generation and is of use to the next: an edit changes a card or two of
//! thousands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::intents::Likely;
use super::vectors::{Known, Vectors};
use crate::model::ContentHash;

/// The index directory, and what of it is in memory already.
pub struct Cache {
    directory: PathBuf,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    vectors: Option<Arc<Vectors>>,
    about: Arc<AboutCards>,
}

/// What the phrasings of a card are about, by the hash of the card.
pub(super) type AboutCards = BTreeMap<ContentHash, Arc<Likely>>;

impl Cache {
    /// Over an index directory, which need not be there yet. A cache serves one encoder.
    #[must_use]
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), memory: Mutex::default() }
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The vectors that were computed last by this model, and where they are kept.
    pub(super) fn known(&self, model: &str) -> Known<'_> {
        let vectors = self.with(|memory| memory.vectors.clone());
        let vectors = vectors.filter(|vectors| vectors.model == model);
        Known { vectors, folder: Some(&self.directory) }
    }

    pub(super) fn about(&self) -> Arc<AboutCards> {
        self.with(|memory| Arc::clone(&memory.about))
    }

    pub(super) fn keep_vectors(&self, vectors: &Arc<Vectors>) {
        self.with(|memory| memory.vectors = Some(Arc::clone(vectors)));
    }

    pub(super) fn keep_about(&self, about: AboutCards) {
        self.with(|memory| memory.about = Arc::new(about));
    }

    /// Nothing panics while it holds the lock, so a poisoned lock holds a whole value.
    fn with<T>(&self, act: impl FnOnce(&mut Memory) -> T) -> T {
        act(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
