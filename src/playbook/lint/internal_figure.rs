//! PB601: an internal figure in a line that may be said.
//!
//! What it does: allows price variables that the policy hands out to reps only in *Notes*, *Avoid* and the other internal sections.
//!
//! Why: a floor that is spoken once is the price from then on.
//!
//! Example: `- I may go down to {{ price.authority.rep }}.` under *Say*.
//!
//! Write instead: put it under *Notes*.

use super::{Diagnostic, ParsedPlaybook};
use crate::playbook::variables::{Variable, variables};

/// Price variables for reps in lines for customers.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    for (file, card) in draft.cards() {
        let spoken = card.spoken().chain(&card.body);
        for line in spoken {
            for variable in variables(&line.value) {
                let Variable::Price(name) = variable else { continue };
                if draft.facts.prices.get(name).is_some_and(|price| price.internal) {
                    let message = format!("`{name}` is internal, and this line may be said");
                    let help = "move it to Notes or Avoid";
                    found.push(Diagnostic::error("PB601", file, line.at.clone(), message, help));
                }
            }
        }
    }
}
