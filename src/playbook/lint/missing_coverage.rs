//! PB305 (warning): a family without a live card in a stage where the plan wants one.
//!
//! What it does: compares the cards with `[coverage.must]` of `plan.toml`. `cornerman lint --coverage` shows the whole matrix.
//!
//! Why: in that stage the rep who hears this objection gets nothing.
//!
//! Example: `must = { security = ["closing"] }` and no security card with `stage: [closing]`.
//!
//! Write instead: a card, or the stage in the front matter of one that answers there as well.

use super::{Diagnostic, ParsedPlaybook};
use crate::model::{Family, Stage};

/// Cells of the matrix that should not be empty.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(plan), Some(file)) = (draft.plan, draft.plan_file) else { return };
    let answered = |family: Family, stage: Stage| {
        draft.live().any(|(_, card)| {
            let stages = card.meta.stages.as_deref().unwrap_or_default();
            card.meta.family == Some(family) && (stages.is_empty() || stages.contains(&stage))
        })
    };
    for (family, stages) in &plan.must {
        for stage in stages.iter().filter(|stage| !answered(*family, **stage)) {
            let message = format!("no live {family} card answers in {stage}");
            let help = "write one, or add the stage to one that answers there as well";
            let start = file.text.find("[coverage").unwrap_or(0);
            let at = file.rest_of_line(start);
            found.push(Diagnostic::error("PB305", file, at, message, help).warning());
        }
    }
}
