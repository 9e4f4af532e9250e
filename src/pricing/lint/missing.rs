//! PP004: something that every policy needs is missing or cannot be.
//!
//! What it does: asks for the days `last_verified` and `expires` in their order, for `stacking`, `rounding`, a `ladder` and the `authority` of every role on it, and for what each table cannot do without.
//!
//! Why: how discounts add up, how a cent is rounded and who may say what must come from the team, never from a default in the program.
//!
//! Example: `expires = 2026-09-30` below `last_verified = 2026-10-05`
//!
//! Write instead: a last day after the figures were verified: `expires = 2026-12-31`

use super::Found;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    if policy.expires < policy.verified {
        let message = format!(
            "it expires on {}, before it was verified on {}",
            policy.expires, policy.verified
        );
        found.error("PP004", "expires", message, "write the last day on which it may be used");
    }
    if written.ladder.is_empty() {
        let message = "`ladder` is empty";
        found.error("PP004", "ladder", message, "write at least [\"rep\"], the lowest role first");
    }
    for role in written.ladder.iter().filter(|role| !written.authority.contains_key(*role)) {
        let message = format!("`authority` does not say what `{role}` may give");
        found.error("PP004", "authority", message, format!("write {role} = \"10%\" or so"));
    }
}
