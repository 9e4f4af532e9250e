//! What the bot does about what somebody did. Every path ends in a reply.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serenity::all::Http;

use super::custom_id::{CustomId, Verb};
use super::forms;
use super::home::Home;
use super::inbound::{Act, Asked, Heard, Who};
use super::outbound::{Page, Reply, answer, with_reasons};
use super::rate_limiter::RateLimiter;
use super::session::http;
use super::text::{cut, plain, quote};
use super::{PriceRole, Settings};
use crate::card::{Suggestion, notice};
use crate::coach::{CallContext, Feedback, Question, Recommendation};
use crate::feedback::{Body, Decision, Mark, Platform};
use crate::journal::{Principal, Role, UseCaseError};
use crate::model::Stage;
use crate::services::Services;

/// The bot without its connection.
pub(super) struct Bot {
    pub(super) services: Arc<Services>,
    leads: Vec<u64>,
    marketers: Vec<u64>,
    pub(super) approvers: Option<u64>,
    pub(super) price_roles: Vec<PriceRole>,
    /// For what is not an answer: a request in the approvers' channel, a direct message.
    pub(super) http: Http,
    pub(super) home: Home,
    rate_limiter: RateLimiter,
}

/// A person may do so much at once…
const BURST: u32 = 10;
/// …and then one more thing each second.
const EACH: Duration = Duration::from_secs(1);

/// As much of the customer's words stands above a card.
const QUOTED: usize = 200;

pub(super) type Done = Result<Reply, UseCaseError>;

impl Bot {
    pub(super) fn new(services: Arc<Services>, settings: &Settings) -> Self {
        let (leads, marketers) = (settings.leads.clone(), settings.marketers.clone());
        let (approvers, price_roles) = (settings.approvers, settings.price_roles.clone());
        let (http, rate_limiter) = (http(settings), RateLimiter::new(BURST, EACH));
        let home = Home::new(settings.guild);
        Self { services, leads, marketers, approvers, price_roles, http, home, rate_limiter }
    }

    /// The reply to what somebody did.
    pub(super) async fn reply(&self, heard: Heard) -> Reply {
        let custom_id = heard.custom_id();
        let (who, said) = (&heard.who, heard.said.as_str());
        // The same interaction again has the same key, so it is recorded once.
        let key = format!("discord-{}", heard.id);
        let completing = matches!(heard.act, Act::Complete(_)); // as often as they type
        if !completing && !self.is_within_rate(who) {
            return show(notice::SLOW_DOWN);
        }
        if let Some(why) = self.home.refuses(&self.http, who).await {
            return match heard.act {
                Act::Complete(_) => Reply::Choices(Vec::new()),
                Act::Command { name, .. } if name == "help" => show(notice::DISCORD_HELP),
                _ => show(why),
            };
        }
        if let Act::Complete(typed) = &heard.act {
            return Reply::Choices(self.complete(typed));
        }
        let done = match (heard.act, custom_id) {
            (Act::Ask(asked), _) => self.ask(who, asked).await,
            (Act::Handle(text), _) if text.trim().is_empty() => Ok(Reply::Open(forms::paste())),
            (Act::Handle(text), _) => self.ask(who, Asked { text, ..Asked::default() }).await,
            (Act::Press { picked, .. }, Some(id)) => self.press(who, &id, picked, said, &key).await,
            (Act::Submit { fields, .. }, Some(id)) => {
                self.submit(who, &id, fields, said, &key).await
            }
            (Act::Press { .. } | Act::Submit { .. }, None) => Ok(show(notice::OLD_BUTTON)),
            (Act::Command { name, options }, _) => self.command(who, &name, options, &key).await,
            (Act::Complete(_) | Act::Unknown, _) => Ok(show(notice::UNKNOWN_COMMAND)),
        };
        done.unwrap_or_else(|error| self.explained(&error))
    }

