//! Makes the generation that serves, from files that were read.

use super::price_policy::policy;
use super::{Files, Known, LibraryError};
use crate::model::{ContentHash, Severity};
use crate::nlu::looked_up;
use crate::playbook::{Playbook, Reading};
use crate::ports::Generation;
use crate::ranking::ContextBoost;
use crate::search::{CardFinder, IndexOptions, SearchError};

/// Makes a generation out of files, all of them or none.
///
/// # Errors
/// [`LibraryError`] when there is no card, an error in any file, or no index can be made.
pub fn build(
    files: &Files,
    known: &Known,
    options: IndexOptions<'_>,
) -> Result<Generation, LibraryError> {
    let Reading { playbook, diagnostics } = files.playbook(known);
    let Some(playbook) = playbook else {
        let errors = diagnostics.into_iter().filter(|found| found.severity == Severity::Error);
        return Err(LibraryError::Broken { errors: errors.collect() });
    };
    if playbook.cards.is_empty() {
        return Err(LibraryError::Empty { path: files.directory.clone() });
    }
    let asked: Vec<String> = files.asked().iter().flat_map(|text| looked_up(text)).collect();
    let made = generation(playbook, &asked, options)?;
    let Some(file) = &files.pricing else { return Ok(made) };
    // Its words count too: a changed line must be live at once.
    let id = ContentHash::of([made.id.as_str(), &file.text]).to_string();
    let policy = policy(file).map_err(|errors| LibraryError::Broken { errors })?;
    Ok(Generation { id, policy: Some(policy), ..made })
}

/// Makes a generation out of a playbook. `asked` are sentences that will be looked up again and
/// again: their vectors are kept.
///
/// # Errors
/// [`LibraryError::Index`] when no index can be made.
pub fn generation(
    playbook: Playbook,
    asked: &[String],
    options: IndexOptions<'_>,
) -> Result<Generation, LibraryError> {
    let Playbook { cards, plan } = &playbook;
    let finder = CardFinder::open(cards, asked, &plan.no_card, options);
    let finder = finder.map_err(|error| match error {
        SearchError::Unlearned(sentences) => LibraryError::Unlearned { sentences },
        error => LibraryError::Index(error.to_string()),
    })?;
    let id = playbook.hash().to_string();
    let context_boost = ContextBoost::of(cards);
    Ok(Generation { id, playbook, context_boost, policy: None, finder: Box::new(finder) })
}
