//! Numbers in the place of lists of cards and of names, so that what is counted stays small; and a
//! filter in these numbers.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::{Fact, Question, Slice, What};
use crate::feedback::{Body, Event, Filter, Mark};
use crate::model::{CardId, ContentHash};
use crate::redact::Redacted;

/// So many names of channels and benefits are told apart; those that come later have none here.
/// Anyone may type a new one, and memory must not follow.
const MOST_NAMES: usize = 10_000;

/// Lists of cards, and names of channels and benefits. They only grow, in the order of the log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::feedback) struct Tables {
    lists: Names<Vec<Version>>,
    /// The first is the empty one.
    names: Names<String>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { lists: vec![Vec::new()].into(), names: vec![String::new()].into() }
    }
}

/// A card as it was at some time; without the hash of its content where that is not known.
pub(in crate::feedback) type Version = (CardId, Option<ContentHash>);

/// The events that others refer to, by id.
#[derive(Debug, Default)]
pub(in crate::feedback) struct Related<'a>(HashMap<&'a str, (i64, &'a Event)>);

impl<'a> Related<'a> {
    /// Of these events.
    pub(in crate::feedback) fn of(events: impl Iterator<Item = &'a (i64, Event)>) -> Self {
        Self(events.map(|(number, event)| (event.id.as_str(), (*number, event))).collect())
    }
}

impl Tables {
    /// The number of the list without any card.
    pub(in crate::feedback) const NO_CARDS: u32 = 0;

    /// What is counted of an event. `was_gap` tells whether nothing fitted these words once.
    pub(in crate::feedback) fn fact(
        &mut self,
        (number, event): &(i64, Event),
        related: &Related<'_>,
        was_gap: impl Fn(u64) -> bool,
    ) -> Fact {
        let what = match &event.body {
            Body::Asked { .. } => What::Asked,
            Body::Answered { question, outcome, pushback, .. } => {
                let question = related.0.get(question.as_str()).and_then(|(asked, question)| {
                    let Body::Asked { text, text_hash, .. } = &question.body else { return None };
                    let (words, kept) = (key(text_hash), text.is_some());
                    let (was_gap, first) = (was_gap(words), asked + 1 == *number);
                    Some(Question { number: *asked, words, kept, was_gap, first })
                });
                What::Answered { question, outcome: *outcome, pushback: pushback.is_some() }
            }
            Body::Marked { receipt, mark, .. } => {
                What::Marked { receipt: key(receipt.as_str()), mark: *mark }
            }
            Body::Recommended { channel, benefit, .. } => {
                What::Recommended { channel: self.named(channel), benefit: self.named(benefit) }
            }
            Body::Wished { .. }
            | Body::CallStarted { .. }
            | Body::CallEnded { .. }
            | Body::PriceShown(_)
            | Body::GiveOffered(_)
            | Body::GiveWithdrawn(_)
            | Body::GetAgreed(_)
            | Body::GetWritten(_)
            | Body::ApprovalRequested(_)
            | Body::ApprovalRecorded(_)
            | Body::ApprovalReopened(_)
            | Body::Triaged(_)
            | Body::TriageUndone { .. }
            | Body::TriageTold { .. }
            | Body::Replied { .. } => What::Other,
        };
        let about = event.body.inherits_cards_of();
        let about = about
            .and_then(|receipt| related.0.get(receipt.as_str()))
            .map_or(event, |found| found.1);
        let list = self.lists.add(versions(&about.body, related).as_slice());
        let slice = Slice { platform: event.platform, list };
        Fact { number: *number, at: event.at, slice, what }
    }

    /// The cards of a list, in the versions that were shown.
    pub(in crate::feedback) fn versions(&self, list: u32) -> &[Version] {
        self.lists.get(list).map_or(&[], Vec::as_slice)
    }

    /// A channel or benefit; the empty name for none.
    pub(super) fn name(&self, number: u32) -> &str {
        self.names.get(number).map_or("", String::as_str)
    }

    fn named(&mut self, name: &Option<Redacted>) -> u32 {
        match name.as_ref().map(Redacted::as_str) {
            Some(name) if self.names.all.len() < MOST_NAMES => self.names.add(name),
            Some(name) => self.names.find(name).unwrap_or_default(),
            None => 0,
        }
    }
}

/// The cards that an event is about, in the versions that were shown.
fn versions(body: &Body, related: &Related<'_>) -> Vec<Version> {
    let answer = match body {
        Body::Marked { receipt, .. } => related.0.get(receipt.as_str()).map(|found| &found.1.body),
        body => Some(body),
    };
    let shown = match answer {
        Some(Body::Answered { shown, .. }) => shown.as_slice(),
        _ => &[],
    };
    let version = |card: &CardId| {
        let shown = shown.iter().find(|shown| shown.card_id == *card);
        (card.clone(), shown.map(|shown| shown.hash.clone()))
    };
    body.cards().iter().map(version).collect()
}

/// Stands for an id or a hash, and is stored. Two of a million are the same once in thirty million
/// logs.
fn key(text: &str) -> u64 {
    ContentHash::number([text])
}

/// Things with numbers, each once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(
    from = "Vec<T>",
    into = "Vec<T>",
    bound = "T: Serialize + for<'a> Deserialize<'a> + Hash + Eq + Clone"
)]
struct Names<T> {
    numbers: HashMap<T, u32>,
    all: Vec<T>,
}

