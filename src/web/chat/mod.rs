//! The rep's page: ask, read the card, say how it went. Complete without a script.

mod ideas;
mod price;

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use serde::Deserialize;

use super::layout::Layout;
use super::problem::PageProblem;
use super::visitor::{Signed, Visitor};
use super::{AppState, unrendered};
use crate::card::{AnswerAction, AnswerView, CardBlock, REASONS, Suggestion, WRONG_CARD, notice};
use crate::coach::{Answered, CallContext, Feedback, Question, Recent, Recommendation};
use crate::feedback::Mark;
use crate::journal::UseCaseError;
use crate::marketing::Idea;
use crate::model::{ContentHash, Receipt, Stage};
use crate::playbook::Plan;
use crate::services::Services;

pub(super) fn routes() -> Router<Arc<Services>> {
    Router::new()
        .route("/", get(desk).post(ask))
        .route("/answers/{receipt}", get(answer))
        .route("/marks", post(mark))
        .route("/none", post(none_of_these))
        .route("/recommendations", post(recommend))
        .route("/wishes", post(wish))
        .merge(ideas::routes())
        .merge(price::routes())
}

#[derive(Template)]
#[template(path = "chat.html")]
struct ChatPage<'a> {
    text: &'a str,
    /// What was said of the call.
    about: CallContext,
    stages: [Stage; 7],
    /// Competitors who have a battlecard.
    competitors: Vec<String>,
    /// What this rep asked last.
    recent: Vec<Recent>,
    /// What they waited for and can have now.
    answered: Vec<Answered>,
    answer: Option<Answer>,
    /// Said above the answer, for example after a mark.
    noted: String,
    /// The card that was marked last, and how.
    marked: (String, String),
    layout: Layout,
    /// Said at the field.
    problem: String,
    reasons: [&'static str; 5],
    /// The channels and benefits of the plan, by name.
    channels: Vec<String>,
    benefits: Vec<String>,
    /// What was decided about this rep's ideas and they were not told yet.
    news: Vec<Idea>,
    /// Names the conversation that the next question goes on with.
    conversation: String,
    /// Names one for what has nothing to do with this call.
    new_call: String,
    /// Makes a form that is sent twice count once.
    key: String,
    /// Shows that a form is of this page.
    token: String,
}

/// An answer on the page.
struct Answer {
    view: AnswerView,
    /// Whether the words are kept, so that someone can write a card for them.
    text_kept: bool,
    /// Whether the rep waits for one.
    wished: bool,
}

impl Answer {
    fn new(answer: &Suggestion, priceable: bool) -> Self {
        let view = AnswerView::new(answer, priceable);
        Self { view, text_kept: false, wished: false } // looked up when nothing fits
    }

    /// Whether cards show only their titles: to choose from, or because they were shown before.
    fn folded(&self) -> bool {
        self.view.choice || self.view.pushback.is_some()
    }

    /// Whether it can be priced.
    fn price_this(&self) -> bool {
        self.view.actions.contains(&AnswerAction::Price)
    }
}

impl<'a> ChatPage<'a> {
    fn here(&self) -> &'static str {
        "/"
    }

    fn new(services: &Services, visitor: &Visitor, answer: Option<Answer>) -> Self {
        Self {
            text: "",
            about: CallContext::default(),
            stages: Stage::ALL,
            competitors: competitors(services),
            recent: Vec::new(),
            answered: Vec::new(),
            answer,
            noted: String::new(),
            marked: Default::default(),
            layout: Layout::now(services),
            problem: String::new(),
            reasons: REASONS,
            channels: named(services, |plan| &plan.channels),
            benefits: named(services, |plan| &plan.benefits),
            news: Vec::new(),
            conversation: services.journal.new_id(),
            new_call: services.journal.new_id(),
            key: services.journal.new_id(),
            token: visitor.token(services),
        }
    }

    /// How this card was marked last, if it is the one that was.
    fn mark_of(&self, card: &CardBlock) -> &str {
        let (id, mark) = &self.marked;
        if card.id.as_str() == id { mark } else { "" }
    }

    /// The answer and the card of which the last mark can be taken back.
    fn undo(&self) -> Option<(&str, &str)> {
        let ((card, mark), answer) = (&self.marked, self.answer.as_ref()?);
        let view = &answer.view;
        let shown = view.cards.iter().any(|shown| shown.id.as_str() == card);
        let marked = mark.parse::<Mark>().is_ok_and(|mark| mark != Mark::Undone);
        (shown && marked).then_some((view.receipt.as_str(), card))
    }

    fn picked(&self, stage: &Stage) -> bool {
        self.about.stage.as_ref() == Some(stage)
    }

    /// What is known of the call, in a few words.
    fn known(&self) -> String {
        let CallContext { stage, product, competitor } = &self.about;
        let stage = stage.map(|stage| stage.to_string());
        let known = [stage, product.clone(), competitor.clone()];
        known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn product(&self) -> &str {
        self.about.product.as_deref().unwrap_or_default()
    }

    fn competitor(&self) -> &str {
        self.about.competitor.as_deref().unwrap_or_default()
    }

    /// The page, with what this rep asked last; when the log does not say that, without.
    async fn html(
        mut self,
        services: &Services,
        who: &Visitor,
    ) -> Result<Html<String>, PageProblem> {
        let caller = who.caller(services);
        let (recent, answered, news) = tokio::join!(
            services.coach.recent(&caller),
            services.coach.answered(&caller),
            services.marketing.news(&caller)
        );
        (self.recent, self.answered) = (recent.unwrap_or_default(), answered.unwrap_or_default());
        self.news = news.unwrap_or_default();
        if let Some(answer) = self.answer.as_mut().filter(|answer| answer.view.cards.is_empty()) {
            let wish = services.coach.watched(&answer.view.receipt).await;
            (answer.text_kept, answer.wished) = wish.unwrap_or_default();
        }
        self.render().map(Html).map_err(unrendered)
    }
}

