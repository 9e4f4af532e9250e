//! Ninety days of made-up events, so that a newcomer sees what a log looks like that is used.

use crate::feedback::{Body, Event, Mark, Platform};
use crate::model::{CardId, Chance, Outcome, Timestamp};
use crate::playbook::{Card, Playbook};
use crate::redact::Redacted;

/// So many days lie behind.
const DAYS: i64 = 90;
/// Questions on a working day: so many at least, and up to as many again.
const QUESTIONS: usize = 25;
/// Reps who ask.
const REPS: usize = 7;

/// What customers say that no card answers, often first.
const GAPS: [&str; 8] = [
    "can it run on our own mainframe",
    "our works council has to agree to every new tool",
    "do you have an office in Lisbon",
    "we only buy from companies with fewer than fifty people",
    "our old supplier took the data hostage",
    "can the reports be printed in A3",
    "we pay in shares of our company",
    "the board has forbidden anything with a bot in it",
];

/// What reps tell marketing.
const TOLD: [&str; 6] = [
    "They ask for a case study from a company of their size",
    "The calculator on one page closed it",
    "Everybody at the fair asked how long it takes to start",
    "A short film would help more than the brochure",
    "They had read the comparison and asked for the one price",
    "The data sheet went straight to their security people",
];

const WHY_NOT: [&str; 3] = ["too long", "not how I talk", "customer had heard it"];

/// Events up to `now`, oldest first; the same for the same playbook.
pub(super) fn events(playbook: &Playbook, now: Timestamp) -> Vec<Event> {
    let mut chance = Chance::new(11);
    // What is heard most comes first: the price before the competitors.
    let mut cards: Vec<&Card> = playbook.cards.iter().collect();
    cards.sort_by_key(|card| card.family);
    let (channels, benefits) = (&playbook.plan.channels, &playbook.plan.benefits);
    let mut events = Vec::new();
    for day in (0..DAYS).rev().filter(|day| day % 7 < 5) {
        let today = now.plus_days(-day);
        // More is asked from week to week: a team gets used to it.
        let grown = QUESTIONS * usize::try_from(2 * DAYS - day).unwrap_or(1) / 180;
        for number in 0..grown + chance.below(QUESTIONS) {
            // Spread over the nine hours before now, in the order in which they are made.
            let minutes = i64::try_from(number).unwrap_or(0) * 540 / (2 * 25) - 540;
            let at = Timestamp::from_unix_micros(today.unix_micros() + minutes * 60_000_000);
            let actor = format!("demo-rep-{}", chance.below(REPS) + 1);
            let platform =
                [Platform::Discord, Platform::Web, Platform::Terminal][few(&mut chance, 3)];
            let mut add = |body| {
                let id = format!("demo-{:06}", events.len());
                events.push(Event::new(id.clone(), at, &actor, platform, body));
                id
            };
            let gap = (chance.below(8) == 0).then(|| GAPS[few(&mut chance, GAPS.len())]);
            let question = add(Body::Asked {
                text: gap.map(Redacted::of),
                text_hash: gap.map_or_else(|| format!("demo-{number}-{day}"), str::to_owned),
                characters: gap.map_or(24, str::len),
                stage: None,
                product: None,
                competitor: None,
            });
            let place = few(&mut chance, cards.len().max(1));
            let card = cards.get(place).filter(|_| gap.is_none()).map(|card| card.id.clone());
            let receipt = add(answered(question, card.as_ref()));
            if let Some(card_id) = card.filter(|_| chance.below(5) < 2) {
                // Some cards are better than others, and a customer is no machine.
                let worked = chance.below(100) < 45 + place * 7 % 40;
                let mark = if worked { Mark::Worked } else { Mark::DidNotWork };
                let reason = (!worked).then(|| Redacted::of(WHY_NOT[few(&mut chance, 3)]));
                let (receipt, generation) = (receipt.as_str().into(), "demo".to_owned());
                add(Body::Marked { receipt, card_id, mark, reason, note: None, generation });
            }
            if chance.below(12) == 0 {
                let mut name = |of: &[String]| {
                    of.get(few(&mut chance, of.len().max(1))).map(|name| Redacted::of(name))
                };
                let (channel, benefit) = (name(channels), name(benefits));
                let text = Redacted::of(TOLD[few(&mut chance, TOLD.len())]);
                add(Body::Recommended { text, channel, benefit, receipt: Some(receipt.into()) });
            }
        }
    }
    events.retain(|event| event.at <= now);
    events
}

fn answered(question: String, card: Option<&CardId>) -> Body {
    Body::Answered {
        question,
        outcome: if card.is_some() { Outcome::Card } else { Outcome::None },
        card_ids: card.into_iter().cloned().collect(),
        confidence: card.map(|_| 0.8),
        generation: "demo".to_owned(),
        conversation: None,
        stage: None,
        pushback: None,
        isolate: None,
        shown: Vec::new(),
        also: Vec::new(),
    }
}

/// One of so many, the first ones more often.
fn few(chance: &mut Chance, end: usize) -> usize {
    let (one, other, third) = (chance.below(end), chance.below(end), chance.below(end));
    one.min(other).min(third)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::{Filter, LinkedEvents, Rollups};
    use crate::model::CardId;

    #[test]
    fn a_quarter_of_a_year_is_plausible_and_the_same_each_time() {
        let day = "2026-01-01".parse().unwrap();
        let card = |number: usize| {
            let id = CardId::parse(&format!("card-{number}")).unwrap();
            Card::of_phrasings(id, day, vec!["too dear".to_owned()])
        };
        let playbook = Playbook { cards: (0..40).map(card).collect(), ..Playbook::default() };
        let now = Timestamp::from_unix_micros(1_800_000_000_000_000);
        let made = events(&playbook, now);
        assert_eq!(made, events(&playbook, now));
        let first = made.iter().map(|event| event.at).min().unwrap();
        assert!(first >= now.plus_days(-91) && first <= now.plus_days(-80), "{first}");
        assert!(made.is_sorted_by_key(|event| event.at));
        let mut rollups = Rollups::default();
        let numbered = (0..).zip(made.clone()).collect();
        rollups.add(&LinkedEvents { events: numbered, earlier: Vec::new() });
        let figures = rollups.count(&Filter::default(), &LinkedEvents::default());
        assert!((1_500..6_000).contains(&figures.questions), "{}", figures.questions);
        assert!(figures.unanswered * 20 > figures.questions);
        assert!(figures.cards.values().filter(|fate| fate.won().of >= 20).count() > 5);
        assert_eq!(figures.gaps.len(), GAPS.len());
        let ids: std::collections::BTreeSet<&str> =
            made.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids.len(), made.len());
    }
}
