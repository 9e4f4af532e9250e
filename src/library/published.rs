//! What was live last: the cards with their files, and the golden questions that have passed once.

use std::collections::BTreeSet;

use crate::model::{CardId, ContentHash};
use crate::playbook::Playbook;
use crate::ports::{StateStore, StoreError};

/// One card and its file a line.
const PUBLISHED: &str = "published";

/// One golden question a line, by the hash of what it asks and expects.
const PASSED: &str = "passed";

/// The cards that were live last; none when nothing was noted.
#[must_use]
pub fn published(state: &dyn StateStore) -> Vec<(CardId, String)> {
    let line = |line: &str| {
        let (id, file) = line.split_once('\t')?;
        Some((CardId::parse(id)?, file.to_owned()))
    };
    read(state, PUBLISHED).lines().filter_map(line).collect()
}

/// The golden questions that have passed when they were live; none when nothing was noted.
#[must_use]
pub fn passed(state: &dyn StateStore) -> BTreeSet<ContentHash> {
    read(state, PASSED).lines().filter_map(ContentHash::parse).collect()
}

/// Notes which cards are live now.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn note_published(state: &dyn StateStore, playbook: &Playbook) -> Result<(), StoreError> {
    let lines = playbook.cards.iter().map(|card| format!("{}\t{}\n", card.id, card.source.file));
    state.put(PUBLISHED, &lines.collect::<String>())
}

/// Notes which golden questions have passed, instead of those that were noted before.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn note_passed(
    state: &dyn StateStore,
    passed: &BTreeSet<ContentHash>,
) -> Result<(), StoreError> {
    let lines = passed.iter().map(|question| format!("{question}\n"));
    state.put(PASSED, &lines.collect::<String>())
}

/// Without the note everything works; only what has vanished is not noticed.
fn read(state: &dyn StateStore, name: &str) -> String {
    state
        .get(name)
        .unwrap_or_else(|error| {
            tracing::warn!(%error, "what was live last cannot be read");
            None
        })
        .unwrap_or_default()
}