    /// Who somebody is to the use cases, and what they may. Discord has made sure who they are. The
    /// person's pseudonym is not that of a member of one server, so that nobody is somebody else in
    /// a direct message.
    pub(super) fn caller(&self, who: &Who) -> Principal {
        let journal = &self.services.journal;
        let has = |roles: &[u64]| who.manages || who.roles.iter().any(|role| roles.contains(role));
        let pricing = self.price_roles.iter().filter(|known| who.roles.contains(&known.role));
        let mut roles: Vec<Role> = pricing.map(|known| Role::Pricing(known.name.clone())).collect();
        roles.extend(has(&self.leads).then_some(Role::Lead));
        roles.extend(has(&self.marketers).then_some(Role::Marketer));
        let person = journal.pseudonym(&format!("discord person {}", who.user));
        let actor = journal.pseudonym(&who.key);
        Principal::rep(actor, Platform::Discord).signed_in(person, roles)
    }

    async fn command(
        &self,
        who: &Who,
        name: &str,
        options: Vec<(String, String)>,
        key: &str,
    ) -> Done {
        let option = |wanted: &str| {
            let found = options.iter().find(|(name, _)| name == wanted);
            found.map(|(_, text)| text.clone())
        };
        match name {
            "price" => {
                let (text, deal) = (option("text").unwrap_or_default(), option("deal"));
                self.price(who, text, deal, option("stage")).await
            }
            "help" => Ok(show(notice::DISCORD_HELP)),
            "call start" => {
                let context = CallContext {
                    stage: Stage::named(&option("stage").unwrap_or_default())?,
                    product: option("product"),
                    competitor: option("competitor"),
                };
                self.start_call(who, context, key).await
            }
            "call end" => self.end_call(who, key).await,
            "call status" => self.call_status(who).await,
            "playbook status" => self.playbook_status(who),
            "playbook test" => self.playbook_test(who, &option("text").unwrap_or_default()).await,
            "feedback summary" => self.feedback_summary(who).await,
            _ => Ok(show(notice::UNKNOWN_COMMAND)),
        }
    }

    async fn ask(&self, who: &Who, asked: Asked) -> Done {
        let (said, found) = self.suggest(who, asked).await?;
        Ok(Reply::Show(self.shown(&said, &found)))
    }

    /// An answer as a page, below what the customer said.
    pub(super) fn shown(&self, said: &str, found: &Suggestion) -> Page {
        let page = answer(found, None, false, &[said, unlogged(found)]);
        self.priceable(page, said, found)
    }

    /// The page with *Price this*, when what was said could be priced.
    fn priceable(&self, page: Page, said: &str, found: &Suggestion) -> Page {
        if found.logged && self.services.negotiation.could_price(said, &found.cards) {
            page.with_price(&found.receipt)
        } else {
            page
        }
    }

    /// Asks the coach; with the answer comes what the customer said, ready to stand above it.
    pub(super) async fn suggest(
        &self,
        who: &Who,
        asked: Asked,
    ) -> Result<(String, Suggestion), UseCaseError> {
        let said = quoted(&asked.text);
        // What was said of the call holds unless the question says otherwise.
        let call = self.services.coach.call(&self.caller(who)).await;
        let (conversation, context) = match call {
            Some(call) => (call.conversation, call.context),
            None => (self.services.journal.new_id(), CallContext::default()),
        };
        let question = Question {
            text: asked.text,
            stage: Stage::named(&asked.stage.unwrap_or_default())?.or(context.stage),
            product: asked.product.or(context.product),
            competitor: asked.competitor.or(context.competitor),
            conversation: Some(conversation),
            mode: asked.mode,
        };
        Ok((said, self.services.coach.suggest(&self.caller(who), &question).await?))
    }

    /// Whether this person has not asked too much in too short a time.
    pub(super) fn is_within_rate(&self, who: &Who) -> bool {
        self.rate_limiter.allows(&who.key, Instant::now())
    }

