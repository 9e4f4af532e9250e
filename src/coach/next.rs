//! The next best card, when the one that came is not the one that was meant.

use super::Coach;
use super::suggest::shown;
use crate::card::{LatencyMicros, Suggestion, compose};
use crate::feedback::{Body, RunnerUp};
use crate::journal::{Principal, UseCaseError, unknown};
use crate::model::{ContentHash, Outcome, Receipt};
use crate::ports::IdempotencyKey;

impl Coach {
    /// Answers the same question with the next best card; `None` when there is none left. With a
    /// `key`, asking again records it once.
    ///
    /// # Errors
    /// [`UseCaseError::UnknownReceipt`] when there was no such answer, or when the log fails.
    pub async fn next(
        &self,
        caller: &Principal,
        receipt: &Receipt,
        key: &str,
    ) -> Result<Option<Suggestion>, UseCaseError> {
        let Body::Answered { question, also, conversation, stage, .. } =
            self.journal.answer_of(caller, receipt).await?.body
        else {
            return Err(unknown(receipt));
        };
        let generation = self.generation();
        let playbook = &generation.playbook;
        let talk = self.talk(conversation.as_deref(), playbook).await;
        let mut left = also.into_iter();
        let next = left.find_map(|RunnerUp { card_id, confidence }| {
            playbook.card(&card_id).map(|card| (card, confidence))
        });
        let Some((card, confidence)) = next else { return Ok(None) };
        let mut view = compose(card, stage, talk.turn(&card.id), 1.0, &[]);
        view.confidence = confidence;
        let answer = Suggestion {
            outcome: Outcome::Card,
            clauses: Vec::new(),
            cards: vec![view],
            pushback: None,
            apart: None,
            isolate: None,
            conversation: conversation.clone(),
            generation: generation.id.clone(),
            receipt: self.journal.new_id().into(),
            logged: true,
            latency_us: LatencyMicros::default(),
        };
        let body = Body::Answered {
            question,
            outcome: answer.outcome,
            card_ids: vec![card.id.clone()],
            confidence: Some(confidence),
            generation: answer.generation.clone(),
            conversation,
            stage,
            pushback: None,
            isolate: None,
            shown: answer.cards.iter().map(|card| shown(card, &answer, &talk)).collect(),
            also: left.collect(),
        };
        let id = answer.receipt.clone();
        let event = self.journal.named(id, caller, body);
        let request = ContentHash::of(["next", receipt.as_str()]).to_string();
        let once = IdempotencyKey { key: key.to_owned(), request };
        match self.journal.append(vec![event], Some(once)).await? {
            Some(first) => Ok(Some(self.replay(&first.id.into()).await?.answer)),
            None => Ok(Some(answer)),
        }
    }
}
