//! The vectors of some cards, and how near a question is to each of these cards. A large playbook
//! has several shards, which are searched beside each other.

use std::borrow::{Borrow, Cow};
use std::ops::Range;

use super::encoder::normalised;
use super::int8::{Short, Table};
use super::intents::Likely;
use super::nearness::Neighbours;
use crate::playbook::{Card, Pushback};
use crate::ranking::{Evidence, Near, Weights};

/// This many cards of a shard are weighed, those that come first by what they mean. A hundred are put
/// in order at last; the call may move a card by a few places, and shared words are wanted anyway.
const WEIGHED: usize = 256;

/// The vectors of some cards that follow each other in the playbook.
pub(super) struct Shard {
    /// The place of the first of them in the playbook.
    first: usize,
    cards: Vec<Places>,
    /// The phrasings of all cards, one card after the other.
    pub phrasings: Table,
    /// Of each card the mean of its phrasings; and how likely it is for each intent.
    centroids: Table,
    intents: Table,
    /// Look-alikes and what brings push-backs, one card after the other.
    others: Table,
}

/// Where the vectors of a card are in the tables.
struct Places {
    phrasings: Range<usize>,
    not_this: Range<usize>,
    pushbacks: Vec<Range<usize>>,
}

/// What was found in a shard for one text.
pub(super) struct Partial {
    /// At most one entry a card, in their order.
    pub evidence: Vec<Evidence>,
    /// The nearest phrasings.
    pub nearest: Neighbours,
}

impl Shard {
    /// Of these cards, from the vectors of their texts and how likely each is for each intent.
    pub(super) fn of<'v>(
        first: usize,
        cards: &[Card],
        likely: &[Likely],
        vector: impl Fn(&String) -> Cow<'v, Short>,
    ) -> Self {
        let (mut phrasings, mut others) = (Vec::new(), Vec::new());
        let mut centroids = Vec::new();
        let places = cards.iter().map(|card| {
            let own = append(&mut phrasings, card.phrasings.iter().map(&vector));
            centroids.push(centroid(&phrasings[own.clone()]));
            let not_this = append(&mut others, card.not_this.iter().map(&vector));
            let pushbacks = card.pushbacks.iter();
            let pushbacks =
                pushbacks.map(|pushback| append(&mut others, heard(pushback).map(&vector)));
            Places { phrasings: own, not_this, pushbacks: pushbacks.collect() }
        });
        Self {
            first,
            cards: places.collect(),
            phrasings: Table::short(&phrasings),
            centroids: Table::of(&centroids),
            intents: Table::of(likely.iter().take(cards.len())),
            others: Table::short(&others),
        }
    }

    /// What is found for each of these vectors and what each may be about: of the cards that come
    /// first by these weights, and of those that are wanted for it in any case.
    pub(super) fn compare(
        &self,
        vectors: &[&[f32]],
        intents: &[&[f32]],
        wanted: &[Vec<usize>],
        weights: &Weights,
    ) -> Vec<Partial> {
        let [phrasings, centroids, others] =
            [&self.phrasings, &self.centroids, &self.others].map(|table| table.products(vectors));
        let intents = self.intents.products(intents);
        let found = wanted.iter().enumerate().map(|(text, wanted)| {
            let cosines = Cosines {
                phrasings: &phrasings[text],
                centroids: &centroids[text],
                others: &others[text],
                intents: &intents[text],
            };
            let nearest = Neighbours::of(phrasings[text].iter().copied());
            Partial { evidence: self.evidence(&cosines, wanted, weights), nearest }
        });
        found.collect()
    }

    /// What is known of the cards that are weighed.
    fn evidence(
        &self,
        cosines: &Cosines<'_>,
        wanted: &[usize],
        weights: &Weights,
    ) -> Vec<Evidence> {
        let score = |card: usize| weights.by_meaning(&self.nearness(card, cosines));
        let mut weighed: Vec<(f32, usize)> =
            (0..self.cards.len()).map(|card| (score(card), card)).collect();
        if weighed.len() > WEIGHED {
            let ahead =
                |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
            weighed.select_nth_unstable_by(WEIGHED, ahead);
            weighed.truncate(WEIGHED);
        }
        let wanted = wanted.iter().filter_map(|card| card.checked_sub(self.first));
        let wanted = wanted.filter(|card| *card < self.cards.len());
        let mut cards: Vec<usize> =
            weighed.into_iter().map(|(_, card)| card).chain(wanted).collect();
        cards.sort_unstable();
        cards.dedup();
        cards.into_iter().map(|card| self.whole(card, cosines)).collect()
    }

    /// How near a card is.
    fn nearness(&self, card: usize, cosines: &Cosines<'_>) -> Evidence {
        let places = &self.cards[card];
        let (phrasing, nearest) = largest(&cosines.phrasings[places.phrasings.clone()]);
        Evidence {
            card: self.first + card,
            nearest,
            phrasing,
            centroid: cosines.centroids[card],
            intent: cosines.intents[card],
            ..Evidence::default()
        }
    }

    /// All that is known of a card but for the words, which come later, and the call.
    fn whole(&self, card: usize, cosines: &Cosines<'_>) -> Evidence {
        let places = &self.cards[card];
        let near = |at: &Range<usize>| largest(&cosines.others[at.clone()]).1;
        let pushbacks = places.pushbacks.iter().enumerate();
        let pushbacks = pushbacks.map(|(index, at)| Near { index, cosine: near(at) });
        Evidence {
            against: near(&places.not_this),
            pushback: pushbacks.max_by(|a, b| a.cosine.total_cmp(&b.cosine)),
            ..self.nearness(card, cosines)
        }
    }
}

