//! What a week of the log comes to, in a few figures.

use std::collections::BTreeMap;

use super::{Body, CardUse, Event, card_use};
use crate::model::{CardId, Outcome};
use crate::redact::Redacted;

/// The figures of a stretch of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Questions that were asked.
    pub questions: u64,
    /// Answers of which nothing fitted.
    pub unanswered: u64,
    /// Cards with what became of them, those shown most first.
    pub cards: Vec<(CardId, CardUse)>,
    /// Recommendations by channel, most first; those without one under the empty name.
    pub channels: Vec<(String, u64)>,
    /// Recommendations by benefit, most first; those without one under the empty name.
    pub benefits: Vec<(String, u64)>,
    /// Recommendations altogether.
    pub recommendations: u64,
}

/// Counts what happened.
#[must_use]
pub fn summary<'a>(events: impl Iterator<Item = &'a Event> + Clone) -> Summary {
    let mut summary = Summary::default();
    let (mut channels, mut benefits) = (BTreeMap::new(), BTreeMap::new());
    for event in events.clone() {
        match &event.body {
            Body::Asked { .. } => summary.questions += 1,
            Body::Answered { outcome: Outcome::None, .. } => summary.unanswered += 1,
            Body::Recommended { channel, benefit, .. } => {
                summary.recommendations += 1;
                for (name, counts) in [(channel, &mut channels), (benefit, &mut benefits)] {
                    let name = name.as_ref().map_or_else(String::new, Redacted::to_string);
                    *counts.entry(name).or_insert(0) += 1;
                }
            }
            Body::Answered { .. }
            | Body::Marked { .. }
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
    summary.cards = card_use(events).into_iter().collect();
    // Equal counts keep the order of the names, so that the list is the same every time.
    summary.cards.sort_by_key(|(_, fate)| std::cmp::Reverse(fate.shown));
    let most_first = |counts: BTreeMap<String, u64>| {
        let mut list: Vec<_> = counts.into_iter().collect();
        list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        list
    };
    (summary.channels, summary.benefits) = (most_first(channels), most_first(benefits));
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_counted_and_sorted() {
        let stored = [
            include_str!("../../tests/events/v1/asked.json"),
            include_str!("../../tests/events/v1/answered.json"),
            include_str!("../../tests/events/v1/answered_in_conversation.json"),
            include_str!("../../tests/events/v1/marked.json"),
            include_str!("../../tests/events/v1/recommended.json"),
            include_str!("../../tests/events/v1/call_started.json"),
        ];
        let mut events: Vec<Event> =
            stored.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let mut none = events[1].clone();
        if let Body::Answered { outcome, card_ids, .. } = &mut none.body {
            (*outcome, *card_ids) = (Outcome::None, Vec::new());
        }
        events.push(none);
        let summary = summary(events.iter());
        assert_eq!((summary.questions, summary.unanswered, summary.recommendations), (1, 1, 1));
        let shown: Vec<u64> = summary.cards.iter().map(|(_, fate)| fate.shown).collect();
        assert_eq!(shown, [1, 1]);
        assert_eq!(summary.channels.len(), 1);
    }
}