impl<T: Hash + Eq + Clone> From<Vec<T>> for Names<T> {
    fn from(all: Vec<T>) -> Self {
        Self { numbers: all.iter().cloned().zip(0..).collect(), all }
    }
}

impl<T> From<Names<T>> for Vec<T> {
    fn from(names: Names<T>) -> Self {
        names.all
    }
}

impl<T: Hash + Eq> Names<T> {
    fn find<Q: ?Sized + Hash + Eq>(&self, thing: &Q) -> Option<u32>
    where
        T: std::borrow::Borrow<Q>,
    {
        self.numbers.get(thing).copied()
    }

    fn add<Q: ?Sized + Hash + Eq + ToOwned<Owned = T>>(&mut self, thing: &Q) -> u32
    where
        T: std::borrow::Borrow<Q> + Clone,
    {
        self.find(thing).unwrap_or_else(|| {
            let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            self.all.push(thing.to_owned());
            self.numbers.insert(thing.to_owned(), number);
            number
        })
    }

    fn get(&self, number: u32) -> Option<&T> {
        self.all.get(number as usize)
    }
}

/// A filter with what it names as numbers.
pub(in crate::feedback) struct Wanted<'a> {
    filter: &'a Filter,
    /// Of each list of cards whether it has one of the wanted; empty when all are.
    lists: Vec<bool>,
    channels: Vec<u32>,
    benefits: Vec<u32>,
}

impl<'a> Wanted<'a> {
    pub(in crate::feedback) fn of(filter: &'a Filter, tables: &Tables) -> Self {
        let wanted = |list: &Vec<Version>| list.iter().any(|(card, _)| filter.cards.contains(card));
        let lists = if filter.cards.is_empty() {
            Vec::new()
        } else {
            tables.lists.all.iter().map(wanted).collect()
        };
        // A recommendation without a channel is for none, not for the empty one.
        let numbers = |wanted: &BTreeSet<String>| {
            let named = wanted.iter().filter(|name| !name.is_empty());
            named.filter_map(|name| tables.names.find(name)).collect()
        };
        let (channels, benefits) = (numbers(&filter.channels), numbers(&filter.benefits));
        Self { filter, lists, channels, benefits }
    }

    /// Whether the cards of a list are wanted.
    pub(in crate::feedback) fn list(&self, list: u32) -> bool {
        self.filter.cards.is_empty() || self.lists.get(list as usize).is_some_and(|list| *list)
    }

    /// Whether platform and cards are wanted.
    pub(super) fn slice(&self, slice: Slice) -> bool {
        let platforms = &self.filter.platforms;
        (platforms.is_empty() || platforms.contains(&slice.platform)) && self.list(slice.list)
    }

    /// Whether a mark is wanted.
    pub(super) fn mark(&self, mark: Mark) -> bool {
        self.filter.marks.is_empty() || self.filter.marks.contains(&mark)
    }

    /// Whether marks of this slice are wanted, some of them.
    pub(super) fn marks(&self, slice: Slice) -> bool {
        !self.only_recommendations() && self.slice(slice)
    }

    /// Whether anything but marks and recommendations is wanted.
    pub(in crate::feedback) fn answers(&self) -> bool {
        !self.only_marks() && !self.only_recommendations()
    }

    pub(in crate::feedback) fn only_marks(&self) -> bool {
        !self.filter.marks.is_empty()
    }

    pub(in crate::feedback) fn only_recommendations(&self) -> bool {
        !(self.filter.channels.is_empty() && self.filter.benefits.is_empty())
    }

    /// Whether a recommendation is wanted.
    pub(super) fn recommended(&self, slice: Slice, channel: u32, benefit: u32) -> bool {
        let one_of = |wanted: &BTreeSet<String>, numbers: &[u32], found: u32| {
            wanted.is_empty() || numbers.contains(&found)
        };
        !self.only_marks()
            && self.slice(slice)
            && one_of(&self.filter.channels, &self.channels, channel)
            && one_of(&self.filter.benefits, &self.benefits, benefit)
    }
}

/// Maps whose keys are no texts, as lists of pairs.
pub(super) mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in super::super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(in super::super) fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}
