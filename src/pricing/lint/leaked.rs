//! PP050: an internal figure handed out to playbooks.
//!
//! What it does: looks under `variables` for floors, ceilings and targets, for the authority of any role but the lowest, and for authority in the customers' list.
//!
//! Why: sooner or later a customer hears what is listed under `customer`, and every rep sees what is listed under `rep`.
//!
//! Example: `variables = { customer = ["team.floor"] }`
//!
//! Write instead: only list prices and the discounts that every customer gets; under `rep` at most `authority.rep`

use super::Found;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let variables = &policy.written.variables;
    let lowest = policy.written.ladder.first().map(|role| format!("authority.{role}"));
    let lists = [("customer", &variables.customer, false), ("rep", &variables.rep, true)];
    for (list, names, internal) in lists {
        for (at, name) in names.iter().enumerate() {
            let path = format!("variables/{list}/{at}");
            let deep = ["floor", "ceiling", "target"].iter().any(|word| name.contains(word));
            let authority = name.starts_with("authority.");
            let theirs = internal && Some(name) == lowest.as_ref();
            if deep || (authority && !theirs) {
                let message = format!("`{name}` is internal");
                let help = match (authority, internal) {
                    (true, false) => "list the lowest role's under `rep`, or take it out",
                    _ => "take it out; no playbook may hold it",
                };
                found.error("PP050", &path, message, help);
            } else if policy.figure(name).is_none() {
                let message = format!("`{name}` is not a figure that playbooks may quote");
                let help = "there are SKU.list, tier.FROM.discount, BILLING.MONTHS.discount and, \
                            for reps, authority.ROLE";
                found.error("PP001", &path, message, help);
            }
        }
    }
}
