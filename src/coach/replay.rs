//! An answer again, from its receipt: the same words, or which of them are gone.

use super::apart::apart;
use super::{CallContext, Coach};
use crate::card::{CardView, LatencyMicros, Suggestion, compose, pushback};
use crate::feedback::{Body, Shown};
use crate::journal::{UseCaseError, unknown};
use crate::model::{Receipt, Stage};
use crate::playbook::{Card, Playbook};

/// An answer that was given before.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// The answer, without the customer's words (they are not kept) and without times.
    pub answer: Suggestion,
    /// Cards whose words are no longer in the playbooks as they were.
    pub gone: Vec<Shown>,
    /// What was said of the call.
    pub context: CallContext,
}

impl Coach {
    /// Gives an answer again.
    ///
    /// # Errors
    /// [`UseCaseError::UnknownReceipt`] when there was no such answer, or when the log fails.
    pub async fn replay(&self, receipt: &Receipt) -> Result<Replay, UseCaseError> {
        let event = self.journal.answer(receipt).await?;
        let Body::Answered {
            outcome,
            generation,
            conversation,
            stage,
            pushback: id,
            isolate,
            shown,
            question,
            ..
        } = event.body
        else {
            return Err(unknown(receipt));
        };
        let current = self.generation();
        let (mut cards, mut gone, mut said) = (Vec::new(), Vec::new(), None);
        for shown in shown {
            let Some(card) = as_it_was(&current.playbook, &shown) else {
                gone.push(shown);
                continue;
            };
            let answered = card.pushbacks.iter().find(|pushback| Some(&pushback.id) == id.as_ref());
            said = said.or(answered.map(pushback));
            let view = compose(card, stage, shown.turn, 1.0, &[]);
            let Shown { file, line, confidence, because, .. } = shown;
            let mut view = CardView { confidence, because, ..view };
            (view.source.file, view.source.line) = (file, line);
            cards.push(view);
        }
        let answer = Suggestion {
            outcome,
            clauses: Vec::new(),
            apart: apart(outcome, &cards, &current.playbook),
            cards,
            pushback: said,
            isolate,
            conversation,
            generation,
            receipt: event.id.into(),
            logged: true,
            latency_us: LatencyMicros::default(),
        };
        let context = self.context(&question, stage).await?;
        Ok(Replay { answer, gone, context })
    }

    /// What was said of the call when this was asked.
    async fn context(
        &self,
        question: &str,
        stage: Option<Stage>,
    ) -> Result<CallContext, UseCaseError> {
        let asked = self.journal.store()?.find(question).await?.map(|event| event.body);
        let Some(Body::Asked { product, competitor, .. }) = asked else {
            return Ok(CallContext { stage, ..CallContext::default() });
        };
        let [product, competitor] =
            [product, competitor].map(|name| name.map(|name| name.to_string()));
        Ok(CallContext { stage, product, competitor })
    }
}

/// The card with the content it had, wherever it is now.
fn as_it_was<'a>(playbook: &'a Playbook, shown: &Shown) -> Option<&'a Card> {
    playbook.cards.iter().find(|card| card.source.hash == shown.hash)
}
