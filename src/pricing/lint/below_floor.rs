//! PP021: a programme price below the rep's floor.
//!
//! What it does: computes the price of a seat and month for every product, tier and term, and holds it against the floor of the lowest role.
//!
//! Why: what every customer has without asking, a rep must be able to say alone.
//!
//! Example: list 40.00, 25 % for 500 seats and 8 % for 36 months prepaid make 26.80, and the floor is 27.00
//!
//! Write instead: a floor at or below the lowest programme price, or smaller discounts.

use super::Found;
use super::cliff::standard;
use crate::model::Cents;
use crate::pricing::policy::Policy;
use crate::pricing::ratio::Ratio;

/// Seats far up in the last tier.
const MANY: u32 = 10_000_000;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    let Some(lowest) = written.ladder.first() else { return };
    // Where tiers are graduated, the price falls up to the end of a tier.
    let ends = written.tier.iter().skip(1).map(|tier| tier.from.saturating_sub(1));
    let seats: Vec<u32> =
        written.tier.iter().map(|tier| tier.from).chain(ends).chain([1, MANY]).collect();
    for (at, sku) in written.sku.iter().enumerate() {
        let Some(floor) = sku.floors.get(lowest) else { continue };
        let mut worst: Option<(Ratio, String)> = None;
        for seats in &seats {
            let deal = || {
                let mut deal = standard(policy, *seats);
                (deal.sku, deal.currency) = (sku.id.clone(), sku.currency.clone());
                deal
            };
            let terms = written.term.iter().map(|term| {
                let mut deal = deal();
                (deal.months, deal.billing) = (term.months, term.billing.clone());
                deal
            });
            for deal in std::iter::once(deal()).chain(terms) {
                let Ok(quote) = policy.quote(&deal) else { continue };
                let unit = quote.programme_discount.rest();
                let unit = unit.and_then(|rest| rest.times(Ratio::whole(sku.list.0)));
                let Some(unit) = unit else { continue };
                let lower = worst.as_ref().is_none_or(|(low, _)| unit.at_most(*low) == Some(true));
                if Ratio::whole(floor.0).at_most(unit) == Some(false) && lower {
                    let where_ = format!("{seats} seats, {} months {}", deal.months, deal.billing);
                    worst = Some((unit, where_));
                }
            }
        }
        if let Some((unit, where_)) = worst {
            let unit = unit.half_even().map_or_else(String::new, |cents| Cents(cents).to_string());
            let message =
                format!("at {where_} the programme price is {unit}, below {lowest}'s {floor}");
            let help = "lower the floor, or the discounts that every customer gets";
            found.error("PP021", &format!("sku/{at}/floors/{lowest}"), message, help);
        }
    }
}
