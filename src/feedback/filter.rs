//! Which part of the log is looked at: the same for the page, the export and the command line.

use std::collections::BTreeSet;

use super::facts::{Fact, Facts, What};
use super::{Mark, Platform};
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

impl Facts {
    /// Those of a part of the log, in their order.
    pub(super) fn part<'a>(
        &'a self,
        filter: &'a Filter,
    ) -> impl DoubleEndedIterator<Item = &'a Fact> {
        let wanted = Wanted::of(filter, self);
        self.facts.iter().filter(move |fact| wanted.holds(fact))
    }

    /// The numbers of events of a part, newest first.
    #[must_use]
    pub fn newest(&self, filter: &Filter, skip: usize, most: usize) -> Vec<i64> {
        self.part(filter).rev().skip(skip).take(most).map(|fact| fact.number).collect()
    }

    /// The numbers of events of a part that come after one, oldest first.
    #[must_use]
    pub fn after(&self, number: i64, filter: &Filter, most: usize) -> Vec<i64> {
        let begin = self.facts.partition_point(|fact| fact.number <= number);
        let wanted = Wanted::of(filter, self);
        let rest = self.facts[begin..].iter().filter(|fact| wanted.holds(fact));
        rest.take(most).map(|fact| fact.number).collect()
    }
}

/// A filter with what it names as numbers.
struct Wanted<'a> {
    filter: &'a Filter,
    /// Of each list of cards whether it has one of the wanted; empty when all are.
    lists: Vec<bool>,
    channels: Vec<u32>,
    benefits: Vec<u32>,
}

impl<'a> Wanted<'a> {
    fn of(filter: &'a Filter, facts: &Facts) -> Self {
        let lists = if filter.cards.is_empty() {
            Vec::new()
        } else {
            facts
                .lists
                .iter()
                .map(|list| list.iter().any(|card| filter.cards.contains(card)))
                .collect()
        };
        // A recommendation without a channel is for none, not for the empty one.
        let names = |wanted: &BTreeSet<String>| {
            let named = wanted.iter().filter(|name| !name.is_empty());
            named.filter_map(|name| facts.names.find(name)).collect()
        };
        let (channels, benefits) = (names(&filter.channels), names(&filter.benefits));
        Self { filter, lists, channels, benefits }
    }

    fn holds(&self, fact: &Fact) -> bool {
        let Filter { since, until, marks, platforms, .. } = self.filter;
        since.is_none_or(|since| fact.at >= since)
            && until.is_none_or(|until| fact.at < until)
            && (platforms.is_empty() || platforms.contains(&fact.platform))
            && (marks.is_empty()
                || matches!(&fact.what, What::Marked { mark, .. } if marks.contains(mark)))
            && self.names(fact)
            && (self.filter.cards.is_empty()
                || self.lists.get(list(fact) as usize).is_some_and(|wanted| *wanted))
    }

    /// Whether channel and benefit are the wanted ones.
    fn names(&self, fact: &Fact) -> bool {
        let Filter { channels, benefits, .. } = self.filter;
        let (channel, benefit) = match fact.what {
            What::Recommended { channel, benefit, .. } => (Some(channel), Some(benefit)),
            _ => (None, None),
        };
        let one_of = |wanted: &BTreeSet<String>, numbers: &[u32], found: Option<u32>| {
            wanted.is_empty() || found.is_some_and(|found| numbers.contains(&found))
        };
        one_of(channels, &self.channels, channel) && one_of(benefits, &self.benefits, benefit)
    }
}

/// The number of the list of cards that an event is about.
fn list(fact: &Fact) -> u32 {
    match fact.what {
        What::Asked { list, .. }
        | What::Answered { list, .. }
        | What::Marked { list, .. }
        | What::Recommended { list, .. }
        | What::Other { list } => list,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::{Body, Event};
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
        let facts: Facts = (0..).zip(&log).collect();
        let numbers = facts.after(-1, filter, 100);
        let mut backwards = facts.newest(filter, 0, 100);
        backwards.reverse();
        assert_eq!(numbers, backwards);
        let id = |number: &i64| log[usize::try_from(*number).unwrap()].id.as_str();
        numbers.iter().map(id).collect()
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
        let benefits = [String::new()].into();
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
