//! Why a card was chosen, as data; `card` makes words of it.

/// Why a card is ranked where it is, as data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reason {
    /// This phrasing of the card is nearest in meaning, with this cosine.
    Meaning {
        /// Index of the phrasing.
        phrasing: usize,
        /// Its cosine.
        cosine: f32,
    },
    /// The card shares the question's telling words more than any other.
    Words,
}
