//! What a rep says afterwards: how a card went, and what marketing should know.

use super::kept::{clean, kept};
use super::ports::{Appended, FeedbackStore, Once};
use super::{Caller, Coach, CoachError, LogReader, Suggestion};
use crate::feedback::{Body, Event, Mark, Purpose};
use crate::model::ContentHash;
use crate::redact::Redacted;

/// The longest note or recommendation, in code points.
const LONGEST_TEXT: usize = 2_000;
/// The longest reason, channel or benefit, in code points.
const LONGEST_WORD: usize = 100;
/// The longest idempotency key, in code points.
const LONGEST_KEY: usize = 255;

/// The reason of a card that was not the one that was meant: it counts as not used.
pub const WRONG_CARD: &str = "wrong card";

/// How a card went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The answer.
    pub receipt: String,
    /// The card, when the answer showed several; otherwise the first one.
    pub card_id: Option<String>,
    /// How it went.
    pub mark: Mark,
    /// Why, in a word or two.
    pub reason: Option<String>,
    /// The rep's own note.
    pub note: Option<String>,
}

/// What marketing should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// The rep's words.
    pub text: String,
    /// Where the customer is reached.
    pub channel: Option<String>,
    /// What moved the customer.
    pub benefit: Option<String>,
    /// The answer it is about.
    pub receipt: Option<String>,
}

/// An event that is in the log now.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The event.
    pub event: Event,
    /// The same request was recorded before, so nothing was added.
    pub repeated: bool,
}

impl Coach {
    /// Records how a card went. With a `key`, sending it again records it once.
    ///
    /// # Errors
    /// [`CoachError`] for an unknown receipt, a card that was not shown, texts that are too long,
    /// a key used otherwise, and when the log fails.
    pub async fn record(
        &self,
        caller: &Caller,
        feedback: Feedback,
        key: Option<&str>,
    ) -> Result<Recorded, CoachError> {
        let Feedback { receipt, card_id, mark, reason, note } = feedback;
        let (reason, note) =
            (clean("reason", reason, LONGEST_WORD)?, clean("note", note, LONGEST_TEXT)?);
        // A card that was the wrong one did not fail: the customer never heard it.
        let wrong = reason.as_ref().is_some_and(|reason| reason.as_str() == WRONG_CARD);
        let mark = if wrong && mark == Mark::DidNotWork { Mark::NotUsed } else { mark };
        let shown = self.answer(&receipt).await?;
        let Body::Answered { card_ids, generation, .. } = shown.body else {
            return Err(CoachError::UnknownReceipt(receipt));
        };
        let card = match &card_id {
            None => card_ids.first(),
            Some(id) => card_ids.iter().find(|card| card.as_str() == id),
        };
        let Some(card_id) = card.cloned() else {
            return Err(CoachError::CardNotShown(card_id.unwrap_or_default()));
        };
        self.add(caller, Body::Marked { receipt, card_id, mark, reason, note, generation }, key)
            .await
    }

    /// Records that none of the cards of an answer was meant, and answers with the next best one;
    /// `None` when there is none left. With a `key`, doing it again does it once.
    ///
    /// # Errors
    /// [`CoachError::UnknownReceipt`] when there was no such answer, or when the log fails.
    pub async fn none_of_these(
        &self,
        caller: &Caller,
        receipt: &str,
        key: &str,
    ) -> Result<Option<Suggestion>, CoachError> {
        let Body::Answered { card_ids, generation, .. } = self.answer(receipt).await?.body else {
            return Err(CoachError::UnknownReceipt(receipt.to_owned()));
        };
        let marked = card_ids.into_iter().map(|card_id| {
            let body = Body::Marked {
                receipt: receipt.to_owned(),
                card_id,
                mark: Mark::NotUsed,
                reason: Some(Redacted::of(WRONG_CARD)),
                note: None,
                generation: generation.clone(),
            };
            Event::new(self.clock.new_id(), self.clock.now(), &caller.actor, caller.platform, body)
        });
        let request = ContentHash::of(["none", receipt]).to_string();
        let once = Once { key: self.salt.seal(Purpose::Once, &format!("{key}:none")), request };
        self.append(marked.collect(), Some(once)).await?;
        let next = self.salt.seal(Purpose::Once, &format!("{key}:next"));
        self.next(caller, receipt, &next).await
    }

