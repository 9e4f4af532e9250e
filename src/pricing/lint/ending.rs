//! PP041: a policy that ends soon.
//!
//! What it does: warns 28 days before the last day, and again 14 days before it.
//!
//! Why: on the day after it no rep has a price, in the middle of their calls.
//!
//! Example: `expires = 2026-12-31`, and today is 2026-12-10
//!
//! Write instead: the next quarter's policy, or after a look at the figures a new `last_verified` and `expires`.

use super::Found;
use crate::model::Day;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, today: Day, found: &mut Found<'_>) {
    let within = |days: i64| today <= policy.expires && policy.expires <= today.plus_days(days);
    let message = match (within(14), within(28)) {
        (true, _) => format!("its last day is {}, in at most 14 days", policy.expires),
        (false, true) => format!("its last day is {}, in at most 28 days", policy.expires),
        (false, false) => return,
    };
    let help = format!("ask {} for the next one", policy.written.owner);
    found.warning("PP041", "expires", message, help);
}
