//! Holds the generation that serves, and what keeps a newer one from it.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::ports::{Generation, Learning, Library};

/// The one place from which everyone takes the current generation.
pub struct CurrentGeneration {
    current: RwLock<(Arc<Generation>, Arc<[String]>)>,
    learning: Mutex<Option<Learning>>,
}

impl CurrentGeneration {
    /// Serves this generation.
    #[must_use]
    pub fn new(generation: Generation, problems: Vec<String>) -> Self {
        let current = RwLock::new((Arc::new(generation), problems.into()));
        Self { current, learning: Mutex::default() }
    }

    /// Serves a new generation from now on. A request that still answers from the old one finishes with
    /// it; it goes when its last reader does.
    pub fn swap(&self, generation: Generation) {
        let new = (Arc::new(generation), Arc::from([]));
        // Nothing panics while it holds the lock, so a poisoned lock holds a whole value.
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    /// What it serves finds by words alone until the next generation comes; so far is that one.
    pub fn learn(&self, learning: Option<Learning>) {
        *self.learning.lock().unwrap_or_else(PoisonError::into_inner) = learning;
    }

    /// Keeps the current version and records why the new one was rejected.
    pub fn keep(&self, problems: Vec<String>) {
        self.current.write().unwrap_or_else(PoisonError::into_inner).1 = problems.into();
    }
}

impl Library for CurrentGeneration {
    fn current(&self) -> Arc<Generation> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).0)
    }

    fn learning(&self) -> Option<Learning> {
        *self.learning.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn problems(&self) -> Arc<[String]> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).1)
    }
}
