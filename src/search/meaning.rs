//! The half of the search that compares meanings: the vectors of a generation, and how near a
//! question is to each card.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::eight_bits::Table;
use super::encoder::normalised;
use super::nearness::{Neighbours, least_familiarity};
use super::prototypes::{self, Prototypes};
use super::vectors::Vectors;
use super::{EncodeError, Encoder, Place, Progress, SearchError};
use crate::coach::ports::{Evidence, Near, Sighting, Weights};
use crate::playbook::{Card, Pushback};

/// The vectors of one generation.
pub(super) struct Meaning {
    encoder: Arc<dyn Encoder>,
    cards: Vec<CardPlaces>,
    /// The phrasings of all cards, one card after the other; and what each may be about.
    phrasings: Table,
    phrasing_intents: Table,
    /// Of each card the mean of its phrasings; and what all of them may be about.
    centroids: Table,
    card_intents: Table,
    /// Look-alikes and what brings push-backs, one card after the other.
    others: Table,
    decoys: Table,
    prototypes: Prototypes,
    /// How evidence is weighed for these cards.
    pub weights: Weights,
    /// Vectors of sentences that are asked again and again.
    asked: BTreeMap<String, Vec<f32>>,
}

/// Where the vectors of a card stand in the tables.
struct CardPlaces {
    phrasings: Range<usize>,
    not_this: Range<usize>,
    pushbacks: Vec<Range<usize>>,
}

impl Meaning {
    /// Makes the vectors, or takes them from the index directory. `asked` are sentences whose
    /// vectors are to be kept as well.
    pub(super) fn open(
        cards: &[Card],
        asked: BTreeSet<String>,
        decoys: &[&str],
        encoder: Arc<dyn Encoder>,
        place: Place<'_>,
        progress: Progress<'_>,
    ) -> Result<Self, SearchError> {
        let directory = match place {
            Place::Directory(directory) => Some(directory),
            Place::Memory => None,
        };
        let encoded = cards.iter().flat_map(texts).chain(&asked).map(String::as_str);
        let encoded = encoded.chain(decoys.iter().copied());
        let vectors = Vectors::of(encoded, encoder.as_ref(), directory, progress)?;
        let vector = |text: &str| vectors.get(text).map(<[f32]>::to_vec).unwrap_or_default();
        let prototypes = Prototypes::of(encoder.prototypes());

        let (mut phrasings, mut others) = (Vec::new(), Vec::new());
        let (mut centroids, mut intents) = (Vec::new(), (Vec::new(), Vec::new()));
        let places = cards.iter().map(|card| {
            let own = append(&mut phrasings, card.phrasings.iter().map(|text| vector(text)));
            centroids.push(centroid(&phrasings[own.clone()]));
            let about = phrasings[own.clone()].iter().map(|vector| prototypes.look(vector).0);
            let about = append(&mut intents.0, about);
            intents.1.push(prototypes::mean(&intents.0[about]));
            let not_this = append(&mut others, card.not_this.iter().map(|text| vector(text)));
            let pushbacks = card.pushbacks.iter();
            let pushbacks = pushbacks
                .map(|pushback| append(&mut others, heard(pushback).map(|text| vector(text))));
            CardPlaces { phrasings: own, not_this, pushbacks: pushbacks.collect() }
        });
        let places: Vec<CardPlaces> = places.collect();
        let phrasings_a_card = phrasings.len() as f32 / places.len().max(1) as f32;
        let phrasings = Table::of(&phrasings);
        let decoys: Vec<Vec<f32>> = decoys.iter().copied().map(vector).collect();
        let familiar = least_familiarity(&phrasings, &decoys, &prototypes);
        let with_vector = |text: String| {
            let vector = vector(&text);
            (text, vector)
        };
        Ok(Self {
            weights: Weights::of_playbook(phrasings_a_card, familiar),
            asked: asked.into_iter().map(with_vector).collect(),
            phrasing_intents: Table::of(&intents.0),
            card_intents: Table::of(&intents.1),
            centroids: Table::of(&centroids),
            others: Table::of(&others),
            decoys: Table::of(&decoys),
            cards: places,
            phrasings,
            prototypes,
            encoder,
        })
    }

