//! PP031: gets that do not carry the steps.
//!
//! What it does: looks for a get that the programme pays for already (a term that has a discount of its own), for a first step that no two gets cover, and for steps that together exceed what the lowest role may give.
//!
//! Why: the same commitment would be paid for twice, a step that no gets cover is never offered, and a last step that no rep may offer is no step.
//!
//! Example: a get with `term_months = 24` beside `term = [{ months = 24, billing = "prepay", discount = "5%" }]`
//!
//! Write instead: another get, or say why it is worth both: `allow = "PP031: the discount is for paying ahead"` in the get.

use super::Found;
use crate::model::Percent;
use crate::pricing::policy::Policy;
use crate::pricing::policy::{Gets, GiveKind};
use crate::pricing::ratio::Ratio;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    for (at, get) in written.get.iter().enumerate() {
        let Some(months) = get.term_months else { continue };
        let paid = written.term.iter().find(|term| term.months <= months && term.discount.0 > 0);
        if let Some(term) = paid {
            let message = format!(
                "`{}` is paid for already: {} months {} have {}",
                get.id, term.months, term.billing, term.discount
            );
            let help = "ask for something else, or say why: allow = \"PP031: …\"";
            found.warning("PP031", &format!("get/{at}/id"), message, help);
        }
    }
    let Some(steps) = &written.steps else { return };
    let give = written.give.iter().find(|give| give.id == GiveKind::Discount);
    let mut values: Vec<Percent> = written
        .get
        .iter()
        .filter(|get| match give.map(|give| &give.gets) {
            Some(Gets::Any(_)) => true,
            Some(Gets::These(ids)) => ids.contains(&get.id),
            None => false,
        })
        .map(|get| get.value)
        .collect();
    values.sort_by_key(|value| std::cmp::Reverse(*value));
    let most = Percent(values.iter().take(2).map(|value| value.0).sum());
    if give.is_some() && most < steps.first {
        let message =
            format!("no two gets are worth the first step of {}; at most {most}", steps.first);
        let help = "make the first step smaller, or add a get";
        found.warning("PP031", "steps/first", message, help);
    }
    let lowest = written.ladder.first().and_then(|role| written.authority.get(role));
    if let (Some(sum), Some(own)) = (policy.all_steps(), lowest)
        && sum > *own
    {
        let message =
            format!("{} steps come to {sum}, and the lowest role may give {own}", steps.count);
        let help = "take fewer or smaller steps";
        found.warning("PP031", "steps/count", message, help);
    }
}

impl Policy {
    /// All steps together, each as large as it may be; `None` without steps.
    fn all_steps(&self) -> Option<Percent> {
        let steps = self.written.steps.as_ref()?;
        let grain = steps.grain.0.max(1);
        let (mut sum, mut step) = (0_i64, steps.first.0);
        for _ in 0..steps.count.min(1_000) {
            sum = sum.checked_add(step)?;
            let next = Ratio::of(Percent(step)).times(Ratio::of(steps.shrink))?;
            step = next.times(Ratio::whole(10_000))?.down()? / grain * grain;
        }
        Some(Percent(sum))
    }
}
