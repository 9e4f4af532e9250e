//! Puts texts of one meaning together.

/// The mean cosine from which questions are of one meaning, for the bundled encoder: chosen where
/// `cornerman eval --clusters` is best on lines of calls (tests/bench/RETRIEVAL.md).
pub const SAME_MEANING: f32 = 0.43;

/// Groups of texts by their vectors, each of length 1: the two groups whose texts are nearest to each
/// other on average become one, again and again, down to a cosine of `nearest` (average linkage; Sokal
/// and Michener 1958). Each group has its texts in their order, and groups are in the order of their
/// first. The work grows with the cube of the number of texts: 400 take a tenth of a second.
#[must_use]
pub fn clusters(vectors: &[Vec<f32>], nearest: f32) -> Vec<Vec<usize>> {
    let count = vectors.len();
    let cosine = |one: usize, other: usize| -> f32 {
        let pair =
            vectors.get(one).into_iter().flatten().zip(vectors.get(other).into_iter().flatten());
        pair.map(|(one, other)| one * other).sum()
    };
    let mut groups: Vec<Option<Vec<usize>>> = (0..count).map(|text| Some(vec![text])).collect();
    // The mean cosine between the texts of two groups.
    let mut near: Vec<Vec<f32>> =
        (0..count).map(|one| (0..count).map(|other| cosine(one, other)).collect()).collect();
    loop {
        let mut best = (nearest, None);
        for one in 0..count {
            if groups[one].is_none() {
                continue;
            }
            for other in one + 1..count {
                if groups[other].is_some() && near[one][other] >= best.0 {
                    best = (near[one][other], Some((one, other)));
                }
            }
        }
        let Some((one, other)) = best.1 else { break };
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
    }
    let mut found: Vec<Vec<usize>> = groups.into_iter().flatten().collect();
    found.sort_by_key(|texts| texts.first().copied());
    found
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

    proptest! {
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
