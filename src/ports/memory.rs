//! The twins of the ports in memory: what a use case is tried on without a disk or a network. The
//! store passes the same contract as every other (`tests/it/stores.rs`).

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{
    Appended, Clock, Cursor, EventQuery, FeedbackStore, Finder, FinderError, Found, Generation,
    IdempotencyKey, Library, ListQuery, Listed, Numbered, Page, PortFuture, Selection, StateStore,
    StoreError,
};
use crate::feedback::{Body, Checkpoint, Event};
use crate::model::{CardId, Timestamp};
use crate::playbook::Playbook;
use crate::pricing::Policy;
use crate::ranking::{ContextBoost, Weights};

/// A log in memory.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Log>);

#[derive(Debug, Default)]
struct Log {
    events: Vec<Numbered>,
    /// For each key the request that came with it, and its first event.
    once: HashMap<String, (String, Event)>,
    checkpoint: Option<Checkpoint>,
    /// Why nothing can be written or read.
    trouble: Option<String>,
}

impl MemoryStore {
    /// From now on every call fails for this reason; with `None` none does.
    pub fn fail(&self, why: Option<&str>) {
        self.log().trouble = why.map(str::to_owned);
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Log) -> Result<T, StoreError>,
    ) -> PortFuture<'_, Result<T, StoreError>> {
        let mut log = self.log();
        let done = match log.trouble.clone() {
            Some(why) => Err(StoreError(why)),
            None => act(&mut log),
        };
        Box::pin(std::future::ready(done))
    }
}

impl Log {
    fn append(
        &mut self,
        events: Vec<Event>,
        once: Option<IdempotencyKey>,
    ) -> Result<Appended, StoreError> {
        if let Some(once) = &once
            && let Some((request, first)) = self.once.get(&once.key)
        {
            return Ok(if *request == once.request {
                Appended::Repeated(Box::new(first.clone()))
            } else {
                Appended::KeyReused
            });
        }
        let known = |event: &Event| self.events.iter().any(|(_, known)| known.id == event.id);
        if let Some(event) = events.iter().find(|event| known(event)) {
            return Err(StoreError(format!("there is an event `{}` already", event.id)));
        }
        if let (Some(once), Some(first)) = (once, events.first()) {
            self.once.insert(once.key, (once.request, first.clone()));
        }
        let next = self.events.last().map_or(1, |(number, _)| number + 1);
        self.events.extend((next..).zip(events));
        Ok(Appended::New)
    }

    fn matching(&self, query: &EventQuery) -> Vec<Numbered> {
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        let matches = |(_, event): &&Numbered| {
            query.kinds.contains(&event.body.kind())
                && is(&query.actor, Some(&event.actor))
                && is(&query.conversation, event.body.conversation())
                && query.receipt.as_ref().is_none_or(|wanted| event.body.receipt() == Some(wanted))
                && is(&query.text_hash, event.body.text_hash())
                && query.since.is_none_or(|since| event.at >= since)
        };
        if query.newest_first {
            self.events.iter().rev().filter(matches).take(query.limit).cloned().collect()
        } else {
            self.events.iter().filter(matches).take(query.limit).cloned().collect()
        }
    }

    /// The cards that an event is about: a question is about what answered it first.
    fn cards<'a>(&'a self, (number, event): &'a Numbered) -> &'a [CardId] {
        let find = |id: &str| self.events.iter().find(|(_, event)| event.id == id);
        let answers = |next: &&Numbered| match &next.1.body {
            Body::Answered { question, .. } => next.0 == number + 1 && *question == event.id,
            _ => false,
        };
        let other = match event.body.inherits_cards_of() {
            Some(receipt) => find(receipt.as_str()),
            None if event.body.text_hash().is_some() => self.events.iter().find(answers),
            None => None,
        };
        other.map_or(event, |(_, other)| other).body.cards()
    }

    fn list(&self, query: &ListQuery) -> Listed {
        let cursor = |(number, event): &Numbered| Cursor { at: event.at, number: *number };
        let beyond = |event: &Numbered| match query.after {
            Some(after) if query.newest_first => cursor(event) < after,
            Some(after) => cursor(event) > after,
            None => true,
        };
        let wanted = self.events.iter().filter(|event| {
            query.up_to.is_none_or(|last| event.0 <= last)
                && beyond(event)
                && query.filter.holds(&event.1, self.cards(event))
        });
        let mut events: Vec<Numbered> = wanted.cloned().collect();
        events.sort_by_key(cursor);
        if query.newest_first {
            events.reverse();
        }
        let events: Vec<_> = events.into_iter().skip(query.skip).take(query.limit).collect();
        Listed { last: events.last().map(cursor), events }
    }

    fn save(&mut self, new: Checkpoint) {
        let Some(old) = &mut self.checkpoint else {
            self.checkpoint = Some(new);
            return;
        };
        if (new.version, new.last) <= (old.version, old.last) {
            return;
        }
        let replaced = |name: &str| new.parts.iter().any(|(other, _)| other == name);
        old.parts.retain(|(name, _)| new.version == old.version && !replaced(name));
        old.parts.extend(new.parts);
        (old.version, old.last) = (new.version, new.last);
    }

    fn page(events: Vec<Numbered>) -> Page {
        let last = events.last().map(|(number, _)| *number);
        Page { events, unreadable: Vec::new(), last }
    }
}

