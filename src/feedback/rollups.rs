//! The figures of the log by day. A part of the log is counted from its days, whatever the number of
//! events; days that are cut in two are read again.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::fold::{Fact, Fold, Related, Tables, Totals, Wanted};
use super::{Counts, Event, Filter, Inbox, VersionUse};
use crate::model::{CardId, ContentHash, Day, Timestamp};

/// What is stored of figures changes with this number; figures of another one are made anew.
const VERSION: u32 = 3;

/// The name of the part that has the tables, beside the days.
const TABLES: &str = "tables";

/// The name of the part that has the recommendations.
const INBOX: &str = "inbox";

/// The figures of a whole log, up to some event.
#[derive(Debug, Default)]
pub struct Rollups {
    tables: Tables,
    days: BTreeMap<Day, Totals>,
    /// The keys of words that nothing fitted once.
    gaps: HashSet<u64>,
    inbox: Inbox,
    progress: Progress,
    /// What is not in a checkpoint yet.
    changed: BTreeSet<Day>,
    inbox_changed: bool,
}

/// How far the log is counted.
#[derive(Debug, Default, Clone, serde::Serialize, serde::Deserialize)]
struct Progress {
    events: u64,
    unreadable: Vec<i64>,
    /// The number of the last event, damaged or not.
    last: Option<i64>,
}

/// Figures up to some event, as they are stored: those that changed since the last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The version of what is stored.
    pub version: u32,
    /// The number of the last event that is counted.
    pub last: i64,
    /// Parts by name. A part replaces an earlier one with its name; the others stay.
    pub parts: Vec<(String, String)>,
}

/// Events with their numbers, and those that they refer to.
#[derive(Debug, Default)]
pub struct LinkedEvents {
    /// In the order of the log.
    pub events: Vec<(i64, Event)>,
    /// Earlier events that are referred to.
    pub earlier: Vec<(i64, Event)>,
}

impl LinkedEvents {
    /// The ids of events that these refer to and that are not among them.
    #[must_use]
    pub fn missing(events: &[(i64, Event)]) -> Vec<String> {
        let present: HashSet<&str> = events.iter().map(|(_, event)| event.id.as_str()).collect();
        let wanted = events.iter().filter_map(|(_, event)| event.body.refers_to());
        let missing: BTreeSet<&str> = wanted.filter(|id| !present.contains(id)).collect();
        missing.into_iter().map(str::to_owned).collect()
    }

    fn related(&self) -> Related<'_> {
        Related::of(self.earlier.iter().chain(&self.events))
    }

    fn facts(&self, tables: &mut Tables) -> Vec<Fact> {
        let related = self.related();
        self.events.iter().map(|event| tables.fact(event, &related, |_| true)).collect()
    }
}

impl Rollups {
    /// Counts what comes next in the log.
    pub fn add(&mut self, linked: &LinkedEvents) {
        let related = linked.related();
        for event in &linked.events {
            let fact = self.tables.fact(event, &related, |words| self.gaps.contains(&words));
            let day = fact.at.day();
            let totals = self.days.entry(day).or_default();
            totals.apply(&fact);
            self.gaps.extend(fact.opens_gap());
            self.inbox_changed |= self.inbox.apply(event.0, &event.1);
            self.changed.insert(day);
            self.progress.events += 1;
            self.progress.last = self.progress.last.max(Some(fact.number));
        }
    }

    /// Notes that the event with this number is damaged.
    pub fn add_unreadable(&mut self, number: i64) {
        self.progress.unreadable.push(number);
        self.progress.last = self.progress.last.max(Some(number));
    }