/// Channels or benefits of the plan, as people call them.
fn named(services: &Services, of: fn(&Plan) -> &Vec<String>) -> Vec<String> {
    let generation = services.coach.generation();
    let plan = &generation.playbook.plan;
    of(plan).iter().map(|id| plan.name(id).to_owned()).collect()
}

/// Each competitor of whom a card says something, once.
fn competitors(services: &Services) -> Vec<String> {
    let generation = services.coach.generation();
    // The first of a card's names is how the competitor is written.
    let cards = generation.playbook.cards.iter();
    let named = cards.filter_map(|card| card.competitor.first().cloned());
    named.collect::<BTreeSet<_>>().into_iter().collect()
}

async fn desk(State(services): AppState, visitor: Visitor) -> Result<Html<String>, PageProblem> {
    ChatPage::new(&services, &visitor, None).html(&services, &visitor).await
}

#[derive(Deserialize)]
struct Ask {
    text: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    product: String,
    #[serde(default)]
    competitor: String,
    #[serde(default)]
    conversation: String,
}

async fn ask(
    State(services): AppState,
    Signed(visitor, form): Signed<Ask>,
) -> Result<Html<String>, PageProblem> {
    let Ask { text, stage, product, competitor, conversation } = form;
    let some = |name: String| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    let context = CallContext {
        stage: Stage::named(&stage).map_err(UseCaseError::from)?, // "any stage" is empty
        product: some(product),
        competitor: some(competitor),
    };
    let conversation = some(conversation);
    let question = Question { text, context, conversation, ..Question::default() };
    let Question { text, context: about, .. } = question.clone();
    let mut going_on = question.conversation.clone();
    let (answer, problem) =
        match services.coach.suggest(&visitor.caller(&services), &question).await {
            Ok(found) => {
                going_on = found.conversation.clone();
                let priceable = services.negotiation.could_price(&text, &found.cards);
                (Some(Answer::new(&found, priceable)), None)
            }
            Err(UseCaseError::EmptyText) => (None, Some("Type what the customer said.")),
            Err(error) => return Err(error.into()),
        };
    let mut page = ChatPage::new(&services, &visitor, answer);
    (page.text, page.about) = (&text, about);
    page.conversation = going_on.unwrap_or(page.conversation);
    page.problem = problem.unwrap_or_default().to_owned();
    page.html(&services, &visitor).await
}

#[derive(Deserialize)]
struct Noted {
    #[serde(default)]
    noted: String,
    #[serde(default)]
    card: String,
}

