//! The rep's page: ask, read the card, say how it went. Complete without a script.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

use super::Desk;
use super::problem::{PageProblem, Problem};
use crate::card::{CardView, compose, notice};
use crate::coach::{Caller, Coach, CoachError, Feedback, Question, Recommendation};
use crate::feedback::{Body, Mark, Platform};
use crate::model::{ContentHash, Outcome, Stage};

type Filled<T> = Result<Form<T>, FormRejection>;

pub(super) fn routes() -> Router<Arc<Coach>> {
    Router::new()
        .route("/", get(desk).post(ask))
        .route("/answers/{receipt}", get(answer))
        .route("/marks", post(mark))
        .route("/recommendations", post(recommend))
}

impl From<FormRejection> for Problem {
    fn from(rejection: FormRejection) -> Self {
        Self::body(rejection.status(), rejection.body_text())
    }
}

fn caller() -> Caller {
    Caller { actor: "local".to_owned(), platform: Platform::Web }
}

/// Why a card did not work, to choose from.
const REASONS: [&str; 5] =
    ["wrong card", "too long", "not how I talk", "customer had heard it", "something else"];

/// Where customers are reached, to choose from.
const CHANNELS: [&str; 6] = ["phone", "e-mail", "meeting", "event", "LinkedIn", "referral"];

#[derive(Template)]
#[template(path = "chat.html")]
struct ChatPage<'a> {
    text: &'a str,
    stage: Option<Stage>,
    stages: [Stage; 7],
    answer: Option<Answer>,
    /// Said above the answer, for example after a mark.
    noted: &'a str,
    problems: Arc<[String]>,
    /// Said at the field.
    problem: String,
    reasons: [&'static str; 5],
    channels: [&'static str; 6],
    /// Makes a form that is sent twice count once.
    key: String,
}

/// An answer on the page.
struct Answer {
    receipt: String,
    notice: &'static str,
    cards: Vec<CardView>,
    logged: bool,
}

impl Answer {
    fn new(receipt: String, outcome: Outcome, cards: Vec<CardView>, logged: bool) -> Self {
        let notice = match outcome {
            Outcome::Card => "",
            Outcome::Choice => notice::TOO_CLOSE,
            Outcome::None => notice::NOTHING_FITS,
        };
        Self { receipt, notice, cards, logged }
    }
}

impl<'a> ChatPage<'a> {
    fn new(coach: &Coach, answer: Option<Answer>) -> Self {
        Self {
            text: "",
            stage: None,
            stages: Stage::ALL,
            answer,
            noted: "",
            problems: coach.problems(),
            problem: String::new(),
            reasons: REASONS,
            channels: CHANNELS,
            key: coach.new_id(),
        }
    }

    fn picked(&self, stage: &Stage) -> bool {
        self.stage.as_ref() == Some(stage)
    }

    fn html(&self) -> Result<Html<String>, PageProblem> {
        self.render().map(Html).map_err(super::unrendered)
    }
}

async fn desk(State(coach): Desk) -> Result<Html<String>, PageProblem> {
    ChatPage::new(&coach, None).html()
}

#[derive(Deserialize)]
struct Ask {
    text: String,
    #[serde(default)]
    stage: String,
}

async fn ask(State(coach): Desk, form: Filled<Ask>) -> Result<Html<String>, PageProblem> {
    let Form(Ask { text, stage }) = form?;
    let stage = stage.parse().ok(); // "any stage" is the empty choice
    let question = Question { text: text.clone(), stage, ..Question::default() };
    let (answer, problem) = match coach.suggest(&caller(), &question).await {
        Ok(found) => {
            (Some(Answer::new(found.receipt, found.outcome, found.cards, found.logged)), None)
        }
        Err(CoachError::EmptyText) => (None, Some("Type what the customer said.")),
        Err(error) => return Err(error.into()),
    };
    let mut page = ChatPage::new(&coach, answer);
    (page.text, page.stage) = (&text, stage);
    page.problem = problem.unwrap_or_default().to_owned();
    page.html()
}

#[derive(Deserialize)]
struct Noted {
    #[serde(default)]
    noted: String,
}

/// An answer again, from its receipt: the cards as they are now, without the customer's words,
/// which are not kept.
async fn answer(
    State(coach): Desk,
    Path(receipt): Path<String>,
    query: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, PageProblem> {
    let Query(Noted { noted }) = query?;
    let event = coach.answer(&receipt).await?;
    let Body::Answered { outcome, card_ids, .. } = event.body else {
        return Err(CoachError::UnknownReceipt(receipt).into());
    };
    let generation = coach.generation();
    let cards = card_ids.iter().filter_map(|id| generation.playbook.card(id));
    let cards = cards.map(|card| compose(card, None, 1.0, &[])).collect();
    let mut page = ChatPage::new(&coach, Some(Answer::new(receipt, outcome, cards, true)));
    page.noted = match noted.as_str() {
        "worked" => "Noted: it worked.",
        "did_not_work" => "Noted: it didn't work.",
        "not_used" => "Noted: not used.",
        "told" => "Marketing has it.",
        _ => "",
    };
    page.html()
}

#[derive(Deserialize)]
struct Marking {
    receipt: String,
    card_id: String,
    mark: Mark,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
    key: String,
}

async fn mark(State(coach): Desk, form: Filled<Marking>) -> Result<Redirect, PageProblem> {
    let Form(Marking { receipt, card_id, mark, reason, note, key }) = form?;
    let key = once(&key, [receipt.as_str(), &card_id, mark.name(), &reason, &note]);
    let target = format!("/answers/{}?noted={}", path(&receipt), mark.name());
    let (reason, note) = (Some(reason), Some(note));
    let feedback = Feedback { receipt, card_id: Some(card_id), mark, reason, note };
    coach.record(&caller(), feedback, Some(&key)).await?;
    Ok(Redirect::to(&target))
}

#[derive(Deserialize)]
struct Telling {
    text: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    benefit: String,
    receipt: String,
    key: String,
}

async fn recommend(State(coach): Desk, form: Filled<Telling>) -> Result<Redirect, PageProblem> {
    let Form(Telling { text, channel, benefit, receipt, key }) = form?;
    let key = once(&key, [receipt.as_str(), &channel, &benefit, &text]);
    let target = format!("/answers/{}?noted=told", path(&receipt));
    let recommendation = Recommendation {
        text,
        channel: Some(channel),
        benefit: Some(benefit),
        receipt: Some(receipt),
    };
    coach.recommend(&caller(), recommendation, Some(&key)).await?;
    Ok(Redirect::to(&target))
}

/// A double click sends the same words twice: one event. Other words from the same page: another.
fn once<const N: usize>(key: &str, parts: [&str; N]) -> String {
    let key: String = key.chars().take(64).collect();
    format!("{key}-{}", ContentHash::of(parts))
}

/// A receipt as part of an address.
fn path(receipt: &str) -> String {
    receipt.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect()
}
