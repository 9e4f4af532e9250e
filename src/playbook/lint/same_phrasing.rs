//! PB204: the same phrasing in two cards, or twice in one.
//!
//! What it does: compares phrasings without case and punctuation.
//!
//! Why: which of the two cards would come is a toss-up.
//!
//! Example: `> - too dear` under *It costs too much* and under *There is no budget*.
//!
//! Write instead: give it to the card that answers it better; the other may name it under *Not this*.

use std::collections::BTreeMap;

use super::{Diagnostic, Draft, at, plain};

/// Phrasings that stand twice.
pub(super) fn check(draft: &Draft<'_>, found: &mut Vec<Diagnostic>) {
    let mut first = BTreeMap::new();
    for (file, card) in draft.live() {
        for phrasing in &card.phrasings {
            let place = (file, phrasing.at.clone());
            if let Some(other) = first.get(&plain(&phrasing.value)) {
                let message = "the same phrasing stands twice";
                let help = format!("the other one is at {}; remove one of them", at(other));
                found.push(Diagnostic::error("PB204", place.0, place.1, message, help));
            } else {
                first.insert(plain(&phrasing.value), place);
            }
        }
    }
}
