//! Puts back the apostrophes that someone left out who types while a customer talks: what reads
//! "don't" must not take "dont have budget" for having one.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::pattern;

/// The text with the apostrophes of the words that mean nothing else without: "dont", "thats". "its",
/// "were", "well" or "ill" may be meant as written, and "im" is a word of other languages.
#[must_use]
pub fn with_apostrophes(text: &str) -> Cow<'_, str> {
    MISSING.replace_all(text, |word: &Captures<'_>| {
        let mut halves = word.iter().skip(1).flatten().map(|half| half.as_str());
        format!("{}'{}", halves.next().unwrap_or_default(), halves.next().unwrap_or_default())
    })
}

/// Such a word in two halves, the apostrophe between them.
static MISSING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:
            ((?:do|does|did|is|are|was|were|have|has|had|wo|ca|could|should|would|must|need|ai)n)(t)
            | (i|we)(ve) | (you|they)(re|ve)
            | (that|there|here|what|where|who|how|he|she)(s)
        )\b",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apostrophes_come_back_where_they_are_missed() {
        for (text, expected) in [
            ("we dont have budget", "we don't have budget"),
            ("CANT afford it, ive tried", "CAN'T afford it, i've tried"),
            ("Thats what theyre saying", "That's what they're saying"),
            ("youve heard weve no time, hes away", "you've heard we've no time, he's away"),
        ] {
            assert_eq!(with_apostrophes(text), expected);
        }
        for text in [
            "its price and our cost were well known",
            "don't, can’t, that's",
            "Im Moment nicht, and Ives",
            "the front doesn",
            "",
        ] {
            assert_eq!(with_apostrophes(text), text);
        }
    }
}
