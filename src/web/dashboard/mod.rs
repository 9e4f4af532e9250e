//! The marketer's page: what happened, newest first, and how each card fares; and the export.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::Desk;
use super::problem::PageProblem;
use crate::coach::Coach;
use crate::coach::ports::Selection;
use crate::feedback::{Body, CardUse, Event, card_use, csv, jsonl};
use crate::model::{CardId, Timestamp};
use crate::redact::Redacted;

/// Events on one page.
const PAGE: u32 = 100;

pub(super) fn routes() -> Router<Arc<Coach>> {
    Router::new()
        .route("/dashboard", get(dashboard))
        .route("/dashboard/export.csv", get(export_csv))
        .route("/dashboard/export.jsonl", get(export_jsonl))
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct DashboardPage {
    cards: Vec<(CardId, CardUse)>,
    lines: Vec<Line>,
    /// Number of the oldest event shown, when there are older ones.
    older: Option<i64>,
    total: usize,
    problems: Arc<[String]>,
}

/// One event as a line for people.
struct Line {
    at: String,
    kind: &'static str,
    what: String,
    words: String,
    platform: &'static str,
    /// The page of the answer or price it is about.
    link: Option<String>,
}

#[derive(Deserialize)]
struct Shown {
    before: Option<i64>,
}

async fn dashboard(
    State(coach): Desk,
    query: Result<Query<Shown>, QueryRejection>,
) -> Result<Html<String>, PageProblem> {
    let Query(Shown { before }) = query?;
    let newest =
        Selection { since: None, until: None, after: before, newest_first: true, limit: PAGE + 1 };
    let mut newest = coach.events(newest).await?;
    let more = newest.len() > PAGE as usize;
    newest.truncate(PAGE as usize);
    let older = newest.last().filter(|_| more).map(|(number, _)| *number);
    let all = coach.events_since(None).await?;
    let mut cards: Vec<_> = card_use(all.iter()).into_iter().collect();
    cards.sort_by(|a, b| b.1.shown.cmp(&a.1.shown).then(a.0.cmp(&b.0)));
    let lines = newest.into_iter().map(|(_, event)| line(event)).collect();
    let problems = coach.problems();
    let page = DashboardPage { cards, lines, older, total: all.len(), problems };
    page.render().map(Html).map_err(super::unrendered)
}

fn line(event: Event) -> Line {
    let at = readable(event.at);
    let (kind, platform) = (event.body.kind(), event.platform.name());
    let joined =
        |parts: &[Option<String>]| parts.iter().flatten().cloned().collect::<Vec<_>>().join(" · ");
    let both = |one: Option<Redacted>, other: Option<Redacted>| {
        joined(&[one.map(|text| text.to_string()), other.map(|text| text.to_string())])
    };
    let answer = |receipt: &str| Some(format!("/answers/{receipt}"));
    let price = |receipt: &str| Some(format!("/prices/{receipt}"));
    let (what, words, link) = match event.body {
        Body::Asked { text, characters, stage, .. } => {
            let stage = stage.map(|stage| format!(", {stage}")).unwrap_or_default();
            let words = text.map(|text| text.to_string()).unwrap_or_default();
            (format!("{characters} characters{stage}"), words, None)
        }
        Body::Answered { outcome, card_ids, pushback, .. } => {
            let ids: Vec<&str> = card_ids.iter().map(CardId::as_str).collect();
            let pushback = pushback.map(|pushback| format!(": {pushback}")).unwrap_or_default();
            let what = format!("{} {}{pushback}", outcome.name(), ids.join(", "));
            (what, String::new(), answer(&event.id))
        }
        Body::Marked { receipt, card_id, mark, reason, note, .. } => {
            let mark = mark.name().replace('_', " ");
            (format!("{card_id}: {mark}"), both(reason, note), answer(&receipt))
        }
        Body::Recommended { text, channel, benefit, receipt } => {
            (both(channel, benefit), text.to_string(), receipt.as_deref().and_then(answer))
        }
        Body::CallStarted { stage, product, competitor, .. } => {
            let stage = stage.map(|stage| stage.name().to_owned());
            let about = both(product, competitor);
            (joined(&[stage, Some(about).filter(|about| !about.is_empty())]), String::new(), None)
        }
        Body::CallEnded { .. } => (String::new(), String::new(), None),
        Body::PriceShown(shown) => {
            (shown.outcome.replace('_', " "), String::new(), price(&event.id))
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
    };
    Line { at, kind, what, words, platform, link }
}

/// Down to the second: microseconds are for programs.
fn readable(at: Timestamp) -> String {
    at.to_string().chars().take(19).collect::<String>().replace('T', " ")
}

async fn export_csv(State(coach): Desk) -> Result<Response, PageProblem> {
    let events = coach.events_since(None).await?;
    let mut out = Vec::new();
    csv(events.iter(), true, &mut out).map_err(super::unrendered)?;
    Ok(download("text/csv; charset=utf-8", "cornerman-feedback.csv", out))
}

async fn export_jsonl(State(coach): Desk) -> Result<Response, PageProblem> {
    let events = coach.events_since(None).await?;
    let mut out = Vec::new();
    jsonl(events.iter(), &mut out).map_err(super::unrendered)?;
    Ok(download("application/jsonl", "cornerman-feedback.jsonl", out))
}

fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response()
}