    /// Sentences that begin or go on like what is typed so far: titles and what customers say.
    fn complete(&self, typed: &str) -> Vec<(String, String)> {
        let generation = self.services.coach.generation();
        let typed = typed.trim().to_lowercase();
        let cards = generation.playbook.cards.iter();
        let cards = cards.filter(|card| card.family.is_objection());
        let mut fitting = Vec::new();
        for card in cards {
            let said = std::iter::once(&card.title).chain(&card.phrasings);
            if let Some(said) = said.into_iter().find(|said| said.to_lowercase().contains(&typed)) {
                fitting.push((!said.to_lowercase().starts_with(&typed), said.clone()));
            }
        }
        // Those that begin so first; within each the order of the playbook.
        fitting.sort_by_key(|(later, _)| *later);
        let short = |said: &String| said.encode_utf16().count() <= 100;
        let said = fitting.into_iter().map(|(_, said)| said).filter(short);
        said.map(|said| (said.clone(), said)).take(25).collect()
    }

    async fn press(
        &self,
        who: &Who,
        id: &CustomId,
        picked: Option<String>,
        said: &str,
        key: &str,
    ) -> Done {
        // A form must be the first answer: it does not wait for the log. Who may send it is
        // looked at when it comes back.
        match id.verb {
            Verb::Said => return Ok(Reply::Open(forms::said(id))),
            Verb::Tell => {
                return Ok(Reply::Open(forms::tell(id, &self.services.coach.generation())));
            }
            Verb::Asks => return Ok(Reply::Open(forms::asks(id))),
            Verb::Decline => return Ok(Reply::Open(forms::decline(id))),
            Verb::Approve => return self.decide(who, id, Decision::Approved, None).await,
            Verb::Exception => return self.ask_approval(who, id, picked, said).await,
            _ => {}
        }
        if let Some(done) = self.press_price(who, id, said).await {
            return done;
        }
        let caller = self.caller(who);
        self.services.journal.answer_of(&caller, &id.receipt).await?;
        let (mark, reason) = match id.verb {
            Verb::Worked => (Mark::Worked, None),
            Verb::Failed => (Mark::DidNotWork, None),
            Verb::Why => (Mark::DidNotWork, picked),
            Verb::More => return self.again(id, true, &[said]).await,
            Verb::Less | Verb::Pick => return self.again(id, false, &[said]).await,
            // The first time that only they see it.
            Verb::Show => {
                let answered = self.services.coach.replay(&id.receipt).await?.answer;
                return Ok(Reply::Show(answer(&answered, None, false, &[])));
            }
            Verb::Next => {
                let next = self.services.coach.next(&caller, &id.receipt, key).await?;
                return match next {
                    Some(next) => Ok(Reply::Change(answer(&next, None, false, &[said]))),
                    None => self.again(id, false, &[said, notice::NO_NEXT]).await,
                };
            }
            Verb::None => {
                let next = self.services.coach.none_of_these(&caller, &id.receipt, key).await?;
                return Ok(match next {
                    Some(next) => Reply::Change(answer(&next, None, false, &[said])),
                    None => Reply::Change(Page::nothing(&id.receipt, &[said, notice::NO_NEXT])),
                });
            }
            Verb::Price => return self.price_said(who, id, said).await,
            _ => return Ok(show(notice::OLD_BUTTON)),
        };
        let shown = self.services.coach.replay(&id.receipt).await?.answer;
        let feedback = Feedback {
            receipt: id.receipt.clone(),
            card_id: shown.cards.get(id.place).map(|card| card.id.to_string()),
            mark,
            reason,
            note: None,
        };
        let recorded = self.services.coach.record(&caller, feedback, Some(key)).await?;
        let title = shown.cards.get(id.place).map_or("the card", |card| card.title.as_str());
        let title = plain(title);
        let note = match recorded.event.body {
            Body::Marked { mark: Mark::NotUsed, .. } => format!("Noted: “{title}” was not used."),
            Body::Marked { mark: Mark::Worked, .. } => format!("Noted: “{title}” worked."),
            _ => format!("Noted: “{title}” didn't work."),
        };
        let page = answer(&shown, Some(id.place), false, &[said, &note]);
        Ok(Reply::Change(match id.verb {
            Verb::Failed => with_reasons(page, &id.receipt, id.place),
            _ => page,
        }))
    }

