//! PB208: a *Not this* line that is also a phrasing.
//!
//! What it does: compares the lines under *Not this* with all phrasings of the same card.
//!
//! Why: one of the two is a mistake, and the program cannot know which.
//!
//! Example: `what does it cost` as a phrasing and under *Not this*.
//!
//! Write instead: keep the one you mean.

use super::{Diagnostic, ParsedPlaybook, plain};
use crate::playbook::section::Section;

/// Lines that are to bring a card and not to bring it.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    for (file, card) in draft.live() {
        for line in card.lines(Section::NotThis) {
            let same =
                |phrasing: &&super::Spanned<String>| plain(&phrasing.value) == plain(&line.value);
            if let Some(phrasing) = card.phrasings.iter().find(same) {
                let message = "this line is both an example and a negative example";
                let there = at_line(file, phrasing);
                let help = format!("it is also a phrasing, on line {there}; keep one of them");
                found.push(Diagnostic::error("PB208", file, line.at.clone(), message, help));
            }
        }
    }
}

fn at_line(file: &crate::playbook::SourceFile, phrasing: &super::Spanned<String>) -> usize {
    file.position(phrasing.at.start).0
}
