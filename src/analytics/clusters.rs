//! Puts texts of one meaning together.

/// The mean cosine from which questions are of one meaning, for the bundled encoder: chosen where
/// `cornerman eval --clusters` is best on lines of calls (tests/bench/RETRIEVAL.md).
pub const SAME_MEANING: f32 = 0.43;

/// Groups of texts by their vectors, each of length 1: the two groups whose texts are nearest to each
/// other on average become one, again and again, down to a cosine of `nearest` (average linkage; Sokal
/// and Michener 1958). Each group has its texts in their order, and groups are in the order of their
/// first. The work grows with the square of the number of texts, mostly.
#[must_use]
pub fn clusters(vectors: &[Vec<f32>], nearest: f32) -> Vec<Vec<usize>> {
    let count = vectors.len();
    let mut groups: Vec<Option<Vec<usize>>> = (0..count).map(|text| Some(vec![text])).collect();
    // The mean cosine between the texts of two groups.
    let mut near = vec![vec![0.0; count]; count];
    for (one, vector) in vectors.iter().enumerate() {
        for (other, later) in vectors.iter().enumerate().skip(one) {
            let cosine = dot(vector, later);
            (near[one][other], near[other][one]) = (cosine, cosine);
        }
    }
    // Of each group the nearest of those after it.
    let mut best: Vec<(f32, usize)> =
        (0..count).map(|one| nearest_after(one, &near, &groups)).collect();
    loop {
        let pairs = best.iter().enumerate().filter(|(one, _)| groups[*one].is_some());
        let first = pairs.max_by(|(a, one), (b, other)| one.0.total_cmp(&other.0).then(b.cmp(a)));
        let Some((one, &(_, other))) = first.filter(|(_, best)| best.0 >= nearest) else { break };
        let (Some(mut texts), Some(more)) = (groups[one].take(), groups[other].take()) else {
            break;
        };
        let (own, theirs) = (texts.len() as f32, more.len() as f32);
        let means: Vec<f32> = near[one]
            .iter()
            .zip(&near[other])
            .map(|(one, other)| (one * own + other * theirs) / (own + theirs))
            .collect();
        for (row, mean) in near.iter_mut().zip(&means) {
            row[one] = *mean;
        }
        near[one] = means;
        texts.extend(more);
        texts.sort_unstable();
        groups[one] = Some(texts);
        for third in 0..count {
            let lost = best[third].1 == one || best[third].1 == other;
            let nearer = third < one && near[third][one] > best[third].0;
            if groups[third].is_some() && (third == one || lost || nearer) {
                best[third] = nearest_after(third, &near, &groups);
            }
        }
    }
    let mut found: Vec<Vec<usize>> = groups.into_iter().flatten().collect();
    found.sort_by_key(|texts| texts.first().copied());
    found
}

/// The product of two vectors, added up in eight sums beside each other: one sum would have to be added
/// up in its order, several times as slowly. Vectors of different lengths have none.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    if one.len() != other.len() {
        return 0.0;
    }
    let (ones, others) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest = ones.remainder().iter().zip(others.remainder());
    let rest: f32 = rest.map(|(one, other)| one * other).sum();
    let mut sums = [0.0_f32; 8];
    for (one, other) in ones.zip(others) {
        for (sum, (one, other)) in sums.iter_mut().zip(one.iter().zip(other)) {
            *sum += one * other;
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// The nearest of the groups after one, and how near it is; below any bound when there is none.
fn nearest_after(one: usize, near: &[Vec<f32>], groups: &[Option<Vec<usize>>]) -> (f32, usize) {
    let after = (one + 1..groups.len()).filter(|other| groups[*other].is_some());
    let after = after.map(|other| (near[one][other], other));
    let first = after.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
    first.unwrap_or((f32::NEG_INFINITY, one))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_that_point_the_same_way_are_one_group() {
        let at = |degrees: f32| vec![degrees.to_radians().cos(), degrees.to_radians().sin()];
        let vectors = [at(0.0), at(90.0), at(5.0), at(95.0), at(10.0), at(180.0)];
        assert_eq!(clusters(&vectors, 0.9), [vec![0, 2, 4], vec![1, 3], vec![5]]);
        assert_eq!(clusters(&vectors, 1.1).len(), 6, "nothing is nearer than the same");
        assert_eq!(clusters(&[], 0.5), Vec::<Vec<usize>>::new());
    }

    /// The same by looking at every pair again for each step.
    fn slowly(vectors: &[Vec<f32>], nearest: f32) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = (0..vectors.len()).map(|text| vec![text]).collect();
        let dot = |one: &usize, other: &usize| -> f32 {
            vectors[*one].iter().zip(&vectors[*other]).map(|(one, other)| one * other).sum()
        };
        loop {
            let mut best = (nearest, None);
            for one in 0..groups.len() {
                for other in one + 1..groups.len() {
                    let pairs = groups[one]
                        .iter()
                        .flat_map(|a| groups[other].iter().map(move |b| dot(a, b)));
                    let mean =
                        pairs.sum::<f32>() / (groups[one].len() * groups[other].len()) as f32;
                    if mean > best.0 {
                        best = (mean, Some((one, other)));
                    }
                }
            }
            let Some((one, other)) = best.1 else { break };
            let more = groups.remove(other);
            groups[one].extend(more);
            groups[one].sort_unstable();
        }
        groups.sort();
        groups
    }

    proptest! {
        #[test]
        fn groups_are_those_of_a_slow_search(degrees in prop::collection::vec(0.0..360.0_f32, 0..16)) {
            let vectors: Vec<Vec<f32>> =
                degrees.iter().map(|d| vec![d.to_radians().cos(), d.to_radians().sin()]).collect();
            for nearest in [0.95, 0.5] {
                prop_assert_eq!(clusters(&vectors, nearest), slowly(&vectors, nearest));
            }
        }

        /// Every text is in one group, whatever the vectors; a lower bound never makes more groups.
        #[test]
        fn every_text_is_in_one_group(degrees in prop::collection::vec(0.0..360.0_f32, 0..20)) {
            let vectors: Vec<Vec<f32>> =
                degrees.iter().map(|d| vec![d.to_radians().cos(), d.to_radians().sin()]).collect();
            let mut counts = Vec::new();
            for nearest in [0.99, 0.8, 0.0, -1.0] {
                let found = clusters(&vectors, nearest);
                let mut texts = found.concat();
                texts.sort_unstable();
                prop_assert_eq!(texts, (0..vectors.len()).collect::<Vec<_>>());
                counts.push(found.len());
            }
            prop_assert!(counts.is_sorted_by(|one, other| one >= other), "{:?}", counts);
        }
    }
}
