//! Cuts text into the tokens that are indexed and asked for.

use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};

/// The name under which the analyser is registered.
pub(super) const NAME: &str = "spoken";

/// No more than this many tokens of a question are looked up.
const MOST_TOKENS: usize = 64;

/// Words that carry nothing in a spoken sentence. Negations, question words and words of time
/// stay: "not now" is all stop words in the usual lists, and is an objection here.
const NOTHING: [&str; 44] = [
    "a", "an", "the", "and", "or", "of", "to", "in", "on", "at", "for", "with", "is", "are", "was",
    "were", "be", "been", "am", "it", "its", "this", "that", "there", "i", "im", "me", "my", "you",
    "your", "youre", "they", "them", "their", "he", "she", "as", "so", "um", "uh", "well", "just",
    "really", "honestly",
];

/// Lower case, without the words that carry nothing, cut to their English stems.
pub(super) fn analyser() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(StopWordFilter::remove(NOTHING.map(str::to_owned)))
        .filter(Stemmer::new(Language::English))
        .build()
}

/// Takes apostrophes out, so that "don't" is one token and stays a negation.
pub(super) fn without_apostrophes(text: &str) -> String {
    text.replace(['\'', '’'], "")
}

/// The distinct tokens of a question, at most 64.
pub(super) fn tokens(analyser: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let text = without_apostrophes(text);
    let mut stream = analyser.token_stream(&text);
    let mut tokens: Vec<String> = Vec::new();
    while tokens.len() < MOST_TOKENS && stream.advance() {
        let token = &stream.token().text;
        if !tokens.contains(token) {
            tokens.push(token.clone());
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negations_stay_and_floods_are_cut() {
        assert_eq!(
            tokens(&mut analyser(), "I don't want it, not now!"),
            ["dont", "want", "not", "now"]
        );
        let flood: Vec<String> = (0..10_000).map(|number| format!("word{number}")).collect();
        assert_eq!(tokens(&mut analyser(), &flood.join(" ")).len(), MOST_TOKENS);
        assert!(tokens(&mut analyser(), "((((- * \" NOT").contains(&"not".to_owned()));
    }
}
