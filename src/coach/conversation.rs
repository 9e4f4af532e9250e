//! What has been shown in a conversation so far, read back from the log.

use std::collections::{BTreeMap, BTreeSet};

use crate::feedback::{Body, Event};
use crate::model::{CardId, Stage};
use crate::playbook::Playbook;
use crate::ranking::Evidence;

/// From how near on a sentence is taken for a push-back of the card that was shown last.
const PUSHBACK_FLOOR: f32 = 0.45;

/// A push-back goes before a card that is nearer by no more than this: the customer is most
/// likely still talking about the same thing.
const PUSHBACK_LEAD: f32 = 0.1;

/// The different objection after which the isolating question is offered.
const ISOLATE_AT: usize = 3;

/// The state of one conversation.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Conversation {
    /// How often each card was shown.
    turns: BTreeMap<CardId, usize>,
    /// Push-backs that were answered, with their cards.
    answered: BTreeSet<(CardId, CardId)>,
    /// The objections, each once, in order.
    objections: Vec<CardId>,
    /// The card that was shown last, if it was one.
    last: Option<CardId>,
    /// The stage that was given last.
    pub stage: Option<Stage>,
}

impl Conversation {
    /// Reads the events of one conversation, oldest first.
    pub(super) fn of<'a>(events: impl Iterator<Item = &'a Event>, playbook: &Playbook) -> Self {
        let mut state = Self::default();
        for event in events {
            let Body::Answered { card_ids, pushback, stage, .. } = &event.body else { continue };
            state.stage = stage.or(state.stage);
            match (card_ids.as_slice(), pushback) {
                ([card], Some(pushback)) => {
                    state.answered.insert((card.clone(), pushback.clone()));
                    state.last = Some(card.clone());
                }
                (cards, _) => {
                    for card in cards {
                        *state.turns.entry(card.clone()).or_insert(0) += 1;
                    }
                    if let [card] = cards {
                        state.note(card, playbook);
                    }
                }
            }
        }
        state
    }

    fn note(&mut self, card: &CardId, playbook: &Playbook) {
        self.last = Some(card.clone());
        let objection = playbook.card(card).is_some_and(|card| card.family.is_objection());
        if objection && !self.objections.contains(card) {
            self.objections.push(card.clone());
        }
    }

    /// How often a card was shown before.
    pub(super) fn turn(&self, card: &CardId) -> usize {
        self.turns.get(card).copied().unwrap_or(0)
    }

    /// The number of the card that was shown last, if it was one.
    pub(super) fn shown(&self, playbook: &Playbook) -> Option<usize> {
        let last = self.last.as_ref()?;
        playbook.cards.iter().position(|card| card.id == *last)
    }

    /// The push-back of the last card that answers the sentence: indices of card and push-back.
    pub(super) fn pushback(
        &self,
        evidence: &[Evidence],
        playbook: &Playbook,
    ) -> Option<(usize, usize)> {
        let (last, number) = (self.last.as_ref()?, self.shown(playbook)?);
        let found = evidence.iter().find(|evidence| evidence.card == number)?.pushback?;
        let id = &playbook.cards.get(number)?.pushbacks.get(found.index)?.id;
        let best = evidence.iter().map(|evidence| evidence.nearest).fold(0.0, f32::max);
        let near = found.cosine >= PUSHBACK_FLOOR && found.cosine + PUSHBACK_LEAD >= best;
        let fresh = !self.answered.contains(&(last.clone(), id.clone()));
        (near && fresh).then_some((number, found.index))
    }

    /// Whether this card is the third different objection.
    pub(super) fn isolates(&self, card: &CardId, playbook: &Playbook) -> bool {
        let objection = playbook.card(card).is_some_and(|card| card.family.is_objection());
        let known = self.objections.contains(card);
        objection && !known && self.objections.len() + 1 == ISOLATE_AT
    }
}
