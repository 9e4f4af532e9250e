//! From how each query went to figures, and how far each of them can be trusted.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Chance, Outcome};

/// How one query went.
pub(super) struct Asked {
    /// Nothing should have been answered.
    pub nothing: bool,
    /// Place of the first right card, from 1.
    pub place: Option<usize>,
    /// What came back.
    pub outcome: Outcome,
    /// A right card is among those shown.
    pub shown_right: bool,
    /// What the first card said of itself, 0 to 1.
    pub confidence: f32,
    /// How long it took.
    pub micros: u64,
}

/// The figures of one set, or their means over several. Shares lie between 0 and 1.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    queries: usize,
    #[serde(flatten)]
    shares: Shares,
    /// Of each figure the interval that holds it in 95 of 100 cases.
    interval_95: BTreeMap<&'static str, [f64; 2]>,
    latency_us: Percentiles,
}

/// Figures by name; `None` where no query says anything about one.
pub(super) type Shares = BTreeMap<&'static str, Option<f64>>;

/// How long lines took, in microseconds.
#[derive(Debug, Serialize)]
pub(super) struct Percentiles {
    p50: u64,
    p95: u64,
    p99: u64,
}

impl Percentiles {
    /// The percentiles of these times.
    pub(super) fn of(micros: impl Iterator<Item = u64>) -> Self {
        let mut micros: Vec<u64> = micros.collect();
        micros.sort_unstable();
        let percentile = |percent: usize| {
            let place = (micros.len() * percent).div_ceil(100).saturating_sub(1);
            micros.get(place).copied().unwrap_or(0)
        };
        Self { p50: percentile(50), p95: percentile(95), p99: percentile(99) }
    }
}

impl Figures {
    /// The figures of these sets.
    pub(super) fn of(sets: &[Vec<Asked>]) -> Self {
        let sets: Vec<Vec<&Asked>> = sets.iter().map(|set| set.iter().collect()).collect();
        Self {
            queries: sets.iter().flatten().filter(|asked| !asked.nothing).count(),
            shares: shares(&sets),
            interval_95: intervals(&sets, shares),
            latency_us: Percentiles::of(sets.iter().flatten().map(|asked| asked.micros)),
        }
    }
}

fn shares(sets: &[Vec<&Asked>]) -> Shares {
    let answered = |asked: &Asked| asked.outcome != Outcome::None;
    let mean = |figure: &dyn Fn(&[&Asked]) -> f64| {
        let of_set = |set: &Vec<&Asked>| {
            let expecting: Vec<&Asked> = set.iter().copied().filter(|a| !a.nothing).collect();
            (!expecting.is_empty()).then(|| figure(&expecting))
        };
        let figures: Vec<f64> = sets.iter().filter_map(of_set).collect();
        (!figures.is_empty()).then(|| figures.iter().sum::<f64>() / figures.len() as f64)
    };
    let part = |of: &[&Asked], whole: &dyn Fn(&Asked) -> bool, hit: &dyn Fn(&Asked) -> bool| {
        let whole: Vec<&&Asked> = of.iter().filter(|asked| whole(asked)).collect();
        share(whole.iter().filter(|asked| hit(asked)).count(), whole.len())
    };
    let all = |_: &Asked| true;
    let within = |places: usize| move |asked: &Asked| asked.place.is_some_and(|at| at <= places);
    let reciprocal = |asked: &&Asked| match asked.place {
        Some(place) if place <= 10 => 1.0 / (place as f64),
        _ => 0.0,
    };
    let flat: Vec<&Asked> = sets.iter().flatten().copied().collect();
    let nothing: Vec<&Asked> = flat.iter().copied().filter(|asked| asked.nothing).collect();
    let expecting = flat.iter().filter(|asked| !asked.nothing);
    let certain = expecting.map(|asked| (asked.confidence, asked.place == Some(1)));
    let single = |asked: &Asked| asked.outcome == Outcome::Card;
    let choice = |asked: &Asked| asked.outcome == Outcome::Choice;
    BTreeMap::from([
        ("hit_at_1", mean(&|set| part(set, &all, &within(1)))),
        ("hit_at_3", mean(&|set| part(set, &all, &within(3)))),
        (
            "mrr_at_10",
            mean(&|set| set.iter().map(reciprocal).sum::<f64>() / set.len().max(1) as f64),
        ),
        ("answered", mean(&|set| part(set, &all, &answered))),
        ("choice_share", mean(&|set| part(set, &answered, &choice))),
        ("right_when_answered", mean(&|set| part(set, &answered, &|asked| asked.shown_right))),
        ("right_when_single", mean(&|set| part(set, &single, &within(1)))),
        ("false_alarms", (!nothing.is_empty()).then(|| part(&nothing, &all, &answered))),
        ("calibration_error", Some(calibration_error(certain))),
    ])
}

