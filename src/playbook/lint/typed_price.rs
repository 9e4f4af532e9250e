//! PB602: a discount or a price typed by hand in a line that may be said.
//!
//! What it does: looks for amounts of money, and for percentages beside words such as *off* or *discount*.
//!
//! Why: prices change in one place, the policy; what stands in a card is wrong from the next change on.
//!
//! Example: `- We can do 20 % off if you sign today.`
//!
//! Write instead: `{{ price.team.list }}`, or let *Price this* make the offer.

use std::sync::LazyLock;

use regex::Regex;

use super::{Diagnostic, ParsedPlaybook};

static PRICES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"[$€£]\s?\d",
        r"\d\s?(?:€|£|\$|USD\b|EUR\b|GBP\b|(?i:dollars?|euros?|pounds)\b)",
        r"(?i)\d\s?(?:%|per ?cent)\s+(?:off|discount|rebate|reduction|less|cheaper)\b",
        r"(?i)\b(?:discount|rebate|reduction)\s+of\s+(?:up to\s+)?\d",
    ]
    .into_iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Prices and discounts in lines for customers and in message blocks.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    for (file, card) in draft.all() {
        for line in card.spoken().chain(&card.body) {
            if PRICES.iter().any(|pattern| pattern.is_match(&line.value)) {
                let message = "a price or discount typed by hand in a line that may be said";
                let help = "use a variable of the policy: {{ price.NAME }}";
                found.push(Diagnostic::error("PB602", file, line.at.clone(), message, help));
            }
        }
    }
}