impl FeedbackStore for MemoryStore {
    fn append(
        &self,
        events: Vec<Event>,
        once: Option<IdempotencyKey>,
    ) -> PortFuture<'_, Result<Appended, StoreError>> {
        self.with(|log| log.append(events, once))
    }

    fn find<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Option<Event>, StoreError>> {
        let found = |log: &mut Log| log.events.iter().find(|(_, event)| event.id == id).cloned();
        self.with(|log| Ok(found(log).map(|(_, event)| event)))
    }

    fn find_all(&self, ids: Vec<String>) -> PortFuture<'_, Result<Vec<Numbered>, StoreError>> {
        let named = move |(_, event): &&Numbered| ids.contains(&event.id);
        self.with(|log| Ok(log.events.iter().filter(named).cloned().collect()))
    }

    fn events(&self, query: EventQuery) -> PortFuture<'_, Result<Vec<Numbered>, StoreError>> {
        self.with(|log| Ok(log.matching(&query)))
    }

    fn read(&self, selection: Selection) -> PortFuture<'_, Result<Page, StoreError>> {
        let Selection { after, newest_first, limit } = selection;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.with(|log| {
            let events = log.events.iter();
            Ok(Log::page(if newest_first {
                let below = |(number, _): &&Numbered| after.is_none_or(|after| *number < after);
                events.rev().filter(below).take(limit).cloned().collect()
            } else {
                let above = |(number, _): &&Numbered| after.is_none_or(|after| *number > after);
                events.filter(above).take(limit).cloned().collect()
            }))
        })
    }

    fn at(&self, numbers: Vec<i64>) -> PortFuture<'_, Result<Page, StoreError>> {
        let named = move |(number, _): &&Numbered| numbers.contains(number);
        self.with(|log| Ok(Log::page(log.events.iter().filter(named).cloned().collect())))
    }

    fn list(&self, query: ListQuery) -> PortFuture<'_, Result<Listed, StoreError>> {
        self.with(|log| Ok(log.list(&query)))
    }

    fn checkpoint(&self) -> PortFuture<'_, Result<Option<Checkpoint>, StoreError>> {
        self.with(|log| Ok(log.checkpoint.clone()))
    }

    fn save_checkpoint(&self, checkpoint: Checkpoint) -> PortFuture<'_, Result<(), StoreError>> {
        self.with(|log| {
            log.save(checkpoint);
            Ok(())
        })
    }

    fn trouble(&self) -> Option<String> {
        self.log().trouble.clone()
    }

    fn close(&self) -> PortFuture<'_, ()> {
        self.fail(Some("it was closed"));
        Box::pin(std::future::ready(()))
    }
}

/// Small things in memory.
#[derive(Debug, Default)]
pub struct MemoryState(Mutex<HashMap<String, Vec<u8>>>);

impl MemoryState {
    fn kept(&self) -> MutexGuard<'_, HashMap<String, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateStore for MemoryState {
    fn get(&self, name: &str) -> Result<Option<String>, StoreError> {
        let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone());
        self.kept().get(name).map(text).transpose().map_err(|error| StoreError(error.to_string()))
    }

    fn put(&self, name: &str, text: &str) -> Result<(), StoreError> {
        self.kept().insert(name.to_owned(), text.as_bytes().to_owned());
        Ok(())
    }

    fn get_or_put(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(self.kept().entry(name.to_owned()).or_insert_with(|| fresh.to_owned()).clone())
    }

    fn place(&self, name: &str) -> String {
        format!("`{name}` in memory")
    }
}

/// A clock that stands until it is moved on, and names that count up.
#[derive(Debug, Default)]
pub struct MemoryClock {
    micros: AtomicI64,
    names: AtomicU64,
}

impl MemoryClock {
    /// Moves it to this moment.
    pub fn set(&self, now: Timestamp) {
        self.micros.store(now.unix_micros(), Ordering::SeqCst);
    }
}

impl Clock for MemoryClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_micros(self.micros.load(Ordering::SeqCst))
    }

    fn new_id(&self) -> String {
        let name = self.names.fetch_add(1, Ordering::SeqCst);
        format!("00000000-0000-7000-8000-{name:012}")
    }
}

/// Finds what it was told to find: hits for each text, and nothing for all others.
#[derive(Debug, Clone)]
pub struct MemoryFinder {
    /// What is found, by text.
    pub hits: HashMap<String, super::Hits>,
    /// How it is weighed.
    pub weights: Weights,
}

impl Finder for MemoryFinder {
    fn find(
        &self,
        texts: Vec<String>,
        _shown: Option<usize>,
    ) -> PortFuture<'_, Result<Found, FinderError>> {
        let each = texts.iter().map(|text| self.hits.get(text).cloned().unwrap_or_default());
        Box::pin(std::future::ready(Ok(Found { each: each.collect(), ..Found::default() })))
    }

    fn weights(&self) -> Weights {
        self.weights
    }
}

/// A library with one generation.
pub struct MemoryLibrary(Arc<Generation>);

impl MemoryLibrary {
    /// With these cards, and what finds them.
    #[must_use]
    pub fn new(playbook: Playbook, policy: Option<Policy>, finder: MemoryFinder) -> Self {
        Self(Arc::new(Generation {
            id: playbook.hash().to_string(),
            context_boost: ContextBoost::of(&playbook.cards),
            playbook,
            policy,
            finder: Box::new(finder),
        }))
    }

    /// With a price policy and no cards.
    #[must_use]
    pub fn of_policy(policy: Policy) -> Self {
        let finder = MemoryFinder { hits: HashMap::new(), weights: Weights::LEXICAL };
        Self::new(Playbook::default(), Some(policy), finder)
    }
}

impl Library for MemoryLibrary {
    fn current(&self) -> Arc<Generation> {
        Arc::clone(&self.0)
    }

    fn problems(&self) -> Arc<[String]> {
        Arc::default()
    }
}
