//! PB107: personal data or a secret in a line.
//!
//! What it does: looks in every line and phrasing for e-mail addresses, numbers of telephones, cards, bank accounts and social security, addresses of machines, and keys: for what `cornerman redact` would mask. Addresses at example.com, example.org and example.net are fine.
//!
//! Why: playbooks are copied, shown on shared screens and kept for years.
//!
//! Example: `Call Anna on +49 170 5550123`.
//!
//! Write instead: `Call the deal desk`; the number stands in the team's address book.

use super::{Diagnostic, ParsedPlaybook};
use crate::redact::{Kind, Span, redact};

/// Personal data and secrets in lines and phrasings.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    for (file, card) in draft.cards() {
        let lines = card.every_line().map(|(line, _)| line);
        let heard = card.phrasings.iter();
        let heard = heard.chain(card.pushbacks.iter().flat_map(|pushback| &pushback.phrasings));
        for line in lines.chain(heard).chain(&card.body) {
            for what in kinds(&line.value) {
                let message = format!("{what} in a card");
                let help = "remove it; name the team or where to find it instead";
                found.push(Diagnostic::error("PB107", file, line.at.clone(), message, help));
            }
        }
    }
}

/// What a line holds that it should not, each kind once.
fn kinds(line: &str) -> Vec<&'static str> {
    let redaction = match redact(line) {
        Ok(redaction) => redaction,
        Err(_) => return vec!["something that looks like personal data or a secret"],
    };
    let reserved = |span: &Span| {
        let hit: String = line.chars().skip(span.start).take(span.end - span.start).collect();
        ["example.com", "example.org", "example.net"].iter().any(|end| hit.ends_with(end))
    };
    let mut kinds: Vec<Kind> =
        redaction.spans().iter().filter(|span| !reserved(span)).map(|span| span.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into_iter().map(Kind::name).collect()
}
