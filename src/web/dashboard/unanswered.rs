//! What no one could answer: kinds of questions, one of them in full, and a card to begin with.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

use super::chart;
use super::overview::{periods, thousands};
use super::view::View;
use crate::feedback::Rate;
use crate::marketing::{Cluster, UnansweredView, draft, golden};
use crate::web::layout::Layout;
use crate::web::problem::{PageProblem, Problem};
use crate::web::{AppState, unrendered};

/// So many kinds are on one page of the list.
const ON_A_PAGE: usize = 25;

#[derive(Template)]
#[template(path = "unanswered.html")]
struct UnansweredPage {
    view: View,
    unanswered: UnansweredView,
    layout: Layout,
}

pub(super) async fn unanswered(
    State(services): AppState,
    view: View,
) -> Result<Html<String>, PageProblem> {
    let unanswered = services.marketing.unanswered(view.period, &view.filter).await?;
    let page = UnansweredPage { unanswered, layout: Layout::now(&services), view };
    page.render().map(Html).map_err(unrendered)
}

/// The card to begin with, as a file.
pub(super) async fn download(
    State(services): AppState,
    view: View,
) -> Result<Response, PageProblem> {
    let found = services.marketing.unanswered(view.period, &view.filter).await?;
    let cluster = found.clusters.iter().find(|cluster| cluster.receipt.as_str() == view.item);
    let Some(cluster) = cluster else {
        let status = axum::http::StatusCode::NOT_FOUND;
        let hint = "go back to /dashboard/unanswered; it may have been answered";
        return Err(
            Problem::new(status, "unknown_question", "this question is not open", hint).into()
        );
    };
    let (id, text) = draft(cluster, view.today);
    let name = format!("attachment; filename=\"{id}.md\"");
    let kind = "text/markdown; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response())
}

impl UnansweredPage {
    fn here(&self) -> &'static str {
        "/dashboard/unanswered"
    }

    fn periods(&self) -> Vec<(String, &'static str, bool)> {
        periods(&self.view)
    }

    fn subtitle(&self) -> String {
        let Rate { hits, of } = self.unanswered.unanswered;
        let share =
            if of == 0 { String::new() } else { format!(": {}", self.unanswered.unanswered) };
        let when = self.unanswered.parts.span.in_words();
        format!("{when}. {} of {} questions had no card{share}", thousands(hits), thousands(of))
    }

    /// The kinds of this page of the list.
    fn listed(&self) -> &[Cluster] {
        let all = &self.unanswered.clusters;
        let from = self.view.page.saturating_sub(1).saturating_mul(ON_A_PAGE).min(all.len());
        all.get(from..(from + ON_A_PAGE).min(all.len())).unwrap_or_default()
    }

    fn pages(&self) -> usize {
        self.unanswered.clusters.len().div_ceil(ON_A_PAGE).max(1)
    }

    fn page_link(&self, page: usize) -> String {
        self.view.on_page(page)
    }

    /// The kind that is open: the one that was chosen, or the first.
    fn open(&self) -> Option<&Cluster> {
        let all = &self.unanswered.clusters;
        all.iter()
            .find(|cluster| cluster.receipt.as_str() == self.view.item)
            .or(self.listed().first())
    }

    fn is_open(&self, cluster: &Cluster) -> bool {
        self.open().is_some_and(|open| open.receipt == cluster.receipt)
    }

    fn link(&self, cluster: &Cluster) -> String {
        self.view.with_item(cluster.receipt.as_str())
    }

    fn title(&self, cluster: &Cluster) -> String {
        let title = cluster.title.as_ref();
        title.map_or_else(|| "(text not stored)".to_owned(), |text| format!("“{text}”"))
    }

    fn sparkline(&self, cluster: &Cluster) -> String {
        chart::sparkline(&cluster.weeks, 88)
    }

    fn draft(&self, cluster: &Cluster) -> String {
        draft(cluster, self.view.today).1
    }

    fn golden(&self, cluster: &Cluster) -> String {
        golden(cluster, &draft(cluster, self.view.today).0)
    }
}
