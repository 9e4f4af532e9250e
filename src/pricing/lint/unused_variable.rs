//! PP051: a variable that no playbook quotes.
//!
//! What it does: looks in every playbook for `{{ price.NAME }}` of each name under `variables`.
//!
//! Why: a figure that no card uses need not be exposed. This is only a hint; nothing is wrong.
//!
//! Example: `variables = { customer = ["plus.list"] }`, and no card quotes it
//!
//! Write instead: leave it for the card to come, or take it out.

use super::Found;
use crate::model::Severity;
use crate::pricing::policy::Policy;

pub(super) fn check<'t>(
    policy: &Policy,
    texts: impl Iterator<Item = &'t str> + Clone,
    found: &mut Found<'_>,
) {
    let variables = &policy.written.variables;
    for (list, names) in [("customer", &variables.customer), ("rep", &variables.rep)] {
        for (at, name) in names.iter().enumerate() {
            let quoted = format!("price.{name}");
            let path = format!("variables/{list}/{at}");
            if !texts.clone().any(|text| text.contains(&quoted)) {
                let message = format!("no playbook quotes `{name}`");
                let help = format!("quote it as {{{{ {quoted} }}}}, or take it out");
                found.advice(Severity::Info, "PP051", &path, message, help);
            }
        }
    }
}
