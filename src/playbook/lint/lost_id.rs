//! PB302: a card that was live is gone, and nothing says where it went.
//!
//! What it does: compares the cards with those that were live last. `serve` notes them in the data directory each time playbooks go live.
//!
//! Why: links, buttons and the whole history of a card hang on its id; a new title without the old id starts from nothing.
//!
//! Example: the heading *It costs too much* becomes *The price is too high*, and the id changes with it.
//!
//! Write instead: `<!-- was: it-costs-too-much -->` below the new heading. If the card is gone on purpose: `retired = [{ id = "it-costs-too-much", on = 2026-11-24, why = "…" }]` in `plan.toml`.

use std::collections::BTreeSet;

use super::{Diagnostic, ParsedPlaybook};
use crate::model::CardId;

/// Cards that were live and are neither here, renamed nor retired.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    if !draft.complete {
        return; // the cards of a file that cannot be read are not gone
    }
    let own = draft.live().map(|(_, card)| &card.id);
    let old = draft.live().flat_map(|(_, card)| card.was.iter().map(|was| &was.value));
    let known: BTreeSet<&CardId> = own.chain(old).collect();
    let retired = draft.plan.map(|plan| plan.retired.as_slice()).unwrap_or_default();
    for (id, path) in &draft.facts.published {
        if known.contains(id) || retired.contains(id) {
            continue;
        }
        let here = draft.files.iter().find(|(file, _)| file.path == *path);
        let Some((file, _)) = here.or_else(|| draft.files.first()) else { continue };
        let message = format!("the history of `{id}` ({path}) would be orphaned");
        let help = format!(
            "renamed: <!-- was: {id} --> below the new heading; gone on purpose: retired = [{{ id = \
             \"{id}\", on = 2026-11-24, why = \"…\" }}] in plan.toml"
        );
        let at = file.rest_of_line(0);
        found.push(Diagnostic::error("PB302", file, at, message, help));
    }
}
