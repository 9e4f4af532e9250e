//! From events to what the marketer wants to know: how often a card came, and how it went.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{Body, Event, Mark, Rate};
use crate::model::CardId;

/// How one card fared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CardUse {
    /// In how many answers it was shown.
    pub shown: u64,
    /// Answers after which it worked.
    pub worked: u64,
    /// Answers after which it did not.
    pub did_not_work: u64,
    /// Answers in which it was not used.
    pub not_used: u64,
}

impl CardUse {
    /// Of the answers of which the outcome is known, those after which the customer went along.
    #[must_use]
    pub fn won(&self) -> Rate {
        Rate { hits: self.worked, of: self.worked + self.did_not_work }
    }

    /// Answers that are marked so.
    fn marked(&mut self, mark: Mark) -> &mut u64 {
        match mark {
            Mark::Worked => &mut self.worked,
            Mark::DidNotWork => &mut self.did_not_work,
            Mark::NotUsed => &mut self.not_used,
        }
    }
}

/// Counts per card, over events in the order in which they happened. A rep may change their mind:
/// of several marks for one card of one answer the last one counts.
#[must_use]
pub fn card_use<'a>(events: impl Iterator<Item = &'a Event>) -> BTreeMap<CardId, CardUse> {
    let mut cards: HashMap<&CardId, CardUse> = HashMap::new();
    let mut marks: HashMap<(&str, &CardId), Mark> = HashMap::new();
    for event in events {
        match &event.body {
            // A push-back goes on with a card that was counted when it was shown.
            Body::Answered { pushback: Some(_), .. } => {}
            Body::Answered { card_ids, .. } => {
                for card in card_ids {
                    cards.entry(card).or_default().shown += 1;
                }
            }
            Body::Marked { receipt, card_id, mark, .. } => {
                let fate = cards.entry(card_id).or_default();
                if let Some(earlier) = marks.insert((receipt, card_id), *mark) {
                    *fate.marked(earlier) -= 1;
                }
                *fate.marked(*mark) += 1;
            }
            Body::Asked { .. }
            | Body::Recommended { .. }
            | Body::Wished { .. }
            | Body::CallStarted { .. }
            | Body::CallEnded { .. }
            | Body::PriceShown(_)
            | Body::GiveOffered(_)
            | Body::GiveWithdrawn(_)
            | Body::GetAgreed(_)
            | Body::GetWritten(_)
            | Body::ApprovalRequested(_)
            | Body::ApprovalRecorded(_)
            | Body::ApprovalReopened(_) => {}
        }
    }
    cards.into_iter().map(|(card, fate)| (card.clone(), fate)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mark_of_an_answer_counts_once() {
        let answered: Event =
            serde_json::from_str(include_str!("../../tests/events/v1/answered.json")).unwrap();
        let marked: Event =
            serde_json::from_str(include_str!("../../tests/events/v1/marked.json")).unwrap();
        let again = |mark: Mark| {
            let mut event = marked.clone();
            if let Body::Marked { mark: old, .. } = &mut event.body {
                *old = mark;
            }
            event
        };
        let events = [answered, again(Mark::DidNotWork), again(Mark::Worked), again(Mark::Worked)];
        let cards = card_use(events.iter());
        let card = |id: &str| cards[&CardId::parse(id).unwrap()].clone();
        let expected = CardUse { shown: 1, worked: 1, ..CardUse::default() };
        assert_eq!(card("too-expensive"), expected);
        assert_eq!(card("no-budget"), CardUse { shown: 1, ..CardUse::default() });
    }
}
