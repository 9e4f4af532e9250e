//! The marketer's page: how cards fare, what nobody could answer, what reps recommend, and every
//! event; and the export of what is looked at.

mod view;

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

use self::view::{Pairs, Period, View};
use super::Desk;
use super::problem::{PageProblem, Problem};
use crate::coach::Coach;
use crate::feedback::{
    Body, CardLine, Event, Filter, Mark, Platform, Recommended, Report, csv, jsonl,
};
use crate::model::{CardId, Timestamp};
use crate::redact::Redacted;

/// Events on one page.
const PAGE: usize = 100;

pub(super) fn routes() -> Router<Arc<Coach>> {
    Router::new()
        .route("/dashboard", get(dashboard))
        .route("/dashboard/export.csv", get(export_csv))
        .route("/dashboard/export.jsonl", get(export_jsonl))
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct DashboardPage {
    view: View,
    /// The address of all that is shown, after its path.
    whole: String,
    report: Report,
    heat: Heat,
    lines: Vec<Line>,
    /// Pages of events.
    pages: usize,
    /// Events of the whole log.
    all: usize,
    problems: Arc<[String]>,
    /// Whether what is in the log is made up.
    demo: bool,
}

/// Recommendations: a row for each channel, a column for each benefit.
struct Heat {
    benefits: Vec<(String, Option<String>)>,
    rows: Vec<(String, Option<String>, Vec<u64>)>,
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

impl DashboardPage {
    fn choices(&self) -> [(&'static str, &'static str); 5] {
        Period::CHOICES
    }

    fn chosen(&self, name: &str) -> bool {
        self.view.period.name() == name
    }

    fn from(&self) -> &str {
        if let Period::Custom { from, .. } = &self.view.period { from } else { "" }
    }

    fn to(&self) -> &str {
        if let Period::Custom { to, .. } = &self.view.period { to } else { "" }
    }

    /// Each filter that is set: key, value, the address without it.
    fn chips(&self) -> Vec<(&'static str, String, String)> {
        let values = self.view.values().into_iter();
        values.map(|(key, value)| (key, value.clone(), self.view.without(key, &value))).collect()
    }

    /// The days that were chosen, for people.
    fn days(&self) -> Option<String> {
        match (self.from(), self.to()) {
            ("", "") => None,
            (from, "") => Some(format!("from {from}")),
            ("", to) => Some(format!("to {to}")),
            (from, to) => Some(format!("{from} to {to}")),
        }
    }

    fn readable(&self, at: &Timestamp) -> String {
        readable(*at)
    }

    fn heading(&self) -> String {
        self.report.heading(self.all)
    }

    /// The address of what is about this card.
    fn card_link(&self, card: &CardLine) -> String {
        self.view.with("card", card.card_id.as_str())
    }

    fn page_link(&self, page: usize) -> String {
        self.view.on_page(page)
    }

    fn marks(&self) -> [&'static str; 3] {
        Mark::ALL.map(Mark::name)
    }

    fn platforms(&self) -> [&'static str; 4] {
        Platform::ALL.map(Platform::name)
    }
}

async fn dashboard(
    State(coach): Desk,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, PageProblem> {
    let Query(pairs) = query?;
    let view = View::read(&pairs, coach.now())?;
    if view.untidy {
        // A field that was left empty is no filter, and does not belong into the address.
        return Ok(Redirect::to(&format!("/dashboard{}", view.query())).into_response());
    }
    let (problems, demo) = (coach.problems(), coach.is_demo());
    let look = move |events: &[Event]| DashboardPage { problems, demo, ..look(events, view) };
    let page = coach.with_log(look).await?;
    page.render().map(|html| Html(html).into_response()).map_err(super::unrendered)
}

fn look(events: &[Event], view: View) -> DashboardPage {
    let kept = view.filter.of(events);
    let report = Report::of(&kept);
    let pages = kept.len().div_ceil(PAGE).max(1);
    let from = kept.len().saturating_sub(view.page.saturating_mul(PAGE));
    let to = kept.len().saturating_sub(view.page.saturating_sub(1).saturating_mul(PAGE));
    let lines = kept[from..to].iter().rev().map(|event| line((*event).clone())).collect();
    DashboardPage {
        whole: view.whole(),
        heat: heat(&view, &report.recommendations),
        report,
        lines,
        pages,
        all: events.len(),
        problems: Arc::default(),
        demo: false,
        view,
    }
}

/// The table of recommendations; names lead to the view of them alone.
fn heat(view: &View, recommended: &[Recommended]) -> Heat {
    let benefits: BTreeSet<&String> = recommended.iter().map(|found| &found.benefit).collect();
    let channels: BTreeSet<&String> = recommended.iter().map(|found| &found.channel).collect();
    let link = |key, name: &String| (!name.is_empty()).then(|| view.with(key, name));
    let row = |channel: &String| {
        let count = |benefit: &&String| {
            let here =
                |found: &&Recommended| (&found.channel, &found.benefit) == (channel, *benefit);
            recommended.iter().find(here).map_or(0, |found| found.count)
        };
        (channel.clone(), link("channel", channel), benefits.iter().map(count).collect())
    };
    Heat {
        rows: channels.into_iter().map(row).collect(),
        benefits: benefits.iter().map(|name| ((*name).clone(), link("benefit", name))).collect(),
    }
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
        Body::Wished { receipt } => ("a card for it".to_owned(), String::new(), answer(&receipt)),
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

async fn export_csv(
    State(coach): Desk,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, PageProblem> {
    let events = exported(&coach, query?).await?;
    let mut out = Vec::new();
    csv(events.iter(), true, &mut out).map_err(super::unrendered)?;
    Ok(download("text/csv; charset=utf-8", "cornerman-feedback.csv", out))
}

async fn export_jsonl(
    State(coach): Desk,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, PageProblem> {
    let events = exported(&coach, query?).await?;
    let mut out = Vec::new();
    jsonl(events.iter(), &mut out).map_err(super::unrendered)?;
    Ok(download("application/jsonl", "cornerman-feedback.jsonl", out))
}

/// Every event of the view, not only those of one page of it. Without any filter that is the whole
/// log: whoever leaves the page and takes "everything" must not get a part.
async fn exported(coach: &Coach, Query(pairs): Query<Pairs>) -> Result<Vec<Event>, PageProblem> {
    let view = View::read(&pairs, coach.now())?;
    let filter = match pairs.is_empty() {
        true => Filter::default(),
        false => view.filter,
    };
    let all = coach.events_since(None).await?;
    Ok(filter.of(&all).into_iter().cloned().collect())
}

fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response()
}
