//! PB901: a suppression without a reason.
//!
//! What it does: `<!-- lint-disable PB602: legal signed off 2026-10 -->` at the end of a line keeps one rule from reporting that line. It has to name an existing code and a reason. PB107, PB601 and PB605 cannot be suppressed.
//!
//! Why: the next person to read it must be able to tell an exception from an oversight.
//!
//! Example: `- It is $40 a seat. <!-- lint-disable PB602 -->`.
//!
//! Write instead: `- It is $40 a seat. <!-- lint-disable PB602: printed on the fair's poster, until 2026-12 -->`.

use super::{Diagnostic, ParsedPlaybook, RULES};

/// Rules that protect people and prices hold without exception.
const HOLD: [&str; 3] = ["PB107", "PB601", "PB605"];

/// Takes out what is suppressed for a reason; reports suppressions without one (PB901) and those
/// that suppress nothing (PB902).
pub(super) fn apply(draft: &ParsedPlaybook<'_>, found: &mut Vec<Diagnostic>) {
    for (file, card) in draft.cards() {
        for suppression in &card.suppressions {
            let (code, reason) =
                suppression.value.split_once(':').unwrap_or((&suppression.value, ""));
            let (code, reason) = (code.trim(), reason.trim());
            let at = || suppression.at.clone();
            if reason.is_empty() || !RULES.iter().any(|rule| rule.code == code) {
                let message = format!("`lint-disable {code}` needs an existing code and a reason");
                let help = "for example: <!-- lint-disable PB602: on the poster until 2026-12 -->";
                found.push(Diagnostic::error("PB901", file, at(), message, help));
                continue;
            }
            if HOLD.contains(&code) {
                let message = format!("{code} cannot be suppressed");
                let help = "it protects people or prices: change the line";
                found.push(Diagnostic::error("PB901", file, at(), message, help));
                continue;
            }
            let before = found.len();
            let (line, _) = file.position(suppression.at.start);
            found.retain(|d| !(d.file == file.path && d.line == line && d.code == code));
            if found.len() == before {
                let message = format!("`lint-disable {code}` suppresses nothing");
                let warning = Diagnostic::error("PB902", file, at(), message, "take it out");
                found.push(warning.warning());
            }
        }
    }
}
