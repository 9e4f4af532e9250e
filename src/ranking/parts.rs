//! Whether a message holds one objection or several.

use super::{Ranked, Ranking, Weights};
use crate::model::Outcome;

/// From this confidence on a part is sure of its card.
const SURE: f32 = 0.8;

/// By so much surer a part must be for each further part of the message: of many, one sounds like an
/// objection by chance.
const SURER: f32 = 0.02;

/// At most this many objections of a message are answered.
const MOST: usize = 3;

/// The parts of a message that are objections of their own, each with its card, which no other has;
/// of many the nearest. With fewer than two the message is answered as a whole.
///
/// They come in the customer's order. Where a part is not sure of its card, the message as a whole has
/// a word in it, since a few words by themselves say less: its card comes before a first part that is
/// not sure, or last, as [`None`], when no part has it and there is room.
///
/// A part is one when it is near to its card and when that one is likely the right one. Of a message
/// that needs no card as a whole, it must also be plainly about what the cards are about: any long
/// talk has a few words in it that sound like an objection.
#[must_use]
pub fn objections(
    whole: &Ranking,
    parts: &[&Ranking],
    weights: &Weights,
) -> Vec<(Option<usize>, Ranked)> {
    let surer = SURER * parts.len().saturating_sub(2) as f32;
    let least = (weights.part_confidence + surer).min(SURE.max(weights.part_confidence));
    let stands = |best: &Ranked| best.meaning >= weights.part_floor && best.confidence >= least;
    let talk = whole.outcome == Outcome::None;
    let plain = |part: &Ranking| !talk || part.in_domain_score >= weights.part_in_domain;
    let mut kept: Vec<(usize, &Ranked)> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let best = part.ranked.first().filter(|_| part.outcome != Outcome::None && plain(part));
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
    let mut kept: Vec<(Option<usize>, &Ranked)> =
        kept.into_iter().map(|(at, best)| (Some(at), best)).collect();
    let unsure = |(_, part): &(Option<usize>, &Ranked)| part.confidence < SURE;
    if let Some(best) = whole.ranked.first().filter(|_| kept.len() > 1 && !talk) {
        match kept.iter().position(|(_, part)| part.card == best.card) {
            Some(place) if unsure(&kept[0]) => kept[..=place].rotate_right(1),
            None if kept.len() < MOST && kept.iter().any(unsure) => kept.push((None, best)),
            _ => {}
        }
    }
    kept.into_iter().map(|(at, best)| (at, best.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranking::{Evidence, Nearness, rank};

    /// How near a part is to the first cards of a playbook, and to all of them.
    type Part<'a> = (&'a [f32], f32);

    /// What is thought of a text that lies so near to the first cards of a playbook, and so near to
    /// all of them.
    fn ranking(cosines: &[f32], phrasings: f32) -> Ranking {
        let card = |(card, cosine): (usize, &f32)| Evidence {
            card,
            nearest: *cosine,
            centroid: *cosine,
            ..Evidence::default()
        };
        let found: Vec<Evidence> = cosines.iter().enumerate().map(card).collect();
        rank(&found, Nearness { phrasings, ..Nearness::default() }, &Weights::HYBRID)
    }

    /// What is kept of these parts of a message that is half-way between the first two cards.
    fn kept(whole: f32, parts: &[Part]) -> Vec<usize> {
        let kept = beside((&[0.5, 0.5], whole), parts).into_iter();
        kept.map(|at| at.unwrap()).collect()
    }

    fn beside((whole, near): Part, parts: &[Part]) -> Vec<Option<usize>> {
        let parts: Vec<Ranking> = parts.iter().map(|(part, near)| ranking(part, *near)).collect();
        let parts: Vec<&Ranking> = parts.iter().collect();
        let weights = Weights { part_in_domain: 0.5, ..Weights::HYBRID };
        let kept = objections(&ranking(whole, near), &parts, &weights);
        kept.into_iter().map(|(at, _)| at).collect()
    }

    #[test]
    fn each_part_with_a_card_of_its_own_is_an_objection() {
        let (first, second): (Part, Part) = ((&[0.7, 0.2], 1.0), (&[0.3, 0.8], 1.0));
        assert_eq!(kept(1.0, &[first, second]), [0, 1]);
        assert_eq!(kept(1.0, &[second, (&[0.1, 0.1], 1.0), first]), [0, 2]);
        assert_eq!(kept(1.0, &[first, (&[0.8, 0.2], 1.0)]), [1], "said twice");
    }

    #[test]
    fn where_a_part_is_unsure_the_card_of_the_whole_message_is_among_them() {
        let (sure, unsure): (Part, Part) = ((&[0.7, 0.2], 1.0), (&[0.5, 0.35], 1.0));
        let second: Part = (&[0.3, 0.8], 1.0);
        let beside = |whole: &[f32], parts: [Part; 2]| beside((whole, 1.0), &parts);
        assert_eq!(beside(&[0.6, 0.5], [unsure, second]), [Some(0), Some(1)]);
        assert_eq!(beside(&[0.5, 0.6], [unsure, second]), [Some(1), Some(0)], "the surest first");
        assert_eq!(beside(&[0.5, 0.6], [sure, second]), [Some(0), Some(1)], "as it was said");
        let other = [0.5, 0.5, 0.8];
        assert_eq!(beside(&other, [second, unsure]), [Some(0), Some(1), None]);
        assert_eq!(beside(&other, [sure, second]), [Some(0), Some(1)]);
    }

    #[test]
    fn the_card_of_the_whole_message_takes_no_place_of_a_part() {
        let unsure: Part = (&[0.5, 0.35], 1.0);
        let (second, third): (Part, Part) = ((&[0.3, 0.8], 1.0), (&[0.1, 0.1, 0.8], 1.0));
        let whole: Part = (&[0.5, 0.5, 0.5, 0.8], 1.0);
        let (two, three) = ([second, unsure], [unsure, second, third]);
        assert_eq!(beside(whole, &two), [Some(0), Some(1), None]);
        assert_eq!(beside(whole, &three), [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn a_part_between_two_cards_is_not_answered_with_a_guess() {
        let first: Part = (&[0.7, 0.2, 0.1], 1.0);
        assert_eq!(kept(1.0, &[first, (&[0.1, 0.47, 0.46], 1.0)]), [0]);
        let likely: Part = (&[0.1, 0.47, 0.3], 1.0);
        assert_eq!(kept(1.0, &[first, likely]), [0, 1]);
        // Of twenty parts, one that is no surer is that by chance.
        let talk: Part = (&[0.1, 0.1], 0.0);
        assert_eq!(kept(1.0, &[[first, likely].as_slice(), &[talk; 18]].concat()), [0]);
        assert_eq!(
            kept(1.0, &[[first, (&[0.1, 0.9], 1.0)].as_slice(), &[talk; 18]].concat()),
            [0, 1]
        );
    }

    #[test]
    fn of_talk_only_that_counts_which_is_plainly_an_objection() {
        let part = |near: f32| -> Part { (&[0.7, 0.2], near) };
        assert_eq!(kept(1.0, &[part(0.3)]), [0]);
        assert_eq!(kept(0.0, &[part(0.3)]), [0; 0]);
        assert_eq!(kept(0.0, &[part(0.9)]), [0]);
    }
}
