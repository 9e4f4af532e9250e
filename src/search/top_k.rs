//! The highest of many scores, found while they are added up, without putting all in order.

use std::cmp::Reverse;

/// This many cards are found at most; what lies behind would hardly add to its score.
pub(super) const MOST_CARDS: usize = 128;

/// So many scores are compared at once.
const COMPARED: usize = 32;

/// A step is what the bits of a score say without so many of the last: an octave has eight.
const STEP: u32 = 20;

/// The scale has the 32 octaves from 2^-18 on. What is lower is on its first step, what is higher on
/// its last.
const STEPS: usize = 256;
const FIRST: u32 = 0x3680_0000 >> STEP;

/// The cards with the highest scores so far.
pub(super) struct TopK {
    /// The first `count` may be among them, by score: one above zero is ordered as its bits are.
    /// Below it stands what is left of the number of the card, so that of equal ones the first is
    /// the better.
    cards: [u64; 8 * MOST_CARDS],
    count: usize,
    /// What is not above this is not among the best.
    least: f32,
    /// How many of them have their score on each step of a scale.
    steps: [u32; STEPS],
    /// The lowest step that the best reach down to, and how many cards are there or higher.
    lowest: usize,
    above: usize,
}

impl TopK {
    pub fn new() -> Self {
        Self { cards: [0; _], count: 0, least: 0.0, steps: [0; _], lowest: 0, above: 0 }
    }

    /// The scores of the cards from `first` on.
    #[inline(never)] // by itself, all of it stays in registers
    pub fn add(&mut self, first: usize, scores: &[f32]) {
        for (at, scores) in scores.chunks(COMPARED).enumerate() {
            // The compiler compares many at once, as long as it need not stop at one of them.
            let least = self.least;
            if !scores.iter().fold(false, |any, score| any | (*score > least)) {
                continue;
            }
            if self.count + COMPARED > self.cards.len() {
                self.cut();
            }
            for (score, card) in scores.iter().zip(first + at * COMPARED..) {
                if *score > self.least {
                    self.take(score.to_bits(), card);
                }
            }
        }
    }

    fn take(&mut self, score: u32, card: usize) {
        let card = u64::from(u32::MAX) - card as u64;
        self.cards[self.count] = u64::from(score) << u32::BITS | card;
        self.count += 1;
        let step = (score >> STEP).saturating_sub(FIRST) as usize;
        self.steps[step.min(STEPS - 1)] += 1;
        self.above += 1;
        while self.above - self.steps[self.lowest] as usize >= MOST_CARDS {
            self.above -= self.steps[self.lowest] as usize;
            self.lowest += 1;
            let below = f32::from_bits(((FIRST + self.lowest as u32) << STEP) - 1);
            self.least = below.max(self.least);
        }
    }

    /// Leaves as many as are wanted.
    fn cut(&mut self) {
        let cards = &mut self.cards[..self.count];
        cards.sort_unstable_by_key(|card| Reverse(*card));
        if let Some(last) = cards.get(MOST_CARDS - 1) {
            self.least = card_of(*last).1;
            self.count = MOST_CARDS;
        }
    }

    /// Best first.
    pub fn in_order(mut self) -> Vec<(usize, f32)> {
        self.cut();
        self.cards[..self.count].iter().map(|card| card_of(*card)).collect()
    }
}

/// A card and its score.
fn card_of(both: u64) -> (usize, f32) {
    ((u32::MAX - both as u32) as usize, f32::from_bits((both >> u32::BITS) as u32))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_come_first(
            steps in prop::collection::vec(0..60_u8, 0..3_000),
            all_alike in any::<bool>(),
        ) {
            // From next to nothing to far beyond what words add up to; a third has nothing.
            let of = |step: &u8| match step {
                0..20 => 0.0,
                step => 0.7_f32.powi(i32::from(*step) - 70) * 1e-4,
            };
            let scores: Vec<f32> =
                if all_alike { vec![1.5; steps.len()] } else { steps.iter().map(of).collect() };
            let mut best = TopK::new();
            for (block, scores) in scores.chunks(100).enumerate() {
                best.add(block * 100, scores);
            }
            let mut sorted: Vec<(usize, f32)> = scores.into_iter().enumerate().collect();
            sorted.retain(|(_, score)| *score > 0.0);
            sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
            sorted.truncate(MOST_CARDS);
            prop_assert_eq!(best.in_order(), sorted);
        }
    }
}
