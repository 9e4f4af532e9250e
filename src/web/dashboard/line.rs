//! One event as a marketer reads it.

use crate::feedback::{Body, Event};
use crate::model::{CardId, Receipt, Timestamp};
use crate::playbook::Playbook;
use crate::redact::Redacted;

/// One event as a line for people.
pub(super) struct Line {
    pub at: String,
    pub kind: &'static str,
    pub what: String,
    pub words: String,
    pub platform: &'static str,
    /// The page of the answer or price it is about.
    pub link: Option<String>,
}

/// Makes a line of an event; cards are called by their titles.
pub(super) fn line(event: Event, playbook: &Playbook) -> Line {
    let at = readable(event.at);
    let (kind, platform) = (event.body.kind(), event.platform.name());
    let joined =
        |parts: &[Option<String>]| parts.iter().flatten().cloned().collect::<Vec<_>>().join(" · ");
    let both = |one: Option<Redacted>, other: Option<Redacted>| {
        joined(&[one.map(|text| text.to_string()), other.map(|text| text.to_string())])
    };
    let answer = |receipt: &Receipt| Some(format!("/answers/{receipt}"));
    let price = |receipt: &Receipt| Some(format!("/prices/{receipt}"));
    let (what, words, link) = match event.body {
        Body::Asked { text, characters, stage, .. } => {
            let stage = stage.map(|stage| format!(", {stage}")).unwrap_or_default();
            let words = text.map(|text| text.to_string()).unwrap_or_default();
            (format!("{characters} characters{stage}"), words, None)
        }
        Body::Answered { outcome, card_ids, pushback, .. } => {
            let titles: Vec<&str> = card_ids.iter().map(|card| title(card, playbook)).collect();
            let pushback = pushback.map(|pushback| format!(": {pushback}")).unwrap_or_default();
            let what = format!("{} {}{pushback}", outcome.name(), titles.join(", "));
            (what, String::new(), answer(&event.id.into()))
        }
        Body::Marked { receipt, card_id, mark, reason, note, .. } => {
            let mark = mark.name().replace('_', " ");
            let title = title(&card_id, playbook);
            (format!("{title}: {mark}"), both(reason, note), answer(&receipt))
        }
        Body::Recommended { text, channel, benefit, receipt } => {
            (both(channel, benefit), text.to_string(), receipt.as_ref().and_then(answer))
        }
        Body::CallStarted { stage, product, competitor, .. } => {
            let stage = stage.map(|stage| stage.name().to_owned());
            let about = both(product, competitor);
            (joined(&[stage, Some(about).filter(|about| !about.is_empty())]), String::new(), None)
        }
        Body::Wished { receipt } => ("a card for it".to_owned(), String::new(), answer(&receipt)),
        Body::CallEnded { .. } => (String::new(), String::new(), None),
        Body::PriceShown(shown) => {
            (shown.outcome.replace('_', " "), String::new(), price(&event.id.into()))
        }
        Body::GiveOffered(step)
        | Body::GiveWithdrawn(step)
        | Body::GetAgreed(step)
        | Body::GetWritten(step) => (String::new(), String::new(), price(&step.receipt)),
        Body::ApprovalRequested(asked) => (asked.reason, String::new(), price(&asked.receipt)),
        Body::ApprovalRecorded(decided) => {
            let by = decided.roles.join(" + ");
            (format!("{} by {by}", decided.decision.name()), both(decided.reason, None), None)
        }
        Body::ApprovalReopened(reopened) => {
            (reopened.fields.join(", "), String::new(), price(&reopened.receipt))
        }
        Body::Triaged(triaged) => {
            (triaged.status.name().to_owned(), both(triaged.target, triaged.reply), None)
        }
        Body::TriageUndone { .. } | Body::TriageTold { .. } => Default::default(),
        Body::Replied { text, .. } => (String::new(), text.to_string(), None),
    };
    Line { at, kind, what, words, platform, link }
}

/// The title of a card; the id of one that is gone.
pub(super) fn title<'a>(card: &'a CardId, playbook: &'a Playbook) -> &'a str {
    playbook.card(card).map_or(card.as_str(), |card| card.title.as_str())
}

/// Down to the second: microseconds are for programs.
pub(super) fn readable(at: Timestamp) -> String {
    at.to_string().chars().take(19).collect::<String>().replace('T', " ")
}
