//! PP032: a figure without a reason.
//!
//! What it does: looks for gets and price lists without `why`, for tiers without `deals` or `why`, and for targets based on fewer than 5 deals.
//!
//! Why: someone has to defend the figure next quarter, and a target based on two deals is an anecdote.
//!
//! Example: `{ id = "case-study", value = "2%", words = "…", written = "…" }`
//!
//! Write instead: `why = "agency quote"`, and in a tier how many deals its target comes from: `deals = 74`

use super::Found;
use crate::pricing::policy::Policy;

/// Fewer deals make no target.
const ENOUGH: u32 = 5;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    let given = |why: &Option<String>| why.as_ref().is_some_and(|why| !why.trim().is_empty());
    for (at, get) in written.get.iter().enumerate().filter(|(_, get)| !given(&get.why)) {
        let message = format!("`{}` is valued at {} without a reason", get.id, get.value);
        found.warning("PP032", &format!("get/{at}/value"), message, "write why = \"…\"");
    }
    for (at, sku) in written.sku.iter().enumerate().filter(|(_, sku)| !given(&sku.why)) {
        let message = format!("the floors of `{}` have no source", sku.id);
        found.warning("PP032", &format!("sku/{at}/floors"), message, "write why = \"…\"");
    }
    for (at, tier) in written.tier.iter().enumerate() {
        let message = match tier.deals {
            Some(deals) if deals < ENOUGH => {
                format!("only {deals} deals stand behind the target {}", tier.target)
            }
            None if !given(&tier.why) => {
                format!("the target {} has no source", tier.target)
            }
            _ => continue,
        };
        let help = "write deals = the number of deals it comes from, or why = \"…\"";
        found.warning("PP032", &format!("tier/{at}/target"), message, help);
    }
}
