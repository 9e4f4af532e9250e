//! What the search needs of a sentence encoder, whichever it is.

/// Turns a sentence into a vector, so that sentences of like meaning point in like directions.
pub trait Encoder: Send + Sync {
    /// Names model, weights and preprocessing. Vectors of different models must never meet.
    fn model(&self) -> &str;

    /// A vector for each of these texts, none of which is blank: of length 1, with the same number
    /// of coordinates for every text. It is the same whatever texts are encoded with it.
    ///
    /// # Errors
    /// [`EncodeError`] when inference fails.
    fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncodeError>;

    /// What it was taught that sales sentences are about; none when it was not.
    fn intents(&self) -> Option<&Classifier> {
        None
    }
}

/// A linear classifier over intents, what sales sentences are about: its softmax is how likely each
/// of them is for a vector.
pub struct Classifier {
    /// The name of each intent.
    pub names: Vec<String>,
    /// A row for each intent, one after the other.
    pub weights: Vec<f32>,
    /// What is added for each intent.
    pub bias: Vec<f32>,
    /// Which of them need no card.
    pub no_card: Vec<bool>,
}

/// The encoder failed. The message never holds the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the sentence encoder: {0}")]
pub struct EncodeError(pub String);

/// The product of two vectors; of two of length 1 their cosine.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Eight running sums let the compiler use vector instructions, which one sum forbids.
    let mut sums = [0.0_f32; 8];
    let (a_chunks, b_chunks) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(x, y)| x * y);
    let rest: f32 = rest.sum();
    for (x, y) in a_chunks.zip(b_chunks) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// The vector scaled to length 1; itself when it has no length.
#[inline(always)]
pub(super) fn normalised(mut vector: Vec<f32>) -> Vec<f32> {
    let length = dot(&vector, &vector).sqrt();
    if length > 0.0 {
        for coordinate in &mut vector {
            *coordinate /= length;
        }
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_count_every_coordinate() {
        let a: Vec<f32> = (1..=11_u8).map(f32::from).collect();
        assert!((dot(&a, &a) - 506.0).abs() < 1e-3);
        let unit = normalised(a);
        assert!((dot(&unit, &unit) - 1.0).abs() < 1e-5);
        assert_eq!(normalised(vec![0.0; 3]), [0.0; 3]);
    }
}
