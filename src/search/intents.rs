//! What sales sentences are about, as the encoder was taught it: a bridge between sentences that are
//! far apart and mean the same, and a judge of whether a line needs a card at all.

use super::encoder::Classifier;
use super::int8::Table;

/// How likely each intent is that needs a card, where one is needed; the sum is 1. Empty when the
/// encoder knows no intents.
pub(super) type Likely = Vec<f32>;

/// An intent that no card is about belongs to none, however little of it a card has.
const LEAST: f32 = 1e-3;

/// The most that is said for or against the need of a card: odds of ten thousand to one.
const SUREST: f32 = 1e-4;

/// The intents of an encoder.
pub(super) struct Intents {
    weights: Table,
    bias: Vec<f32>,
    no_card: Vec<bool>,
}

/// What a sentence may be about.
#[derive(Clone, Default)]
pub(super) struct About {
    /// How likely each intent is.
    pub likely: Likely,
    /// The logarithm of the odds that the sentence needs a card; 0 when the encoder cannot say.
    pub need: f32,
}

impl Intents {
    /// Those of an encoder, if it was taught any.
    pub(super) fn of(classifier: Option<&Classifier>) -> Self {
        let rows = classifier.map(|classifier| {
            let width = classifier.weights.len() / classifier.bias.len().max(1);
            classifier.weights.chunks_exact(width.max(1)).map(<[f32]>::to_vec).collect()
        });
        let rows: Vec<Vec<f32>> = rows.unwrap_or_default();
        Self {
            weights: Table::of(&rows),
            bias: classifier.map(|classifier| classifier.bias.clone()).unwrap_or_default(),
            no_card: classifier.map(|classifier| classifier.no_card.clone()).unwrap_or_default(),
        }
    }

    /// What each of these vectors may be about.
    pub(super) fn classify(&self, vectors: &[&[f32]]) -> Vec<About> {
        if self.bias.is_empty() {
            return vec![About::default(); vectors.len()];
        }
        self.weights.products(vectors).into_iter().map(|scores| self.about(&scores)).collect()
    }

    /// From the score of each intent: a softmax.
    fn about(&self, scores: &[f32]) -> About {
        let scores: Vec<f32> = scores.iter().zip(&self.bias).map(|(s, bias)| s + bias).collect();
        let largest = scores.iter().copied().fold(f32::MIN, f32::max);
        let odds =
            scores.iter().zip(&self.no_card).map(|(s, no_card)| ((s - largest).exp(), no_card));
        let (mut with, mut without, mut likely) = (0.0, 0.0, Likely::new());
        for (odds, no_card) in odds {
            match no_card {
                true => without += odds,
                false => {
                    with += odds;
                    likely.push(odds);
                }
            }
        }
        for odds in &mut likely {
            *odds /= with;
        }
        let need = with / (with + without);
        About { likely, need: ((need + SUREST) / (1.0 - need + SUREST)).ln() }
    }
}

/// What all of these are about together.
pub(super) fn mean<'a>(of: impl Iterator<Item = &'a Likely>) -> Likely {
    let (mut sum, mut count) = (Likely::new(), 0.0);
    for likely in of {
        sum.resize(likely.len(), 0.0);
        for (sum, one) in sum.iter_mut().zip(likely) {
            *sum += one;
        }
        count += 1.0;
    }
    for sum in &mut sum {
        *sum /= count;
    }
    sum
}

/// From what each card is about: how likely each card is for each intent, so that the product with
/// what a question may be about is how likely each card is for the question.
pub(super) fn shared_out(cards: &mut [Likely]) {
    let mut all = Likely::new();
    for card in &*cards {
        all.resize(card.len().max(all.len()), LEAST);
        for (all, one) in all.iter_mut().zip(card) {
            *all += one;
        }
    }
    for card in cards {
        for (one, all) in card.iter_mut().zip(&all) {
            *one /= all;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::encoder::dot;

    /// Two intents that need a card and lie at right angles, and one between their opposites that
    /// needs none.
    pub(in crate::search) fn three() -> Classifier {
        Classifier {
            names: ["price", "timing", "none.talk"].map(str::to_owned).to_vec(),
            weights: [[9.0, 0.0], [0.0, 9.0], [-6.4, -6.4]].concat(),
            bias: vec![0.0; 3],
            no_card: vec![false, false, true],
        }
    }

    fn about(degrees: f32) -> About {
        let vector = vec![degrees.to_radians().cos(), degrees.to_radians().sin()];
        Intents::of(Some(&three())).classify(&[&vector]).remove(0)
    }

    #[test]
    fn sentences_of_one_intent_meet_and_others_do_not() {
        let mut cards = [about(-30.0).likely, about(120.0).likely, about(45.0).likely];
        assert!(cards.iter().all(|card| (card.iter().sum::<f32>() - 1.0).abs() < 1e-5));
        shared_out(&mut cards);
        let for_question = |degrees: f32| {
            let question = about(degrees).likely;
            cards.each_ref().map(|card| dot(&question, card))
        };
        let [first, second, both] = for_question(30.0);
        assert!(first > 0.6 && second < 0.1 && both > 0.3, "{first} {second} {both}");
        assert!((first + second + both - 1.0).abs() < 1e-2, "one of them is right");
        assert_eq!(mean([vec![1.0, 0.0], vec![0.0, 1.0]].iter()), [0.5, 0.5]);
    }

    #[test]
    fn what_is_about_nothing_needs_no_card() {
        assert!(about(45.0).need > 3.0 && about(225.0).need < -3.0);
        assert!(about(135.0).need.abs() < 9.0);
        assert!(about(225.0).need > SUREST.ln() - 0.1);
    }

    #[test]
    fn an_encoder_without_intents_says_nothing() {
        let about = Intents::of(None).classify(&[&[1.0, 0.0]]);
        assert_eq!((about.len(), about[0].likely.len(), about[0].need), (1, 0, 0.0));
        let mut cards = [Likely::new()];
        shared_out(&mut cards);
        assert_eq!(cards, [Likely::new()]);
        assert_eq!(mean([Likely::new()].iter()), [0.0; 0]);
    }
}
