//! What reps recommend and what became of it, kept up to date event by event. Words stay in the log.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{Body, Event, Platform, Status};
use crate::model::{ContentHash, Day, Receipt, Timestamp};
use crate::redact::Redacted;

/// All recommendations, by the numbers of their events.
#[derive(Debug, Clone, Default)]
pub struct Inbox {
    items: BTreeMap<i64, Item>,
    /// The number of the item with this id, and of the one that a decision is about.
    numbers: HashMap<u64, i64>,
}

/// A recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The number of its event.
    pub number: i64,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it, as a pseudonym.
    pub actor: String,
    /// Where.
    pub platform: Platform,
    /// The channel that it names.
    pub channel: Option<Redacted>,
    /// The benefit that it names.
    pub benefit: Option<Redacted>,
    /// What was decided, oldest first.
    pub decisions: Vec<Decision>,
    /// The numbers of the rep's replies.
    pub replies: Vec<i64>,
}

/// A decision about a recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its event.
    pub id: String,
    /// The number of its event.
    pub number: i64,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it, as a pseudonym.
    pub actor: String,
    /// Where the recommendation stood then.
    pub status: Status,
    /// When it comes back.
    pub until: Option<Day>,
    /// True if it was taken back.
    pub undone: bool,
    /// True if the rep was told.
    pub told: bool,
}

impl Item {
    /// The decision that holds; none when there is none.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        self.decisions.iter().rev().find(|decision| !decision.undone)
    }

    /// Where it stands on a day.
    #[must_use]
    pub fn status(&self, today: Day) -> Status {
        match self.decision() {
            None => Status::Open,
            Some(decision) => match (decision.status, decision.until) {
                (Status::Snoozed, Some(until)) if until <= today => Status::Open,
                (status, _) => status,
            },
        }
    }
}

impl Inbox {
    /// Takes in the next event; true when it is one of a recommendation.
    pub fn apply(&mut self, number: i64, event: &Event) -> bool {
        if let Body::Recommended { channel, benefit, .. } = &event.body {
            let item = Item {
                number,
                at: event.at,
                actor: event.actor.clone(),
                platform: event.platform,
                channel: channel.clone(),
                benefit: benefit.clone(),
                decisions: Vec::new(),
                replies: Vec::new(),
            };
            self.items.insert(number, item);
            self.numbers.insert(key(&event.id), number);
            return true;
        }
        let (Body::Triaged(_)
        | Body::TriageUndone { .. }
        | Body::TriageTold { .. }
        | Body::Replied { .. }) = &event.body
        else {
            return false;
        };
        let Some(item) = event
            .body
            .receipt()
            .and_then(|id| self.items.get_mut(self.numbers.get(&key(id.as_str()))?))
        else {
            return false;
        };
        let found = |item: &mut Item, id: &str, act: fn(&mut Decision)| {
            item.decisions.iter_mut().filter(|decision| decision.id == id).for_each(act);
        };
        match &event.body {
            Body::Triaged(triaged) => item.decisions.push(Decision {
                id: event.id.clone(),
                number,
                at: event.at,
                actor: event.actor.clone(),
                status: triaged.status,
                until: triaged.until,
                undone: false,
                told: false,
            }),
            Body::TriageUndone { triaged, .. } => found(item, triaged, |found| found.undone = true),
            Body::TriageTold { triaged, .. } => found(item, triaged, |found| found.told = true),
            _ => item.replies.push(number),
        }
        true
    }

    /// The recommendations, oldest first.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.items.values()
    }

    /// The recommendation with this id.
    #[must_use]
    pub fn item(&self, id: &Receipt) -> Option<&Item> {
        self.items.get(self.numbers.get(&key(id.as_str()))?)
    }

    /// What someone decided at one moment, the last such moment that is not taken back.
    #[must_use]
    pub fn last_of(&self, actor: &str) -> Vec<(&Item, &Decision)> {
        let theirs = || {
            let all = self
                .items()
                .flat_map(|item| item.decisions.iter().map(move |decision| (item, decision)));
            all.filter(|(_, decision)| decision.actor == actor && !decision.undone)
        };
        let last = theirs().map(|(_, decision)| decision.at).max();
        theirs().filter(|(_, decision)| Some(decision.at) == last).collect()
    }

    /// As it is stored: the items with the keys of their ids.
    fn stored(&self) -> Vec<(u64, Item)> {
        let mut stored: Vec<(u64, Item)> = self
            .numbers
            .iter()
            .filter_map(|(key, number)| Some((*key, self.items.get(number)?.clone())))
            .collect();
        stored.sort_by_key(|(_, item)| item.number);
        stored
    }
}

/// Stands for an id, as in the tables of the folds.
fn key(id: &str) -> u64 {
    ContentHash::number([id])
}

impl Serialize for Inbox {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.stored().serialize(to)
    }
}

impl<'de> Deserialize<'de> for Inbox {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let stored: Vec<(u64, Item)> = Vec::deserialize(from)?;
        let numbers = stored.iter().map(|(key, item)| (*key, item.number)).collect();
        let items = stored.into_iter().map(|(_, item)| (item.number, item)).collect();
        Ok(Self { items, numbers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(name: &str) -> Event {
        let text = match name {
            "recommended" => include_str!("../../tests/events/v1/recommended.json"),
            "triaged" => include_str!("../../tests/events/v1/triaged.json"),
            "triaged_duplicate" => include_str!("../../tests/events/v1/triaged_duplicate.json"),
            "triage_undone" => include_str!("../../tests/events/v1/triage_undone.json"),
            "triage_told" => include_str!("../../tests/events/v1/triage_told.json"),
            "replied" => include_str!("../../tests/events/v1/replied.json"),
            _ => include_str!("../../tests/events/v1/marked.json"),
        };
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn decisions_follow_each_other_and_can_be_taken_back() {
        let mut inbox = Inbox::default();
        let today: Day = "2026-12-01".parse().unwrap();
        let names = [
            "recommended",
            "triaged",
            "triaged_duplicate",
            "triage_undone",
            "triage_told",
            "replied",
        ];
        let mut statuses = Vec::new();
        for (number, name) in (1..).zip(names) {
            assert!(inbox.apply(number, &stored(name)), "{name}");
            statuses.push(inbox.items().next().unwrap().status(today));
        }
        let [open, planned, duplicate] = [Status::Open, Status::Planned, Status::Duplicate];
        assert_eq!(statuses, [open, planned, duplicate, planned, planned, planned]);
        let item = inbox.items().next().unwrap();
        assert!(item.decision().unwrap().told && item.replies == [6]);
        let last = inbox.last_of("00112233445566aa");
        assert_eq!(last.len(), 1);
        assert_eq!(last[0].1.status, planned);
        assert!(!inbox.apply(7, &stored("marked")));

        let text = serde_json::to_string(&inbox).unwrap();
        let mut again: Inbox = serde_json::from_str(&text).unwrap();
        assert_eq!(again.items().collect::<Vec<_>>(), inbox.items().collect::<Vec<_>>());
        let mut snoozed = stored("triaged");
        if let Body::Triaged(triaged) = &mut snoozed.body {
            (triaged.status, triaged.until) = (Status::Snoozed, Some(today.plus_days(1)));
        }
        assert!(again.apply(8, &snoozed));
        let item = again.items().next().unwrap();
        assert_eq!(item.status(today), Status::Snoozed);
        assert_eq!(item.status(today.plus_days(1)), open);
    }
}
