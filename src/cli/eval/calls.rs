//! Lines of real calls, asked of the playbooks: those that need a card, and those that need none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figures::{Percentiles, Shares, calibration_error, intervals, share};
use crate::coach::Retrieval;
use crate::model::Outcome;
use crate::ports::Generation;

/// A line of a call and what should be shown for it.
#[derive(Deserialize)]
pub(super) struct Line {
    pub text: String,
    kind: Kind,
    /// The cards that should be shown.
    #[serde(default)]
    best: Vec<String>,
    /// The cards that serve as well.
    #[serde(default)]
    ok: Vec<String>,
    /// The card of each objection, where there are several.
    #[serde(default)]
    two: Vec<String>,
}

impl Line {
    /// The card of a line that has exactly one.
    pub(super) fn only_card(&self) -> Option<&str> {
        match (self.kind, self.best.as_slice()) {
            (Kind::Card, [card]) => Some(card),
            _ => None,
        }
    }

    /// What should have been shown and what was, one line with tabs.
    pub(super) fn missed(&self, retrieval: &Retrieval, generation: &Generation) -> String {
        let id = |card: usize| generation.playbook.cards.get(card).map_or("", |c| c.id.as_str());
        let shown = match retrieval.outcome() {
            Outcome::None => "nothing".to_owned(),
            _ => {
                let shown = retrieval.shown(&generation.finder.weights()).into_iter();
                shown.map(|card| id(card.card)).collect::<Vec<_>>().join(",")
            }
        };
        let wanted = if self.two.is_empty() { self.best.join("|") } else { self.two.join("+") };
        let first = retrieval.ranking.ranked.first();
        let (first, sure) = first.map_or(("", 0.0), |card| (id(card.card), card.confidence));
        let wanted = if wanted.is_empty() { "nothing" } else { &wanted };
        format!("{wanted}\t{shown}\t{first} {sure:.2}\t{}", self.text)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// Some card is right.
    Card,
    /// No card is needed.
    None,
    /// An objection that no card is written for.
    Gap,
    /// People judge it differently; it is asked and counts nowhere.
    Arguable,
}

/// How one line went.
pub(super) struct Heard {
    kind: Kind,
    /// Place of the first right card of all that were put in order, from 1, shown or not.
    place: Option<usize>,
    /// Places of the right cards among those that are shown, from 0.
    shown_right: Vec<usize>,
    shown: usize,
    /// Several cards of which the rep has to choose one.
    choice: bool,
    /// Of a line with several objections: whether each has its card.
    each: Option<bool>,
    confidence: f32,
    micros: u64,
}

impl Heard {
    /// How this look at a line went.
    pub(super) fn of(line: &Line, retrieval: &Retrieval, generation: &Generation) -> Self {
        let id = |card: usize| generation.playbook.cards.get(card).map(|card| card.id.as_str());
        let right = |card: usize| {
            line.best.iter().chain(&line.ok).any(|wanted| Some(wanted.as_str()) == id(card))
        };
        let shown = match retrieval.outcome() {
            Outcome::None => Vec::new(),
            _ => retrieval.shown(&generation.finder.weights()),
        };
        let has = |wanted: &String| shown.iter().any(|card| id(card.card) == Some(wanted));
        Self {
            kind: line.kind,
            place: retrieval
                .ranking
                .ranked
                .iter()
                .position(|card| right(card.card))
                .map(|at| at + 1),
            shown_right: (0..shown.len()).filter(|at| right(shown[*at].card)).collect(),
            shown: shown.len(),
            choice: retrieval.outcome() == Outcome::Choice,
            each: (line.two.len() > 1).then(|| line.two.iter().all(has)),
            confidence: retrieval.ranking.ranked.first().map_or(0.0, |card| card.confidence),
            micros: retrieval.latency.total,
        }
    }

    /// Whether a rep would have wished for something else.
    pub(super) fn missed(&self) -> bool {
        match self.kind {
            Kind::Card => !self.first_right() || self.each == Some(false),
            Kind::None => self.shown > 0,
            Kind::Gap | Kind::Arguable => false,
        }
    }