/// How near one vector is to all that it is compared with.
struct Cosines<'a> {
    phrasings: &'a [f32],
    centroids: &'a [f32],
    others: &'a [f32],
    /// What it may be about, against what the cards may be about.
    intents: &'a [f32],
}

/// All that a card compares a question with.
pub(super) fn texts(card: &Card) -> impl Iterator<Item = &String> {
    let pushbacks = card.pushbacks.iter().flat_map(heard);
    card.phrasings.iter().chain(&card.not_this).chain(pushbacks)
}

/// What a customer may say to bring a push-back.
fn heard(pushback: &Pushback) -> impl Iterator<Item = &String> {
    std::iter::once(&pushback.title).chain(&pushback.phrasings)
}

/// Appends vectors and says where they are.
fn append<T>(to: &mut Vec<T>, vectors: impl Iterator<Item = T>) -> Range<usize> {
    let start = to.len();
    to.extend(vectors);
    start..to.len()
}

/// The place and value of the largest, of equal ones the last; (0, 0) when there is none.
fn largest(cosines: &[f32]) -> (usize, f32) {
    let Some(first) = cosines.first() else { return (0, 0.0) };
    let mut largest = (0, *first);
    for (at, cosine) in cosines.iter().enumerate() {
        if *cosine >= largest.1 {
            largest = (at, *cosine);
        }
    }
    largest
}

/// The direction in which all of these point together.
pub(super) fn centroid(vectors: &[impl Borrow<Short>]) -> Vec<f32> {
    let vectors = vectors.iter().map(Borrow::borrow);
    let longest = vectors.clone().map(|vector| vector.numbers.len()).max();
    let mut sum = vec![0.0; longest.unwrap_or_default()];
    for vector in vectors {
        for (sum, number) in sum.iter_mut().zip(&vector.numbers) {
            *sum += f32::from(*number) * vector.scale;
        }
    }
    normalised(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CardId, Day};

    #[test]
    fn several_shards_find_what_one_finds() {
        let day: Day = "2026-01-01".parse().unwrap();
        let card = |number: usize| {
            let phrasings = (0..=number % 3).map(|of| format!("{number} {of}")).collect();
            let mut card = Card::of_phrasings(
                CardId::parse(&format!("card-{number}")).unwrap(),
                day,
                phrasings,
            );
            card.not_this = vec![format!("not {number}")];
            card
        };
        let cards: Vec<Card> = (0..7).map(card).collect();
        let vector = |text: &String| {
            let sum = |prime: u32| text.bytes().fold(1, |sum, byte| sum * prime + u32::from(byte));
            normalised([3, 5, 7].map(|prime| (sum(prime) % 101) as f32 - 50.0).to_vec())
        };
        let likely: Vec<Likely> = (0..7_u8).map(|card| vec![f32::from(card) / 6.0, 0.5]).collect();
        let asked = vector(&"asked".to_owned());
        let about: &[f32] = &[0.7, 0.3];
        let found = |first: usize, cards: &[Card]| {
            let short = |text: &String| Cow::Owned(Short::of(&vector(text)));
            let shard = Shard::of(first, cards, &likely[first..], short);
            let none = [vec![], vec![]];
            let texts = ([&asked[..], &asked], [about, about]);
            shard.compare(&texts.0, &texts.1, &none, &Weights::HYBRID).pop().unwrap()
        };
        let whole = found(0, &cards);
        let (mut first, second) = (found(0, &cards[..3]), found(3, &cards[3..]));
        first.evidence.extend(second.evidence);
        first.nearest.join(&second.nearest);
        assert_eq!(whole.evidence, first.evidence);
        let none = Neighbours::default();
        assert_eq!(whole.nearest.nearness(&none, 0.0), first.nearest.nearness(&none, 0.0));
        assert!(whole.evidence.iter().all(|card| card.nearest != 0.0 && card.against != 0.0));
    }

    #[test]
    fn of_many_cards_those_are_weighed_that_come_first_or_are_wanted() {
        let day: Day = "2026-01-01".parse().unwrap();
        let card = |number: usize| {
            let id = CardId::parse(&format!("card-{number}")).unwrap();
            Card::of_phrasings(id, day, vec![number.to_string()])
        };
        let cards: Vec<Card> = (0..2 * WEIGHED).map(card).collect();
        // Every second card is nearer than the others.
        let vector = |text: &String| match text.parse::<usize>().unwrap() % 2 {
            0 => vec![0.6, 0.8],
            _ => vec![0.8, 0.6],
        };
        let likely = vec![Likely::new(); cards.len()];
        let short = |text: &String| Cow::Owned(Short::of(&vector(text)));
        let shard = Shard::of(1_000, &cards, &likely, short);
        let found = |wanted: &[usize]| {
            let wanted = [wanted.to_vec()];
            let mut found = shard.compare(&[&[1.0, 0.0]], &[&[]], &wanted, &Weights::HYBRID);
            found.pop().unwrap().evidence.into_iter().map(|found| found.card).collect::<Vec<_>>()
        };
        let first: Vec<usize> = (1_001..1_000 + 2 * WEIGHED).step_by(2).collect();
        assert_eq!(found(&[]), first);
        let elsewhere = [3, 999, 1_000 + 2 * WEIGHED, 5_000];
        assert_eq!(found(&elsewhere), first);
        assert_eq!(found(&[1_001, 1_000, 3])[..2], [1_000, 1_001]);
        assert_eq!(found(&[1_001, 1_000, 3]).len(), WEIGHED + 1);
    }
}
