//! Cuts text into the tokens that are indexed and asked for.

use frostem::{Algorithm, Stemmer};

/// What is longer, in bytes, is no word: a link, a key, a line of dashes.
const LONGEST: usize = 40;

/// They are taken out, so that "don't" is one token and stays a negation.
const APOSTROPHES: [char; 2] = ['\'', '’'];

/// Words that carry nothing in a spoken sentence. Negations, question words and words of time
/// stay: "not now" is all stop words in the usual lists, and is an objection here.
const STOP_WORDS: [&str; 44] = [
    "a", "an", "the", "and", "or", "of", "to", "in", "on", "at", "for", "with", "is", "are", "was",
    "were", "be", "been", "am", "it", "its", "this", "that", "there", "i", "im", "me", "my", "you",
    "your", "youre", "they", "them", "their", "he", "she", "as", "so", "um", "uh", "well", "just",
    "really", "honestly",
];

/// The tokens of a text: lower case, without the words that carry nothing, cut to their English
/// stems.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = String> {
    let stemmer = Stemmer::new(Algorithm::English);
    let words = text.split(|c: char| !c.is_alphanumeric() && !APOSTROPHES.contains(&c));
    words.filter_map(move |word| {
        let mut word = word.to_lowercase();
        word.retain(|letter| !APOSTROPHES.contains(&letter));
        let nothing =
            word.is_empty() || word.len() >= LONGEST || STOP_WORDS.contains(&word.as_str());
        (!nothing).then(|| stemmer.stem(&word).into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negations_stay() {
        let tokens = |text| tokens(text).collect::<Vec<_>>();
        assert_eq!(tokens("I don't want it, not now!"), ["dont", "want", "not", "now"]);
        assert_eq!(tokens("That’s TOO expensive"), ["that", "too", "expens"]);
        assert_eq!(tokens("((((- * \" ' NOT"), ["not"]);
        assert!(tokens(&"x".repeat(LONGEST)).is_empty());
    }
}
