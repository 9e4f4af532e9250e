//! What a rep asked last, to come back to it.

use super::Coach;
use crate::feedback::{Body, Event, kind};
use crate::journal::{Principal, UseCaseError};
use crate::model::{CardId, Outcome, Receipt, Timestamp};
use crate::playbook::Playbook;
use crate::ports::EventQuery;

/// This many are given.
const LAST: usize = 10;

/// A question that was asked before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// When.
    pub at: Timestamp,
    /// Its answer.
    pub receipt: Receipt,
    /// What it was: the words if they are kept, otherwise what answered it.
    pub what: String,
    /// Whether it was a price that was asked for.
    pub price: bool,
}

impl Coach {
    /// The last ten questions of this rep, newest first.
    ///
    /// # Errors
    /// [`UseCaseError`] when there is no log or it cannot be read.
    pub async fn recent(&self, caller: &Principal) -> Result<Vec<Recent>, UseCaseError> {
        // With each answer comes its question, which was logged just before it.
        let last = EventQuery::last(2 * LAST, &[kind::ASKED, kind::ANSWERED, kind::PRICE_SHOWN]);
        let query = EventQuery { actor: Some(caller.actor.clone()), ..last };
        let events = self.journal.store()?.events(query).await?;
        let events: Vec<Event> = events.into_iter().map(|(_, event)| event).collect();
        let generation = self.generation();
        let found = events.iter().filter_map(|event| recent(event, &events, &generation.playbook));
        Ok(found.take(LAST).collect())
    }
}

fn recent(event: &Event, all: &[Event], playbook: &Playbook) -> Option<Recent> {
    let made = |what, price| {
        let (at, receipt) = (event.at, event.id.as_str().into());
        Some(Recent { at, receipt, what, price })
    };
    match &event.body {
        Body::PriceShown(shown) => made(shown.request.clone(), true),
        Body::Answered { question, outcome, card_ids, .. } => {
            let words = all.iter().find(|asked| asked.id == *question);
            let words = words.and_then(|asked| match &asked.body {
                Body::Asked { text, .. } => text.as_ref().map(ToString::to_string),
                _ => None,
            });
            made(words.unwrap_or_else(|| answered(*outcome, card_ids, playbook)), false)
        }
        _ => None,
    }
}

/// The titles of the cards that were shown; their ids when they are gone.
fn answered(outcome: Outcome, cards: &[CardId], playbook: &Playbook) -> String {
    if outcome == Outcome::None {
        return "nothing fitted".to_owned();
    }
    let title =
        |id: &CardId| playbook.card(id).map_or_else(|| id.to_string(), |card| card.title.clone());
    cards.iter().map(title).collect::<Vec<_>>().join(" / ")
}
