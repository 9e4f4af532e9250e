//! Prices: a request in words, the team's policy, what was offered before, and what is kept of it.

mod cases;
mod deal;
mod ledger;
mod mark;
mod moves;
mod negotiate;
mod stored;
mod working;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::card::CardView;
use crate::feedback::{Body, Event, PriceAnswerV1, PriceShown, PriceStep, ThreadId, kind};
use crate::journal::{Journal, Principal, Recorded, UseCaseError, kept, unknown};
use crate::model::{ContentHash, DealName, Family, Receipt, Stage};
use crate::nlu::Request;
use crate::ports::{EventQuery, Generation, IdempotencyKey, Library, StoreError};
use crate::pricing::{Ledger, Policy, Snapshot};

pub use cases::{Case, CaseState};
pub use ledger::{History, Unwritten};
pub use mark::PriceMark;
pub use negotiate::{Negotiated, PriceRequest, negotiate};

use cases::{alike, cases};
use deal::{deal, vocabulary};
use ledger::record;

/// The longest request that is read, in code points.
const LONGEST: usize = 1_000;

/// Precedents are looked for in so many days: a quarter.
const QUARTER: i64 = 92;

/// So much can happen in a deal. What is more is not read, and then no trade is suggested.
const MOST_STEPS: usize = 200;

/// Of the prices of a deal that nothing came of, this many count: the last.
const LAST_PRICES: usize = 20;

/// What happens with prices and exceptions.
const STEPS: [&str; 7] = [
    kind::GIVE_OFFERED,
    kind::GIVE_WITHDRAWN,
    kind::GET_AGREED,
    kind::GET_WRITTEN,
    kind::APPROVAL_REQUESTED,
    kind::APPROVAL_RECORDED,
    kind::APPROVAL_REOPENED,
];

/// What happens with exceptions.
const APPROVALS: [&str; 3] =
    [kind::APPROVAL_REQUESTED, kind::APPROVAL_RECORDED, kind::APPROVAL_REOPENED];

/// The longest name of a deal or conversation, in code points.
const LONGEST_NAME: usize = 64;

/// A price that was shown before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceReplay {
    /// The price, without the customer's words, which are not kept.
    pub card: PriceAnswerV1,
    /// The conversation, when no deal was named.
    pub conversation: Option<String>,
    /// The deal.
    pub deal: Option<DealName>,
    /// Where it stood.
    pub stage: Option<Stage>,
    /// What a rep said happened with it.
    pub marks: Vec<PriceMark>,
}

/// Quotes prices within the policy, and records what became of them.
pub struct Negotiation {
    library: Arc<dyn Library>,
    journal: Arc<Journal>,
}

impl Negotiation {
    /// Quotes by the policy of this library and logs to this journal.
    #[must_use]
    pub fn new(library: Arc<dyn Library>, journal: Arc<Journal>) -> Self {
        Self { library, journal }
    }

    /// The generation that serves now, whose policy holds.
    #[must_use]
    pub fn generation(&self) -> Arc<Generation> {
        self.library.current()
    }

    /// Whether what a customer said may be meant for [`Negotiation::price`]: it has a number in it, the
    /// cards that answer it are about money, and there is a policy.
    #[must_use]
    pub fn could_price(&self, said: &str, cards: &[CardView]) -> bool {
        let money = |card: &CardView| matches!(card.family, Family::Price | Family::Budget);
        said.contains(char::is_numeric)
            && cards.iter().any(money)
            && self.generation().policy.is_some()
    }