/// Expected calibration error (Naeini, Cooper and Hauskrecht 2015): in ten bins of confidence, how
/// far the mean confidence lies from the share of right first cards, weighted by how many fell into
/// the bin.
pub(super) fn calibration_error(certain: impl Iterator<Item = (f32, bool)>) -> f64 {
    let mut bins = [(0.0_f64, 0.0_f64); 10];
    let mut count = 0_usize;
    for (confidence, right) in certain {
        let bin = ((confidence * 10.0) as usize).min(9);
        bins[bin].0 += f64::from(confidence);
        bins[bin].1 += f64::from(u8::from(right));
        count += 1;
    }
    let off = bins.iter().map(|(confidence, right)| (confidence - right).abs()).sum::<f64>();
    off / count.max(1) as f64
}

/// How one objection went that was asked of the shipped playbooks.
pub(super) struct Sorted {
    /// It is none: nothing should have been answered.
    pub nothing: bool,
    /// The first card is of its family.
    pub exact: bool,
    /// Or of one that people sort alike.
    pub near: bool,
    /// A card or a choice came.
    pub answered: bool,
}

/// How well the shipped playbooks know which family an objection belongs to.
#[derive(Serialize)]
pub(super) struct Families {
    queries: usize,
    #[serde(flatten)]
    shares: Shares,
    interval_95: BTreeMap<&'static str, [f64; 2]>,
}

impl Families {
    /// The figures of these objections.
    pub(super) fn of(sorted: &[Sorted]) -> Self {
        let shares = |sets: &[Vec<&Sorted>]| {
            let all = || sets.iter().flatten().filter(|one| !one.nothing);
            let nothing = || sets.iter().flatten().filter(|one| one.nothing);
            let part = |hits: usize, of: usize| (of > 0).then(|| share(hits, of));
            let (count, answered) = (all().count(), all().filter(|one| one.answered).count());
            let right = all().filter(|one| one.exact && one.answered).count();
            let alarms = nothing().filter(|one| one.answered).count();
            BTreeMap::from([
                ("category_at_1", part(all().filter(|one| one.exact).count(), count)),
                ("near_category_at_1", part(all().filter(|one| one.near).count(), count)),
                ("answered", part(answered, count)),
                ("category_when_answered", part(right, answered)),
                ("false_alarms", part(alarms, nothing().count())),
            ])
        };
        let one = [sorted.iter().collect::<Vec<_>>()];
        Self {
            queries: sorted.iter().filter(|one| !one.nothing).count(),
            shares: shares(&one),
            interval_95: intervals(&one, shares),
        }
    }
}

/// How often the queries are drawn anew; the ends of an interval are then good to about a tenth of
/// its width.
const DRAWS: usize = 1_000;

/// The percentile bootstrap (Efron 1979): each set's queries are drawn with replacement, and the
/// middle 95 of 100 results are the interval. The draws are the same in every run.
pub(super) fn intervals<T>(
    sets: &[Vec<&T>],
    shares: impl Fn(&[Vec<&T>]) -> Shares,
) -> BTreeMap<&'static str, [f64; 2]> {
    let mut dice = Chance::new(0);
    let mut results: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for _ in 0..DRAWS {
        let drawn: Vec<Vec<&T>> = sets
            .iter()
            .map(|set| set.iter().map(|_| set[dice.below(set.len())]).collect())
            .collect();
        for (name, figure) in shares(&drawn) {
            results.entry(name).or_default().extend(figure);
        }
    }
    let interval = |mut results: Vec<f64>| {
        results.sort_by(f64::total_cmp);
        let last = results.len().checked_sub(1)?;
        Some([results[last * 25 / 1_000], results[last - last * 25 / 1_000]])
    };
    results.into_iter().filter_map(|(name, all)| Some((name, interval(all)?))).collect()
}

pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The normal interval of 500 in 1,000 is 0.469 to 0.531.
    #[test]
    fn an_interval_is_as_wide_as_theory_says() {
        let sorted: Vec<Sorted> = (0..1_000)
            .map(|at| Sorted { nothing: false, exact: at % 2 == 0, near: true, answered: true })
            .collect();
        let figures = Families::of(&sorted);
        let [low, high] = figures.interval_95["category_at_1"];
        assert!((low - 0.469).abs() < 0.004 && (high - 0.531).abs() < 0.004, "{low} {high}");
        assert!(figures.interval_95["near_category_at_1"].iter().all(|end| *end > 0.999));
    }
}
