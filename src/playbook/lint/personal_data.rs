//! PB107: an e-mail address, a telephone number, a card number or a key in a line.
//!
//! What it does: looks for them in every line and phrasing. Addresses at example.com, example.org and example.net are fine.
//!
//! Why: playbooks are copied, shown on shared screens and kept for years.
//!
//! Example: `Call Anna on +49 170 5550123`.
//!
//! Write instead: `Call the deal desk`; the number stands in the team's address book.

use std::sync::LazyLock;

use regex::Regex;

use super::{Diagnostic, Draft};

/// What each pattern finds.
static PATTERNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    [
        ("an e-mail address", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        ("a card number", r"\b(?:\d[ -]?){15}\d\b"),
        ("a telephone number", r"(?:\+|\b0)[1-9](?:[ ()/-]{0,2}\d){7,}"),
        ("a key", r"\b(?:sk|pk|rk|xox[abp]|ghp|AKIA)[-_]?[A-Za-z0-9_-]{16,}"),
    ]
    .into_iter()
    .filter_map(|(what, pattern)| Some((what, Regex::new(pattern).ok()?)))
    .collect()
});

/// Personal data and secrets in lines and phrasings.
pub(super) fn check(draft: &Draft<'_>, found: &mut Vec<Diagnostic>) {
    for (file, card) in draft.cards() {
        let lines = card.every_line().map(|(line, _)| line);
        let heard = card.phrasings.iter();
        let heard = heard.chain(card.pushbacks.iter().flat_map(|pushback| &pushback.phrasings));
        for line in lines.chain(heard).chain(&card.body) {
            for (what, pattern) in PATTERNS.iter() {
                let hits = pattern.find_iter(&line.value);
                let reserved = |hit: &str| {
                    ["example.com", "example.org", "example.net"]
                        .iter()
                        .any(|end| hit.ends_with(end))
                };
                if hits.map(|hit| hit.as_str()).any(|hit| !reserved(hit)) {
                    let message = format!("{what} in a card");
                    let help = "take it out; name the team or the place where it stands";
                    found.push(Diagnostic::error("PB107", file, line.at.clone(), message, help));
                }
            }
        }
    }
}
