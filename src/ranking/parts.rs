//! Whether a message holds one objection or several.

use super::{Evidence, Judged, Ranked, Weights};
use crate::model::Outcome;

/// At most this many objections of a message are answered.
const MOST: usize = 3;

/// The parts of a message that are objections of their own, in the customer's order, each with its
/// card, which no other has; of many the nearest. With fewer than two the message is answered as a
/// whole, for which `whole` was found; a card that is missing there is far from it.
///
/// A part is one when it is near to its card, when that one is likely the right one, and when it is
/// not further from it than the whole message is: two thoughts in one sentence lie between their
/// cards, while one thought in many words is best understood from all of them.
#[must_use]
pub fn objections(
    whole: &[Evidence],
    parts: &[&Judged],
    weights: &Weights,
) -> Vec<(usize, Ranked)> {
    let stands = |best: &Ranked| {
        let all = whole.iter().find(|all| all.card == best.card && !all.is_kept_away());
        let all = all.map_or(0.0, Evidence::meaning);
        best.meaning >= weights.part_floor
            && best.confidence >= weights.part_confidence
            && best.meaning >= all - weights.part_lag
    };
    let mut kept: Vec<(usize, &Ranked)> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let best = part.ranked.first().filter(|_| part.outcome != Outcome::None);
        let Some(best) = best.filter(|best| stands(best)) else { continue };
        match kept.iter_mut().find(|(_, other)| other.card == best.card) {
            Some(other) if other.1.meaning < best.meaning => *other = (at, best),
            Some(_) => {}
            None => kept.push((at, best)),
        }
    }
    kept.sort_by(|(_, a), (_, b)| b.meaning.total_cmp(&a.meaning));
    kept.truncate(MOST);
    kept.sort_by_key(|(at, _)| *at);
    kept.into_iter().map(|(at, best)| (at, best.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranking::{Nearness, judge};

    /// What is found for a text that lies so near to the first cards of a playbook.
    fn found(cosines: &[f32]) -> Vec<Evidence> {
        let card = |(card, cosine): (usize, &f32)| Evidence {
            card,
            nearest: *cosine,
            centroid: *cosine,
            ..Evidence::default()
        };
        cosines.iter().enumerate().map(card).collect()
    }

    fn kept(whole: &[f32], parts: &[&[f32]]) -> Vec<usize> {
        let nearness = Nearness { phrasings: 1.0, ..Nearness::default() };
        let judged = |part: &&[f32]| judge(&found(part), nearness, &Weights::HYBRID);
        let parts: Vec<Judged> = parts.iter().map(judged).collect();
        let parts: Vec<&Judged> = parts.iter().collect();
        let kept = objections(&found(whole), &parts, &Weights::HYBRID);
        kept.into_iter().map(|(at, _)| at).collect()
    }

    #[test]
    fn two_thoughts_lie_between_their_cards() {
        assert_eq!(kept(&[0.5, 0.55], &[&[0.7, 0.2], &[0.3, 0.8]]), [0, 1]);
        assert_eq!(kept(&[0.5, 0.55], &[&[0.3, 0.8], &[0.1, 0.1], &[0.7, 0.2]]), [0, 2]);
    }

    #[test]
    fn a_part_between_two_cards_is_not_answered_with_a_guess() {
        assert_eq!(kept(&[0.4, 0.45, 0.4], &[&[0.7, 0.2, 0.1], &[0.1, 0.47, 0.46]]), [0]);
        assert_eq!(kept(&[0.4, 0.45, 0.4], &[&[0.7, 0.2, 0.1], &[0.1, 0.47, 0.3]]), [0, 1]);
    }

    #[test]
    fn one_thought_is_best_understood_from_all_its_words() {
        assert_eq!(kept(&[0.8, 0.7], &[&[0.7, 0.2], &[0.2, 0.6]]), [0; 0]);
        assert_eq!(kept(&[0.8, 0.3], &[&[0.9, 0.2], &[0.3, 0.4]]), [0]);
        assert_eq!(kept(&[0.5, 0.3], &[&[0.7, 0.2], &[0.8, 0.2]]), [1], "said twice");
    }
}
