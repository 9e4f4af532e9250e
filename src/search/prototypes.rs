//! What sales sentences are about, as the encoder was taught it: a bridge between sentences that
//! are far apart and mean the same.

use super::eight_bits::Table;

/// How sharply a sentence chooses among the intents (the temperature of a softmax over cosines).
/// Chosen on other people's sentences: see `tests/bench/RETRIEVAL.md`.
const TEMPERATURE: f32 = 0.05;

/// What a sentence may be about: the root of the probability of each intent, so that the product of
/// two of them is their Bhattacharyya coefficient (1943), 0 to 1. Empty when the encoder knows no
/// intents.
pub(super) type Intents = Vec<f32>;

/// A vector for each intent: the mean of its sentences (Snell and others 2017).
pub(super) struct Prototypes(Table);

impl Prototypes {
    /// Those of an encoder.
    pub(super) fn of(vectors: &[Vec<f32>]) -> Self {
        Self(Table::of(vectors))
    }

    /// What this vector may be about, and the cosine to the nearest prototype: how much it is about
    /// sales at all, 0 when the encoder knows no intents.
    pub(super) fn look(&self, vector: &[f32]) -> (Intents, f32) {
        let cosines = self.0.cosines(&[vector]).concat();
        let Some(nearest) = cosines.iter().copied().reduce(f32::max) else {
            return (Intents::new(), 0.0);
        };
        let share = |cosine: f32| ((cosine - nearest) / TEMPERATURE).exp();
        let sum: f32 = cosines.iter().copied().map(share).sum();
        (cosines.into_iter().map(|cosine| (share(cosine) / sum).sqrt()).collect(), nearest)
    }
}

/// The intents of all these together.
pub(super) fn mean(of: &[Intents]) -> Intents {
    let Some(first) = of.first() else { return Intents::new() };
    let share = |at: usize| of.iter().map(|roots| roots[at] * roots[at]).sum::<f32>();
    (0..first.len()).map(|at| (share(at) / of.len() as f32).sqrt()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::encoder::dot;

    fn turned(degrees: f32) -> Vec<f32> {
        vec![degrees.to_radians().cos(), degrees.to_radians().sin()]
    }

    #[test]
    fn sentences_of_one_intent_meet_and_others_do_not() {
        let prototypes = Prototypes::of(&[turned(0.0), turned(90.0)]);
        let of = |degrees| prototypes.look(&turned(degrees)).0;
        assert!(dot(&of(-30.0), &of(30.0)) > 0.99, "far apart, and about the same");
        assert!(dot(&of(20.0), &of(70.0)) < 0.1);
        assert!((dot(&of(45.0), &of(45.0)) - 1.0).abs() < 1e-5);
        let both = mean(&[of(0.0), of(90.0)]);
        assert!((dot(&both, &of(0.0)) - 0.5_f32.sqrt()).abs() < 1e-3);
        assert!((prototypes.look(&turned(90.0)).1 - 1.0).abs() < 1e-2);
    }

    #[test]
    fn an_encoder_without_intents_bridges_nothing() {
        let (intents, nearest) = Prototypes::of(&[]).look(&turned(1.0));
        assert_eq!((intents.len(), nearest), (0, 0.0));
        assert_eq!(mean(&[Intents::new()]), [0.0; 0]);
    }
}