    /// Answers a price request by the policy that serves now, and logs both. The rep gets the
    /// answer even when the log fails.
    ///
    /// # Errors
    /// [`UseCaseError`] when the text is empty or too long, or the role is not on the ladder.
    pub async fn price(
        &self,
        caller: &Principal,
        asked: &PriceRequest,
    ) -> Result<PriceAnswerV1, UseCaseError> {
        let text =
            kept("text", Some(asked.text.clone()), LONGEST)?.ok_or(UseCaseError::EmptyText)?;
        let conversation = self.thread(asked)?.map(|thread| thread.to_string());
        let generation = self.generation();
        let policy = generation.policy.as_ref();
        let role = asked.role.clone().or_else(|| highest(policy?, caller));
        let asked = PriceRequest { text, role, ..asked.clone() };
        let (history, exceptions) =
            tokio::join!(self.history(conversation.as_deref(), policy), self.exceptions());
        let history = History { exceptions, ..history };
        let answered = negotiate(policy, self.journal.now(), &asked, &history);
        let Negotiated { mut card, trade, request, role } =
            answered.map_err(|known| UseCaseError::UnknownRole {
                role: asked.role.clone().unwrap_or_default(),
                known: known.join(", "),
            })?;
        let (receipt, once) = self.journal.receipt(asked.key.as_deref());
        card.receipt = receipt;
        let question = card.question.take();
        let not_used = std::mem::take(&mut card.not_used);
        // Both may hold the customer's words, so that they are not in the log.
        let answer = serde_json::to_string(&card).unwrap_or_default();
        (card.question, card.not_used) = (question, not_used);
        let shown = PriceShown {
            conversation,
            text_hash: self.journal.fingerprint(&asked.text),
            characters: asked.text.chars().count(),
            role,
            stage: asked.stage,
            outcome: card.outcome.name().to_owned(),
            request: request.as_ref().map(Request::to_string).unwrap_or_default(),
            terms: request.as_ref().map(stored::store),
            trade: trade.as_ref().map(record),
            given_before: history.ledger.as_ref().map_or(0, |ledger| ledger.given.len()),
            answer,
        };
        let body = Body::PriceShown(Box::new(shown));
        let event = self.journal.named(card.receipt.clone(), caller, body);
        card.logged = self.journal.append_or_warn(vec![event], once).await;
        Ok(card)
    }

    /// Records what happened with a price card. Doing it again records it once.
    ///
    /// # Errors
    /// [`UseCaseError`] for an unknown receipt, a card without a trade, a trade that was overtaken by
    /// another one or taken back before it was said, and when the log fails.
    pub async fn mark_price(
        &self,
        caller: &Principal,
        receipt: &Receipt,
        mark: PriceMark,
    ) -> Result<Recorded, UseCaseError> {
        let shown = self.journal.price_of(caller, receipt).await?;
        if shown.trade.is_none() {
            return Err(UseCaseError::NoTrade);
        }
        let mut once = IdempotencyKey {
            key: format!("price:{receipt}:{}", mark.name()),
            request: ContentHash::of([mark.name()]).to_string(),
        };
        if let (PriceMark::Withdrawn, Some(conversation)) = (mark, &shown.conversation) {
            // Noted before it was said, it would keep what is said later from being taken back.
            let events = self.events_of(conversation).await?;
            let said = |event: &Event| PriceMark::of(event, receipt) == Some(PriceMark::Said);
            if !events.iter().any(said) {
                return Err(UseCaseError::NotOffered);
            }
        }
        if let (PriceMark::Said, Some(conversation)) = (mark, &shown.conversation) {
            let mut offered = self.events_of(conversation).await?;
            offered.retain(|event| matches!(event.body, Body::GiveOffered(_)));
            let again = offered.iter().find(|event| PriceMark::of(event, receipt).is_some());
            if let Some(event) = again.cloned() {
                return Ok(Recorded { event, repeated: true });
            }
            if offered.len() != shown.given_before {
                return Err(UseCaseError::Overtaken);
            }
            // Of two cards that are open at once only one is said, even in the same instant.
            once = IdempotencyKey {
                key: format!("price:{conversation}:give:{}", shown.given_before),
                request: ContentHash::of([receipt.as_str()]).to_string(),
            };
        }
        let step = PriceStep { receipt: receipt.to_owned(), conversation: shown.conversation };
        match self.journal.record(caller, mark.body(step), Some(once)).await {
            Err(UseCaseError::KeyReused) => Err(UseCaseError::Overtaken),
            recorded => recorded,
        }
    }

