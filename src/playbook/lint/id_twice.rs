//! PB301: an id used twice, now or as an old name.
//!
//! What it does: checks that every id and every `was:` belongs to one card only.
//!
//! Why: links, buttons and the history of a card hang on its id.
//!
//! Example: two cards titled *Too dear*.
//!
//! Write instead: `<!-- id: too-dear-renewal -->` below one of the two headings.

use std::collections::BTreeMap;

use super::{Diagnostic, ParsedPlaybook, at};

/// Ids and old ids that belong to two cards.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    let mut first = BTreeMap::new();
    for (file, card) in draft.cards() {
        let own = std::iter::once((&card.id, card.title.at.clone()));
        let old = card.was.iter().map(|was| (&was.value, was.at.clone()));
        for (id, place) in own.chain(old) {
            if let Some(other) = first.get(id) {
                let message = format!("id `{id}` is used twice");
                let help =
                    format!("the other one is at {}; give one its own: <!-- id: … -->", at(other));
                found.push(Diagnostic::error("PB301", file, place, message, help));
            } else {
                first.insert(id, (file, place));
            }
        }
    }
}
