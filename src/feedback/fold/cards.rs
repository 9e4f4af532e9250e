//! How often cards were shown, and how it went.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tables::pairs;
use super::{Fact, Fold, Slice, Tables, Wanted, What};
use crate::feedback::{CardUse, Mark};
use crate::model::{CardId, ContentHash};

/// Answers by the cards they showed, and the last mark of each card of each answer: a rep may
/// change their mind.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(in crate::feedback) struct CardFold {
    #[serde(with = "pairs")]
    shown: BTreeMap<Slice, u64>,
    /// Answers to what customers said against a card.
    #[serde(with = "pairs")]
    pushbacks: BTreeMap<Slice, u64>,
    /// By the key of the receipt; with the number of the event.
    #[serde(with = "pairs")]
    marks: BTreeMap<(u64, Slice), (i64, Mark)>,
}

impl CardFold {
    /// Answers by the first of the cards that they showed.
    pub(in crate::feedback) fn by_first_card(&self, tables: &Tables) -> BTreeMap<CardId, u64> {
        let mut first: BTreeMap<CardId, u64> = BTreeMap::new();
        for (slice, shown) in &self.shown {
            if let Some((card, _)) = tables.versions(slice.list).first() {
                *first.entry(card.clone()).or_default() += shown;
            }
        }
        first
    }

    /// The lists of which an answer was shown or a card was marked.
    pub(in crate::feedback) fn lists(&self) -> impl Iterator<Item = u32> {
        let marked = self.marks.keys().map(|(_, slice)| slice.list);
        self.shown.keys().map(|slice| slice.list).chain(marked)
    }

    /// What became of each version of a card.
    pub(in crate::feedback) fn by_version(
        &self,
        tables: &Tables,
        card: &CardId,
    ) -> BTreeMap<Option<ContentHash>, CardUse> {
        let mut versions: BTreeMap<Option<ContentHash>, CardUse> = BTreeMap::new();
        let mut add = |list: u32, add: &dyn Fn(&mut CardUse)| {
            for (_, hash) in tables.versions(list).iter().filter(|(found, _)| found == card) {
                add(versions.entry(hash.clone()).or_default());
            }
        };
        for (slice, shown) in &self.shown {
            add(slice.list, &|version| version.shown += shown);
        }
        for (list, mark) in self.last_marks() {
            add(list, &|version| version.mark(mark));
        }
        versions
    }

    /// The list and the mark of each card of each answer that was marked last. The same card of the
    /// same answer may have been marked on two platforms.
    fn last_marks(&self) -> impl Iterator<Item = (u32, Mark)> {
        let mut last: BTreeMap<(u64, u32), (i64, Mark)> = BTreeMap::new();
        for ((receipt, slice), (number, mark)) in &self.marks {
            let found = last.entry((*receipt, slice.list)).or_insert((*number, *mark));
            *found = (*found).max((*number, *mark));
        }
        last.into_iter().map(|((_, list), (_, mark))| (list, mark))
    }

    /// What became of each card.
    pub(in crate::feedback) fn by_card(
        &self,
        tables: &Tables,
        wanted: &Wanted<'_>,
    ) -> BTreeMap<CardId, CardUse> {
        let mut cards: BTreeMap<CardId, CardUse> = BTreeMap::new();
        let mut add = |list: u32, add: &dyn Fn(&mut CardUse)| {
            tables.versions(list).iter().for_each(|(card, _)| match cards.get_mut(card) {
                Some(found) => add(found),
                None => add(cards.entry(card.clone()).or_default()),
            });
        };
        for (slice, shown) in &self.shown {
            let alone = if tables.versions(slice.list).len() == 1 { *shown } else { 0 };
            add(slice.list, &|card| {
                (card.shown, card.alone) = (card.shown + shown, card.alone + alone)
            });
        }
        for (slice, pushbacks) in &self.pushbacks {
            add(slice.list, &|card| card.pushbacks += pushbacks);
        }
        for (list, mark) in self.last_marks().filter(|(_, mark)| wanted.mark(*mark)) {
            add(list, &|card| card.mark(mark));
        }
        cards
    }
}

impl Fold for CardFold {
    fn apply(&mut self, fact: &Fact) {
        match fact.what {
            // A push-back goes on with a card that was counted when it was shown.
            What::Answered { pushback: false, .. } => {
                *self.shown.entry(fact.slice).or_default() += 1;
            }
            What::Answered { pushback: true, .. } => {
                *self.pushbacks.entry(fact.slice).or_default() += 1;
            }
            What::Marked { receipt, mark } => {
                self.marks.insert((receipt, fact.slice), (fact.number, mark));
            }
            What::Asked | What::Recommended { .. } | What::Other => {}
        }
    }

    fn merge(&mut self, later: &Self, wanted: &Wanted<'_>) {
        // Once it is known what is wanted, platforms are not told apart any more.
        let any = |slice: &Slice| Slice { list: slice.list, ..Slice::ANY };
        if wanted.answers() {
            for (slice, shown) in later.shown.iter().filter(|(slice, _)| wanted.slice(**slice)) {
                *self.shown.entry(any(slice)).or_default() += shown;
            }
            for (slice, count) in later.pushbacks.iter().filter(|(slice, _)| wanted.slice(**slice))
            {
                *self.pushbacks.entry(any(slice)).or_default() += count;
            }
        }
        let marks = later.marks.iter().filter(|((_, slice), _)| wanted.marks(*slice));
        self.marks.extend(marks);
    }
}
