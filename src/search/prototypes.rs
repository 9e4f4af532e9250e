//! What sales sentences are about, as the encoder was taught it: a bridge between sentences that
//! are far apart and mean the same.

use super::encoder::cosine;

/// How sharply a sentence chooses among the intents (the temperature of a softmax over cosines).
/// Chosen on other people's sentences: see `tests/bench/RETRIEVAL.md`.
const TEMPERATURE: f32 = 0.05;

/// What a sentence may be about: the root of the probability of each intent, so that the product of
/// two of them is their Bhattacharyya coefficient (1943), 0 to 1. Empty when the encoder knows no
/// intents.
pub(super) type Intents = Vec<f32>;

/// The intents of a vector, by its nearness to the prototype of each (Snell and others 2017).
pub(super) fn intents(prototypes: &[Vec<f32>], vector: &[f32]) -> Intents {
    let near = |prototype: &Vec<f32>| cosine(prototype, vector);
    let cosines: Vec<f32> = prototypes.iter().map(near).collect();
    let nearest = cosines.iter().copied().fold(f32::MIN, f32::max);
    let shares = cosines.iter().map(|cosine| ((cosine - nearest) / TEMPERATURE).exp());
    let shares: Vec<f32> = shares.collect();
    let sum: f32 = shares.iter().sum();
    shares.into_iter().map(|share| (share / sum).sqrt()).collect()
}

/// The intents of all these together.
pub(super) fn mean(of: &[Intents]) -> Intents {
    let Some(first) = of.first() else { return Intents::new() };
    let share = |at: usize| of.iter().map(|roots| roots[at] * roots[at]).sum::<f32>();
    (0..first.len()).map(|at| (share(at) / of.len() as f32).sqrt()).collect()
}

/// The cosine to the nearest prototype: how much a sentence is about sales at all. 0 when the
/// encoder knows no intents.
pub(super) fn nearest(prototypes: &[Vec<f32>], vector: &[f32]) -> f32 {
    let cosines = prototypes.iter().map(|prototype| cosine(prototype, vector));
    cosines.reduce(f32::max).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(degrees: f32) -> Vec<f32> {
        vec![degrees.to_radians().cos(), degrees.to_radians().sin()]
    }

    #[test]
    fn sentences_of_one_intent_meet_and_others_do_not() {
        let prototypes = [turned(0.0), turned(90.0)];
        let of = |degrees| intents(&prototypes, &turned(degrees));
        let alike = |a: &Intents, b: &Intents| cosine(a, b);
        assert!(alike(&of(-30.0), &of(30.0)) > 0.99, "far apart, and about the same");
        assert!(alike(&of(20.0), &of(70.0)) < 0.1);
        assert!((alike(&of(45.0), &of(45.0)) - 1.0).abs() < 1e-5);
        let both = mean(&[of(0.0), of(90.0)]);
        assert!((alike(&both, &of(0.0)) - 0.5_f32.sqrt()).abs() < 1e-3);
    }

    #[test]
    fn an_encoder_without_intents_bridges_nothing() {
        assert_eq!(intents(&[], &turned(1.0)), [0.0; 0]);
        assert_eq!(mean(&[Intents::new()]), [0.0; 0]);
        assert!(nearest(&[], &turned(1.0)).abs() < f32::EPSILON);
        assert!((nearest(&[turned(60.0), turned(0.0)], &turned(60.0)) - 1.0).abs() < 1e-6);
    }
}