    /// The vector of a text.
    pub(super) fn vector(&self, text: &str) -> Result<Vec<f32>, EncodeError> {
        self.asked.get(text).map_or_else(|| self.encoder.encode(text), |known| Ok(known.clone()))
    }

    /// How near each of these vectors is to each card, and to all of them.
    pub(super) fn sightings<'a>(
        &self,
        vectors: impl Iterator<Item = &'a [f32]> + Clone,
    ) -> Vec<Sighting> {
        let about: Vec<_> = vectors.clone().map(|vector| self.prototypes.look(vector)).collect();
        let vectors: Vec<&[f32]> = vectors.collect();
        let [phrasings, centroids, others, decoys] =
            [&self.phrasings, &self.centroids, &self.others, &self.decoys]
                .map(|table| table.cosines(&vectors).into_iter());
        let intents: Vec<&[f32]> = about.iter().map(|(intents, _)| intents.as_slice()).collect();
        let [phrasing_intents, card_intents] = [&self.phrasing_intents, &self.card_intents]
            .map(|table| table.cosines(&intents).into_iter());
        let each = phrasings.zip(centroids).zip(others.zip(decoys));
        let each = each.zip(phrasing_intents.zip(card_intents)).zip(&about);
        each.map(|((((phrasings, centroids), (others, decoys)), intents), (_, sales))| {
            let near = Neighbours::of(phrasings.iter().copied());
            let nearness = near.nearness(&Neighbours::of(decoys.into_iter()), *sales);
            let cosines = Cosines { phrasings, centroids, others, intents };
            Sighting { evidence: self.evidence(&cosines), nearness }
        })
        .collect()
    }

    fn evidence(&self, cosines: &Cosines) -> Vec<Evidence> {
        let Cosines { phrasings, centroids, others, intents } = cosines;
        let evidence = self.cards.iter().enumerate().map(|(card, places)| {
            let (phrasing, nearest) = largest(&phrasings[places.phrasings.clone()]);
            let pushbacks = places.pushbacks.iter().enumerate();
            let pushbacks =
                pushbacks.map(|(index, at)| Near { index, cosine: largest(&others[at.clone()]).1 });
            let intent = largest(&intents.0[places.phrasings.clone()]).1;
            Evidence {
                card,
                nearest,
                phrasing,
                centroid: centroids[card],
                phrasings: places.phrasings.len(),
                intent: f32::midpoint(intent, intents.1[card]),
                against: largest(&others[places.not_this.clone()]).1,
                pushback: pushbacks.max_by(|a, b| a.cosine.total_cmp(&b.cosine)),
                ..Evidence::default() // the words come later, the call is not known here
            }
        });
        evidence.collect()
    }
}

/// How near one vector is to all that it is compared with.
struct Cosines {
    phrasings: Vec<f32>,
    centroids: Vec<f32>,
    others: Vec<f32>,
    /// What the phrasings may be about, and what the cards.
    intents: (Vec<f32>, Vec<f32>),
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

/// Appends vectors and says where they stand.
fn append(to: &mut Vec<Vec<f32>>, vectors: impl Iterator<Item = Vec<f32>>) -> Range<usize> {
    let start = to.len();
    to.extend(vectors);
    start..to.len()
}

/// The place and value of the largest; (0, 0) when there is none.
fn largest(cosines: &[f32]) -> (usize, f32) {
    let cosines = cosines.iter().copied().enumerate();
    cosines.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 0.0))
}

fn centroid(vectors: &[Vec<f32>]) -> Vec<f32> {
    let mut sum = vectors.first().cloned().unwrap_or_default();
    for vector in vectors.iter().skip(1) {
        for (sum, coordinate) in sum.iter_mut().zip(vector) {
            *sum += coordinate;
        }
    }
    normalised(sum)
}
