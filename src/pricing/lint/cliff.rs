//! PP012: one seat more, and the whole costs less.
//!
//! What it does: compares the total just below each tier with the total at its first seat, at the standard terms.
//!
//! Why: a customer with 49 seats will find out, buy 50 and use 49; better that you know first.
//!
//! Example: `{ from = 50, discount = "10%", … }`: 49 seats cost 1,960.00 a month, 50 cost 1,800.00
//!
//! Write instead: `tier_mode = "graduated"`, where each discount goes to the seats above its limit; or, when you sell it so on purpose, `allow = "PP012: 46 to 49 seats are quoted as 50"` in the tier.

use super::Found;
use crate::pricing::deal::{Ask, Deal, FreeMonths};
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    for (at, tier) in policy.written.tier.iter().enumerate().skip(1) {
        let total = |seats| policy.quote(&standard(policy, seats)).map(|quote| quote.net);
        let Some(below) = tier.from.checked_sub(1) else { continue };
        let (Ok(before), Ok(after)) = (total(below), total(tier.from)) else { continue };
        if after < before {
            let message =
                format!("{below} seats cost {before}, and {} seats only {after}", tier.from);
            let help = "set tier_mode = \"graduated\", or say why: allow = \"PP012: …\"";
            found.warning("PP012", &format!("tier/{at}/from"), message, help);
        }
    }
}

/// A deal at the standard terms.
pub(super) fn standard(policy: &Policy, seats: u32) -> Deal {
    let standard = policy.standard();
    Deal {
        sku: standard.sku.clone(),
        currency: policy.currency(&standard.sku).unwrap_or_default().to_owned(),
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