    fn first_right(&self) -> bool {
        self.shown_right.first() == Some(&0)
    }
}

/// How lines of calls went that a rep types, and the same lines when they are overheard.
#[derive(Serialize)]
pub(super) struct Modes {
    pub typed: Calls,
    pub listening: Calls,
}

/// How lines of calls went. Shares lie between 0 and 1.
#[derive(Serialize)]
pub(super) struct Calls {
    /// Lines that need a card, with several objections, and that need none.
    with_card: usize,
    with_several: usize,
    without_card: usize,
    #[serde(flatten)]
    shares: Shares,
    /// Of each figure the interval that holds it in 95 of 100 cases.
    interval_95: BTreeMap<&'static str, [f64; 2]>,
    latency_us: Percentiles,
}

impl Calls {
    /// The figures of these lines.
    pub(super) fn of(heard: &[Heard]) -> Self {
        let all = [heard.iter().collect::<Vec<_>>()];
        let count = |is: &dyn Fn(&Heard) -> bool| heard.iter().filter(|line| is(line)).count();
        Self {
            with_card: count(&|line| line.kind == Kind::Card),
            with_several: count(&|line| line.each.is_some()),
            without_card: count(&|line| line.kind == Kind::None),
            shares: shares(&all),
            interval_95: intervals(&all, shares),
            latency_us: Percentiles::of(heard.iter().map(|line| line.micros)),
        }
    }
}

fn shares(sets: &[Vec<&Heard>]) -> Shares {
    let of = |kind: Kind| sets.iter().flatten().copied().filter(move |line| line.kind == kind);
    let part = |whole: &dyn Fn(&Heard) -> bool, hit: &dyn Fn(&Heard) -> bool| {
        let whole: Vec<&Heard> = of(Kind::Card).filter(|line| whole(line)).collect();
        let hits = whole.iter().filter(|line| hit(line)).count();
        (!whole.is_empty()).then(|| share(hits, whole.len()))
    };
    let shown = |kind: Kind| {
        let lines: Vec<&Heard> = of(kind).collect();
        let hits = lines.iter().filter(|line| line.shown > 0).count();
        (!lines.is_empty()).then(|| share(hits, lines.len()))
    };
    let all = |_: &Heard| true;
    let answered = |line: &Heard| line.shown > 0;
    let single = |line: &Heard| line.shown == 1;
    let within = |places: usize| move |line: &Heard| line.place.is_some_and(|at| at <= places);
    let reciprocal = of(Kind::Card)
        .map(|line| line.place.filter(|at| *at <= 10).map_or(0.0, |at| 1.0 / at as f64));
    let (sum, count) = reciprocal.fold((0.0, 0_usize), |(sum, count), one| (sum + one, count + 1));
    let certain =
        of(Kind::Card).chain(of(Kind::None)).map(|line| (line.confidence, line.place == Some(1)));
    BTreeMap::from([
        ("first_right", part(&all, &Heard::first_right)),
        ("shown_right", part(&all, &|line| !line.shown_right.is_empty())),
        ("answered", part(&all, &answered)),
        ("right_when_single", part(&single, &Heard::first_right)),
        ("choice_share", part(&answered, &|line| line.choice)),
        ("each_right", part(&|line| line.each.is_some(), &|line| line.each == Some(true))),
        ("false_alarms", shown(Kind::None)),
        ("gaps_answered", shown(Kind::Gap)),
        ("hit_at_1", part(&all, &within(1))),
        ("hit_at_3", part(&all, &within(3))),
        ("mrr_at_10", (count > 0).then(|| sum / count as f64)),
        ("need_area", area(of(Kind::Card), of(Kind::None))),
        ("calibration_error", Some(calibration_error(certain))),
    ])
}

/// The area under the receiver operating characteristic: how often a line that needs a card is
/// surer of it than one that needs none.
fn area<'a>(
    with: impl Iterator<Item = &'a Heard>,
    without: impl Iterator<Item = &'a Heard>,
) -> Option<f64> {
    let without: Vec<f32> = without.map(|line| line.confidence).collect();
    let (mut surer, mut pairs) = (0.0, 0_usize);
    for line in with {
        for other in &without {
            pairs += 1;
            surer += match line.confidence.total_cmp(other) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    (pairs > 0).then(|| surer / pairs as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(kind: Kind, shown: usize, right: &[usize], confidence: f32) -> Heard {
        Heard {
            kind,
            place: right.first().map(|at| at + 1),
            shown_right: right.to_vec(),
            shown,
            choice: shown > 1,
            each: None,
            confidence,
            micros: 1,
        }
    }

    #[test]
    fn each_kind_of_line_counts_where_it_belongs() {
        let lines = [
            heard(Kind::Card, 1, &[0], 0.9),
            heard(Kind::Card, 3, &[2], 0.6),
            heard(Kind::Card, 0, &[], 0.2),
            Heard { each: Some(false), ..heard(Kind::Card, 1, &[], 0.8) },
            heard(Kind::None, 1, &[], 0.7),
            heard(Kind::None, 0, &[], 0.1),
            heard(Kind::Gap, 1, &[], 0.5),
            heard(Kind::Arguable, 1, &[], 0.5),
        ];
        let calls = Calls::of(&lines);
        assert_eq!((calls.with_card, calls.with_several, calls.without_card), (4, 1, 2));
        let figure = |name: &str| calls.shares[name].unwrap();
        for (name, wanted) in [
            ("first_right", 0.25),
            ("shown_right", 0.5),
            ("answered", 0.75),
            ("right_when_single", 0.5),
            ("choice_share", 1.0 / 3.0),
            ("each_right", 0.0),
            ("false_alarms", 0.5),
            ("gaps_answered", 1.0),
            ("hit_at_1", 0.25),
            ("hit_at_3", 0.5),
            ("mrr_at_10", (1.0 + 1.0 / 3.0) / 4.0),
            ("need_area", 6.0 / 8.0),
        ] {
            assert!((figure(name) - wanted).abs() < 1e-9, "{name}: {}", figure(name));
        }
        assert_eq!(lines.iter().filter(|line| line.missed()).count(), 4);
    }
}
