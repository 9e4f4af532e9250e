//! The first page: what changed, week by week and theme by theme.

use std::collections::BTreeMap;

use super::{Change, Figures, Period, Span};
use crate::feedback::{Counts, Filter, Rate};
use crate::model::{CardId, Day, Family};
use crate::playbook::Playbook;

/// So many finished weeks are drawn, a quarter of a year.
const WEEKS: i64 = 13;

/// The stretches of the log that an overview is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// What is looked at.
    pub span: Span,
    /// Its days that are over, and as many before; none when there is nothing to compare.
    pub compared: Option<(Span, Span)>,
    /// Weeks, Monday to Sunday, oldest first.
    pub weeks: Vec<Span>,
}

impl Parts {
    /// Those of a period. The weeks end with the period.
    #[must_use]
    pub fn of(period: Period, today: Day) -> Self {
        let span = period.span(today);
        let finished = span.finished(today);
        let compared = finished.and_then(|finished| Some((finished, finished.before()?)));
        let last = span.last().unwrap_or(today).min(today).monday();
        let week = |number: i64| {
            let monday = last.plus_days(-7 * number);
            Span::between(monday, monday.plus_days(7))
        };
        Self { span, compared, weeks: (0..=WEEKS).rev().map(week).collect() }
    }

    /// Of the counts of [`Parts::filters`] those of the weeks.
    #[must_use]
    pub fn weeks<'a>(&self, counts: &'a [Counts]) -> &'a [Counts] {
        let first = counts.len().saturating_sub(self.weeks.len());
        counts.get(first..).unwrap_or_default()
    }

    /// The same without the last week, which may not be over.
    #[must_use]
    pub fn finished_weeks<'a>(&self, counts: &'a [Counts]) -> &'a [Counts] {
        self.weeks(counts).split_last().map_or(&[], |(_, finished)| finished)
    }

    /// The filters to count by, in the order that [`Overview::new`] takes their counts.
    #[must_use]
    pub fn filters(&self, filter: &Filter) -> Vec<Filter> {
        let compared = self.compared.iter().flat_map(|(finished, before)| [finished, before]);
        let spans = std::iter::once(&self.span).chain(compared).chain(&self.weeks);
        spans.map(|span| span.of(filter)).collect()
    }
}

/// A week.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    /// Its days.
    pub span: Span,
    /// True if it is over.
    pub finished: bool,
    /// Its figures.
    pub figures: Figures,
}

/// What customers bring up, by family.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// The family.
    pub family: Family,
    /// How often it was asked about in the period.
    pub asked: u64,
    /// Of the questions in the days that are over, those about it, and the same of as many days
    /// before.
    pub shares: Option<(Rate, Rate)>,
    /// How often in each week.
    pub weeks: Vec<u64>,
}

impl Theme {
    /// How its share of all questions changed.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        self.shares.map(|(now, before)| Change::of(now, before))
    }

    /// By how many percentage points its share differs, clear or not.
    #[must_use]
    pub fn points(&self) -> f64 {
        self.shares.map_or(0.0, |(now, before)| (now.share() - before.share()) * 100.0)
    }
}

/// What a marketer sees first.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The stretches it is about.
    pub parts: Parts,
    /// The period, today so far included.
    pub now: Figures,
    /// Its days that are over, and as many before.
    pub compared: Option<(Figures, Figures)>,
    /// The weeks.
    pub weeks: Vec<Week>,
    /// Families that were asked about, those that grew most first.
    pub themes: Vec<Theme>,
}

