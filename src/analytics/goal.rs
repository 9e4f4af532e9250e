//! The targets of the plan, and where they stand.

use super::Figures;
use crate::feedback::{OpenGap, Rate};
use crate::model::Day;
use crate::playbook::{Card, Measure, Target};

/// Where a target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Even the worse end of the range reaches it.
    Reached,
    /// It lies within the range.
    WithinReach,
    /// Even the better end of the range does not reach it.
    Behind,
    /// There are too few cases to say.
    NotEnough,
}

impl Standing {
    /// For people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Reached => "Reached",
            Self::WithinReach => "Within reach",
            Self::Behind => "Behind",
            Self::NotEnough => "Not enough data",
        }
    }
}

/// A target with what is measured of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The target.
    pub target: Target,
    /// The share it is about, for a share.
    pub rate: Option<Rate>,
    /// The days it is about, for a number of days.
    pub days: Option<i64>,
    /// Where it stands.
    pub standing: Standing,
}

impl Progress {
    /// Measures a target: by the figures of a period, the gaps that are open in it and the cards that
    /// are live.
    #[must_use]
    pub fn of(
        target: &Target,
        figures: &Figures,
        gaps: &[OpenGap],
        cards: &[Card],
        today: Day,
    ) -> Self {
        let checked = cards.iter().filter(|card| card.review_by >= today).count();
        let checked = Rate { hits: checked as u64, of: cards.len() as u64 };
        let (rate, days) = match target.measure {
            Measure::AnsweredShare => (Some(figures.answered), None),
            Measure::WinRate => (Some(figures.worked), None),
            Measure::VerifiedShare => (Some(checked), None),
            Measure::GapAgeDays => (None, median_age(gaps, today)),
        };
        let standing = match (rate, days) {
            // Every card is known: there is nothing to estimate.
            (Some(rate), _) if target.measure == Measure::VerifiedShare => {
                if rate.share() >= target.goal { Standing::Reached } else { Standing::Behind }
            }
            (Some(rate), _) => match rate.range() {
                None => Standing::NotEnough,
                Some((low, _)) if low >= target.goal => Standing::Reached,
                Some((_, high)) if high < target.goal => Standing::Behind,
                Some(_) => Standing::WithinReach,
            },
            (None, Some(days)) if days as f64 > target.goal => Standing::Behind,
            (None, _) => Standing::Reached,
        };
        Self { target: target.clone(), rate, days, standing }
    }
}

/// How many days gaps have been open, the one in the middle; none when none is open.
fn median_age(gaps: &[OpenGap], today: Day) -> Option<i64> {
    let mut ages: Vec<i64> = gaps.iter().map(|gap| today.days_since(gap.first.day())).collect();
    ages.sort_unstable();
    ages.get(ages.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_reached_only_beyond_doubt() {
        let today: Day = "2026-12-01".parse().unwrap();
        let standing = |measure, goal: f64, hits, of| {
            let owners = vec!["sales".to_owned()];
            let target = Target { id: "x".to_owned(), measure, goal, by: today, owners };
            let rate = Rate { hits, of };
            let figures = Figures { answered: rate, worked: rate, ..Figures::default() };
            let gap = |days: i64| OpenGap {
                key: 0,
                asked: 1,
                first: today.plus_days(-days).begins(),
                last: today.begins(),
                answer: 1,
                words: None,
            };
            let gaps = [gap(3), gap(30), gap(10)];
            Progress::of(&target, &figures, &gaps, &[], today).standing
        };
        assert_eq!(standing(Measure::AnsweredShare, 0.9, 950, 1_000), Standing::Reached);
        assert_eq!(standing(Measure::AnsweredShare, 0.9, 90, 100), Standing::WithinReach);
        assert_eq!(standing(Measure::WinRate, 0.9, 50, 100), Standing::Behind);
        assert_eq!(standing(Measure::WinRate, 0.9, 5, 5), Standing::NotEnough);
        assert_eq!(standing(Measure::GapAgeDays, 14.0, 0, 0), Standing::Reached);
        assert_eq!(standing(Measure::GapAgeDays, 7.0, 0, 0), Standing::Behind);
    }
}
