//! PP022: figures that contradict each other.
//!
//! What it does: looks for a floor above the list price, and for a tier whose target lies below its own discount or above its ceiling.
//!
//! Why: with a floor above list, nothing can be sold; a target outside the tier's limits can never be reached.
//!
//! Example: `{ from = 50, discount = "10%", target = "8%", ceiling = "30%" }`
//!
//! Write instead: a target between the discount and the ceiling: `target = "16%"`

use super::Found;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    for (at, sku) in policy.written.sku.iter().enumerate() {
        for (role, floor) in sku.floors.iter().filter(|(_, floor)| **floor > sku.list) {
            let message =
                format!("the floor of {role} is {floor}, above the list price {}", sku.list);
            let help = "write the lowest price of a seat and month";
            found.error("PP022", &format!("sku/{at}/floors/{role}"), message, help);
        }
    }
    for (at, tier) in policy.written.tier.iter().enumerate() {
        let message = if tier.target < tier.discount {
            format!(
                "the target {} lies below the tier's own discount {}",
                tier.target, tier.discount
            )
        } else if tier.target > tier.ceiling {
            format!("the target {} lies above the ceiling {}", tier.target, tier.ceiling)
        } else {
            continue;
        };
        let help = "write where such deals should end: between the discount and the ceiling";
        found.error("PP022", &format!("tier/{at}/target"), message, help);
    }
}
