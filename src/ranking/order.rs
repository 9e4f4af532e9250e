//! The hybrid score of a card, and what is made of the best ones.

use crate::model::{Outcome, Reason};

/// What the search found out about one card for one question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Index of the card in its generation.
    pub card: usize,
    /// Cosine to the nearest phrasing, −1 to 1; 0 when there is no encoder.
    pub nearest: f32,
    /// Index of that phrasing in the card.
    pub phrasing: usize,
    /// Cosine to the mean of the phrasings, −1 to 1; 0 when there is no encoder.
    pub centroid: f32,
    /// BM25 of title and phrasings, 0 and up.
    pub lexical: f32,
    /// Cosine to the nearest look-alike that must not bring the card; 0 when it has none.
    pub against: f32,
    /// The push-back of the card that is nearest; none when it has none.
    pub pushback: Option<Near>,
}

/// Something that is near a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Its place in its list.
    pub index: usize,
    /// The cosine to the nearest of its phrasings.
    pub cosine: f32,
}

impl Evidence {
    /// The mean of both cosines.
    fn meaning(&self) -> f32 {
        f32::midpoint(self.nearest, self.centroid)
    }
}

/// How the parts of a score are mixed and where answering begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Share of the cosines; the rest is BM25 divided by the question's best. 0 means BM25 alone.
    pub meaning: f32,
    /// Below this mean cosine nothing fits.
    pub floor: f32,
    /// The nearest phrasing must be nearer than this share of the nearest decoy.
    pub decoy_share: f32,
    /// By how much it must be nearer than that.
    pub decoy_margin: f32,
    /// Two cards whose scores lie closer than this are offered as a choice.
    pub choice_gap: f32,
    /// From this mean cosine on a part of a message is an objection of its own.
    pub part_floor: f32,
    /// By how much a part may be further from its card than the whole message is.
    pub part_lag: f32,
}

impl Weights {
    /// Sentence vectors with a little BM25: the mix measured best on other people's sentences
    /// (0.9 and 0.1; equal shares and rank fusion were worse).
    pub const HYBRID: Self = Self {
        meaning: 0.9,
        floor: 0.38,
        decoy_share: 1.0,
        decoy_margin: 0.0,
        choice_gap: 0.03,
        part_floor: 0.5,
        part_lag: 0.02,
    };

    /// BM25 alone, to compare with. It has no scale of its own, so it never abstains unless not
    /// one word fits.
    pub const LEXICAL: Self = Self {
        meaning: 0.0,
        floor: 0.0,
        decoy_share: 0.0,
        decoy_margin: 0.0,
        choice_gap: 0.0,
        part_floor: f32::INFINITY,
        part_lag: 0.0,
    };
}

/// A card in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Index of the card in its generation.
    pub card: usize,
    /// The mixed score; comparable within one question only.
    pub score: f32,
    /// The mean of the cosines to its nearest phrasing and to their mean, −1 to 1; comparable
    /// between questions.
    pub meaning: f32,
    /// Estimated probability that this card is the right one, 0 to 1.
    pub confidence: f32,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// The cards in order, best first, and the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Every card that has any evidence.
    pub ranked: Vec<Ranked>,
    /// What is made of them.
    pub outcome: Outcome,
}

/// At most this many cards are offered as a choice.
const CHOICES: usize = 3;

impl Judged {
    /// The cards that are shown: one, up to three as a choice, or none.
    #[must_use]
    pub fn shown(&self, weights: &Weights) -> &[Ranked] {
        let count = match (self.outcome, self.ranked.first()) {
            (Outcome::None, _) | (_, None) => 0,
            (Outcome::Card, Some(_)) => 1,
            (Outcome::Choice, Some(best)) => {
                let near = |card: &&Ranked| best.score - card.score < weights.choice_gap;
                self.ranked.iter().take(CHOICES).take_while(near).count()
            }
        };
        &self.ranked[..count]
    }
}

