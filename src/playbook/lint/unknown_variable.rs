//! PB025: `{{ … }}` that is unknown or not closed.
//!
//! What it does: checks each `{{ message.ID }}` and `{{ price.NAME }}` against `messages.md` and the variables that the price policy hands out.
//!
//! Why: braces would be read out to a customer.
//!
//! Example: `{{ message.hours-savd }}`.
//!
//! Write instead: `{{ message.hours-saved }}`, with `## Hours saved` in `messages.md`.

use super::{Diagnostic, ParsedPlaybook};
use crate::playbook::front_matter::did_you_mean;
use crate::playbook::variables::{Variable, variables};

/// Variables that resolve to nothing.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    let messages: Vec<&str> = draft.messages.keys().map(|id| id.as_str()).collect();
    let prices: Vec<&str> = draft.facts.prices.keys().map(String::as_str).collect();
    for (file, card) in draft.cards() {
        for (line, _) in card.every_line() {
            for variable in variables(&line.value) {
                let (message, help) = match variable {
                    Variable::Message(id) if messages.contains(&id) => continue,
                    Variable::Price(name) if prices.contains(&name) => continue,
                    Variable::Message(id) => {
                        (format!("messages.md has no block `{id}`"), did_you_mean(id, &messages))
                    }
                    Variable::Price(name) => (
                        format!("the price policy hands out no `{name}`"),
                        if prices.is_empty() {
                            "list it under `variables` in pricing.toml".to_owned()
                        } else {
                            did_you_mean(name, &prices)
                        },
                    ),
                    Variable::Other(text) => (
                        format!("`{text}` is not known"),
                        "there is {{ message.ID }} and {{ price.NAME }}".to_owned(),
                    ),
                    Variable::Unclosed => {
                        let help = "close it with `}}`".to_owned();
                        ("`{{` without `}}`".to_owned(), help)
                    }
                };
                found.push(Diagnostic::error("PB025", file, line.at.clone(), message, help));
            }
        }
    }
}
