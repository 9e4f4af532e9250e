//! PP023: a rule that never does anything.
//!
//! What it does: looks for triggers that no deal can meet, triggers with the same conditions, and roles that are never needed.
//!
//! Why: a rule that never fires looks like protection and is none.
//!
//! Example: `{ id = "long-term", term_over = 120, needs = "director" }`: no deal is longer than 120 months
//!
//! Write instead: a limit that deals can pass, one trigger for one condition, and a ladder of roles that are asked.

use super::Found;
use super::cliff::standard;
use crate::pricing::policy::{Policy, Trigger};

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    for (at, trigger) in written.trigger.iter().enumerate() {
        let path = format!("trigger/{at}/id");
        if let Some(why) = trigger.never() {
            let message = format!("`{}` never fires: {why}", trigger.id);
            found.warning("PP023", &path, message, "change its limit, or take it out");
        }
        let same = |other: &&Trigger| other.conditions() == trigger.conditions();
        if let Some(other) = written.trigger.iter().take(at).find(same) {
            let message = format!("`{}` has the conditions of `{}`", trigger.id, other.id);
            found.warning("PP023", &path, message, "make one of the two");
        }
    }
    for (at, pair) in written.ladder.windows(2).enumerate() {
        let [lower, higher] = pair else { continue };
        let asked = written.trigger.iter().any(|trigger| trigger.needs == *higher);
        if !asked && !goes_further(policy, lower, higher) {
            let message =
                format!("{higher} is never needed: nothing is theirs that is not {lower}'s");
            let help = "give them more authority or lower floors, a trigger, or take them out";
            found.warning("PP023", &format!("ladder/{}", at + 1), message, help);
        }
    }
}

/// Whether there is a deal in which one role may go further than another.
fn goes_further(policy: &Policy, lower: &str, higher: &str) -> bool {
    let written = &policy.written;
    let seats = written.tier.iter().map(|tier| tier.from).chain([1]);
    let mut deals = seats.flat_map(|seats| {
        written.sku.iter().map(move |sku| {
            let mut deal = standard(policy, seats);
            (deal.sku, deal.currency) = (sku.id.clone(), sku.currency.clone());
            deal
        })
    });
    deals.any(|deal| {
        let limit = |role: &str| policy.limit(&deal, role).ok().flatten().map(|limit| limit.share);
        let (less, more) = (limit(lower), limit(higher));
        less.zip(more).and_then(|(less, more)| more.at_most(less)) == Some(false)
    })
}