/// Orders the cards and decides. `decoy` is the cosine to the nearest line that needs no card,
/// such as small talk; `evidence` holds at most one entry a card.
#[must_use]
pub fn judge(evidence: &[Evidence], decoy: f32, weights: &Weights) -> Judged {
    let best_lexical = evidence.iter().map(|card| card.lexical).fold(0.0, f32::max);
    let lexical = |card: &Evidence| match best_lexical > 0.0 {
        true => card.lexical / best_lexical,
        false => 0.0,
    };
    let mut order: Vec<(f32, &Evidence)> = evidence
        .iter()
        .filter(|card| card.against <= card.nearest || weights.meaning == 0.0)
        .map(|card| {
            let score = weights.meaning * card.meaning() + (1.0 - weights.meaning) * lexical(card);
            (score, card)
        })
        .filter(|(score, _)| *score > 0.0)
        .collect();
    // Equal scores keep the order of the playbook, so that an answer is the same every time.
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.card.cmp(&b.1.card)));

    let outcome = match order.as_slice() {
        [] => Outcome::None,
        [(_, best), ..] if abstains(best, decoy, weights) => Outcome::None,
        [(first, _), (second, _), ..] if first - second < weights.choice_gap => Outcome::Choice,
        [_, ..] => Outcome::Card,
    };
    let runner_up = order.get(1).map_or(0.0, |(score, _)| *score);
    let ranked = order
        .iter()
        .enumerate()
        .map(|(place, (score, card))| {
            let rival = if place == 0 { runner_up } else { order[0].0 };
            let mut reasons = Vec::new();
            if weights.meaning > 0.0 {
                reasons.push(Reason::Meaning { phrasing: card.phrasing, cosine: card.nearest });
            }
            if best_lexical > 0.0 && lexical(card) >= 1.0 {
                reasons.push(Reason::Words);
            }
            Ranked {
                card: card.card,
                score: *score,
                meaning: card.meaning(),
                confidence: confidence(*score, rival),
                reasons,
            }
        })
        .collect();
    Judged { ranked, outcome }
}

fn abstains(best: &Evidence, decoy: f32, weights: &Weights) -> bool {
    best.meaning() < weights.floor
        || best.nearest < weights.decoy_share * decoy + weights.decoy_margin
}

/// A logistic of the score and of its lead over the next card (or its lag behind the first).
/// The coefficients are set by hand so far, not fitted: an estimate, not a promise.
fn confidence(score: f32, rival: f32) -> f32 {
    let logit = 5.0 * score + 8.0 * (score - rival) - 2.8;
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(card: usize, cosine: f32, lexical: f32) -> Evidence {
        Evidence {
            card,
            nearest: cosine,
            phrasing: 0,
            centroid: cosine,
            lexical,
            against: 0.0,
            pushback: None,
        }
    }

    #[test]
    fn meaning_outweighs_shared_words() {
        let judged = judge(&[card(0, 0.5, 9.0), card(1, 0.7, 0.0)], 0.1, &Weights::HYBRID);
        assert_eq!(judged.outcome, Outcome::Card);
        assert_eq!(judged.ranked[0].card, 1);
        assert!(judged.ranked[0].confidence > judged.ranked[1].confidence);
    }

    #[test]
    fn words_alone_decide_without_an_encoder() {
        let judged = judge(&[card(0, 0.0, 1.0), card(1, 0.0, 2.0)], 0.0, &Weights::LEXICAL);
        assert_eq!(judged.ranked[0].card, 1);
        let nothing = judge(&[card(0, 0.0, 0.0)], 0.0, &Weights::LEXICAL);
        assert_eq!((nothing.outcome, nothing.ranked.len()), (Outcome::None, 0));
    }

    #[test]
    fn far_away_or_nearer_to_small_talk_gets_nothing() {
        assert_eq!(judge(&[card(0, 0.2, 9.0)], 0.0, &Weights::HYBRID).outcome, Outcome::None);
        assert_eq!(judge(&[card(0, 0.6, 9.0)], 0.9, &Weights::HYBRID).outcome, Outcome::None);
    }

    #[test]
    fn a_look_alike_keeps_its_card_away() {
        let mut first = card(0, 0.7, 1.0);
        first.against = 0.8;
        let judged = judge(&[first, card(1, 0.5, 0.0)], 0.0, &Weights::HYBRID);
        assert_eq!((judged.ranked.len(), judged.ranked[0].card), (1, 1));
    }

    #[test]
    fn close_cards_are_a_choice_in_the_order_of_the_playbook() {
        let judged = judge(&[card(1, 0.6, 0.0), card(0, 0.6, 0.0)], 0.0, &Weights::HYBRID);
        assert_eq!(judged.outcome, Outcome::Choice);
        let shown: Vec<_> = judged.shown(&Weights::HYBRID).iter().map(|r| r.card).collect();
        assert_eq!(shown, [0, 1]);
    }
}
