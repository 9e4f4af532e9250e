//! A rep who got no answer is told as soon as there is one.

use super::{Coach, Question, retrieve};
use crate::feedback::Body;
use crate::journal::{Principal, Recorded, UseCaseError};
use crate::model::{ContentHash, Outcome};
use crate::ports::IdempotencyKey;
use crate::redact::Redacted;

/// So many wishes are looked at: each is asked of the playbooks again.
const MOST: usize = 3;

/// What a rep waited for and can have now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What the customer had said.
    pub text: String,
    /// The title of the card that answers it.
    pub title: String,
}

impl Coach {
    /// Notes that this rep wants to know when there is a card for what nothing fitted. Doing it
    /// again notes it once.
    ///
    /// # Errors
    /// [`UseCaseError::UnknownReceipt`] when there was no such answer, or when the log fails.
    pub async fn watch(&self, caller: &Principal, receipt: &str) -> Result<Recorded, UseCaseError> {
        let id = self.journal.answer_of(caller, receipt).await?.id;
        let once = IdempotencyKey {
            key: format!("wish:{id}"),
            request: ContentHash::of([caller.actor.as_str()]).to_string(),
        };
        let body = Body::Wished { receipt: id };
        self.journal.record(caller, body, Some(once)).await
    }

    /// Of an answer: whether the words of its question are kept, so that a card can be written for
    /// them, and whether somebody waits for it.
    ///
    /// # Errors
    /// [`UseCaseError`] when there is no such answer, or when the log fails.
    pub async fn watched(&self, receipt: &str) -> Result<(bool, bool), UseCaseError> {
        let kept = self.words_of(receipt).await?.is_some();
        Ok((kept, self.journal.store()?.is_wished(receipt).await?))
    }

    /// What this rep waits for and there is a card for by now, latest first. Once they have asked
    /// for it again it is no wish any more.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read or the search fails.
    pub async fn answered(&self, caller: &Principal) -> Result<Vec<Answered>, UseCaseError> {
        let wishes = self.journal.store()?.open_wishes(&caller.actor, MOST).await?;
        let words = wishes.into_iter().filter_map(|event| match event.body {
            Body::Asked { text, .. } => text.map(|text| text.to_string()),
            _ => None,
        });
        let generation = self.generation();
        let mut answered = Vec::new();
        for text in words {
            let found = retrieve(&generation, &Question::from(text.as_str())).await?;
            let best = found.ranking.ranked.first().filter(|_| found.outcome() != Outcome::None);
            if let Some(card) = best.and_then(|best| generation.playbook.cards.get(best.card)) {
                answered.push(Answered { text, title: card.title.clone() });
            }
        }
        Ok(answered)
    }

    /// The words of the question that got this answer, if they are kept.
    async fn words_of(&self, receipt: &str) -> Result<Option<Redacted>, UseCaseError> {
        let Body::Answered { question, .. } = self.journal.answer(receipt).await?.body else {
            return Ok(None);
        };
        let asked = self.journal.store()?.find(&question).await?.map(|event| event.body);
        Ok(match asked {
            Some(Body::Asked { text, .. }) => text,
            _ => None,
        })
    }
}
