//! PB201: too few phrasings. None is an error, fewer than five a warning.
//!
//! What it does: counts the quoted lines below a card's heading. Methods need none.
//!
//! Why: nothing improves the answers more. Going from two to five phrasings was worth 8 to 13 points of right first cards in every search that was tried.
//!
//! Example: a card with `> - too expensive` and nothing else.
//!
//! Write instead: terse, long, indirect and spoken ways of saying it, as customers did say it.

use super::{Diagnostic, ParsedPlaybook};
use crate::playbook::source::Kind;

/// Live cards that are hard or impossible to find.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    for (file, card) in draft.live().filter(|(file, _)| file.kind() != Kind::Methodology) {
        let (title, at) = (&card.title.value, card.title.at.clone());
        match card.phrasings.len() {
            0 => {
                let message =
                    format!("card `{title}` has no example phrases, so nothing matches it");
                let help = "write below its heading what customers say:\n> - It's too expensive";
                found.push(Diagnostic::error("PB201", file, at, message, help));
            }
            count @ 1..5 => {
                let phrases = if count == 1 { "phrase" } else { "phrases" };
                let message =
                    format!("card `{title}` has {count} example {phrases}; write at least 5");
                let help = "five or more, as different as customers are, match far better";
                found.push(Diagnostic::error("PB201", file, at, message, help).warning());
            }
            _ => {}
        }
    }
}