impl Overview {
    /// Puts the counts of [`Parts::filters`] together.
    #[must_use]
    pub fn new(parts: Parts, counts: &[Counts], today: Day, playbook: &Playbook) -> Self {
        let none = Counts::default();
        let mut counts = counts.iter();
        let mut next = || counts.next().unwrap_or(&none);
        let now = next();
        let compared = parts.compared.map(|_| (next(), next()));
        let weeks: Vec<&Counts> = parts.weeks.iter().map(|_| next()).collect();
        let families: BTreeMap<&CardId, Family> =
            playbook.cards.iter().map(|card| (&card.id, card.family)).collect();
        let week = |(span, counts): (&Span, &&Counts)| Week {
            span: *span,
            finished: span.until.is_some_and(|until| until <= today),
            figures: Figures::of(counts),
        };
        Self {
            now: Figures::of(now),
            compared: compared.map(|(now, before)| (Figures::of(now), Figures::of(before))),
            weeks: parts.weeks.iter().zip(&weeks).map(week).collect(),
            themes: themes(&families, now, compared, &weeks),
            parts,
        }
    }
}

/// Families by how their share of the questions changed. A card that is gone belongs to none.
fn themes(
    families: &BTreeMap<&CardId, Family>,
    now: &Counts,
    compared: Option<(&Counts, &Counts)>,
    weeks: &[&Counts],
) -> Vec<Theme> {
    let asked = |counts: &Counts| {
        let mut asked: BTreeMap<Family, u64> = BTreeMap::new();
        for (card, count) in &counts.first_cards {
            if let Some(family) = families.get(card) {
                *asked.entry(*family).or_default() += count;
            }
        }
        asked
    };
    let all = asked(now);
    let compared = compared
        .map(|(now, before)| [(asked(now), now.questions), (asked(before), before.questions)]);
    let weeks: Vec<BTreeMap<Family, u64>> = weeks.iter().map(|counts| asked(counts)).collect();
    let of = |asked: &BTreeMap<Family, u64>, family| asked.get(&family).copied().unwrap_or(0);
    let theme = |family: Family| Theme {
        family,
        asked: of(&all, family),
        shares: compared.as_ref().map(|[(now, questions), (before, earlier)]| {
            let rate = |hits: u64, of: u64| Rate { hits, of: of.max(hits) };
            (rate(of(now, family), *questions), rate(of(before, family), *earlier))
        }),
        weeks: weeks.iter().map(|week| of(week, family)).collect(),
    };
    let mut themes: Vec<Theme> = Family::ALL.into_iter().map(theme).collect();
    themes
        .retain(|theme| theme.asked > 0 || theme.shares.is_some_and(|(_, before)| before.hits > 0));
    themes.sort_by(|one, other| other.points().total_cmp(&one.points()));
    themes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::Card;

    #[test]
    fn an_overview_compares_finished_days_and_draws_whole_weeks() {
        let today: Day = "2026-12-01".parse().unwrap();
        let parts = Parts::of(Period::Days(7), today);
        assert_eq!(parts.weeks.len(), 14);
        assert_eq!(parts.weeks[13].in_words(), "30 November to 6 December 2026");
        assert_eq!(parts.filters(&Filter::default()).len(), 17);
        let id = CardId::parse("dear").unwrap();
        let card =
            Card { family: Family::Price, ..Card::of_phrasings(id.clone(), today, Vec::new()) };
        let playbook = Playbook { cards: vec![card], ..Playbook::default() };
        let about = |about: u64, questions: u64| Counts {
            questions,
            first_cards: [(id.clone(), about)].into(),
            ..Counts::default()
        };
        let mut counts = vec![about(61, 100), about(60, 90), about(20, 100)];
        counts.extend((0..14).map(|week| about(week, 100)));
        let overview = Overview::new(parts, &counts, today, &playbook);
        assert_eq!(overview.now.questions, 100);
        let [theme] = overview.themes.as_slice() else { panic!("{:?}", overview.themes) };
        assert_eq!((theme.asked, theme.weeks.last()), (61, Some(&13)));
        assert_eq!(theme.change().unwrap().to_string(), "+46.7 points");
        let finished: Vec<bool> = overview.weeks.iter().map(|week| week.finished).collect();
        assert_eq!(finished.iter().filter(|finished| **finished).count(), 13);
        assert!(!finished[13]);
    }
}
