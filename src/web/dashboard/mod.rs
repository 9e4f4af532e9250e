//! The marketer's page: how cards fare, what no one could answer, what reps recommend, and every
//! event; and the export of what is looked at.

mod line;
mod news;
mod view;

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

use self::line::{Line, line, readable};
use self::view::{Pairs, Period, View};
use super::AppState;
use super::layout::Layout;
use super::problem::PageProblem;
use crate::feedback::{CardLine, Event, Filter, Mark, Platform, Recommended, Report, csv, jsonl};
use crate::journal::{Export, LogView};
use crate::model::Timestamp;
use crate::services::Services;

/// Events on one page.
const PAGE: usize = 100;

/// Questions without an answer on one page.
const GAPS: usize = 50;

/// Channels and benefits that have a row or a column of their own.
const ROWS: usize = 20;
const COLUMNS: usize = 12;

pub(super) fn routes() -> Router<Arc<Services>> {
    Router::new()
        .route("/dashboard", get(dashboard))
        .route("/dashboard/news", get(news::stream))
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
    all: u64,
    /// The numbers of events that are damaged.
    unreadable: Vec<i64>,
    layout: Layout,
}

/// Recommendations: a row for each channel, a column for each benefit.
struct Heat {
    benefits: Vec<Head>,
    rows: Vec<(Head, Vec<u64>)>,
}

/// What a row or column is called, and the address of it alone.
struct Head {
    name: String,
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

    /// The first of the numbers of events that are damaged.
    fn damaged(&self) -> String {
        let first = self.unreadable.iter().take(10).map(ToString::to_string);
        first.collect::<Vec<_>>().join(", ")
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

    fn marks(&self) -> [&'static str; 4] {
        Mark::ALL.map(Mark::name)
    }

    fn platforms(&self) -> [&'static str; 4] {
        Platform::ALL.map(Platform::name)
    }
}

async fn dashboard(
    State(services): AppState,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, PageProblem> {
    let Query(pairs) = query?;
    let view = View::read(&pairs, services.journal.now())?;
    if view.untidy {
        // A field that was left empty is no filter, and does not belong into the address.
        return Ok(Redirect::to(&format!("/dashboard{}", view.query())).into_response());
    }
    let looked = services.journal.reader()?.view(view.filter.clone(), GAPS, (view.page, PAGE));
    let LogView { report, events, all, unreadable } = looked.await?;
    let page = DashboardPage {
        whole: view.whole(),
        heat: heat(&view, &report),
        pages: usize::try_from(report.events).unwrap_or(usize::MAX).div_ceil(PAGE).max(1),
        report,
        lines: events.into_iter().map(line).collect(),
        all,
        unreadable,
        layout: Layout::now(&services),
        view,
    };
    // A long page takes a while to write, and others are to be answered meanwhile.
    let html = tokio::task::spawn_blocking(move || page.render()).await;
    let html = html.map_err(super::unrendered)?.map_err(super::unrendered)?;
    Ok(Html(html).into_response())
}

/// The table of recommendations; names lead to the view of them alone. Reps may type any name, so
/// that only those named most have a row or a column of their own.
fn heat(view: &View, report: &Report) -> Heat {
    let (channels, benefits) = (report.channels(), report.benefits());
    let place = |names: &[(&str, u64)], most: usize| -> HashMap<String, usize> {
        let first = names.iter().take(most).map(|(name, _)| (*name).to_owned());
        first.zip(0..).collect()
    };
    let (rows, columns) = (place(&channels, ROWS), place(&benefits, COLUMNS));
    // One more of each for all others.
    let (height, width) = (channels.len().min(ROWS + 1), benefits.len().min(COLUMNS + 1));
    let mut counts = vec![vec![0; width]; height];
    for Recommended { channel, benefit, count } in &report.recommendations {
        let row = rows.get(channel).copied().unwrap_or(ROWS);
        let column = columns.get(benefit).copied().unwrap_or(COLUMNS);
        counts[row][column] += count;
    }
    let heads = |key: &'static str, names: &[(&str, u64)], most: usize| -> Vec<Head> {
        let named = names.iter().take(most).map(|(name, _)| {
            if name.is_empty() {
                Head { name: format!("no {key}"), link: None }
            } else {
                Head { name: (*name).to_owned(), link: Some(view.with(key, name)) }
            }
        });
        let others = names.len().saturating_sub(most);
        let rest = (others > 0).then(|| Head { name: format!("{others} others"), link: None });
        named.chain(rest).collect()
    };
    Heat {
        benefits: heads("benefit", &benefits, COLUMNS),
        rows: heads("channel", &channels, ROWS).into_iter().zip(counts).collect(),
    }
}

async fn export_csv(
    State(services): AppState,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, PageProblem> {
    let export = exported(&services, query?).await?;
    let mut head = Vec::new();
    csv(std::iter::empty(), true, &mut head).map_err(super::unrendered)?;
    let write = |events: &[Event], out: &mut Vec<u8>| csv(events.iter(), false, out);
    Ok(download("text/csv; charset=utf-8", "cornerman-feedback.csv", head, export, write))
}

async fn export_jsonl(
    State(services): AppState,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, PageProblem> {
    let export = exported(&services, query?).await?;
    let write = |events: &[Event], out: &mut Vec<u8>| jsonl(events.iter(), out);
    Ok(download("application/jsonl", "cornerman-feedback.jsonl", Vec::new(), export, write))
}

/// Every event of the view, not only those of one page of it. Without any filter that is the whole
/// log: someone who leaves the page and takes "everything" must not get a part.
async fn exported(services: &Services, Query(pairs): Query<Pairs>) -> Result<Export, PageProblem> {
    let view = View::read(&pairs, services.journal.now())?;
    let filter = if pairs.is_empty() { Filter::default() } else { view.filter };
    Ok(services.journal.reader()?.export(filter).await?)
}

/// Reads and writes as fast as the other side takes it, a few events at a time.
fn download(
    kind: &'static str,
    name: &str,
    head: Vec<u8>,
    export: Export,
    write: impl Fn(&[Event], &mut Vec<u8>) -> std::io::Result<()> + Send + 'static,
) -> Response {
    let begin = (export, write, Some(head));
    let chunks = futures_util::stream::try_unfold(begin, async |(mut export, write, head)| {
        let events = export.next().await.map_err(std::io::Error::other)?;
        let mut bytes = head.unwrap_or_default();
        write(&events, &mut bytes)?;
        Ok::<_, std::io::Error>((!bytes.is_empty()).then_some((bytes, (export, write, None))))
    });
    let name = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::from_stream(chunks)).into_response()
}
