//! Prices with the log: what was offered in a deal before, and what of a price is kept.

use super::ledger::{History, record};
use super::{Negotiated, PriceMark, PriceRequest, negotiate, stored, vocabulary};
use crate::card::CardView;
use crate::coach::kept::kept;
use crate::coach::ports::{MOST_IN_CONVERSATION, Once, StoreError};
use crate::coach::{Caller, Coach, CoachError, Recorded};
use crate::feedback::{Body, Event, PriceAnswerV1, PriceShown, PriceStep};
use crate::model::{ContentHash, Family, Stage};
use crate::nlu::Request;
use crate::pricing::{Ledger, Policy};

/// The longest request that is read, in code points.
const LONGEST: usize = 1_000;

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
    pub deal: Option<String>,
    /// Where it stood.
    pub stage: Option<Stage>,
    /// What a rep said happened with it.
    pub marks: Vec<PriceMark>,
}

impl Coach {
    /// Whether what a customer said may be meant for [`Coach::price`]: it has a number in it, the
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
    /// [`CoachError`] when the text is empty or too long, or the role is not on the ladder.
    pub async fn price(
        &self,
        caller: &Caller,
        asked: &PriceRequest,
    ) -> Result<PriceAnswerV1, CoachError> {
        let text = kept("text", Some(asked.text.clone()), LONGEST)?.ok_or(CoachError::EmptyText)?;
        let conversation = self.thread(asked)?;
        let generation = self.generation();
        let policy = generation.policy.as_ref();
        let asked = PriceRequest { text, ..asked.clone() };
        let (history, exceptions) =
            tokio::join!(self.history(conversation.as_deref(), policy), self.exceptions());
        let history = History { exceptions, ..history };
        let answered = negotiate(policy, self.clock.now(), &asked, &history);
        let Negotiated { mut card, trade, request, role } =
            answered.map_err(|known| CoachError::UnknownRole {
                role: asked.role.clone().unwrap_or_default(),
                known: known.join(", "),
            })?;
        card.receipt = self.clock.new_id();
        let question = card.question.take();
        let not_used = std::mem::take(&mut card.not_used);
        // Both may hold the customer's words, so that they are not in the log.
        let answer = serde_json::to_string(&card).unwrap_or_default();
        (card.question, card.not_used) = (question, not_used);
        let shown = PriceShown {
            conversation,
            text_hash: self.salt.fingerprint(&asked.text),
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
        card.logged = self.log_price(caller, &card.receipt, shown).await;
        Ok(card)
    }

    /// Records what happened with a price card. Doing it again records it once.
    ///
    /// # Errors
    /// [`CoachError`] for an unknown receipt, a card without a trade, a trade that was overtaken by
    /// another one or taken back before it was said, and when the log fails.
    pub async fn mark_price(
        &self,
        caller: &Caller,
        receipt: &str,
        mark: PriceMark,
    ) -> Result<Recorded, CoachError> {
        let shown = self.price_shown(receipt).await?;
        if shown.trade.is_none() {
            return Err(CoachError::NoTrade);
        }
        let mut once = Once {
            key: format!("price:{receipt}:{}", mark.name()),
            request: ContentHash::of([mark.name()]).to_string(),
        };
        if let (PriceMark::Withdrawn, Some(conversation)) = (mark, &shown.conversation) {
            // Noted before it was said, it would keep what is said later from being taken back.
            let events = self.log_store()?.negotiation(conversation).await?;
            let said = |event: &Event| PriceMark::of(event, receipt) == Some(PriceMark::Said);
            if !events.iter().any(said) {
                return Err(CoachError::NotOffered);
            }
        }
        if let (PriceMark::Said, Some(conversation)) = (mark, &shown.conversation) {
            let mut offered = self.log_store()?.negotiation(conversation).await?;
            offered.retain(|event| matches!(event.body, Body::GiveOffered(_)));
            let again = offered.iter().find(|event| PriceMark::of(event, receipt).is_some());
            if let Some(event) = again.cloned() {
                return Ok(Recorded { event, repeated: true });
            }
            if offered.len() != shown.given_before {
                return Err(CoachError::Overtaken);
            }
            // Of two cards that are open at once only one is said, even in the same instant.
            once = Once {
                key: format!("price:{conversation}:give:{}", shown.given_before),
                request: ContentHash::of([receipt]).to_string(),
            };
        }
        let step = PriceStep { receipt: receipt.to_owned(), conversation: shown.conversation };
        let (id, body) = (self.clock.new_id(), mark.body(step));
        let event = Event::new(id, self.clock.now(), &caller.actor, caller.platform, body);
        match self.append(vec![event.clone()], Some(once)).await {
            Ok(Some(event)) => Ok(Recorded { event, repeated: true }),
            Ok(None) => Ok(Recorded { event, repeated: false }),
            Err(CoachError::KeyReused) => Err(CoachError::Overtaken),
            Err(error) => Err(error),
        }
    }

    /// The price that has this receipt, as it was shown; the customer's words are not in it.
    ///
    /// # Errors
    /// [`CoachError::UnknownReceipt`] when there is none, or when the log fails.
    pub async fn replay_price(&self, receipt: &str) -> Result<PriceReplay, CoachError> {
        let shown = self.price_shown(receipt).await?;
        let damaged = |error| StoreError(format!("the answer `{receipt}` is damaged: {error}"));
        let card = shown.answered().map_err(damaged)?;
        let card = PriceAnswerV1 { logged: true, ..card };
        let events = match &shown.conversation {
            Some(conversation) => self.log_store()?.negotiation(conversation).await?,
            None => Vec::new(),
        };
        let marks = events.iter().filter_map(|event| PriceMark::of(event, receipt)).collect();
        let (deal, conversation) = named(shown.conversation);
        Ok(PriceReplay { card, conversation, deal, stage: shown.stage, marks })
    }

    /// Answers a price request that was asked back, with one of the choices. The text has to be
    /// the one that was asked: it is not kept, but it would be recognised.
    ///
    /// # Errors
    /// [`CoachError::UnknownReceipt`] when nothing was asked back of this text, and as for
    /// [`Coach::price`].
    pub async fn choose_price(
        &self,
        caller: &Caller,
        receipt: &str,
        text: &str,
        choice: usize,
    ) -> Result<PriceAnswerV1, CoachError> {
        let unknown = || CoachError::UnknownReceipt(receipt.chars().take(LONGEST_NAME).collect());
        let shown = self.price_shown(receipt).await?;
        if self.salt.fingerprint(text) != shown.text_hash {
            return Err(unknown());
        }
        let (deal, conversation) = named(shown.conversation);
        let (role, stage) = (shown.role, shown.stage);
        let asked = PriceRequest { text: text.to_owned(), role, stage, deal, conversation };
        let generation = self.generation();
        let policy = generation.policy.as_ref();
        let history = self.history(self.thread(&asked)?.as_deref(), policy).await;
        let found = negotiate(policy, self.clock.now(), &asked, &history).map_err(|_| unknown())?;
        let mut requests =
            found.card.question.map(|question| question.requests).ok_or_else(unknown)?;
        if choice >= requests.len() {
            return Err(unknown());
        }
        self.price(caller, &PriceRequest { text: requests.swap_remove(choice), ..asked }).await
    }

    /// Who was shown the price that has this receipt, as a pseudonym.
    ///
    /// # Errors
    /// [`CoachError::UnknownReceipt`] when there is none, or when the log fails.
    pub async fn priced_for(&self, receipt: &str) -> Result<String, CoachError> {
        Ok(self.price_event(receipt).await?.0)
    }

    pub(super) async fn price_shown(&self, receipt: &str) -> Result<PriceShown, CoachError> {
        Ok(self.price_event(receipt).await?.1)
    }

    async fn price_event(&self, receipt: &str) -> Result<(String, PriceShown), CoachError> {
        match self.log_store()?.find(receipt).await? {
            Some(Event { actor, body: Body::PriceShown(shown), .. }) => Ok((actor, *shown)),
            _ => Err(CoachError::UnknownReceipt(receipt.chars().take(LONGEST_NAME).collect())),
        }
    }

    pub(super) async fn history(
        &self,
        conversation: Option<&str>,
        policy: Option<&Policy>,
    ) -> History {
        let fresh = History { ledger: Some(Ledger::default()), ..History::default() };
        let (Some(store), Some(policy)) = (&self.store, policy) else { return fresh };
        let Some(conversation) = conversation else { return fresh };
        match store.negotiation(conversation).await {
            // With as many as are handed out, some may be missing.
            Ok(events) if events.len() < MOST_IN_CONVERSATION => {
                History::of(&events, &vocabulary(policy))
            }
            Ok(_) => History::default(),
            Err(error) => {
                tracing::error!(%error, "what was offered in a deal could not be read");
                History::default()
            }
        }
    }

    /// What stands for a deal in the log.
    fn thread(&self, asked: &PriceRequest) -> Result<Option<String>, CoachError> {
        let deal = self.name("deal", asked.deal.clone(), LONGEST_NAME)?;
        let talk = self.name("conversation", asked.conversation.clone(), LONGEST_NAME)?;
        Ok(deal.map(|deal| format!("deal:{deal}")).or(talk))
    }

    async fn log_price(&self, caller: &Caller, receipt: &str, shown: PriceShown) -> bool {
        let Some(store) = &self.store else { return false };
        let (now, body) = (self.clock.now(), Body::PriceShown(Box::new(shown)));
        let event = Event::new(receipt.to_owned(), now, &caller.actor, caller.platform, body);
        let appended = store.append(vec![event], None).await;
        if let Err(error) = &appended {
            tracing::error!(%error, "a price was not logged");
        }
        appended.is_ok()
    }
}

/// The deal or the conversation that stands in the log.
fn named(kept: Option<String>) -> (Option<String>, Option<String>) {
    let deal = kept.as_deref().and_then(|name| name.strip_prefix("deal:")).map(str::to_owned);
    let conversation = kept.filter(|_| deal.is_none());
    (deal, conversation)
}
