//! Makes the generation that serves, from files that were read.

use std::sync::Arc;

use super::{Files, Known, LibraryError};
use crate::coach::ports::Generation;
use crate::playbook::{Playbook, Reading, Severity};
use crate::search::{CardFinder, Encoder, Place, Progress};

/// Makes a generation out of files, all of them or none.
///
/// # Errors
/// [`LibraryError`] when there is no card, an error in any file, or no index can be made.
pub fn build(
    files: &Files,
    known: &Known,
    encoder: Option<Arc<dyn Encoder>>,
    place: Place<'_>,
    progress: Progress<'_>,
) -> Result<Generation, LibraryError> {
    let Reading { playbook, diagnostics } = files.playbook(known);
    let Some(playbook) = playbook else {
        let errors = diagnostics.into_iter().filter(|found| found.severity == Severity::Error);
        return Err(LibraryError::Broken { errors: errors.collect() });
    };
    if playbook.cards.is_empty() {
        return Err(LibraryError::Empty { path: files.directory.clone() });
    }
    generation(playbook, &files.asked(), encoder, place, progress)
}

/// Makes a generation out of a playbook. `asked` are sentences that will be looked up again and
/// again: their vectors are kept.
///
/// # Errors
/// [`LibraryError::Index`] when no index can be made.
pub fn generation(
    playbook: Playbook,
    asked: &[String],
    encoder: Option<Arc<dyn Encoder>>,
    place: Place<'_>,
    progress: Progress<'_>,
) -> Result<Generation, LibraryError> {
    let finder = CardFinder::open(&playbook.cards, asked, encoder, place, progress)
        .map_err(|error| LibraryError::Index(error.to_string()))?;
    Ok(Generation { id: playbook.hash().to_string(), playbook, finder: Box::new(finder) })
}
