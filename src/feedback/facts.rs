//! The log as it is counted: of each event some fifty bytes, in place of its words.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

use super::{Body, Event, Mark, Platform};
use crate::model::{CardId, Outcome, Timestamp};
use crate::redact::Redacted;

/// So many names of channels and benefits are told apart; those that come later have none here.
/// Anyone may type a new one, and memory must not follow.
const MOST_NAMES: usize = 10_000;

/// Everything that is counted in, in the order in which the log grew.
#[derive(Debug, Default)]
pub struct Facts {
    pub(super) facts: Vec<Fact>,
    /// Where questions and answers are, by the [`key`] of their ids.
    by_id: HashMap<u64, u32>,
    /// Lists of cards that answers showed.
    pub(super) lists: Names<Vec<CardId>>,
    /// Channels and benefits; the first is the empty one.
    pub(super) names: Names<String>,
    unreadable: Vec<i64>,
}

/// What is counted of one event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    /// Its number in the log.
    pub number: i64,
    pub at: Timestamp,
    pub platform: Platform,
    pub what: What,
}

/// Numbers of lists and names stand for the lists and names themselves.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    /// With the key of its words, whether they are kept, and the cards that answered it.
    Asked { words: u64, kept: bool, list: u32 },
    /// With the place of its question.
    Answered { question: Option<u32>, outcome: Outcome, list: u32, pushback: bool },
    /// With the key of the receipt.
    Marked { receipt: u64, list: u32, mark: Mark },
    /// With the cards of the answer it is about.
    Recommended { channel: u32, benefit: u32, list: u32 },
    /// What has nothing to count but itself, with the cards it is about.
    Other { list: u32 },
}

impl Facts {
    /// Adds what comes next in the log.
    pub fn add(&mut self, number: i64, event: &Event) {
        let place = u32::try_from(self.facts.len()).unwrap_or(u32::MAX);
        let what = match &event.body {
            Body::Asked { text, text_hash, .. } => {
                self.by_id.insert(key(&event.id), place);
                let list = self.lists.number(&Vec::new());
                What::Asked { words: key(text_hash), kept: text.is_some(), list }
            }
            Body::Answered { question, outcome, card_ids, pushback, .. } => {
                self.by_id.insert(key(&event.id), place);
                let list = self.lists.number(card_ids);
                let question = self.by_id.get(&key(question)).copied();
                self.answer(question, list);
                let pushback = pushback.is_some();
                What::Answered { question, outcome: *outcome, list, pushback }
            }
            Body::Marked { receipt, card_id, mark, .. } => {
                let list = self.lists.number(&vec![card_id.clone()]);
                What::Marked { receipt: key(receipt), list, mark: *mark }
            }
            Body::Recommended { channel, benefit, receipt, .. } => {
                let (channel, benefit) = (self.name(channel), self.name(benefit));
                What::Recommended { channel, benefit, list: self.cards_of(receipt.as_deref()) }
            }
            Body::Wished { receipt } => What::Other { list: self.cards_of(Some(receipt)) },
            Body::CallStarted { .. }
            | Body::CallEnded { .. }
            | Body::PriceShown(_)
            | Body::GiveOffered(_)
            | Body::GiveWithdrawn(_)
            | Body::GetAgreed(_)
            | Body::GetWritten(_)
            | Body::ApprovalRequested(_)
            | Body::ApprovalRecorded(_)
            | Body::ApprovalReopened(_) => What::Other { list: self.cards_of(None) },
        };
        self.facts.push(Fact { number, at: event.at, platform: event.platform, what });
    }

    /// Notes that the event with this number is damaged.
    pub fn add_unreadable(&mut self, number: i64) {
        self.unreadable.push(number);
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The number of the last one, damaged or not.
    #[must_use]
    pub fn last(&self) -> Option<i64> {
        self.facts.last().map(|fact| fact.number).max(self.unreadable.last().copied())
    }

    /// The numbers of those that are damaged.
    #[must_use]
    pub fn unreadable(&self) -> &[i64] {
        &self.unreadable
    }

    /// A question is about what answered it first.
    fn answer(&mut self, question: Option<u32>, answered: u32) {
        let empty = self.lists.number(&Vec::new());
        let fact = question.and_then(|place| self.facts.get_mut(place as usize));
        if let Some(Fact { what: What::Asked { list, .. }, .. }) = fact
            && *list == empty
        {
            *list = answered;
        }
    }

    /// The cards of the answer with this receipt.
    fn cards_of(&mut self, receipt: Option<&str>) -> u32 {
        let place = receipt.and_then(|receipt| self.by_id.get(&key(receipt)));
        match place.and_then(|place| self.facts.get(*place as usize)) {
            Some(Fact { what: What::Answered { list, .. }, .. }) => *list,
            _ => self.lists.number(&Vec::new()),
        }
    }

    fn name(&mut self, name: &Option<Redacted>) -> u32 {
        let empty = self.names.number(&String::new());
        match name.as_ref().map(Redacted::to_string) {
            Some(name) if self.names.len() < MOST_NAMES => self.names.number(&name),
            Some(name) => self.names.find(&name).unwrap_or(empty),
            None => empty,
        }
    }
}

impl<'a> FromIterator<(i64, &'a Event)> for Facts {
    fn from_iter<I: IntoIterator<Item = (i64, &'a Event)>>(events: I) -> Self {
        let mut facts = Self::default();
        events.into_iter().for_each(|(number, event)| facts.add(number, event));
        facts
    }
}

/// Stands for an id or a hash. Two of a million are the same once in thirty million logs.
fn key(text: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}

/// Things with numbers, each once.
#[derive(Debug)]
pub(super) struct Names<T> {
    numbers: HashMap<T, u32>,
    all: Vec<T>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), all: Vec::new() }
    }
}

impl<T: Hash + Eq + Clone> Names<T> {
    fn number(&mut self, thing: &T) -> u32 {
        if let Some(number) = self.numbers.get(thing) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(thing.clone());
        self.numbers.insert(thing.clone(), number);
        number
    }

    pub(super) fn find(&self, thing: &T) -> Option<u32> {
        self.numbers.get(thing).copied()
    }

    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.all.get(number as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.all.iter()
    }
}
