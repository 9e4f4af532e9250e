//! PB401: a selling method that has no file.
//!
//! What it does: looks each name under `methodology:` up in `methodologies/`.
//!
//! Why: the names of its slots cannot be told from the words to say.
//!
//! Example: `methodology: [lear]`.
//!
//! Write instead: `methodology: [laer]`, with `## LAER` in `methodologies/laer.md`.

use super::{Diagnostic, ParsedPlaybook};
use crate::playbook::front_matter::did_you_mean;

/// Methods that cards name and no one has described.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    let known: Vec<&str> = draft.slots.keys().map(|id| id.as_str()).collect();
    for (file, card) in draft.cards() {
        for method in card.meta.methodology.iter().flatten() {
            if !known.contains(&method.value.as_str()) {
                let message = format!("no file of methodologies/ describes `{}`", method.value);
                let help = did_you_mean(&method.value, &known);
                let at = method.at.clone();
                let problem = Diagnostic::error("PB401", file, at, message, help);
                if !found.contains(&problem) {
                    found.push(problem);
                }
            }
        }
    }
}
