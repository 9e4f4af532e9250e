//! What must hold for every order of cards, whatever the search found.

use cornerman::model::{Chance, Outcome};
use cornerman::ranking::{Evidence, Nearness, Weights, rank};
use proptest::prelude::*;

/// A cosine: often the same as another's, now and then no number.
fn cosine() -> impl Strategy<Value = f32> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0_f32, 0.3, 0.42, 0.5, 0.52, 0.8, 1.0]),
        4 => -1.0_f32..=1.0,
        1 => Just(f32::NAN),
    ]
}

fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
    let lexical = prop_oneof![Just(0.0_f32), Just(3.0), 0.0_f32..20.0];
    let boost = prop::sample::select(vec![0.0_f32, -0.03, 0.05, 0.12]);
    let parts = (cosine(), cosine(), cosine(), lexical, 0.0_f32..=1.0, boost);
    let card = parts.prop_map(|(nearest, centroid, against, lexical, intent, boost)| Evidence {
        nearest,
        centroid,
        against,
        lexical,
        intent,
        boost,
        ..Evidence::default()
    });
    let numbered = |cards: Vec<Evidence>| {
        let card = |(card, evidence)| Evidence { card, ..evidence };
        cards.into_iter().enumerate().map(card).collect()
    };
    prop::collection::vec(card, 0..12).prop_map(numbered)
}

fn nearness() -> impl Strategy<Value = Nearness> {
    let parts = (cosine(), cosine(), prop_oneof![4 => -9.2_f32..9.2, 1 => Just(f32::NAN)]);
    parts.prop_map(|(phrasings, negatives, need)| Nearness {
        phrasings,
        nearest: phrasings,
        negatives,
        nearest_negative: negatives,
        need,
    })
}

fn weights() -> impl Strategy<Value = Weights> {
    let own = (1.0_f32..20.0, 0.0_f32..0.5);
    let own = own.prop_map(|(phrasings, in_domain_typed)| {
        Weights { in_domain_typed, ..Weights::HYBRID }.of_playbook(phrasings)
    });
    prop_oneof![
        3 => own,
        2 => (1.0_f32..20.0).prop_map(|phrasings| Weights::TAUGHT.of_playbook(phrasings)),
        1 => Just(Weights::LEXICAL),
    ]
}

proptest! {
    #[test]
    fn the_order_does_not_depend_on_what_was_found_first(
        (found, shuffled) in evidence().prop_flat_map(|found| {
            (Just(found.clone()), Just(found).prop_shuffle())
        }),
        nearness in nearness(),
        weights in weights(),
    ) {
        prop_assert_eq!(rank(&found, nearness, &weights), rank(&shuffled, nearness, &weights));
    }

    #[test]
    fn the_order_is_total(found in evidence(), nearness in nearness(), weights in weights()) {
        let ranking = rank(&found, nearness, &weights);
        for pair in ranking.ranked.windows(2) {
            let (better, worse) = (&pair[0], &pair[1]);
            prop_assert!(better.score > worse.score || (
                better.score.total_cmp(&worse.score).is_eq() && better.card < worse.card
            ));
            prop_assert!(better.confidence >= worse.confidence);
        }
        prop_assert!(ranking.ranked.iter().all(|card| (0.0..=1.0).contains(&card.confidence)));
        let shown = ranking.shown(&weights);
        match ranking.outcome {
            Outcome::None => prop_assert!(shown.is_empty()),
            Outcome::Card => prop_assert_eq!(shown.len(), 1),
            Outcome::Choice => prop_assert!((2..=3).contains(&shown.len())),
        }
        prop_assert_eq!(shown, &ranking.ranked[..shown.len()]);
    }

    #[test]
    fn the_best_hundred_are_those_of_a_whole_order(seed in any::<u64>(), weights in weights()) {
        let mut chance = Chance::new(seed);
        let mut cosine = || chance.below(2_000) as f32 / 1_000.0 - 1.0;
        let card = |card| Evidence {
            card,
            nearest: cosine(),
            centroid: cosine(),
            lexical: cosine().max(0.0),
            ..Evidence::default()
        };
        let found: Vec<Evidence> = (0..250).map(card).collect();
        let best = rank(&found, Nearness::default(), &weights).ranked;
        prop_assert!(best.len() <= 100);
        // Each card that was left out comes after the last that was not, also where these two are
        // ranked alone, beside the one whose words are the measure of all others.
        let Some(last) = best.get(99) else { return Ok(()) };
        let measure = found.iter().max_by(|a, b| a.lexical.total_cmp(&b.lexical));
        let measure = measure.map_or(0, |card| card.card);
        for other in 0..found.len() {
            if best.iter().any(|kept| kept.card == other) {
                continue;
            }
            let few = |card: &&Evidence| [measure, last.card, other].contains(&card.card);
            let few: Vec<Evidence> = found.iter().filter(few).copied().collect();
            let ranked = rank(&few, Nearness::default(), &weights).ranked;
            let place = |of| ranked.iter().position(|card| card.card == of).unwrap_or(usize::MAX);
            prop_assert!(place(last.card) < usize::MAX && place(last.card) <= place(other));
        }
    }

    #[test]
    fn a_card_that_is_nearer_never_comes_later(
        found in evidence(),
        at in any::<prop::sample::Index>(),
        nearer in 0.0_f32..0.5,
        weights in weights(),
    ) {
        if found.is_empty() {
            return Ok(());
        }
        let at = at.index(found.len());
        let mut moved = found.clone();
        moved[at].nearest += nearer;
        moved[at].centroid += nearer;
        let place = |evidence: &[Evidence]| {
            let ranking = rank(evidence, Nearness::default(), &weights);
            ranking.ranked.iter().position(|card| card.card == at).unwrap_or(usize::MAX)
        };
        prop_assert!(place(&moved) <= place(&found));
    }
}
