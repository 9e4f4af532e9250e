//! PP012: one seat more, and the whole costs less.
//!
//! What it does: compares the total just below each tier with the total at its first seat, at the standard terms and for each term that has a discount.
//!
//! Why: a customer with 49 seats will find out, buy 50 and use 49; better that you know first.
//!
//! Example: `{ from = 50, discount = "10%", … }`: 49 seats cost 1,960.00 a month, 50 cost 1,800.00
//!
//! Write instead: `tier_mode = "graduated"`, where each discount goes to the seats above its limit; or, when you sell it so on purpose, `allow = "PP012: 46 to 49 seats are quoted as 50"` in the tier.

use super::Found;
use crate::pricing::deal::{Ask, Deal, FreeMonths};
use crate::pricing::policy::{Policy, Term};

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let terms = terms(policy);
    for (at, tier) in policy.written.tier.iter().enumerate().skip(1) {
        let Some(below) = tier.from.checked_sub(1) else { continue };
        let falls = |(terms, deal): &(String, Deal)| {
            let total =
                |seats| policy.quote(&Deal { seats, ..deal.clone() }).map(|quote| quote.net);
            let (before, after) = (total(below).ok()?, total(tier.from).ok()?);
            let from = tier.from;
            (after < before).then(|| {
                format!("{terms}{below} seats cost {before}, and {from} seats only {after}")
            })
        };
        if let Some(message) = terms.iter().find_map(falls) {
            let help = "set tier_mode = \"graduated\", or say why: allow = \"PP012: …\"";
            found.warning("PP012", &format!("tier/{at}/from"), message, help);
        }
    }
}

/// A deal at the standard terms, and one for each term with a discount: where discounts are added, a
/// small step can be a cliff on top of another discount only.
fn terms(policy: &Policy) -> Vec<(String, Deal)> {
    let deal = standard(policy, 1);
    let on = |Term { months, billing, .. }: &Term| {
        let deal = Deal { months: *months, billing: billing.clone(), ..deal.clone() };
        (format!("{months} months {billing}: "), deal)
    };
    let others = policy.written.term.iter().map(on);
    std::iter::once((String::new(), deal.clone())).chain(others).collect()
}

/// A deal at the standard terms.
pub(super) fn standard(policy: &Policy, seats: u32) -> Deal {
    let standard = policy.standard();
    Deal {
        sku: standard.sku.clone(),
        currency: policy.currency(&standard.sku).cloned().unwrap_or_default(),
        seats,
        months: standard.term_months,
        billing: standard.billing.clone(),
        payment_days: standard.payment_days,
        ask: Ask::Nothing,
        free_months: 0,
        free: FreeMonths::Inside,
        services: Vec::new(),
        clauses: Vec::new(),
    }
}
