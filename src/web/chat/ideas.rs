//! What became of what a rep told marketing.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::marketing::Idea;
use crate::model::{Receipt, Timestamp};
use crate::services::Services;
use crate::web::layout::Layout;
use crate::web::problem::PageProblem;
use crate::web::visitor::{Signed, Visitor};
use crate::web::{AppState, unrendered};

pub(super) fn routes() -> Router<Arc<Services>> {
    Router::new()
        .route("/ideas", get(ideas))
        .route("/ideas/read", post(read))
        .route("/ideas/reply", post(reply))
}

#[derive(Template)]
#[template(path = "ideas.html")]
struct IdeasPage {
    ideas: Vec<Idea>,
    token: String,
    layout: Layout,
}

impl IdeasPage {
    fn here(&self) -> &'static str {
        "/ideas"
    }

    fn day(&self, at: &Timestamp) -> String {
        at.day().in_words()
    }
}

async fn ideas(State(services): AppState, visitor: Visitor) -> Result<Html<String>, PageProblem> {
    let page = IdeasPage {
        ideas: services.marketing.ideas(&visitor.caller(&services)).await?,
        token: visitor.token(&services),
        layout: Layout::now(&services),
    };
    page.render().map(Html).map_err(unrendered)
}

#[derive(Deserialize)]
struct Reading {
    idea: Receipt,
}

/// The rep has read what was decided.
async fn read(
    State(services): AppState,
    Signed(visitor, form): Signed<Reading>,
) -> Result<Redirect, PageProblem> {
    services.marketing.note_told(&visitor.caller(&services), &form.idea).await?;
    Ok(Redirect::to("/"))
}

#[derive(Deserialize)]
struct Replying {
    idea: Receipt,
    text: String,
}

/// The rep answers to what was decided.
async fn reply(
    State(services): AppState,
    Signed(visitor, form): Signed<Replying>,
) -> Result<Redirect, PageProblem> {
    let caller = visitor.caller(&services);
    services.marketing.reply(&caller, &form.idea, form.text).await?;
    services.marketing.note_told(&caller, &form.idea).await?;
    Ok(Redirect::to("/ideas"))
}
