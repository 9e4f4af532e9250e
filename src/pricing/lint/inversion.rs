//! PP011: more for less.
//!
//! What it does: looks for a tier with more seats, or a longer term billed alike, that has a lower discount than the one before; and for a tier whose ceiling lies below its own programme price.
//!
//! Why: a customer who buys more should not pay more per seat, and the price that every customer gets without asking must be within the policy.
//!
//! Example: `{ from = 50, discount = "10%", … }, { from = 200, discount = "8%", … }`
//!
//! Write instead: discounts that rise with the seats and the months, and ceilings above them.

use super::Found;
use crate::model::Percent;
use crate::pricing::policy::Policy;
use crate::pricing::ratio::Ratio;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    for (at, pair) in written.tier.windows(2).enumerate() {
        let [before, next] = pair else { continue };
        if next.discount < before.discount {
            let message = format!(
                "from {} seats the discount is {}, and from {} already {}",
                next.from, next.discount, before.from, before.discount
            );
            let help = "more seats must not cost more each";
            found.error("PP011", &format!("tier/{}/discount", at + 1), message, help);
        }
    }
    for (at, term) in written.term.iter().enumerate() {
        let alike = written.term.iter().filter(|other| other.billing == term.billing);
        let better = alike.filter(|other| other.months < term.months);
        if let Some(shorter) = better.max_by_key(|other| other.discount)
            && shorter.discount > term.discount
        {
            let message = format!(
                "{} months have {}, and {} months already {}",
                term.months, term.discount, shorter.months, shorter.discount
            );
            let help = "a longer term must not cost more";
            found.error("PP011", &format!("term/{at}/discount"), message, help);
        }
    }
    let longest = written.term.iter().map(|term| term.discount).max().unwrap_or(Percent(0));
    for (at, tier) in written.tier.iter().enumerate() {
        let programme = policy.stack(&[tier.discount, longest]);
        if programme.and_then(|most| most.at_most(Ratio::of(tier.ceiling))) == Some(false) {
            let message = format!(
                "the ceiling of {} lies below the programme price: {} for the seats and up to {} for the term",
                tier.ceiling, tier.discount, longest
            );
            let help = "raise the ceiling, or lower what customers have without asking";
            found.error("PP011", &format!("tier/{at}/ceiling"), message, help);
        }
    }
}