    async fn submit(
        &self,
        who: &Who,
        id: &CustomId,
        fields: Vec<(String, String)>,
        said: &str,
        key: &str,
    ) -> Done {
        let field = |wanted: &str| {
            let found = fields.iter().find(|(name, _)| name == wanted);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        // A form in a shape that the library does not read comes back without its fields.
        if fields.is_empty() {
            return Ok(show(notice::FORM_EMPTY));
        }
        let text = field(forms::TEXT);
        if id.verb == Verb::Paste {
            return self.ask(who, Asked { text, ..Asked::default() }).await;
        }
        match id.verb {
            Verb::Asks => return self.price_next(who, id, &text).await,
            Verb::Decline => return self.decide(who, id, Decision::Declined, Some(text)).await,
            _ => {}
        }
        let caller = self.caller(who);
        let event = self.services.journal.answer_of(&caller, &id.receipt).await?;
        if id.verb == Verb::Tell {
            let recommendation = Recommendation {
                text,
                channel: Some(field(forms::CHANNEL)),
                benefit: Some(field(forms::BENEFIT)),
                receipt: Some(id.receipt.clone()),
            };
            self.services.coach.recommend(&caller, recommendation, Some(key)).await?;
            let shown = self.services.coach.replay(&id.receipt).await?.answer;
            return Ok(Reply::Change(answer(&shown, None, false, &[said, notice::TOLD])));
        }
        let conversation = match event.body {
            Body::Answered { conversation, .. } => conversation,
            _ => None,
        };
        let said = quoted(&text);
        let question = Question { text, conversation, ..Question::default() };
        let found = self.services.coach.suggest(&caller, &question).await?;
        Ok(Reply::Change(self.shown(&said, &found)))
    }

    /// What went wrong, for the person who caused it or who can only wait.
    pub(super) fn explained(&self, error: &UseCaseError) -> Reply {
        match error {
            UseCaseError::EmptyText => show(notice::TYPE_SOMETHING),
            UseCaseError::UnknownReceipt(_) => show(notice::OLD_BUTTON),
            UseCaseError::NotYours => show(notice::NOT_YOURS),
            UseCaseError::NotAllowed(Role::Lead) => show(notice::LEADS_ONLY),
            UseCaseError::NotAllowed(Role::Marketer) => show(notice::MARKETERS_ONLY),
            UseCaseError::Finder(_) | UseCaseError::Store(_) => {
                tracing::error!(%error, "a question on Discord could not be answered");
                show(notice::TROUBLE)
            }
            other => show(&format!("That was not recorded: {other}.")),
        }
    }

    /// The answer again, from its receipt.
    async fn again(&self, id: &CustomId, whole: bool, above: &[&str]) -> Done {
        let replay = self.services.coach.replay(&id.receipt).await?;
        if replay.answer.cards.get(id.place).is_none() {
            return Ok(show(notice::EDITED_SINCE));
        }
        let page = answer(&replay.answer, Some(id.place), whole, above);
        let said = above.first().copied().unwrap_or_default();
        Ok(Reply::Change(self.priceable(page, said, &replay.answer)))
    }
}

/// Words alone, for the person who asked.
pub(super) fn show(text: &str) -> Reply {
    Reply::Show(Page::words(text))
}

/// The customer's words, as they stand above their card.
fn quoted(text: &str) -> String {
    match quote(text) {
        words if words.is_empty() => words,
        words => format!("> {}", cut(&words, QUOTED)),
    }
}

fn unlogged(found: &Suggestion) -> &'static str {
    if found.logged { "" } else { notice::NOT_LOGGED }
}
