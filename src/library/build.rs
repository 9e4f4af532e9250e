//! Makes the generation that serves, from files that were read.

use std::sync::Arc;

use super::{Files, LibraryError};
use crate::coach::ports::{Generation, Library};
use crate::model::Day;
use crate::playbook::{Playbook, Severity};
use crate::search::{CardFinder, Encoder, Place, Progress};

/// Holds the generation that serves.
pub struct Shelf {
    current: Arc<Generation>,
}

impl Shelf {
    /// Serves this generation.
    #[must_use]
    pub fn new(generation: Generation) -> Self {
        Self { current: Arc::new(generation) }
    }
}

impl Library for Shelf {
    fn current(&self) -> Arc<Generation> {
        Arc::clone(&self.current)
    }
}

/// Makes a generation out of files, all of them or none.
///
/// # Errors
/// [`LibraryError`] when there is no card, an error in any file, or no index can be made.
pub fn build(
    files: &Files,
    today: Day,
    encoder: Option<Arc<dyn Encoder>>,
    place: Place<'_>,
    progress: Progress<'_>,
) -> Result<Generation, LibraryError> {
    let reading = files.playbook(today);
    let errors = reading.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let errors = errors.count();
    let playbook = match reading.playbook {
        Some(playbook) if errors == 0 => playbook,
        _ => return Err(LibraryError::Broken { errors }),
    };
    if playbook.cards.is_empty() {
        return Err(LibraryError::Empty { path: files.directory.clone() });
    }
    generation(playbook, encoder, place, progress)
}

/// Makes a generation out of a playbook.
///
/// # Errors
/// [`LibraryError::Index`] when no index can be made.
pub fn generation(
    playbook: Playbook,
    encoder: Option<Arc<dyn Encoder>>,
    place: Place<'_>,
    progress: Progress<'_>,
) -> Result<Generation, LibraryError> {
    let finder = CardFinder::open(&playbook.cards, encoder, place, progress)
        .map_err(|error| LibraryError::Index(error.to_string()))?;
    Ok(Generation { id: playbook.hash().to_string(), playbook, finder: Box::new(finder) })
}
