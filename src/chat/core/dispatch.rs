//! Brings what someone did to where it is done. Every path ends in a reply.

use super::answering::Pressed;
use super::button_id::{ButtonAction, ButtonId, PriceAction};
use super::chat::{Chat, Done, explained};
use super::event::{Act, Command, Event, Person};
use super::forms;
use super::help::help;
use super::message::Reply;
use crate::card::notice;
use crate::coach::Question;
use crate::feedback::Decision;
use crate::negotiation::PriceRequest;

impl Chat {
    /// The reply to what someone did.
    pub(super) async fn reply(&self, event: Event) -> Reply {
        let Event { id, person, act, quote } = event;
        // The same event again has the same key, so it is recorded once.
        let key = format!("{}-{id}", person.platform.name());
        let completing = matches!(act, Act::Complete(_)); // as often as they type
        if !completing && !self.is_within_rate(&person) {
            return Reply::words(notice::SLOW_DOWN);
        }
        if let Some(why) = self.notifier.refuses(&person).await {
            return match act {
                Act::Complete(_) => Reply::Choices(Vec::new()),
                Act::Command(Command::Help) => Reply::Show(help(self.notifier.help())),
                _ => Reply::words(why),
            };
        }
        let done = match act {
            Act::Complete(typed) => return Reply::Choices(self.complete(&typed)),
            Act::Command(command) => self.command(&person, command, &key).await,
            Act::Handle(text) if text.trim().is_empty() => Ok(Reply::Open(forms::paste())),
            Act::Mistyped(word) => Err(word.into()),
            Act::Handle(text) => self.ask(&person, keyed(text, &key)).await,
            Act::Press { id, picked } => match ButtonId::parse(&id) {
                Some(id) => {
                    let pressed = Pressed { person: &person, id: &id, quote: &quote, key: &key };
                    self.press(pressed, picked).await
                }
                None => Ok(Reply::words(notice::OLD_BUTTON)),
            },
            Act::Submit { id, fields } => match ButtonId::parse(&id) {
                Some(id) => {
                    let pressed = Pressed { person: &person, id: &id, quote: &quote, key: &key };
                    self.submit(pressed, &fields).await
                }
                None => Ok(Reply::words(notice::OLD_BUTTON)),
            },
            Act::Unknown => Ok(Reply::words(notice::UNKNOWN_COMMAND)),
        };
        done.unwrap_or_else(|error| explained(&error))
    }

    async fn command(&self, person: &Person, command: Command, key: &str) -> Done {
        match command {
            Command::Objection(asked) => {
                self.ask(person, Question { key: Some(key.to_owned()), ..asked }).await
            }
            Command::Price(asked) => {
                self.price(person, PriceRequest { key: Some(key.to_owned()), ..asked }).await
            }
            Command::Help => Ok(Reply::Show(help(self.notifier.help()))),
            Command::CallStart(context) => self.start_call(person, context, key).await,
            Command::CallEnd => self.end_call(person, key).await,
            Command::CallStatus => self.call_status(person).await,
            Command::PlaybookStatus => self.playbook_status(person),
            Command::PlaybookTest(text) => self.playbook_test(person, &text).await,
            Command::FeedbackSummary => self.feedback_summary(person).await,
        }
    }

    async fn press(&self, pressed: Pressed<'_>, picked: Option<String>) -> Done {
        match pressed.id.action {
            ButtonAction::Answer(action) => match self.answer_form(pressed.id, action) {
                Some(form) => Ok(form),
                None => self.press_answer(pressed, action, picked).await,
            },
            ButtonAction::Price(action) => self.press_price(pressed, action, picked).await,
            ButtonAction::Approval(Decision::Declined) => {
                Ok(Reply::Open(forms::decline(pressed.id)))
            }
            ButtonAction::Approval(decision) => self.decide(pressed, decision, None).await,
            ButtonAction::Ask => Ok(Reply::Open(forms::paste())),
        }
    }

    async fn submit(&self, pressed: Pressed<'_>, fields: &[(String, String)]) -> Done {
        // A form in a shape that the platform's library does not read comes back without its fields.
        if fields.is_empty() {
            return Ok(Reply::words(notice::FORM_EMPTY));
        }
        let field = |wanted: &str| {
            let found = fields.iter().find(|(name, _)| name == wanted);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let text = field(forms::TEXT);
        match pressed.id.action {
            ButtonAction::Ask => self.ask(pressed.person, keyed(text, pressed.key)).await,
            ButtonAction::Price(PriceAction::TheyAsk) => self.price_next(pressed, text).await,
            ButtonAction::Approval(decision) => self.decide(pressed, decision, Some(text)).await,
            ButtonAction::Answer(action) => self.submit_answer(pressed, action, field).await,
            ButtonAction::Price(_) => Ok(Reply::words(notice::OLD_BUTTON)),
        }
    }
}

/// A question that is logged once, however often it is delivered.
fn keyed(text: String, key: &str) -> Question {
    Question { text, key: Some(key.to_owned()), ..Question::default() }
}
