//! PB303: a link that leads nowhere, or a `See:` that leads round in a circle.
//!
//! What it does: follows each `See: [words](file.md#card-id)` to a live card, and every other link to a playbook file (`[words](../calls/cold.md)`) to that file. Addresses on the web are not asked.
//!
//! Why: a rep who follows it in a call loses the thread.
//!
//! Example: `See: [cheaper](price.md#cheaper-elsewere)`.
//!
//! Write instead: `See: [cheaper](price.md#cheaper-elsewhere)`. What counts is the id after `#`; ids that a card had before (`was:`) lead to it as well.

use std::collections::BTreeMap;

use super::{Diagnostic, ParsedPlaybook, SourceFile, Spanned};
use crate::model::CardId;
use crate::playbook::front_matter::did_you_mean;
use crate::playbook::variables::see;

/// Links to cards that do not exist, and chains of links that never end.
pub(super) fn check(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<&str, &CardId> = BTreeMap::new();
    for (_, card) in draft.live() {
        names.insert(card.id.as_str(), &card.id);
        names.extend(card.was.iter().map(|was| (was.value.as_str(), &card.id)));
    }
    let known: Vec<&str> = names.keys().copied().collect();
    let mut leads: BTreeMap<&CardId, Vec<&CardId>> = BTreeMap::new();
    let mut places = Vec::new();
    for (file, card) in draft.live() {
        for (line, _) in card.every_line() {
            let Some(target) = see(&line.value) else {
                dead_files(draft, file, line, found);
                continue;
            };
            match names.get(target) {
                Some(id) => {
                    leads.entry(&card.id).or_default().push(id);
                    places.push((file, line, &card.id));
                }
                None => {
                    let message = format!("`See:` leads to no live card: `{target}`");
                    let help = did_you_mean(target, &known);
                    found.push(Diagnostic::error("PB303", file, line.at.clone(), message, help));
                }
            }
        }
    }
    for (file, line, start) in places {
        if returns(start, &leads) {
            let message = "`See:` leads round in a circle";
            let help = "take the link out of one of the cards";
            found.push(Diagnostic::error("PB303", file, line.at.clone(), message, help));
        }
    }
}

/// Links to playbook files that do not exist.
fn dead_files(
    draft: &ParsedPlaybook<'_>,
    file: &SourceFile,
    line: &Spanned<String>,
    found: &mut Vec<Diagnostic>,
) {
    let targets = line.value.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    for target in targets {
        let path = target.split('#').next().unwrap_or_default();
        if !path.ends_with(".md") || path.contains(':') {
            continue;
        }
        let wanted = beside(&file.path, path);
        if !draft.files.iter().any(|(file, _)| file.path == wanted) && draft.complete {
            let message = format!("the link leads to no playbook file: `{path}`");
            let known: Vec<&str> = draft.files.iter().map(|(file, _)| file.path.as_str()).collect();
            let help = did_you_mean(&wanted, &known);
            found.push(Diagnostic::error("PB303", file, line.at.clone(), message, help));
        }
    }
}

/// A path as written in a file, below the playbook directory.
fn beside(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// Whether the links that begin at a card come back to it.
fn returns(start: &CardId, leads: &BTreeMap<&CardId, Vec<&CardId>>) -> bool {
    let mut seen = Vec::new();
    let mut next: Vec<&CardId> = leads.get(start).cloned().unwrap_or_default();
    while let Some(card) = next.pop() {
        if card == start {
            return true;
        }
        if !seen.contains(&card) {
            seen.push(card);
            next.extend(leads.get(card).into_iter().flatten());
        }
    }
    false
}