    /// The price that has this receipt, as it was shown; the customer's words are not in it.
    ///
    /// # Errors
    /// [`UseCaseError::UnknownReceipt`] when there is none, or when the log fails.
    pub async fn replay_price(&self, receipt: &Receipt) -> Result<PriceReplay, UseCaseError> {
        let shown = self.journal.price(receipt).await?;
        let damaged = |error| StoreError(format!("the answer `{receipt}` is damaged: {error}"));
        let card = shown.answered().map_err(damaged)?;
        let card = PriceAnswerV1 { logged: true, ..card };
        let events = match &shown.conversation {
            Some(conversation) => self.events_of(conversation).await?,
            None => Vec::new(),
        };
        let marks = events.iter().filter_map(|event| PriceMark::of(event, receipt)).collect();
        let (deal, conversation) = names(shown.conversation.as_deref());
        Ok(PriceReplay { card, conversation, deal, stage: shown.stage, marks })
    }

    /// Answers a price request that was asked back, with one of the choices. The text has to be
    /// the one that was asked: it is not kept, but it would be recognised.
    ///
    /// # Errors
    /// [`UseCaseError::UnknownReceipt`] when nothing was asked back of this text, and as for
    /// [`Negotiation::price`].
    pub async fn choose_price(
        &self,
        caller: &Principal,
        receipt: &Receipt,
        text: &str,
        choice: usize,
        key: Option<String>,
    ) -> Result<PriceAnswerV1, UseCaseError> {
        let shown = self.journal.price_of(caller, receipt).await?;
        if self.journal.fingerprint(text) != shown.text_hash {
            return Err(unknown(receipt));
        }
        let (deal, conversation) = names(shown.conversation.as_deref());
        let (role, stage) = (shown.role, shown.stage);
        let asked = PriceRequest { text: text.to_owned(), role, stage, deal, conversation, key };
        let generation = self.generation();
        let policy = generation.policy.as_ref();
        let history = self.history(shown.conversation.as_deref(), policy).await;
        let found = negotiate(policy, self.journal.now(), &asked, &history)
            .map_err(|_| unknown(receipt))?;
        let mut requests = found
            .card
            .question
            .map(|question| question.requests)
            .ok_or_else(|| unknown(receipt))?;
        if choice >= requests.len() {
            return Err(unknown(receipt));
        }
        self.price(caller, &PriceRequest { text: requests.swap_remove(choice), ..asked }).await
    }

    /// What counts in a deal, in the order in which it was added: everything that happened with its
    /// prices and exceptions, the prices which that is about, and of the others the last few.
    /// Prices are asked for far more often than offered, and each of them is long.
    ///
    /// # Errors
    /// [`UseCaseError`] when there is no log or it cannot be read.
    async fn events_of(&self, deal: &str) -> Result<Vec<Event>, UseCaseError> {
        let store = self.journal.store()?;
        let of_deal = |query| EventQuery { conversation: Some(deal.to_owned()), ..query };
        let steps = EventQuery { limit: MOST_STEPS, ..EventQuery::all(&STEPS) };
        let mut events = store.events(of_deal(steps)).await?;
        let about = events.iter().filter_map(|(_, event)| event.body.receipt());
        let about = about.map(ToString::to_string).collect::<BTreeSet<_>>().into_iter().collect();
        events.extend(store.find_all(about).await?);
        let last = EventQuery::last(LAST_PRICES, &[kind::PRICE_SHOWN]);
        events.extend(store.events(of_deal(last)).await?);
        events.sort_by_key(|(number, _)| *number);
        events.dedup_by_key(|(number, _)| *number);
        Ok(events.into_iter().map(|(_, event)| event).collect())
    }

