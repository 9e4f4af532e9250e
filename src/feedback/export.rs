//! Writes events for other programs: CSV for a spreadsheet, JSON lines for everything else.

use std::io::Write;

use serde::Serialize;

use super::{Body, Event};
use crate::redact::Redacted;

/// The head line; the fields of [`Row`] in their order.
const COLUMNS: [&str; 23] = [
    "v",
    "id",
    "kind",
    "at",
    "actor",
    "platform",
    "receipt",
    "outcome",
    "card_id",
    "card_ids",
    "confidence",
    "generation",
    "mark",
    "reason",
    "note",
    "channel",
    "benefit",
    "text",
    "stage",
    "product",
    "competitor",
    "text_hash",
    "characters",
];

/// One line of the CSV; every kind of event has the same columns.
#[derive(Default, Serialize)]
struct Row {
    v: u8,
    id: String,
    kind: &'static str,
    at: String,
    actor: String,
    platform: &'static str,
    receipt: String,
    outcome: &'static str,
    card_id: String,
    card_ids: String,
    confidence: Option<f64>,
    generation: String,
    mark: &'static str,
    reason: String,
    note: String,
    channel: String,
    benefit: String,
    text: String,
    stage: &'static str,
    product: String,
    competitor: String,
    text_hash: String,
    characters: Option<usize>,
}

/// Writes events as CSV with a head line.
///
/// A field that a spreadsheet would take for a formula gets an apostrophe before it.
///
/// # Errors
/// When writing fails.
pub fn csv<'a>(
    events: impl Iterator<Item = &'a Event>,
    head: bool,
    out: impl Write,
) -> std::io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(out);
    if head {
        writer.write_record(COLUMNS).map_err(std::io::Error::other)?;
    }
    for event in events {
        writer.serialize(row(event)).map_err(std::io::Error::other)?;
    }
    writer.flush()
}

