//! How each card fares, and which of them need a look.

use std::collections::BTreeMap;

use super::Parts;
use crate::feedback::{CardUse, Counts, ENOUGH, Rate, VersionUse};
use crate::model::{CardId, Day, Family};
use crate::playbook::{Card, Playbook};

/// How one card fared in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct CardFigures {
    /// The card.
    pub id: CardId,
    /// Its title; its id for one that is gone.
    pub title: String,
    /// Its family; none for one that is gone.
    pub family: Option<Family>,
    /// How often it was shown, and how that went.
    pub used: CardUse,
    /// Of the cards of its family whose outcome is known, those that worked.
    pub family_worked: Rate,
    /// How often it was shown in each finished week.
    pub weeks: Vec<u64>,
    /// When it was checked last, and when it is due again.
    pub checked: Option<(Day, Day)>,
}

impl CardFigures {
    /// For how many days its check has been due; none when it is not.
    #[must_use]
    pub fn overdue(&self, today: Day) -> Option<i64> {
        let (_, due) = self.checked?;
        Some(today.days_since(due)).filter(|days| *days > 0)
    }

    /// The lower end of the range in which its true success lies; none with too few outcomes.
    #[must_use]
    pub fn low(&self) -> Option<f64> {
        self.used.won().range().map(|(low, _)| low)
    }
}

/// By what cards are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The lower end of their success first that is highest; those with too few outcomes last.
    Worked,
    /// Shown most first.
    Shown,
    /// By title.
    Title,
    /// Pushed back on most first.
    Pushbacks,
    /// Overdue longest first.
    Due,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 5] = [Self::Worked, Self::Shown, Self::Title, Self::Pushbacks, Self::Due];

    /// Its name in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Worked => "worked",
            Self::Shown => "shown",
            Self::Title => "title",
            Self::Pushbacks => "pushbacks",
            Self::Due => "due",
        }
    }

    /// The order with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}

/// The cards of the playbooks and those of the log, as they fared in a period: counts of
/// [`Parts::filters`].
#[must_use]
pub fn cards(parts: &Parts, counts: &[Counts], playbook: &Playbook) -> Vec<CardFigures> {
    let Some(now) = counts.first() else { return Vec::new() };
    let live: BTreeMap<&CardId, &Card> =
        playbook.cards.iter().map(|card| (&card.id, card)).collect();
    let mut families: BTreeMap<Family, Rate> = BTreeMap::new();
    for (id, used) in &now.cards {
        if let Some(card) = live.get(id) {
            let all = families.entry(card.family).or_default();
            *all = *all + used.won();
        }
    }
    let weeks = parts.finished_weeks(counts);
    let figures = |id: &CardId| {
        let card = live.get(id);
        let shown = |week: &Counts| week.cards.get(id).map_or(0, |used| used.shown);
        CardFigures {
            id: id.clone(),
            title: card.map_or_else(|| id.to_string(), |card| card.title.clone()),
            family: card.map(|card| card.family),
            used: now.cards.get(id).cloned().unwrap_or_default(),
            family_worked: card
                .and_then(|card| families.get(&card.family).copied())
                .unwrap_or_default(),
            weeks: weeks.iter().map(shown).collect(),
            checked: card.map(|card| (card.verified, card.review_by)),
        }
    };
    let gone = now.cards.keys().filter(|id| !live.contains_key(id));
    playbook.cards.iter().map(|card| &card.id).chain(gone).map(figures).collect()
}

/// Puts cards in order.
pub fn sort(cards: &mut [CardFigures], sort: Sort, today: Day) {
    let by_title = |one: &CardFigures, other: &CardFigures| {
        one.title.to_lowercase().cmp(&other.title.to_lowercase())
    };
    cards.sort_by(|one, other| {
        let first = match sort {
            Sort::Worked => {
                let low = |card: &CardFigures| card.low().unwrap_or(-1.0);
                low(other).total_cmp(&low(one)).then(other.used.shown.cmp(&one.used.shown))
            }
            Sort::Shown => other.used.shown.cmp(&one.used.shown),
            Sort::Title => std::cmp::Ordering::Equal,
            Sort::Pushbacks => other.used.pushbacks.cmp(&one.used.pushbacks),
            Sort::Due => other.overdue(today).cmp(&one.overdue(today)),
        };
        first.then_with(|| by_title(one, other))
    });
}

/// The versions of a card that were shown for long enough to be compared, oldest first: one with too
/// few outcomes is taken together with the one after it.
#[must_use]
pub fn comparable(versions: &[VersionUse]) -> Vec<VersionUse> {
    let mut all: Vec<VersionUse> = Vec::new();
    for version in versions {
        match all.last_mut() {
            Some(last) if last.fate.won().of < ENOUGH => {
                let fate = &mut last.fate;
                fate.shown += version.fate.shown;
                fate.worked += version.fate.worked;
                fate.did_not_work += version.fate.did_not_work;
                fate.not_used += version.fate.not_used;
                (last.hash, last.last) = (version.hash.clone(), version.last);
            }
            _ => all.push(version.clone()),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::Period;

    #[test]
    fn cards_come_by_the_lower_end_of_their_success() {
        let today: Day = "2026-12-01".parse().unwrap();
        let id = |name: &str| CardId::parse(name).unwrap();
        let card = |name: &str| Card {
            title: name.to_owned(),
            family: Family::Price,
            ..Card::of_phrasings(id(name), today, Vec::new())
        };
        let playbook = Playbook {
            cards: ["few", "good", "sure", "unused"].map(card).into(),
            ..Playbook::default()
        };
        let used = |worked, did_not_work| CardUse {
            shown: 100,
            worked,
            did_not_work,
            ..CardUse::default()
        };
        let used = [
            (id("few"), used(3, 0)),
            (id("good"), used(18, 4)),
            (id("sure"), used(80, 20)),
            (id("gone"), used(1, 1)),
        ];
        let parts = Parts::of(Period::Days(7), today);
        let mut counts = vec![Counts::default(); parts.filters(&Default::default()).len()];
        counts[0].cards = used.into();
        let mut found = cards(&parts, &counts, &playbook);
        sort(&mut found, Sort::Worked, today);
        let order: Vec<&str> = found.iter().map(|card| card.id.as_str()).collect();
        assert_eq!(order, ["sure", "good", "few", "gone", "unused"]);
        assert_eq!(found[2].family_worked, Rate { hits: 101, of: 125 }, "what its family says");
        assert_eq!((found[3].family, found[0].weeks.len()), (None, 13));
        sort(&mut found, Sort::Title, today);
        assert_eq!(found[0].title, "few");
    }

    #[test]
    fn a_version_with_few_outcomes_is_taken_with_the_next() {
        let day: Day = "2026-12-01".parse().unwrap();
        let version = |worked, hash: &str| VersionUse {
            hash: crate::model::ContentHash::parse(hash),
            first: day,
            last: day,
            fate: CardUse { shown: worked, worked, ..CardUse::default() },
        };
        let versions = [
            version(30, "0000000000000001"),
            version(5, "0000000000000002"),
            version(40, "0000000000000003"),
        ];
        let found = comparable(&versions);
        let worked: Vec<u64> = found.iter().map(|version| version.fate.worked).collect();
        assert_eq!(worked, [30, 45]);
        assert_eq!(found[1].hash.as_ref().unwrap().as_str(), "0000000000000003");
    }
}
