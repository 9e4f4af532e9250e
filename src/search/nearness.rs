//! How near a sentence is to many others, and from where on it is in the domain of a playbook.

use super::int8::Table;
use crate::ranking::{Nearness, Weights};

/// This many of the negatives must be refused, as if they had been asked. Chosen on other
/// people's lines: see `tests/bench/RETRIEVAL.md`.
const REFUSED: f32 = 0.99;

/// Every third negative is asked: enough for a percentile, and a third of the time.
const STRIDE: usize = 3;

/// The cosines to the three nearest of many, nearest first.
#[derive(Default)]
pub(super) struct Neighbours([Option<f32>; 3]);

impl Neighbours {
    /// Those that lie so near.
    pub(super) fn of(cosines: impl Iterator<Item = f32>) -> Self {
        let mut neighbours = Self::default();
        cosines.for_each(|cosine| neighbours.meet(cosine));
        neighbours
    }

    /// The nearest of these and of others.
    pub(super) fn join(&mut self, others: &Self) {
        others.0.iter().flatten().for_each(|cosine| self.meet(*cosine));
    }

    /// One more.
    fn meet(&mut self, cosine: f32) {
        if self.0[2].is_some_and(|third| cosine <= third) {
            return; // as nearly all of many do
        }
        let mut cosine = Some(cosine);
        for place in &mut self.0 {
            if cosine > *place {
                std::mem::swap(place, &mut cosine);
            }
        }
    }

    /// The nearness of a sentence whose neighbours among the phrasings these are; with those among
    /// the negatives, and the odds that it needs a card.
    pub(super) fn nearness(&self, negatives: &Self, need: f32) -> Nearness {
        let nearest = self.0[0].unwrap_or_default();
        let phrasings = f32::midpoint(nearest, self.mean());
        let nearest_negative = negatives.0[0].unwrap_or_default();
        Nearness { phrasings, nearest, negatives: negatives.mean(), nearest_negative, need }
    }

    /// Of as many as there are; 0 when there are none.
    fn mean(&self) -> f32 {
        let met: Vec<f32> = self.0.iter().flatten().copied().collect();
        if met.is_empty() { 0.0 } else { met.iter().sum::<f32>() / met.len() as f32 }
    }
}

/// The weights for an encoder that was not taught what needs no card; a question must be as far
/// in the domain as what refuses nearly all negatives, each asked as if it were none.
/// The more a playbook says, the nearer anything is to something in it, so that one threshold does
/// not fit all.
pub(super) fn least_in_domain(phrasings: &[&Table], negatives: &[Vec<f32>]) -> Weights {
    let table = Table::of(negatives);
    let ask = |(at, negative): (usize, &Vec<f32>)| {
        let others = table.products(&[negative]).concat().into_iter().enumerate();
        let others = others.filter(|(other, _)| *other != at).map(|(_, cosine)| cosine);
        let met = phrasings.iter().flat_map(|table| table.products(&[negative]).concat());
        let (others, met) = (Neighbours::of(others), Neighbours::of(met));
        Weights::HYBRID.in_domain_score(met.nearness(&others, 0.0))
    };
    let mut asked: Vec<f32> = negatives.iter().enumerate().step_by(STRIDE).map(ask).collect();
    asked.sort_by(f32::total_cmp);
    let place = (asked.len() as f32 * REFUSED) as usize;
    let in_domain_typed = asked.get(place).copied().unwrap_or(Weights::HYBRID.in_domain_typed);
    Weights { in_domain_typed, in_domain_overheard: in_domain_typed, ..Weights::HYBRID }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_nearest_are_kept() {
        let neighbours = Neighbours::of([0.1, 0.5, -0.2, 0.4, 0.3].into_iter());
        assert_eq!(neighbours.0, [Some(0.5), Some(0.4), Some(0.3)]);
        assert!((neighbours.mean() - 0.4).abs() < 1e-6);
        assert!((neighbours.nearness(&Neighbours::default(), 0.0).phrasings - 0.45).abs() < 1e-6);
    }

    #[test]
    fn a_playbook_that_is_near_to_decoys_asks_for_more() {
        let turned = |degrees: f32| vec![degrees.to_radians().cos(), degrees.to_radians().sin()];
        let negatives: Vec<Vec<f32>> = (0..40_u8).map(|at| turned(f32::from(at) * 9.0)).collect();
        let (near, far) = (turned(3.0), vec![0.0, 0.0]);
        let of = |phrasing: &Vec<f32>| {
            least_in_domain(&[&Table::of([phrasing])], &negatives).in_domain_typed
        };
        assert!(of(&near) > of(&far));
        assert!(
            least_in_domain(&[&Table::of([&near])], &[]).in_domain_typed > 0.0,
            "without negatives what is usual"
        );
    }
}
