//! The marketer's pages: what changed, how cards fare, what no one could answer, what reps recommend,
//! every event; and the export of what is looked at.

mod activity;
mod cards;
mod chart;
mod export;
mod inbox;
mod inbox_forms;
mod line;
mod news;
mod overview;
mod unanswered;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::services::Services;

pub(super) fn routes() -> Router<Arc<Services>> {
    Router::new()
        .route("/dashboard", get(overview::overview))
        .route("/dashboard/activity", get(activity::activity))
        .route("/dashboard/cards", get(cards::cards))
        .route("/dashboard/cards/{id}", get(cards::card))
        .route("/dashboard/inbox", get(inbox::inbox))
        .route("/dashboard/inbox/triage", post(inbox_forms::triage))
        .route("/dashboard/inbox/undo", post(inbox_forms::undo))
        .route("/dashboard/unanswered", get(unanswered::unanswered))
        .route("/dashboard/unanswered/card.md", get(unanswered::download))
        .route("/dashboard/news", get(news::stream))
        .route("/dashboard/export.csv", get(export::as_csv))
        .route("/dashboard/export.jsonl", get(export::as_jsonl))
}
