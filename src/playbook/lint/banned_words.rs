//! PB605: a line that may be said holds words that an *Avoid* forbids.
//!
//! What it does: takes every text in "double quotes" under any *Avoid* and looks for it in all lines that may be said.
//!
//! Why: what one card forbids, another should not teach.
//!
//! Example: `- Never say "best price".` and, elsewhere, `- Our best price is on the list.`
//!
//! Write instead: other words, or take the quotes off if the words as such are fine.

use super::{Diagnostic, ParsedPlaybook, at};
use crate::playbook::section::Section;

/// Forbidden words in lines for customers.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    let mut banned = Vec::new();
    for (file, card) in draft.live() {
        for line in card.lines(Section::Avoid) {
            // Every second piece stands between two quotation marks; a mark that is never closed
            // opens nothing.
            let pieces: Vec<&str> = line.value.split('"').collect();
            let closed = pieces.len() - usize::from(pieces.len().is_multiple_of(2));
            let quoted = pieces[..closed].iter().skip(1).step_by(2);
            let words = quoted.map(|words| words.trim().to_lowercase());
            banned.extend(words.filter(|words| !words.is_empty()).map(|words| (words, file, line)));
        }
    }
    for (file, card) in draft.live() {
        for line in card.spoken() {
            let said = line.value.to_lowercase();
            if let Some((words, by, avoid)) = banned.iter().find(|(words, ..)| said.contains(words))
            {
                let message = format!("\"{words}\" is forbidden in lines that may be said");
                let help = format!("by the Avoid at {}", at(&(*by, avoid.at.clone())));
                found.push(Diagnostic::error("PB605", file, line.at.clone(), message, help));
            }
        }
    }
}