/// An answer again, from its receipt, without the customer's words, which are not kept.
async fn answer(
    State(services): AppState,
    visitor: Visitor,
    Path(receipt): Path<Receipt>,
    query: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, PageProblem> {
    let Query(Noted { noted, card }) = query?;
    let replay = services.coach.replay(&receipt).await?;
    let going_on = replay.answer.conversation.clone();
    let gone = !replay.gone.is_empty();
    let mut page = ChatPage::new(&services, &visitor, Some(Answer::new(&replay.answer, false)));
    page.conversation = going_on.unwrap_or(page.conversation);
    page.about = replay.context;
    if gone {
        page.problem = "The card has been edited since; its old words are gone.".to_owned();
    }
    let mut shown = page.answer.iter().flat_map(|answer| &answer.view.cards);
    let title = shown.find(|shown| shown.id.as_str() == card).map(|shown| shown.title.as_str());
    let title = title.unwrap_or("the card");
    page.noted = match noted.as_str() {
        "wrong" => "Noted: the wrong card. This one comes next.".to_owned(),
        "no_next" => format!("Noted. {}", notice::NO_NEXT),
        "told" => notice::TOLD.to_owned(),
        mark => mark.parse().map_or_else(|_| String::new(), |mark| notice::noted(mark, title)),
    };
    page.marked = (card, noted);
    page.html(&services, &visitor).await
}

#[derive(Deserialize)]
struct Marking {
    receipt: Receipt,
    card_id: String,
    mark: Mark,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
    key: String,
}

async fn mark(
    State(services): AppState,
    Signed(visitor, form): Signed<Marking>,
) -> Result<Redirect, PageProblem> {
    let Marking { receipt, card_id, mark, reason, note, key } = form;
    let key = once(&key, [receipt.as_str(), &card_id, mark.name(), &reason, &note]);
    let (receipt_part, card_part) = (path(receipt.as_str()), path(&card_id));
    let target = format!("/answers/{receipt_part}?noted={}&card={card_part}", mark.name());
    let wrong = reason == WRONG_CARD;
    let (reason, note) = (Some(reason), Some(note));
    let caller = visitor.caller(&services);
    let feedback =
        Feedback { receipt: receipt.clone(), card_id: Some(card_id), mark, reason, note };
    services.coach.record(&caller, feedback, Some(&key)).await?;
    if !wrong {
        return Ok(Redirect::to(&target));
    }
    let next = services.coach.next(&caller, &receipt, &format!("{key}-next")).await?;
    Ok(to_next(&receipt, next))
}

#[derive(Deserialize)]
struct Refusing {
    receipt: Receipt,
    key: String,
}

/// None of the cards of a choice was meant.
async fn none_of_these(
    State(services): AppState,
    Signed(visitor, form): Signed<Refusing>,
) -> Result<Redirect, PageProblem> {
    let Refusing { receipt, key } = form;
    let caller = visitor.caller(&services);
    let key = once(&key, [receipt.as_str(), "none"]);
    let next = services.coach.none_of_these(&caller, &receipt, &key).await?;
    Ok(to_next(&receipt, next))
}

/// The card that comes next, or what there was when there is none.
fn to_next(receipt: &Receipt, next: Option<Suggestion>) -> Redirect {
    Redirect::to(&match next {
        Some(next) => format!("/answers/{}?noted=wrong", path(next.receipt.as_str())),
        None => format!("/answers/{}?noted=no_next", path(receipt.as_str())),
    })
}

#[derive(Deserialize)]
struct Telling {
    text: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    benefit: String,
    receipt: Receipt,
    key: String,
}

async fn recommend(
    State(services): AppState,
    Signed(visitor, form): Signed<Telling>,
) -> Result<Redirect, PageProblem> {
    let Telling { text, channel, benefit, receipt, key } = form;
    let key = once(&key, [receipt.as_str(), &channel, &benefit, &text]);
    let target = format!("/answers/{}?noted=told", path(receipt.as_str()));
    let recommendation = Recommendation {
        text,
        channel: Some(channel),
        benefit: Some(benefit),
        receipt: Some(receipt),
    };
    services.coach.recommend(&visitor.caller(&services), recommendation, Some(&key)).await?;
    Ok(Redirect::to(&target))
}

#[derive(Deserialize)]
struct Wishing {
    receipt: Receipt,
}

/// The rep wants to know when there is a card.
async fn wish(
    State(services): AppState,
    Signed(visitor, form): Signed<Wishing>,
) -> Result<Redirect, PageProblem> {
    let target = format!("/answers/{}", path(form.receipt.as_str()));
    let caller = visitor.caller(&services);
    services.coach.watch(&caller, &form.receipt).await?;
    Ok(Redirect::to(&target))
}

/// A double click sends the same words twice: one event. Other words from the same page: another.
fn once<const N: usize>(key: &str, parts: [&str; N]) -> String {
    let key: String = key.chars().take(64).collect();
    format!("{key}-{}", ContentHash::of(parts))
}

/// A receipt or the id of a card as part of an address.
fn path(part: &str) -> String {
    part.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect()
}
