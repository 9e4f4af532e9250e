//! The JSON API: `/api/v1/…`, the same answers as everywhere else.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

use super::AppState;
use super::problem::{JsonProblem, Problem};
use crate::card::Suggestion;
use crate::coach::{CallContext, Feedback, Question, Recommendation};
use crate::feedback::{Event, Mark, Platform, PriceAnswerV1};
use crate::journal::{Principal, Recorded};
use crate::model::{DealName, Mode, Receipt, Stage};
use crate::negotiation::{PriceMark, PriceRequest};
use crate::services::Services;

type Body<T> = Result<Json<T>, JsonRejection>;

pub(super) fn routes() -> Router<std::sync::Arc<Services>> {
    Router::new()
        .route("/api/v1/openapi.json", get(description))
        .route("/api/v1/suggest", post(suggest))
        .route("/api/v1/feedback", post(feedback))
        .route("/api/v1/recommendations", post(recommend))
        .route("/api/v1/price", post(price))
        .route("/api/v1/price/marks", post(mark_price))
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::body(rejection.status(), rejection.body_text())
    }
}

/// The API for programs to read.
async fn description() -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, include_str!("../assets/openapi.json"))
}

fn caller() -> Principal {
    Principal::operator(Platform::Api)
}

#[derive(Deserialize)]
struct Ask {
    text: String,
    stage: Option<Stage>,
    product: Option<String>,
    competitor: Option<String>,
    conversation: Option<String>,
    #[serde(default)]
    mode: Mode,
}

async fn suggest(
    State(services): AppState,
    body: Body<Ask>,
) -> Result<Json<Suggestion>, JsonProblem> {
    let Json(Ask { text, stage, product, competitor, conversation, mode }) = body?;
    let context = CallContext { stage, product, competitor };
    let question = Question { text, context, conversation, mode, key: None };
    Ok(Json(services.coach.suggest(&caller(), &question).await?))
}

#[derive(Deserialize)]
struct AskPrice {
    text: String,
    stage: Option<Stage>,
    deal: Option<DealName>,
    conversation: Option<String>,
}

/// Always for the lowest role: who else may ask is known only once people sign in.
async fn price(
    State(services): AppState,
    body: Body<AskPrice>,
) -> Result<Json<PriceAnswerV1>, JsonProblem> {
    let Json(AskPrice { text, stage, deal, conversation }) = body?;
    let asked = PriceRequest { text, stage, deal, conversation, ..PriceRequest::default() };
    Ok(Json(services.negotiation.price(&caller(), &asked).await?))
}

#[derive(Deserialize)]
struct MarkPrice {
    receipt: Receipt,
    mark: PriceMark,
}

async fn mark_price(
    State(services): AppState,
    body: Body<MarkPrice>,
) -> Result<(StatusCode, Json<Event>), JsonProblem> {
    let Json(MarkPrice { receipt, mark }) = body?;
    Ok(created(services.negotiation.mark_price(&caller(), &receipt, mark).await?))
}

#[derive(Deserialize)]
struct Marking {
    receipt: Receipt,
    card_id: Option<String>,
    mark: Mark,
    reason: Option<String>,
    note: Option<String>,
}

async fn feedback(
    State(services): AppState,
    headers: HeaderMap,
    body: Body<Marking>,
) -> Result<(StatusCode, Json<Event>), JsonProblem> {
    let Json(Marking { receipt, card_id, mark, reason, note }) = body?;
    let feedback = Feedback { receipt, card_id, mark, reason, note };
    let recorded = services.coach.record(&caller(), feedback, key(&headers)?).await?;
    Ok(created(recorded))
}

#[derive(Deserialize)]
struct Recommend {
    text: String,
    channel: Option<String>,
    benefit: Option<String>,
    receipt: Option<Receipt>,
}

async fn recommend(
    State(services): AppState,
    headers: HeaderMap,
    body: Body<Recommend>,
) -> Result<(StatusCode, Json<Event>), JsonProblem> {
    let Json(Recommend { text, channel, benefit, receipt }) = body?;
    let recommendation = Recommendation { text, channel, benefit, receipt };
    let recorded = services.coach.recommend(&caller(), recommendation, key(&headers)?).await?;
    Ok(created(recorded))
}

/// 201 for what was added, 200 with the same body for what was there before.
fn created(recorded: Recorded) -> (StatusCode, Json<Event>) {
    let status = if recorded.repeated { StatusCode::OK } else { StatusCode::CREATED };
    (status, Json(recorded.event))
}

fn key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let key = headers.get("idempotency-key").map(|key| key.to_str());
    key.transpose().map_err(|_| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_idempotency_key",
            "the header Idempotency-Key holds characters that are not ASCII",
            "use a UUID",
        )
    })
}
