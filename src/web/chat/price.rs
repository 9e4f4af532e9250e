//! The rep's page for prices: ask, see the moves, say what happened.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use serde::Deserialize;

use super::{AppState, Layout, Noted, PageProblem, Signed, Visitor, path, unrendered};
use crate::feedback::{MoveKind, PriceAnswerV1, PriceQuestion};
use crate::journal::UseCaseError;
use crate::model::{DealName, Receipt, Stage};
use crate::negotiation::{PriceMark, PriceReplay, PriceRequest};
use crate::services::Services;

pub(super) fn routes() -> Router<Arc<Services>> {
    Router::new()
        .route("/price", get(desk).post(ask))
        .route("/price/marks", post(mark))
        .route("/prices/{receipt}", get(again))
}

#[derive(Template)]
#[template(path = "price.html")]
struct PricePage<'a> {
    text: &'a str,
    stage: Option<Stage>,
    stages: [Stage; 7],
    card: Option<PriceAnswerV1>,
    /// What happened with it so far.
    marks: Vec<PriceMark>,
    noted: &'a str,
    problem: &'a str,
    layout: Layout,
    deal: String,
    conversation: String,
    /// Shows that a form is of this page.
    token: String,
}

impl PricePage<'_> {
    fn here(&self) -> &'static str {
        "/price"
    }

    fn new(services: &Services, visitor: &Visitor) -> Self {
        Self {
            text: "",
            stage: None,
            stages: Stage::ALL,
            card: None,
            marks: Vec::new(),
            noted: "",
            problem: "",
            layout: Layout::now(services),
            deal: String::new(),
            conversation: services.journal.new_id(),
            token: visitor.token(services),
        }
    }

    fn picked(&self, stage: &Stage) -> bool {
        self.stage.as_ref() == Some(stage)
    }

    fn stage_name(&self) -> &'static str {
        self.stage.map_or("", Stage::name)
    }

    fn holds(&self, kind: &MoveKind) -> bool {
        *kind == MoveKind::Hold
    }

    fn trades(&self, kind: &MoveKind) -> bool {
        *kind == MoveKind::Trade
    }

    fn choices<'q>(&self, question: &'q PriceQuestion) -> Vec<(&'q str, &'q str)> {
        let labels = question.choices.iter().map(String::as_str);
        labels.zip(question.requests.iter().map(String::as_str)).collect()
    }

    /// What can be said of the trade next.
    fn buttons(&self) -> Vec<(&'static str, &'static str)> {
        let next = PriceMark::next(&self.marks).into_iter();
        next.map(|mark| (mark.name(), mark.label())).collect()
    }

    fn html(&self) -> Result<Html<String>, PageProblem> {
        self.render().map(Html).map_err(unrendered)
    }
}

async fn desk(State(services): AppState, visitor: Visitor) -> Result<Html<String>, PageProblem> {
    PricePage::new(&services, &visitor).html()
}

#[derive(Deserialize)]
struct Ask {
    text: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    deal: String,
    #[serde(default)]
    conversation: String,
}

async fn ask(
    State(services): AppState,
    Signed(visitor, form): Signed<Ask>,
) -> Result<Html<String>, PageProblem> {
    let Ask { text, stage, deal, conversation } = form;
    let some = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let asked = PriceRequest {
        text: text.clone(),
        stage: Stage::named(&stage).map_err(UseCaseError::from)?, // "any stage" is empty
        deal: some(&deal).map(DealName::from),
        conversation: some(&conversation),
        ..PriceRequest::default()
    };
    let mut page = PricePage::new(&services, &visitor);
    (page.text, page.stage, page.deal) = (&text, asked.stage, deal);
    page.conversation = asked.conversation.clone().unwrap_or(page.conversation);
    match services.negotiation.price(&visitor.caller(&services), &asked).await {
        Ok(card) => page.card = Some(card),
        Err(UseCaseError::EmptyText) => page.problem = "Type what they ask for.",
        Err(error) => return Err(error.into()),
    }
    page.html()
}

/// A price again, from its receipt, without the customer's words, which are not kept.
async fn again(
    State(services): AppState,
    visitor: Visitor,
    Path(receipt): Path<Receipt>,
    query: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, PageProblem> {
    let Query(Noted { noted, .. }) = query?;
    let PriceReplay { card, conversation, deal, stage, marks } =
        services.negotiation.replay_price(&receipt).await?;
    let mut page = PricePage::new(&services, &visitor);
    let noted_mark = PriceMark::ALL.into_iter().find(|mark| mark.name() == noted);
    page.noted = noted_mark.map_or("", PriceMark::noted);
    (page.card, page.marks, page.stage) = (Some(card), marks, stage);
    page.deal = deal.unwrap_or_default().into();
    page.conversation = conversation.unwrap_or(page.conversation);
    page.html()
}

#[derive(Deserialize)]
struct Marking {
    receipt: Receipt,
    mark: PriceMark,
}

async fn mark(
    State(services): AppState,
    Signed(visitor, form): Signed<Marking>,
) -> Result<Redirect, PageProblem> {
    let Marking { receipt, mark } = form;
    let caller = visitor.caller(&services);
    services.negotiation.mark_price(&caller, &receipt, mark).await?;
    Ok(Redirect::to(&format!("/prices/{}?noted={}", path(receipt.as_str()), mark.name())))
}
