//! A rep who got no answer is told as soon as there is one.

use super::{Coach, Question, retrieve};
use crate::feedback::{Body, Event, kind};
use crate::journal::{Principal, Recorded, UseCaseError};
use crate::model::{ContentHash, Outcome, Receipt};
use crate::ports::{EventQuery, IdempotencyKey, Numbered};
use crate::redact::Redacted;

/// This many wishes are looked at: each is asked of the playbooks again.
const MOST: usize = 3;

/// This many wishes of a rep are looked through for those that are open.
const MOST_LOOKED_AT: usize = 200;

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
    pub async fn watch(
        &self,
        caller: &Principal,
        receipt: &Receipt,
    ) -> Result<Recorded, UseCaseError> {
        let id = self.journal.answer_of(caller, receipt).await?.id;
        let once = IdempotencyKey {
            key: format!("wish:{id}"),
            request: ContentHash::of([caller.actor.as_str()]).to_string(),
        };
        let body = Body::Wished { receipt: id.into() };
        self.journal.record(caller, body, Some(once)).await
    }

    /// Of an answer: whether the words of its question are kept, so that a card can be written for
    /// them, and whether someone waits for it.
    ///
    /// # Errors
    /// [`UseCaseError`] when there is no such answer, or when the log fails.
    pub async fn watched(&self, receipt: &Receipt) -> Result<(bool, bool), UseCaseError> {
        let kept = self.words_of(receipt).await?.is_some();
        let wishes = EventQuery::last(1, &[kind::WISHED]);
        let query = EventQuery { receipt: Some(receipt.to_owned()), ..wishes };
        Ok((kept, !self.journal.store()?.events(query).await?.is_empty()))
    }

    /// What this rep waits for and there is a card for by now, latest first. Once they have asked
    /// for it again it is no wish any more.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read or the search fails.
    pub async fn answered(&self, caller: &Principal) -> Result<Vec<Answered>, UseCaseError> {
        let generation = self.generation();
        let mut answered = Vec::new();
        for text in self.open_wishes(caller).await? {
            let found = retrieve(&generation, &Question::from(text.as_str())).await?;
            let best = found.ranking.ranked.first().filter(|_| found.outcome() != Outcome::None);
            if let Some(card) = best.and_then(|best| generation.playbook.cards.get(best.card)) {
                answered.push(Answered { text, title: card.title.clone() });
            }
        }
        Ok(answered)
    }

    /// The words of the questions for which this rep waits, latest first: those that are kept, and
    /// that they have not asked again since.
    async fn open_wishes(&self, caller: &Principal) -> Result<Vec<String>, UseCaseError> {
        let store = self.journal.store()?;
        let actor = || Some(caller.actor.clone());
        let wishes = EventQuery::last(MOST_LOOKED_AT, &[kind::WISHED]);
        let wishes = store.events(EventQuery { actor: actor(), ..wishes }).await?;
        let receipt = |(_, wish): &Numbered| wish.body.receipt().map(ToString::to_string);
        let answers = store.find_all(wishes.iter().filter_map(receipt).collect()).await?;
        let question = |(_, answer): &Numbered| match &answer.body {
            Body::Answered { question, .. } => Some(question.clone()),
            _ => None,
        };
        let questions = store.find_all(answers.iter().filter_map(question).collect()).await?;
        let find =
            |all: &[Numbered], id: &str| all.iter().find(|(_, event)| event.id == id).cloned();
        let mut open = Vec::new();
        for wish in &wishes {
            let asked = receipt(wish)
                .and_then(|receipt| question(&find(&answers, &receipt)?))
                .and_then(|question| find(&questions, &question));
            let Some((_, Event { body: Body::Asked { text: Some(text), text_hash, .. }, .. })) =
                asked
            else {
                continue;
            };
            let last = EventQuery::last(1, &[kind::ASKED]);
            let again = EventQuery { actor: actor(), text_hash: Some(text_hash), ..last };
            let again = store.events(again).await?;
            if again.iter().all(|(number, _)| *number < wish.0) {
                open.push(text.to_string());
            }
            if open.len() == MOST {
                break;
            }
        }
        Ok(open)
    }

    /// The words of the question that got this answer, if they are kept.
    async fn words_of(&self, receipt: &Receipt) -> Result<Option<Redacted>, UseCaseError> {
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
