//! Questions, and what is pressed below their answers.

use super::answer_message::{Detail, answer, nothing_else, with_reasons};
use super::button_id::ButtonId;
use super::chat::{Chat, Done};
use super::event::Person;
use super::forms;
use super::message::{Message, Reply};
use crate::card::{AnswerAction, AnswerView, Suggestion, notice};
use crate::coach::{Feedback, Question, Recommendation};
use crate::feedback::{Body, Mark};
use crate::journal::Principal;

/// A press of a button, or a form that was sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pressed<'a> {
    /// Who did it.
    pub person: &'a Person,
    /// The button or form.
    pub id: &'a ButtonId,
    /// The customer's words above it.
    pub quote: &'a str,
    /// Makes it count once, however often it is delivered.
    pub key: &'a str,
}

impl Chat {
    pub(super) async fn ask(&self, person: &Person, asked: Question) -> Done {
        let text = asked.text.clone();
        let found = self.suggest(person, asked).await?;
        let news = self.services.marketing.take_news(&self.caller(person)).await;
        let news: Vec<&str> = news.iter().map(String::as_str).collect();
        Ok(Reply::Show(self.message(&found, None, Detail::Glance, &text, &news)))
    }

    /// An answer, all of it, below what the customer said.
    pub(super) fn shown(&self, quote: &str, found: &Suggestion) -> Message {
        self.message(found, None, Detail::Glance, quote, &[])
    }

    fn message(
        &self,
        found: &Suggestion,
        place: Option<usize>,
        detail: Detail,
        quote: &str,
        notes: &[&str],
    ) -> Message {
        let view = AnswerView::new(found, self.priceable(quote, found));
        answer(&view, place, detail, quote, notes)
    }

    /// A button below an answer that opens a form; `None` for the others. A form must be the first
    /// answer: it does not wait for the log. Who may send it is looked at when it comes back.
    pub(super) fn answer_form(&self, id: &ButtonId, action: AnswerAction) -> Option<Reply> {
        let form = match action {
            AnswerAction::TheySaid => forms::they_said(id),
            AnswerAction::TellMarketing => forms::tell(id, &self.services.coach.generation()),
            _ => return None,
        };
        Some(Reply::Open(form))
    }

    /// A button below an answer.
    pub(super) async fn press_answer(
        &self,
        pressed: Pressed<'_>,
        action: AnswerAction,
        picked: Option<String>,
    ) -> Done {
        let Pressed { person, id, quote, key } = pressed;
        let caller = self.caller(person);
        let coach = &self.services.coach;
        self.services.journal.answer_of(&caller, &id.receipt).await?;
        match action {
            AnswerAction::Worked => self.mark(pressed, &caller, Mark::Worked, None).await,
            AnswerAction::DidNotWork => {
                let reply = self.mark(pressed, &caller, Mark::DidNotWork, None).await?;
                Ok(match reply {
                    Reply::Change(message) => {
                        Reply::Change(with_reasons(message, &id.receipt, id.place))
                    }
                    other => other,
                })
            }
            AnswerAction::Why => self.mark(pressed, &caller, Mark::DidNotWork, picked).await,
            AnswerAction::More => self.again(pressed, Detail::Whole, &[]).await,
            AnswerAction::Less | AnswerAction::Pick => {
                self.again(pressed, Detail::Glance, &[]).await
            }
            // The first time that only they see it.
            AnswerAction::Show => {
                let answered = coach.replay(&id.receipt).await?.answer;
                Ok(Reply::Show(self.shown("", &answered)))
            }
            AnswerAction::Next => match coach.next(&caller, &id.receipt, key).await? {
                Some(next) => Ok(Reply::Change(self.shown(quote, &next))),
                None => self.again(pressed, Detail::Glance, &[notice::NO_NEXT]).await,
            },
            AnswerAction::NoneOfThese => {
                let next = coach.none_of_these(&caller, &id.receipt, key).await?;
                Ok(Reply::Change(match next {
                    Some(next) => self.shown(quote, &next),
                    None => nothing_else(&id.receipt, quote),
                }))
            }
            AnswerAction::Price => self.price_quoted(pressed).await,
            AnswerAction::TheySaid | AnswerAction::TellMarketing => {
                Ok(Reply::words(notice::OLD_BUTTON))
            }
        }
    }

    async fn mark(
        &self,
        pressed: Pressed<'_>,
        caller: &Principal,
        mark: Mark,
        reason: Option<String>,
    ) -> Done {
        let Pressed { id, quote, key, .. } = pressed;
        let shown = self.services.coach.replay(&id.receipt).await?.answer;
        let card = shown.cards.get(id.place);
        let feedback = Feedback {
            receipt: id.receipt.clone(),
            card_id: card.map(|card| card.id.to_string()),
            mark,
            reason,
            note: None,
        };
        let recorded = self.services.coach.record(caller, feedback, Some(key)).await?;
        let title = card.map_or("the card", |card| card.title.as_str());
        // A reason can make another mark of it.
        let mark = match recorded.event.body {
            Body::Marked { mark, .. } => mark,
            _ => mark,
        };
        let note = notice::noted(mark, title);
        let message = self.message(&shown, Some(id.place), Detail::Glance, quote, &[&note]);
        Ok(Reply::Change(message))
    }

    /// The answer again, from its receipt.
    async fn again(&self, pressed: Pressed<'_>, detail: Detail, notes: &[&str]) -> Done {
        let Pressed { id, quote, .. } = pressed;
        let replay = self.services.coach.replay(&id.receipt).await?;
        if replay.answer.cards.get(id.place).is_none() {
            return Ok(Reply::words(notice::EDITED_SINCE));
        }
        let message = self.message(&replay.answer, Some(id.place), detail, quote, notes);
        Ok(Reply::Change(message))
    }

    /// A form below an answer that was sent.
    pub(super) async fn submit_answer(
        &self,
        pressed: Pressed<'_>,
        action: AnswerAction,
        field: impl Fn(&str) -> String,
    ) -> Done {
        let Pressed { person, id, quote, key } = pressed;
        let caller = self.caller(person);
        let coach = &self.services.coach;
        let event = self.services.journal.answer_of(&caller, &id.receipt).await?;
        let text = field(forms::TEXT);
        if action == AnswerAction::TellMarketing {
            let recommendation = Recommendation {
                text,
                channel: Some(field(forms::CHANNEL)),
                benefit: Some(field(forms::BENEFIT)),
                receipt: Some(id.receipt.clone()),
            };
            coach.recommend(&caller, recommendation, Some(key)).await?;
            let shown = coach.replay(&id.receipt).await?.answer;
            let message = self.message(&shown, None, Detail::Glance, quote, &[notice::TOLD]);
            return Ok(Reply::Change(message));
        }
        let conversation = match event.body {
            Body::Answered { conversation, .. } => conversation,
            _ => None,
        };
        let question =
            Question { text, conversation, key: Some(key.to_owned()), ..Question::default() };
        let found = coach.suggest(&caller, &question).await?;
        Ok(Reply::Change(self.shown(&question.text, &found)))
    }
}
