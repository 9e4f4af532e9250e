//! PB101: a live card that cannot answer.
//!
//! What it does: reports cards with neither *Ask* nor *Say* (methods: neither *When* nor *Turn*), and TODO in a line.
//!
//! Why: a rep in a call would get a card with nothing on it.
//!
//! Example: a heading and phrasings, and the answer to be written later.
//!
//! Write instead: `draft: true` until it is finished; a draft is checked and not served.

use super::{Diagnostic, ParsedPlaybook};
use crate::playbook::section::Section;
use crate::playbook::source::Kind;

/// Live cards with nothing to say, and unfinished lines.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    for (file, card) in draft.live() {
        let title = &card.title.value;
        let at = || card.title.at.clone();
        let (needs, help) = match file.kind() {
            Kind::Methodology => ([Section::When, Section::Turn], "say when and how to use it"),
            _ => ([Section::Ask, Section::Say], "give the rep a question or a sentence"),
        };
        if card.id.as_str().is_empty() {
            let message = "the heading has no letter and no digit";
            found.push(Diagnostic::error("PB101", file, at(), message, "write what they say"));
        }
        if needs.iter().all(|section| card.lines(*section).next().is_none()) {
            let [one, other] = needs.map(Section::heading);
            let message = format!("card `{title}` has neither `### {one}` nor `### {other}`");
            found.push(Diagnostic::error("PB101", file, at(), message, help));
        }
        for (line, _) in card.every_line().filter(|(line, _)| line.value.contains("TODO")) {
            let help = "finish it, or set `draft: true`";
            let message = "TODO in a live card";
            found.push(Diagnostic::error("PB101", file, line.at.clone(), message, help));
        }
    }
}