    /// Records a recommendation to marketing. With a `key`, sending it again records it once.
    ///
    /// # Errors
    /// [`CoachError`] for an empty or overlong text, an unknown receipt, a key used otherwise, and
    /// when the log fails.
    pub async fn recommend(
        &self,
        caller: &Caller,
        recommendation: Recommendation,
        key: Option<&str>,
    ) -> Result<Recorded, CoachError> {
        let Recommendation { text, channel, benefit, receipt } = recommendation;
        let text = clean("text", Some(text), LONGEST_TEXT)?.ok_or(CoachError::EmptyText)?;
        let receipt = receipt.filter(|receipt| !receipt.is_empty());
        if let Some(receipt) = &receipt {
            self.answer(receipt).await?;
        }
        let channel = clean("channel", channel, LONGEST_WORD)?;
        let benefit = clean("benefit", benefit, LONGEST_WORD)?;
        self.add(caller, Body::Recommended { text, channel, benefit, receipt }, key).await
    }

    /// The answer that has this receipt.
    ///
    /// # Errors
    /// [`CoachError::UnknownReceipt`] when there is none, or when the log fails.
    pub async fn answer(&self, receipt: &str) -> Result<Event, CoachError> {
        let found = self.log_store()?.find(receipt).await?;
        let answer = found.filter(|event| matches!(event.body, Body::Answered { .. }));
        answer.ok_or_else(|| unknown(receipt))
    }

    /// Whether this was shown to somebody else: a card or a price.
    ///
    /// # Errors
    /// [`CoachError::UnknownReceipt`] when nothing has this receipt, or when the log fails.
    pub async fn is_of_another(&self, caller: &Caller, receipt: &str) -> Result<bool, CoachError> {
        let found = self.log_store()?.find(receipt).await?;
        let shown =
            found.filter(|event| matches!(event.body, Body::Answered { .. } | Body::PriceShown(_)));
        match shown {
            Some(event) => Ok(event.actor != caller.actor),
            None => Err(unknown(receipt)),
        }
    }

    /// What is read out of the whole log.
    ///
    /// # Errors
    /// [`CoachError::NoLog`] when nothing is logged.
    pub fn log_reader(&self) -> Result<&LogReader, CoachError> {
        self.reader.as_ref().ok_or(CoachError::NoLog)
    }

    /// Why nothing can be logged now, as far as is known; none when it can, or when nothing is to
    /// be logged.
    #[must_use]
    pub fn log_trouble(&self) -> Option<String> {
        self.store.as_ref().and_then(|store| store.trouble())
    }

    async fn add(
        &self,
        caller: &Caller,
        body: Body,
        key: Option<&str>,
    ) -> Result<Recorded, CoachError> {
        let once = match key {
            Some(key) => {
                let request = serde_json::to_vec(&body).unwrap_or_default();
                let key = kept("Idempotency-Key", Some(key.to_owned()), LONGEST_KEY)?;
                // Somebody else's program chose it, and may have put anything into it.
                let key = key.map(|key| self.salt.seal(Purpose::Once, &key));
                key.map(|key| Once { key, request: ContentHash::of([request]).to_string() })
            }
            None => None,
        };
        let id = self.clock.new_id();
        let event = Event::new(id, self.clock.now(), &caller.actor, caller.platform, body);
        Ok(match self.append(vec![event.clone()], once).await? {
            Some(event) => Recorded { event, repeated: true },
            None => Recorded { event, repeated: false },
        })
    }

    /// Adds events; the first event of the first time when the same was added before.
    pub(super) async fn append(
        &self,
        events: Vec<Event>,
        once: Option<Once>,
    ) -> Result<Option<Event>, CoachError> {
        match self.log_store()?.append(events, once).await? {
            Appended::New => Ok(None),
            Appended::Repeated(first) => Ok(Some(*first)),
            Appended::KeyReused => Err(CoachError::KeyReused),
        }
    }

    pub(super) fn log_store(&self) -> Result<&dyn FeedbackStore, CoachError> {
        self.store.as_deref().ok_or(CoachError::NoLog)
    }
}

fn unknown(receipt: &str) -> CoachError {
    CoachError::UnknownReceipt(receipt.chars().take(LONGEST_WORD).collect())
}
