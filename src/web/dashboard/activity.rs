//! Every event of a view, and what it comes to.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::line::{Line, line, readable, title};
use super::view::View;
use crate::analytics::Period;
use crate::feedback::{CardLine, Mark, Platform, Recommended, Report};
use crate::journal::LogView;
use crate::model::{Day, Timestamp};
use crate::web::layout::Layout;
use crate::web::problem::PageProblem;
use crate::web::{AppState, unrendered};

/// Events on one page.
const PAGE: usize = 100;

/// Questions without an answer on one page.
const GAPS: usize = 50;

/// Channels and benefits that have a row or a column of their own.
const ROWS: usize = 20;
const COLUMNS: usize = 12;

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    view: View,
    /// The address of all that is shown, after its path.
    whole: String,
    report: Report,
    /// The titles of the report's cards, in their order.
    titles: Vec<String>,
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

impl ActivityPage {
    fn here(&self) -> &'static str {
        "/dashboard/activity"
    }

    /// Names and labels of the periods.
    fn choices(&self) -> Vec<(String, &'static str)> {
        let custom = ("custom".to_owned(), "from … to …");
        let choices = Period::CHOICES.into_iter().map(|(period, label)| (period.name(), label));
        choices.chain(std::iter::once(custom)).collect()
    }

    fn chosen(&self, name: &str) -> bool {
        self.view.period.name() == name
    }

    fn from(&self) -> String {
        self.ends().0.map(|day| day.to_string()).unwrap_or_default()
    }

    fn to(&self) -> String {
        self.ends().1.map(|day| day.to_string()).unwrap_or_default()
    }

    /// The first and the last day, as far as days were chosen.
    fn ends(&self) -> (Option<Day>, Option<Day>) {
        match self.view.period {
            Period::Custom { from, to } => (from, to),
            _ => (None, None),
        }
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
        match self.ends() {
            (None, None) => None,
            (Some(from), None) => Some(format!("from {from}")),
            (None, Some(to)) => Some(format!("to {to}")),
            (Some(from), Some(to)) => Some(format!("{from} to {to}")),
        }
    }

    fn readable(&self, at: &Timestamp) -> String {
        readable(*at)
    }

    fn heading(&self) -> String {
        self.report.heading(self.all)
    }

    /// The cards with their titles.
    fn cards(&self) -> impl Iterator<Item = (&CardLine, &String)> {
        self.report.cards.iter().zip(&self.titles)
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

pub(super) async fn activity(
    State(services): AppState,
    view: View,
) -> Result<Html<String>, PageProblem> {
    let looked = services.journal.reader()?.view(view.filter.clone(), GAPS, (view.page, PAGE));
    let LogView { report, events, all, unreadable } = looked.await?;
    let generation = services.coach.generation();
    let titles = report.cards.iter().map(|card| title(&card.card_id, &generation.playbook));
    let titles = titles.map(str::to_owned).collect();
    let page = ActivityPage {
        titles,
        whole: view.whole(),
        heat: heat(&view, &report),
        pages: usize::try_from(report.events).unwrap_or(usize::MAX).div_ceil(PAGE).max(1),
        report,
        lines: events.into_iter().map(|event| line(event, &generation.playbook)).collect(),
        all,
        unreadable,
        layout: Layout::now(&services),
        view,
    };
    // A long page takes a while to write, and others are to be answered meanwhile.
    let html = tokio::task::spawn_blocking(move || page.render()).await;
    let html = html.map_err(unrendered)?.map_err(unrendered)?;
    Ok(Html(html))
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
