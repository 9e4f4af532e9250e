//! PB204: the same phrasing in two cards, or twice in one.
//!
//! What it does: compares phrasings without case and punctuation.
//!
//! Why: which of the two cards would come is a toss-up.
//!
//! Example: `> - too dear` under *It costs too much* and under *There is no budget*.
//!
//! Write instead: give it to the card that answers it better; the other may name it under *Not this*.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Diagnostic, ParsedPlaybook, at, plain};

/// Phrasings that stand twice.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    let mut first = HashMap::new();
    for (file, card) in draft.live() {
        for phrasing in &card.phrasings {
            match first.entry(plain(&phrasing.value)) {
                Entry::Vacant(none) => {
                    none.insert((file, phrasing.at.clone()));
                }
                Entry::Occupied(other) => {
                    let message = "this phrase appears twice";
                    let help =
                        format!("the other one is at {}; remove one of them", at(other.get()));
                    let place = phrasing.at.clone();
                    found.push(Diagnostic::error("PB204", file, place, message, help));
                }
            }
        }
    }
}
