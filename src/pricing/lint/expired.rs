//! PP042: a policy that has ended.
//!
//! What it does: says when the last day is over.
//!
//! Why: after that day Cornerman quotes no prices until the figures have been reviewed. It is a warning, not an error, so that cards can still go live.
//!
//! Example: `expires = 2026-09-30`, and today is 2026-10-01
//!
//! Write instead: a new `last_verified` and `expires`, after a look at the figures.

use super::Found;
use crate::model::Day;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, today: Day, found: &mut Found<'_>) {
    if today > policy.expires {
        let message = format!("the policy expired on {}; prices are disabled", policy.expires);
        let help = format!("ask {} for the next one", policy.written.owner);
        found.warning("PP042", "expires", message, help);
    }
}
