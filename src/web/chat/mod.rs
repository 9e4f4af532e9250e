//! The rep's page: ask, read the card, say how it went. Complete without a script.

mod price;

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

use super::problem::{PageProblem, Problem};
use super::{Desk, unrendered};
use crate::card::{CardView, PushbackView, notice};
use crate::coach::{Caller, Coach, CoachError, Feedback, Question, Recommendation, Suggestion};
use crate::feedback::{Mark, Platform};
use crate::model::{ContentHash, Outcome, Stage};

type Filled<T> = Result<Form<T>, FormRejection>;

pub(super) fn routes() -> Router<Arc<Coach>> {
    Router::new()
        .route("/", get(desk).post(ask))
        .route("/answers/{receipt}", get(answer))
        .route("/marks", post(mark))
        .route("/recommendations", post(recommend))
        .merge(price::routes())
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
    /// Names the conversation that the next question goes on with.
    conversation: String,
    /// Makes a form that is sent twice count once.
    key: String,
    /// Whether what was asked can be priced.
    price_this: bool,
}

/// An answer on the page.
struct Answer {
    receipt: String,
    notice: &'static str,
    pushback: Option<PushbackView>,
    apart: Option<String>,
    isolate: Option<String>,
    cards: Vec<CardView>,
    logged: bool,
    /// Whether one of the cards is to be picked.
    choice: bool,
}

impl Answer {
    /// Whether cards show only their titles: to choose from, or because they were shown before.
    fn folded(&self) -> bool {
        self.choice || self.pushback.is_some()
    }
}

impl From<Suggestion> for Answer {
    fn from(answer: Suggestion) -> Self {
        let notice = match answer.outcome {
            Outcome::Card if answer.cards.iter().any(|card| card.used_up) => notice::USED_UP,
            Outcome::Card if answer.cards.len() > 1 => notice::EACH,
            Outcome::Card => "",
            Outcome::Choice => notice::TOO_CLOSE,
            Outcome::None => notice::NOTHING_FITS,
        };
        let choice = answer.outcome == Outcome::Choice;
        let Suggestion { receipt, pushback, apart, isolate, cards, logged, .. } = answer;
        Self { receipt, notice, pushback, apart, isolate, cards, logged, choice }
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
            conversation: coach.new_id(),
            key: coach.new_id(),
            price_this: false,
        }
    }

    fn picked(&self, stage: &Stage) -> bool {
        self.stage.as_ref() == Some(stage)
    }

    fn html(&self) -> Result<Html<String>, PageProblem> {
        self.render().map(Html).map_err(unrendered)
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
    #[serde(default)]
    conversation: String,
}

async fn ask(State(coach): Desk, form: Filled<Ask>) -> Result<Html<String>, PageProblem> {
    let Form(Ask { text, stage, conversation }) = form?;
    let stage = stage.parse().ok(); // "any stage" is the empty choice
    let question = Question {
        text: text.clone(),
        stage,
        conversation: Some(conversation).filter(|id| !id.is_empty()),
        ..Question::default()
    };
    let mut going_on = question.conversation.clone();
    let (answer, problem) = match coach.suggest(&caller(), &question).await {
        Ok(found) => {
            going_on = found.conversation.clone();
            (Some(Answer::from(found)), None)
        }
        Err(CoachError::EmptyText) => (None, Some("Type what the customer said.")),
        Err(error) => return Err(error.into()),
    };
    let mut page = ChatPage::new(&coach, answer);
    (page.text, page.stage) = (&text, stage);
    page.price_this =
        page.answer.as_ref().is_some_and(|answer| coach.could_price(&text, &answer.cards));
    page.conversation = going_on.unwrap_or(page.conversation);
    page.problem = problem.unwrap_or_default().to_owned();
    page.html()
}

#[derive(Deserialize)]
struct Noted {
    #[serde(default)]
    noted: String,
}

/// An answer again, from its receipt, without the customer's words, which are not kept.
async fn answer(
    State(coach): Desk,
    Path(receipt): Path<String>,
    query: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, PageProblem> {
    let Query(Noted { noted }) = query?;
    let replay = coach.replay(&receipt).await?;
    let going_on = replay.answer.conversation.clone();
    let gone = !replay.gone.is_empty();
    let mut page = ChatPage::new(&coach, Some(Answer::from(replay.answer)));
    page.conversation = going_on.unwrap_or(page.conversation);
    if gone {
        page.problem = "The card has been edited since; its old words are gone.".to_owned();
    }
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
