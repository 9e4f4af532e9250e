//! How well questions of one meaning are put together, on lines whose card is known: those with the
//! same card should be one cluster.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::analytics::{SAME_MEANING, clusters};

/// So many of the largest clusters are printed.
const LARGEST: usize = 10;

/// How good clusters are (B-cubed; Bagga and Baldwin 1998): of the lines in the cluster of a line
/// those with its card, of the lines with its card those in its cluster, both as means over all lines,
/// and their harmonic mean.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Quality {
    cosine: f32,
    clusters: usize,
    precision: f64,
    recall: f64,
    f1: f64,
}

/// What clustering came to.
#[derive(Debug, Serialize)]
pub(super) struct Clustered {
    texts: usize,
    cards: usize,
    #[serde(flatten)]
    quality: Quality,
    /// The same at other bounds.
    at_other_cosines: Vec<Quality>,
    /// The largest clusters, each with the card of every line.
    largest: Vec<Vec<(String, String)>>,
}

/// Clusters these lines, each with its card, by their vectors.
pub(super) fn clustered(lines: &[(String, String)], vectors: &[Vec<f32>]) -> Clustered {
    let mut found = clusters(vectors, SAME_MEANING);
    found.sort_by_key(|lines| std::cmp::Reverse(lines.len()));
    let line = |at: &usize| lines.get(*at).cloned().unwrap_or_default();
    let largest = found.iter().take(LARGEST).map(|at| at.iter().map(line).collect()).collect();
    let cards: BTreeMap<&str, usize> = counts(lines.iter().map(|(_, card)| card.as_str()));
    let others = (8..18).map(|twentieth| twentieth as f32 / 20.0);
    Clustered {
        texts: lines.len(),
        cards: cards.len(),
        quality: quality(lines, &found, SAME_MEANING),
        at_other_cosines: others
            .map(|cosine| quality(lines, &clusters(vectors, cosine), cosine))
            .collect(),
        largest,
    }
}

fn counts<'a>(cards: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    cards.for_each(|card| *counts.entry(card).or_default() += 1);
    counts
}

fn quality(lines: &[(String, String)], clusters: &[Vec<usize>], cosine: f32) -> Quality {
    let card = |at: &usize| lines.get(*at).map_or("", |(_, card)| card.as_str());
    let all = counts(lines.iter().map(|(_, card)| card.as_str()));
    let (mut precision, mut recall) = (0.0, 0.0);
    for cluster in clusters {
        for (card, together) in counts(cluster.iter().map(card)) {
            // Each of these lines has as many of its card beside it, itself included.
            let together = together as f64;
            precision += together * together / cluster.len() as f64;
            recall += together * together / all.get(card).copied().unwrap_or(1) as f64;
        }
    }
    let count = lines.len().max(1) as f64;
    let (precision, recall) = (precision / count, recall / count);
    let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
    Quality { cosine, clusters: clusters.len(), precision, recall, f1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_judged_line_by_line() {
        let line = |card: &str| (String::new(), card.to_owned());
        let lines = ["a", "a", "b", "b"].map(line);
        let judged = |clusters: &[Vec<usize>]| {
            let quality = quality(&lines, clusters, 0.5);
            (quality.precision, quality.recall)
        };
        assert_eq!(judged(&[vec![0, 1], vec![2, 3]]), (1.0, 1.0));
        assert_eq!(judged(&[vec![0, 1, 2, 3]]), (0.5, 1.0));
        assert_eq!(judged(&[vec![0], vec![1], vec![2], vec![3]]), (1.0, 0.5));
    }
}
