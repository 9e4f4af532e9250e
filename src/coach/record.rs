//! What a rep says afterwards: how a card went, and what marketing should know.

use super::Coach;
use crate::card::{Suggestion, WRONG_CARD};
use crate::feedback::{Body, Mark, Purpose};
use crate::journal::{Principal, Recorded, UseCaseError, clean, unknown};
use crate::model::{ContentHash, Receipt};
use crate::redact::Redacted;

/// The longest note or recommendation, in code points.
const LONGEST_TEXT: usize = 2_000;
/// The longest reason, channel or benefit, in code points.
const LONGEST_WORD: usize = 100;

/// How a card went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The answer.
    pub receipt: Receipt,
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
    pub receipt: Option<Receipt>,
}

impl Coach {
    /// Records how a card went. With a `key`, sending it again records it once.
    ///
    /// # Errors
    /// [`UseCaseError`] for an unknown receipt, a card that was not shown, texts that are too long,
    /// a key used otherwise, and when the log fails.
    pub async fn record(
        &self,
        caller: &Principal,
        feedback: Feedback,
        key: Option<&str>,
    ) -> Result<Recorded, UseCaseError> {
        let Feedback { receipt, card_id, mark, reason, note } = feedback;
        let (reason, note) =
            (clean("reason", reason, LONGEST_WORD)?, clean("note", note, LONGEST_TEXT)?);
        // A card that was the wrong one did not fail: the customer never heard it.
        let wrong = reason.as_ref().is_some_and(|reason| reason.as_str() == WRONG_CARD);
        let mark = if wrong && mark == Mark::DidNotWork { Mark::NotUsed } else { mark };
        let shown = self.journal.answer_of(caller, &receipt).await?;
        let Body::Answered { card_ids, generation, .. } = shown.body else {
            return Err(unknown(&receipt));
        };
        let card = match &card_id {
            None => card_ids.first(),
            Some(id) => card_ids.iter().find(|card| card.as_str() == id),
        };
        let Some(card_id) = card.cloned() else {
            return Err(UseCaseError::CardNotShown(card_id.unwrap_or_default()));
        };
        let body = Body::Marked { receipt, card_id, mark, reason, note, generation };
        let once = self.journal.once(key, &body)?;
        self.journal.record(caller, body, once).await
    }

    /// Records that none of the cards of an answer was meant, and answers with the next best one;
    /// `None` when there is none left. With a `key`, doing it again does it once.
    ///
    /// # Errors
    /// [`UseCaseError::UnknownReceipt`] when there was no such answer, or when the log fails.
    pub async fn none_of_these(
        &self,
        caller: &Principal,
        receipt: &Receipt,
        key: &str,
    ) -> Result<Option<Suggestion>, UseCaseError> {
        let Body::Answered { card_ids, generation, .. } =
            self.journal.answer_of(caller, receipt).await?.body
        else {
            return Err(unknown(receipt));
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
            self.journal.event(caller, body)
        });
        let request = ContentHash::of(["none", receipt.as_str()]).to_string();
        let once = self.journal.once_with(&format!("{key}:none"), request);
        self.journal.append(marked.collect(), Some(once)).await?;
        let next = self.journal.seal(Purpose::IdempotencyKey, &format!("{key}:next"));
        self.next(caller, receipt, &next).await
    }

    /// Records a recommendation to marketing. With a `key`, sending it again records it once.
    ///
    /// # Errors
    /// [`UseCaseError`] for an empty or overlong text, an unknown receipt, a key used otherwise, and
    /// when the log fails.
    pub async fn recommend(
        &self,
        caller: &Principal,
        recommendation: Recommendation,
        key: Option<&str>,
    ) -> Result<Recorded, UseCaseError> {
        let Recommendation { text, channel, benefit, receipt } = recommendation;
        let text = clean("text", Some(text), LONGEST_TEXT)?.ok_or(UseCaseError::EmptyText)?;
        let receipt = receipt.filter(|receipt| !receipt.as_str().is_empty());
        if let Some(receipt) = &receipt {
            self.journal.answer(receipt).await?;
        }
        // What the plan knows by another name is kept under its id, so that it is counted once.
        let generation = self.generation();
        let plan = &generation.playbook.plan;
        let id = |named: Option<String>, known: &dyn Fn(&str) -> Option<String>| {
            named.map(|name| known(&name).unwrap_or(name))
        };
        let channel = id(channel, &|name| plan.channel(name).map(str::to_owned));
        let benefit = id(benefit, &|name| plan.benefit(name).map(str::to_owned));
        let channel = clean("channel", channel, LONGEST_WORD)?;
        let benefit = clean("benefit", benefit, LONGEST_WORD)?;
        let body = Body::Recommended { text, channel, benefit, receipt };
        let once = self.journal.once(key, &body)?;
        self.journal.record(caller, body, once).await
    }
}
