//! PB003: something required is missing, or a value is not listed in `plan.toml`.
//!
//! What it does: asks for `owner`, `verified` and `family` (battlecards: `competitor`), and checks families, stages, benefits and channels.
//!
//! Why: no one looks after a card without an owner, no one knows the age of a card without a date, and reports are grouped by family, stage, benefit and channel.
//!
//! Example: `family: prize`.
//!
//! Write instead: `family: price`. Benefits and channels are listed in `plan.toml`.

use super::{Diagnostic, ParsedPlaybook};
use crate::playbook::front_matter::did_you_mean;

/// Benefits and channels that the plan does not know. Without a plan everything goes.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plan) = draft.plan else { return };
    for (file, card) in draft.cards() {
        let used = [
            ("benefit", &card.meta.benefit, &plan.benefits),
            ("channel", &card.meta.channel, &plan.channels),
        ];
        for (what, word, known) in used {
            let Some(word) = word.as_ref().filter(|word| !known.contains(&word.value)) else {
                continue;
            };
            let message = format!("`{}` is not a {what} in plan.toml", word.value);
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            let help = did_you_mean(&word.value, &names);
            found.push(Diagnostic::error("PB003", file, word.at.clone(), message, help));
        }
    }
    // What the whole file says is found once for each of its cards.
    found.dedup();
}
