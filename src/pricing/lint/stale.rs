//! PP040: prices that have not been reviewed for a quarter.
//!
//! What it does: looks for a `last_verified` more than 90 days ago, and for an `expires` more than 92 days after it.
//!
//! Why: prices are reviewed every quarter; no one vouches for a policy that runs longer without a review.
//!
//! Example: `last_verified = 2026-01-05` and `expires = 2026-12-31`
//!
//! Write instead: look at the figures, then write today's date and a last day within the quarter.

use super::Found;
use crate::model::Day;
use crate::pricing::policy::Policy;

/// So long may figures go without a look, in days.
const UNSEEN: i64 = 90;
/// A policy is for one quarter, in days.
const QUARTER: i64 = 92;

pub(super) fn check(policy: &Policy, today: Day, found: &mut Found<'_>) {
    if today > policy.verified.plus_days(UNSEEN) && today <= policy.expires {
        let message = format!("figures not verified since {}", policy.verified);
        let help = "check them, then write today's date";
        found.warning("PP040", "last_verified", message, help);
    }
    if policy.expires > policy.verified.plus_days(QUARTER) {
        let message = format!("it runs to {}, more than a quarter after the look", policy.expires);
        let help = "write a last day within 92 days of last_verified";
        found.warning("PP040", "expires", message, help);
    }
}