/// Writes events as JSON, one a line.
///
/// # Errors
/// When writing fails.
pub fn jsonl<'a>(
    events: impl Iterator<Item = &'a Event>,
    mut out: impl Write,
) -> std::io::Result<()> {
    for event in events {
        serde_json::to_writer(&mut out, event)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn row(event: &Event) -> Row {
    let mut row = Row {
        v: event.v,
        id: event.id.clone(),
        kind: event.body.kind(),
        at: event.at.to_string(),
        actor: guarded(&event.actor),
        platform: event.platform.name(),
        ..Row::default()
    };
    let text = |text: &Option<Redacted>| {
        text.as_ref().map(|text| guarded(text.as_str())).unwrap_or_default()
    };
    match &event.body {
        Body::Asked { text: words, text_hash, characters, stage, product, competitor } => {
            row.text = text(words);
            (row.product, row.competitor) = (text(product), text(competitor));
            row.text_hash.clone_from(text_hash);
            row.characters = Some(*characters);
            row.stage = stage.map_or("", crate::model::Stage::name);
        }
        Body::Answered { outcome, card_ids, confidence, generation, .. } => {
            row.receipt.clone_from(&event.id);
            row.outcome = outcome.name();
            let ids: Vec<&str> = card_ids.iter().map(crate::model::CardId::as_str).collect();
            row.card_id = ids.first().copied().unwrap_or_default().to_owned();
            row.card_ids = ids.join(";");
            row.confidence = *confidence;
            row.generation.clone_from(generation);
        }
        Body::Marked { receipt, card_id, mark, reason, note, generation } => {
            row.receipt = receipt.to_string();
            row.card_id = card_id.to_string();
            row.mark = mark.name();
            (row.reason, row.note) = (text(reason), text(note));
            row.generation.clone_from(generation);
        }
        Body::Recommended { text: words, channel, benefit, receipt } => {
            row.text = guarded(words.as_str());
            (row.channel, row.benefit) = (text(channel), text(benefit));
            row.receipt = receipt.clone().map(String::from).unwrap_or_default();
        }
        Body::CallStarted { stage, product, competitor, .. } => {
            (row.product, row.competitor) = (text(product), text(competitor));
            row.stage = stage.map_or("", crate::model::Stage::name);
        }
        Body::Wished { receipt } => row.receipt = receipt.to_string(),
        Body::CallEnded { .. } => {}
        Body::Triaged(_)
        | Body::TriageUndone { .. }
        | Body::TriageTold { .. }
        | Body::Replied { .. } => triage_columns(&mut row, &event.body),
        priced => price_columns(&mut row, &event.id, priced),
    }
    row
}

/// The columns of a row about what becomes of a recommendation.
fn triage_columns(row: &mut Row, body: &Body) {
    let text = |text: &Option<Redacted>| {
        text.as_ref().map(|text| guarded(text.as_str())).unwrap_or_default()
    };
    row.receipt = body.receipt().map(ToString::to_string).unwrap_or_default();
    match body {
        Body::Triaged(triaged) => {
            row.outcome = triaged.status.name();
            (row.note, row.reason) = (text(&triaged.reply), text(&triaged.target));
        }
        Body::Replied { text, .. } => row.text = guarded(text.as_str()),
        _ => {} // say nothing more
    }
}

/// The columns of a row about a price or an exception.
fn price_columns(row: &mut Row, id: &str, body: &Body) {
    match body {
        Body::PriceShown(shown) => {
            row.receipt = id.to_owned();
            row.text_hash.clone_from(&shown.text_hash);
            row.characters = Some(shown.characters);
            row.stage = shown.stage.map_or("", crate::model::Stage::name);
            row.note = guarded(&shown.outcome);
        }
        Body::GiveOffered(step)
        | Body::GiveWithdrawn(step)
        | Body::GetAgreed(step)
        | Body::GetWritten(step) => row.receipt = step.receipt.to_string(),
        Body::ApprovalRequested(asked) => {
            row.receipt = asked.receipt.to_string();
            row.reason = guarded(&asked.reason);
        }
        Body::ApprovalRecorded(decided) => {
            row.receipt.clone_from(&decided.request);
            row.note = guarded(decided.decision.name());
            let reason = decided.reason.as_ref().map(|reason| guarded(reason.as_str()));
            row.reason = reason.unwrap_or_default();
        }
        Body::ApprovalReopened(reopened) => {
            row.receipt = reopened.receipt.to_string();
            row.note = guarded(&reopened.fields.join(" "));
        }
        _ => {} // has no columns of its own
    }
}

/// The text with an apostrophe before everything that a spreadsheet would take for a formula. Where
/// a cell begins is the spreadsheet's to say: one that is set to another separator cuts within the
/// text, and quotes do not keep it from that.
fn guarded(text: &str) -> String {
    // A spreadsheet takes their full-width forms for the same.
    const FORMULA: &str = "=+-@＝＋－＠";
    const SEPARATORS: &str = ",;|\t\r\n";
    let mut guarded = String::with_capacity(text.len() + 1);
    if text.starts_with(['\t', '\r']) {
        guarded.push('\'');
    }
    let mut begins = true;
    for sign in text.chars() {
        if begins && FORMULA.contains(sign) {
            guarded.push('\'');
        }
        // White space and quotes before a formula do not keep it from being one.
        begins = SEPARATORS.contains(sign) || begins && (sign.is_whitespace() || sign == '"');
        guarded.push(sign);
    }
    guarded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_disarmed_and_commas_are_quoted() {
        let text = include_str!("../../tests/events/v1/recommended.json");
        let mut event: Event = serde_json::from_str(text).unwrap();
        if let Body::Recommended { text, channel, benefit, .. } = &mut event.body {
            *text = Redacted::of(" =HYPERLINK(\"x\"), \"y\"; \"=1+1, a=b;\t@c");
            *channel = Some(Redacted::of("-1+1"));
            *benefit = Some(Redacted::of("＝1+1"));
        }
        let mut out = Vec::new();
        csv([&event].into_iter(), true, &mut out).unwrap();
        let mut reader = csv::Reader::from_reader(&out[..]);
        let head = reader.headers().unwrap().clone();
        let line = reader.records().next().unwrap().unwrap();
        let field = |name: &str| line.get(head.iter().position(|column| column == name).unwrap());
        assert_eq!(field("text"), Some(" '=HYPERLINK(\"x\"), \"y\"; \"'=1+1, a=b;\t'@c"));
        let text = String::from_utf8(out.clone()).unwrap();
        assert!(text.lines().all(|line| line.starts_with('"') && line.ends_with('"')), "{text}");
        assert_eq!(field("channel"), Some("'-1+1"));
        assert_eq!(field("benefit"), Some("'＝1+1"));
        assert_eq!(field("kind"), Some("recommended"));
        let fields = serde_json::to_value(Row::default()).unwrap();
        assert_eq!(fields.as_object().unwrap().len(), COLUMNS.len());
        assert!(COLUMNS.iter().all(|column| fields.get(column).is_some()));
    }
}