    /// What the log knows of a deal from before; without a log every request is the first.
    pub async fn history(&self, conversation: Option<&str>, policy: Option<&Policy>) -> History {
        let fresh = History { ledger: Some(Ledger::default()), ..History::default() };
        let (Some(conversation), Some(policy)) = (conversation, policy) else { return fresh };
        match self.events_of(conversation).await {
            // More may have happened than was read: what is forgotten would be offered again.
            Ok(events) if events.iter().filter(|event| is_step(event)).count() >= MOST_STEPS => {
                tracing::error!(
                    conversation,
                    "so much happened in a deal that no trade is suggested"
                );
                History::default()
            }
            Ok(events) => History::of(&events, &vocabulary(policy)),
            Err(UseCaseError::NoLog) => fresh,
            Err(error) => {
                tracing::error!(%error, "what was offered in a deal could not be read");
                History::default()
            }
        }
    }

    /// The exception that was asked for with this request, in this deal.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log fails.
    pub async fn case(
        &self,
        request: &str,
        conversation: Option<&str>,
    ) -> Result<Option<Case>, UseCaseError> {
        let Some(conversation) = conversation else { return Ok(None) };
        let events = self.events_of(conversation).await?;
        Ok(cases(&events).into_iter().find(|case| case.request == request))
    }

    /// The exceptions of the last quarter; none when the log does not say in time.
    async fn exceptions(&self) -> Vec<Case> {
        let Ok(store) = self.journal.store() else { return Vec::new() };
        let since = Some(self.journal.now().plus_days(-QUARTER));
        match store.events(EventQuery { since, ..EventQuery::all(&APPROVALS) }).await {
            Ok(events) => cases(&events.into_iter().map(|(_, event)| event).collect::<Vec<_>>()),
            Err(error) => {
                tracing::error!(%error, "earlier exceptions could not be read");
                Vec::new()
            }
        }
    }

    /// How many exceptions like this one were approved in the last quarter for this reason.
    pub async fn precedents(&self, policy: &Policy, snapshot: &Snapshot, reason: &str) -> usize {
        let exceptions = self.exceptions().await;
        let counts = alike(policy, &exceptions, snapshot);
        counts.into_iter().find(|(code, _)| code == reason).map_or(0, |(_, count)| count)
    }

    /// What stands for a deal in the log.
    fn thread(&self, asked: &PriceRequest) -> Result<Option<ThreadId>, UseCaseError> {
        let deal = asked.deal.clone().map(String::from);
        let deal = self.journal.name("deal", deal, LONGEST_NAME)?;
        let talk = self.journal.name("conversation", asked.conversation.clone(), LONGEST_NAME)?;
        Ok(deal.map(|deal| ThreadId::Deal(deal.into())).or(talk.map(ThreadId::Conversation)))
    }
}

fn is_step(event: &Event) -> bool {
    STEPS.contains(&event.body.kind())
}

/// The deal or the conversation, by its name in the log.
fn names(kept: Option<&str>) -> (Option<DealName>, Option<String>) {
    kept.map(|kept| ThreadId::parse(kept).names()).unwrap_or_default()
}

/// The snapshot of what was asked for; `None` when no one may approve it.
#[must_use]
pub fn asked_for(policy: &Policy, shown: &PriceShown, ledger: &Ledger) -> Option<Snapshot> {
    let request = stored::request(shown, &vocabulary(policy));
    let deal = deal(policy, &request, ledger).ok()?;
    policy.snapshot(&deal, &policy.quote(&deal).ok()?, ledger.gets())
}

/// The highest role of the policy's approval chain that someone has; `None` when they have none.
fn highest(policy: &Policy, who: &Principal) -> Option<String> {
    let theirs = who.pricing_roles();
    policy.ladder().iter().rev().find(|role| theirs.contains(role)).cloned()
}

#[cfg(test)]
mod tests;
