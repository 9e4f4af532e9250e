//! Which part of the log is looked at: the same for the page, the export and the command line.

use std::collections::{BTreeSet, HashMap};

use super::{Body, Event, Mark, Platform};
use crate::model::{CardId, Timestamp};

/// A part of the log. Of several values of one kind an event has to have one; kinds without a value
/// leave everything in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Questions, answers, marks and recommendations that are about one of these cards.
    pub cards: BTreeSet<CardId>,
    /// Marks that say this.
    pub marks: BTreeSet<Mark>,
    /// What happened here.
    pub platforms: BTreeSet<Platform>,
    /// Recommendations for these channels.
    pub channels: BTreeSet<String>,
    /// Recommendations about these benefits.
    pub benefits: BTreeSet<String>,
}

impl Filter {
    /// The events of this part, in their order. `all` is the whole log, since what an event is about
    /// may stand in an earlier or later one.
    #[must_use]
    pub fn of<'a>(&self, all: &'a [Event]) -> Vec<&'a Event> {
        let about = if self.cards.is_empty() { HashMap::new() } else { cards_of(all) };
        all.iter().filter(|event| self.holds(event, &about)).collect()
    }

    fn holds(&self, event: &Event, about: &HashMap<&str, &[CardId]>) -> bool {
        self.since.is_none_or(|since| event.at >= since)
            && self.until.is_none_or(|until| event.at < until)
            && one_of(&self.platforms, Some(&event.platform))
            && (self.marks.is_empty()
                || matches!(&event.body, Body::Marked { mark, .. } if self.marks.contains(mark)))
            && self.names(event)
            && (self.cards.is_empty()
                || cards(event, about).iter().any(|card| self.cards.contains(card)))
    }

    /// Whether channel and benefit are the wanted ones.
    fn names(&self, event: &Event) -> bool {
        let (channel, benefit) = match &event.body {
            Body::Recommended { channel, benefit, .. } => (channel.as_ref(), benefit.as_ref()),
            _ => (None, None),
        };
        one_of(&self.channels, channel.map(ToString::to_string).as_ref())
            && one_of(&self.benefits, benefit.map(ToString::to_string).as_ref())
    }
}

fn one_of<T: Ord>(wanted: &BTreeSet<T>, found: Option<&T>) -> bool {
    wanted.is_empty() || found.is_some_and(|found| wanted.contains(found))
}

/// The cards of each answer, by its receipt and by its question.
fn cards_of(all: &[Event]) -> HashMap<&str, &[CardId]> {
    let mut cards = HashMap::new();
    for event in all {
        if let Body::Answered { question, card_ids, .. } = &event.body {
            cards.insert(event.id.as_str(), card_ids.as_slice());
            cards.entry(question.as_str()).or_insert(card_ids.as_slice());
        }
    }
    cards
}

/// The cards that an event is about.
fn cards<'a>(event: &'a Event, about: &HashMap<&str, &'a [CardId]>) -> &'a [CardId] {
    let of = |id: &str| about.get(id).copied().unwrap_or_default();
    match &event.body {
        Body::Asked { .. } => of(&event.id),
        Body::Answered { card_ids, .. } => card_ids,
        Body::Marked { card_id, .. } => std::slice::from_ref(card_id),
        Body::Recommended { receipt: Some(receipt), .. } | Body::Wished { receipt } => of(receipt),
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Redacted;

    fn event(id: &str, platform: Platform, body: Body) -> Event {
        Event::new(id.to_owned(), Timestamp::from_unix_micros(7), "rep", platform, body)
    }

    /// A question with its answer, its mark and what the rep told marketing.
    fn log() -> Vec<Event> {
        let stored = |text: &str, id: &str, platform| {
            let read: Event = serde_json::from_str(text).unwrap();
            event(id, platform, read.body)
        };
        let card = CardId::parse("too-expensive").unwrap();
        let asked = stored(include_str!("../../tests/events/v1/asked.json"), "q", Platform::Web);
        let mut answered =
            stored(include_str!("../../tests/events/v1/answered.json"), "a", Platform::Web);
        if let Body::Answered { question, card_ids, .. } = &mut answered.body {
            (*question, *card_ids) = ("q".to_owned(), vec![card.clone()]);
        }
        let marked = event(
            "m",
            Platform::Discord,
            Body::Marked {
                receipt: "a".to_owned(),
                card_id: card,
                mark: Mark::Worked,
                reason: None,
                note: None,
                generation: String::new(),
            },
        );
        let told = event(
            "r",
            Platform::Discord,
            Body::Recommended {
                text: Redacted::of("send the case study"),
                channel: Some(Redacted::of("phone")),
                benefit: None,
                receipt: Some("a".to_owned()),
            },
        );
        let other = stored(include_str!("../../tests/events/v1/asked.json"), "o", Platform::Api);
        vec![asked, answered, marked, told, other]
    }

    fn kept(filter: &Filter) -> String {
        let log = log();
        filter.of(&log).iter().map(|event| event.id.as_str()).collect()
    }

    #[test]
    fn each_kind_keeps_what_it_is_about() {
        let card =
            |id: &str| Filter { cards: [CardId::parse(id).unwrap()].into(), ..Filter::default() };
        assert_eq!(kept(&Filter::default()), "qamro");
        assert_eq!(kept(&card("too-expensive")), "qamr");
        assert_eq!(kept(&card("no-budget")), "");
        let marks = [Mark::Worked, Mark::NotUsed].into();
        assert_eq!(kept(&Filter { marks, ..Filter::default() }), "m");
        let platforms = [Platform::Discord, Platform::Api].into();
        assert_eq!(kept(&Filter { platforms, ..Filter::default() }), "mro");
        let channels = ["phone".to_owned()].into();
        assert_eq!(kept(&Filter { channels, ..Filter::default() }), "r");
        let benefits = ["hours-saved".to_owned()].into();
        assert_eq!(kept(&Filter { benefits, ..Filter::default() }), "");
        let platforms = [Platform::Web].into();
        assert_eq!(kept(&Filter { platforms, ..card("too-expensive") }), "qa", "and");
    }

    #[test]
    fn a_period_begins_with_its_first_moment_and_ends_before_its_last() {
        let at = |micros| Some(Timestamp::from_unix_micros(micros));
        let period = |since, until| {
            kept(&Filter { since: at(since), until: at(until), ..Filter::default() })
        };
        assert_eq!((period(7, 8).as_str(), period(8, 9).as_str()), ("qamro", ""));
        assert_eq!((period(6, 7).as_str(), period(0, 100).as_str()), ("", "qamro"));
    }
}
