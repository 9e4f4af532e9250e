//! PP010: tiers that do not follow each other.
//!
//! What it does: asks for a first tier from 1 seat, and for each next one to begin further up.
//!
//! Why: each tier ends where the next begins; in another order some seats would have two prices or none.
//!
//! Example: a tier `from = 200` above one `from = 50`
//!
//! Write instead: the tiers in the order of their `from`, the first `from = 1`

use super::Found;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let tiers = &policy.written.tier;
    if tiers.first().is_some_and(|tier| tier.from != 1) {
        let message = "the first tier does not begin at 1 seat";
        found.error("PP010", "tier/0/from", message, "write from = 1; its discount may be 0%");
    }
    for (at, pair) in tiers.windows(2).enumerate() {
        let [before, next] = pair else { continue };
        if next.from <= before.from {
            let message = format!("{} does not come after {}", next.from, before.from);
            let help = "put the tiers in the order of their `from`";
            found.error("PP010", &format!("tier/{}/from", at + 1), message, help);
        }
    }
}
