//! Stretches of time in whole days (UTC), and which of them may be compared.

use crate::feedback::Filter;
use crate::model::Day;

/// A period as it is chosen: relative ones move on with the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// So many finished days, and today so far.
    Days(u16),
    /// The month that today is in.
    Month,
    /// The quarter that today is in.
    Quarter,
    /// Everything.
    All,
    /// From the first of these days to the last, either left open.
    Custom {
        /// The first day.
        from: Option<Day>,
        /// The last day.
        to: Option<Day>,
    },
}

impl Default for Period {
    fn default() -> Self {
        Self::Days(28)
    }
}

impl Period {
    /// What can be chosen with one click.
    pub const CHOICES: [(Self, &str); 6] = [
        (Self::Days(7), "7 days"),
        (Self::Days(28), "28 days"),
        (Self::Days(90), "90 days"),
        (Self::Month, "Month"),
        (Self::Quarter, "Quarter"),
        (Self::All, "All"),
    ];

    /// Its name in an address.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Days(days) => format!("{days}d"),
            Self::Month => "month".to_owned(),
            Self::Quarter => "quarter".to_owned(),
            Self::All => "all".to_owned(),
            Self::Custom { .. } => "custom".to_owned(),
        }
    }

    /// The one with this name; `None` when there is none, and for `custom`, which needs days.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut choices = Self::CHOICES.into_iter().map(|(period, _)| period);
        choices.find(|period| period.name() == name)
    }

    /// The days it covers today.
    #[must_use]
    pub fn span(&self, today: Day) -> Span {
        let (from, until) = match self {
            Self::Days(days) => (Some(today.plus_days(-i64::from(*days))), None),
            Self::Month => (Some(today.first_of_month()), None),
            Self::Quarter => (Some(today.first_of_quarter()), None),
            Self::All => (None, None),
            Self::Custom { from, to } => (*from, to.map(|to| to.plus_days(1))),
        };
        Span { from, until }
    }
}

/// A stretch of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day; none for all there were.
    pub from: Option<Day>,
    /// The first day after it; none for up to now.
    pub until: Option<Day>,
}

impl Span {
    /// From one day up to another, which is not in it.
    #[must_use]
    pub fn between(from: Day, until: Day) -> Self {
        Self { from: Some(from), until: Some(until) }
    }

    /// Its part that is over; none when there is none, or when it has no beginning.
    #[must_use]
    pub fn finished(self, today: Day) -> Option<Self> {
        let until = self.until.unwrap_or(today).min(today);
        let from = self.from.filter(|from| *from < until)?;
        Some(Self::between(from, until))
    }

    /// As many days, right before; none for a stretch that is open.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        let (from, until) = (self.from?, self.until?);
        Some(Self::between(from.plus_days(-until.days_since(from)), from))
    }

    /// As many days, right after; none for a stretch that is open.
    #[must_use]
    pub fn after(self) -> Option<Self> {
        let (from, until) = (self.from?, self.until?);
        Some(Self::between(until, until.plus_days(until.days_since(from))))
    }

    /// How many days it has; none for a stretch that is open.
    #[must_use]
    pub fn days(self) -> Option<i64> {
        Some(self.until?.days_since(self.from?))
    }

    /// The last of its days; none for up to now.
    #[must_use]
    pub fn last(self) -> Option<Day> {
        self.until.map(|until| until.plus_days(-1))
    }

    /// The filter with this stretch of time.
    #[must_use]
    pub fn of(self, filter: &Filter) -> Filter {
        let (since, until) = (self.from.map(Day::begins), self.until.map(Day::begins));
        Filter { since, until, ..filter.clone() }
    }

    /// `2 to 29 November 2026`, for people.
    #[must_use]
    pub fn in_words(self) -> String {
        match (self.from, self.last()) {
            (None, None) => "everything so far".to_owned(),
            (None, Some(last)) => format!("up to {}", last.with_year()),
            (Some(from), None) => format!("since {}", from.with_year()),
            (Some(from), Some(last)) if from == last => from.with_year(),
            (Some(from), Some(last)) if from.first_of_month() == last.first_of_month() => {
                let day = from.in_words();
                let day = day.split(' ').next().unwrap_or_default();
                format!("{day} to {}", last.with_year())
            }
            (Some(from), Some(last)) => format!("{} to {}", from.in_words(), last.with_year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn only_days_that_are_over_are_compared() {
        let today = day("2026-11-30");
        let span = Period::Days(28).span(today);
        assert_eq!(span, Span { from: Some(day("2026-11-02")), until: None });
        let finished = span.finished(today).unwrap();
        assert_eq!(finished.in_words(), "2 to 29 November 2026");
        assert_eq!(finished.before().unwrap().in_words(), "5 October to 1 November 2026");
        assert_eq!(finished.before().unwrap().after(), Some(finished));
        assert_eq!(finished.days(), Some(28));
        // The first day of a month has no finished day yet.
        let first = day("2026-12-01");
        assert_eq!(Period::Month.span(first).finished(first), None);
        assert_eq!(Period::All.span(today).finished(today), None);
        let ahead = Period::Custom { from: None, to: Some(day("2027-01-01")) };
        assert_eq!(ahead.span(today).finished(today), None);
    }

    #[test]
    fn a_name_means_one_period() {
        for (period, _) in Period::CHOICES {
            assert_eq!(Period::named(&period.name()), Some(period));
        }
        assert_eq!(Period::named("2w"), None);
        let one = Period::Custom { from: Some(day("2026-11-03")), to: Some(day("2026-11-03")) };
        assert_eq!(one.span(day("2026-11-30")).in_words(), "3 November 2026");
    }
}