    /// What reps recommend, and what became of it.
    #[must_use]
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// How many events are counted.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.progress.events
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.progress.events == 0
    }

    /// The number of the last one, damaged or not.
    #[must_use]
    pub fn last(&self) -> Option<i64> {
        self.progress.last
    }

    /// The numbers of those that are damaged.
    #[must_use]
    pub fn unreadable(&self) -> &[i64] {
        &self.progress.unreadable
    }

    /// The stretches of a part that begin or end within a day: their events have to be handed to
    /// [`Rollups::count`].
    #[must_use]
    pub fn cut_days(&self, filter: &Filter) -> Vec<(Timestamp, Timestamp)> {
        let Filter { since, until, .. } = filter;
        let cut = |edge: &Timestamp| (edge.day().begins() < *edge).then(|| edge.day());
        let days: BTreeSet<Day> = [since, until].into_iter().flatten().filter_map(cut).collect();
        let stretch = |day: Day| {
            let (begin, end) = (day.begins(), day.plus_days(1).begins());
            (
                since.map_or(begin, |since| since.max(begin)),
                until.map_or(end, |until| until.min(end)),
            )
        };
        let known = days.into_iter().filter(|day| self.days.contains_key(day));
        known.map(stretch).filter(|(begin, end)| begin < end).collect()
    }

    /// Counts a part of the log, with the events of its [`Rollups::cut_days`].
    #[must_use]
    pub fn count(&self, filter: &Filter, cut: &LinkedEvents) -> Counts {
        let wanted = Wanted::of(filter, &self.tables);
        let mut parts: BTreeMap<Day, Totals> = BTreeMap::new();
        // The tables know all that is in the log; what came in since is not in this part.
        let counted = |fact: &Fact| Some(fact.number) <= self.progress.last;
        let facts =
            if cut.events.is_empty() { Vec::new() } else { cut.facts(&mut self.tables.clone()) };
        for fact in facts.iter().filter(|fact| counted(fact)) {
            parts.entry(fact.at.day()).or_default().apply(fact);
        }
        let within = |day: &Day| {
            filter.since.is_none_or(|since| since <= day.begins())
                && filter.until.is_none_or(|until| day.plus_days(1).begins() <= until)
        };
        let mut totals = Totals::default();
        let whole = self.days.iter().filter(|(day, _)| within(day));
        let mut all: BTreeMap<&Day, &Totals> = whole.collect();
        all.extend(&parts);
        all.into_values().for_each(|day| totals.merge(day, &wanted));
        self.counts(&totals, &wanted)
    }

    fn counts(&self, totals: &Totals, wanted: &Wanted<'_>) -> Counts {
        let tally = totals.events.tally();
        let count =
            |count: i32| if wanted.answers() { u64::try_from(count).unwrap_or(0) } else { 0 };
        let recommendations = totals.recommendations.by_name(&self.tables);
        Counts {
            events: match (wanted.only_marks(), wanted.only_recommendations()) {
                (false, false) => count(tally.events),
                (true, false) => totals.events.marks(),
                (false, true) => totals.recommendations.sum(),
                (true, true) => 0,
            },
            questions: count(tally.questions),
            unanswered: count(tally.unanswered),
            cards: totals.cards.by_card(&self.tables, wanted),
            first_cards: totals.cards.by_first_card(&self.tables),
            gaps: totals.gaps.open(),
            recommendations,
        }
    }

    /// The versions of a card that were shown, oldest first.
    #[must_use]
    pub fn versions(&self, card: &CardId) -> Vec<VersionUse> {
        let mut days: BTreeMap<Option<ContentHash>, (Day, Day)> = BTreeMap::new();
        let all = Filter { cards: [card.clone()].into(), ..Filter::default() };
        let (wanted, mut totals) = (Wanted::of(&all, &self.tables), Totals::default());
        for (day, figures) in &self.days {
            let lists = figures.cards.lists().filter(|list| wanted.list(*list));
            let versions = lists.flat_map(|list| self.tables.versions(list));
            for (_, hash) in versions.filter(|(found, _)| found == card) {
                match days.get_mut(hash) {
                    Some((_, last)) => *last = *day,
                    None => drop(days.insert(hash.clone(), (*day, *day))),
                }
            }
            totals.cards.merge(&figures.cards, &wanted);
        }
        let used = totals.cards.by_version(&self.tables, card).into_iter();
        let mut versions: Vec<VersionUse> = used
            .filter_map(|(hash, fate)| {
                let (first, last) = *days.get(&hash)?;
                Some(VersionUse { hash, first, last, fate })
            })
            .collect();
        versions.sort_by(|one, other| (one.first, &one.hash).cmp(&(other.first, &other.hash)));
        versions
    }

    /// What changed since the last checkpoint; none when nothing did.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn checkpoint(&self) -> serde_json::Result<Option<Checkpoint>> {
        let Some(last) = self.progress.last.filter(|_| !self.changed.is_empty()) else {
            return Ok(None);
        };
        let tables = serde_json::to_string(&(&self.progress, &self.tables))?;
        let mut parts = vec![(TABLES.to_owned(), tables)];
        if self.inbox_changed {
            parts.push((INBOX.to_owned(), serde_json::to_string(&self.inbox)?));
        }
        for day in &self.changed {
            parts.push((day.to_string(), serde_json::to_string(&self.days.get(day))?));
        }
        Ok(Some(Checkpoint { version: VERSION, last, parts }))
    }

    /// Notes that a checkpoint is stored.
    pub fn stored(&mut self, checkpoint: &Checkpoint) {
        if self.progress.last == Some(checkpoint.last) {
            self.changed.clear();
            self.inbox_changed = false;
        }
    }

    /// Figures as they were stored; none when they were stored by another version, or are damaged.
    #[must_use]
    pub fn restore(checkpoint: Checkpoint) -> Option<Self> {
        let (named, days): (Vec<_>, Vec<_>) =
            checkpoint.parts.into_iter().partition(|(name, _)| name == TABLES || name == INBOX);
        let part = |wanted| named.iter().find(|(name, _)| name == wanted).map(|(_, text)| text);
        let (progress, tables): (Progress, Tables) = serde_json::from_str(part(TABLES)?).ok()?;
        let inbox = part(INBOX).map(|text| serde_json::from_str(text));
        let inbox: Inbox = inbox.transpose().ok()?.unwrap_or_default();
        if checkpoint.version != VERSION || progress.last != Some(checkpoint.last) {
            return None;
        }
        let day = |(name, text): (String, String)| {
            Some((name.parse::<Day>().ok()?, serde_json::from_str::<Totals>(&text).ok()?))
        };
        let days = days.into_iter().map(day).collect::<Option<BTreeMap<Day, Totals>>>()?;
        let gaps = days.values().flat_map(|totals| totals.gaps.words()).collect();
        Some(Self {
            tables,
            days,
            gaps,
            inbox,
            progress,
            changed: BTreeSet::new(),
            inbox_changed: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::{Body, CardUse, Mark, Platform};

    /// One answer, a mark for its first card, and another one a day later.
    fn corrected() -> Rollups {
        let answered = include_str!("../../tests/events/v1/answered.json");
        let answered: Event = serde_json::from_str(answered).unwrap();
        let first = answered.body.cards()[0].clone();
        let marked = |days: i64, mark| {
            let body = Body::Marked {
                receipt: answered.id.as_str().into(),
                card_id: first.clone(),
                mark,
                reason: None,
                note: None,
                generation: String::new(),
            };
            let at = answered.at.plus_days(days);
            Event::new(format!("m{days}"), at, "rep", Platform::Web, body)
        };
        let marks = [marked(0, Mark::Worked), marked(1, Mark::DidNotWork)];
        let events = (1..).zip([answered.clone()].into_iter().chain(marks)).collect();
        let mut rollups = Rollups::default();
        rollups.add(&LinkedEvents { events, earlier: Vec::new() });
        rollups
    }

    #[test]
    fn a_mark_that_was_corrected_a_day_later_counts_as_corrected() {
        let rollups = corrected();
        let count = |marks: &[Mark]| {
            let filter = Filter { marks: marks.iter().copied().collect(), ..Filter::default() };
            let counts = rollups.count(&filter, &LinkedEvents::default());
            let card = counts.cards.get(&CardId::parse("too-expensive").unwrap()).cloned();
            (counts.events, card.unwrap_or_default())
        };
        let failed = CardUse { did_not_work: 1, ..CardUse::default() };
        assert_eq!(count(&[]), (3, CardUse { shown: 1, ..failed.clone() }));
        assert_eq!(count(&[Mark::DidNotWork]), (1, failed));
        // The event is there, but no answer worked in the end.
        assert_eq!(count(&[Mark::Worked]), (1, CardUse::default()));
    }

    #[test]
    fn an_answer_and_its_marks_belong_to_the_version_that_was_shown() {
        let mut rollups = corrected();
        let text = include_str!("../../tests/events/v1/answered.json");
        let mut edited: Event = serde_json::from_str(text).unwrap();
        let card = edited.body.cards()[0].clone();
        (edited.id, edited.at) = ("edited".to_owned(), edited.at.plus_days(3));
        let hash = ContentHash::parse("00000000000000ff");
        if let Body::Answered { shown, card_ids, .. } = &mut edited.body {
            card_ids.retain(|found| *found == card);
            *shown = vec![crate::feedback::Shown {
                card_id: card.clone(),
                file: String::new(),
                line: 1,
                hash: hash.clone().unwrap(),
                turn: 0,
                confidence: 1.0,
                because: Vec::new(),
            }];
        }
        let body = Body::Marked {
            receipt: "edited".into(),
            card_id: card.clone(),
            mark: Mark::Worked,
            reason: None,
            note: None,
            generation: String::new(),
        };
        let mark = Event::new("m9".to_owned(), edited.at, "rep", Platform::Web, body);
        let earlier = vec![(10, edited.clone())];
        rollups.add(&LinkedEvents { events: vec![(10, edited)], earlier: Vec::new() });
        rollups.add(&LinkedEvents { events: vec![(11, mark)], earlier });
        let versions = rollups.versions(&card);
        let told: Vec<_> = versions
            .iter()
            .map(|version| (version.fate.shown, version.fate.worked, version.fate.did_not_work))
            .collect();
        assert_eq!(told, [(1, 0, 1), (1, 1, 0)]);
        assert!(versions[1].hash == hash && versions[0].last < versions[1].first);
    }

    #[test]
    fn what_was_stored_is_read_again_unless_it_is_of_another_version_or_damaged() {
        let mut rollups = corrected();
        let all = |rollups: &Rollups| rollups.count(&Filter::default(), &LinkedEvents::default());
        let stored = rollups.checkpoint().unwrap().unwrap();
        assert_eq!(stored.parts.len(), 3, "two days and the tables");
        let restored = Rollups::restore(stored.clone()).unwrap();
        assert_eq!(all(&restored), all(&rollups));
        assert_eq!(restored.checkpoint().unwrap(), None, "nothing is new");
        rollups.stored(&stored);
        assert_eq!(rollups.checkpoint().unwrap(), None);

        let other = Checkpoint { version: VERSION + 1, ..stored.clone() };
        assert!(Rollups::restore(other).is_none());
        let short = Checkpoint { last: stored.last + 1, ..stored.clone() };
        assert!(Rollups::restore(short).is_none());
        let mut damaged = stored;
        damaged.parts[1].1.truncate(7);
        assert!(Rollups::restore(damaged).is_none());
    }
}
