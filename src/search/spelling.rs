//! Mends slips of the pen: what is no word, and nearly a word of the playbook, is that word.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::mpnet;

/// Shorter words are left alone: too many are one letter apart.
const SHORTEST: usize = 5;

/// From so many letters on two slips are mended, else one.
const LONG: usize = 8;

/// The words that a playbook and its negatives are written in.
pub(super) struct Spelling {
    /// By the number of their letters; of each how often it occurs.
    words: BTreeMap<usize, HashMap<String, usize>>,
    /// Words that are no slip, whether the playbook has them or not.
    known: HashSet<&'static str>,
}

impl Spelling {
    /// The words of these texts.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut written: HashMap<&str, usize> = HashMap::new();
        for word in texts.flat_map(|text| text.split(|c| !is_letter(c))) {
            *written.entry(word).or_default() += 1;
        }
        let written: BTreeMap<&str, usize> = written.into_iter().collect();
        let mut words: BTreeMap<usize, HashMap<String, usize>> = BTreeMap::new();
        for (word, count) in written {
            let word = word.to_lowercase();
            *words.entry(word.chars().count()).or_default().entry(word).or_default() += count;
        }
        Self { words, known: mpnet::english().collect() }
    }

    /// About how many word pieces an encoder makes of a text: one of a word that it knows, and one of
    /// each two letters of any other.
    pub(super) fn pieces(&self, text: &str) -> usize {
        let words = text.split(|c| !is_letter(c)).filter(|word| !word.is_empty());
        let pieces = words.map(|word| {
            let (word, letters) = (word.to_lowercase(), word.chars().count());
            let ours = || self.words.get(&letters).is_some_and(|words| words.contains_key(&word));
            if self.known.contains(word.as_str()) || ours() { 1 } else { letters.div_ceil(2) }
        });
        pieces.sum()
    }

    /// The text with its slips mended.
    pub(super) fn mended<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut mended = String::new();
        let mut kept = 0; // so much of the text stands in `mended`
        let mut start = 0;
        for part in text.split_inclusive(|c| !is_letter(c)) {
            let word = part.trim_end_matches(|c| !is_letter(c));
            if let Some(better) = self.better(word, start == 0) {
                mended += &text[kept..start];
                mended += better;
                kept = start + word.len();
            }
            start += part.len();
        }
        if kept == 0 {
            return Cow::Borrowed(text);
        }
        mended += &text[kept..];
        Cow::Owned(mended)
    }

    /// The word that was meant; none when this is a word, a name, or like none of ours.
    fn better(&self, written: &str, opens: bool) -> Option<&str> {
        let letters = written.chars().count();
        if letters < SHORTEST || (!opens && is_name(written)) {
            return None;
        }
        let word = written.to_lowercase();
        let ours = self.words.get(&letters).is_some_and(|words| words.contains_key(&word));
        if ours || self.known.contains(word.as_str()) || word.contains(['\'', '’']) {
            return None;
        }
        let most = if letters < LONG { 1 } else { 2 };
        let near = self.words.range(SHORTEST.max(letters - most)..=letters + most);
        let near = near.flat_map(|(_, words)| words).filter_map(|(other, count)| {
            // The first letter is hardly ever the one that slips.
            let begins_alike = other.chars().next() == word.chars().next();
            let slips = begins_alike.then(|| strsim::osa_distance(&word, other))?;
            (slips <= most).then_some((slips, std::cmp::Reverse(*count), other))
        });
        near.min().map(|(_, _, other)| other.as_str())
    }
}

/// Apostrophes belong to words.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\'' | '’')
}

/// Written with one capital, at its beginning.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.all(|c| !c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        let playbook = ["It's too expensive", "we have a competitor", "deal with it", "price"];
        Spelling::of(playbook.into_iter()).mended(text).into_owned()
    }

    #[test]
    fn a_word_that_nobody_knows_has_many_pieces() {
        let spelling = Spelling::of(["Quickpath is too expensive"].into_iter());
        assert_eq!(spelling.pieces("it is too expensive, quickpath"), 5);
        assert_eq!(spelling.pieces("xqzvbnmkw qqxz"), 7);
    }

    #[test]
    fn slips_are_mended_where_they_stand() {
        assert_eq!(mended("ITS TO EXPENSIV!!"), "ITS TO expensive!!");
        assert_eq!(mended("Expnesive, und die prise"), "expensive, und die price");
        assert_eq!(
            mended("we got a compeditr, too expansiv 😀"),
            "we got a competitor, too expensive 😀"
        );
        assert_eq!(mended(""), "");
    }

    #[test]
    fn words_names_and_what_is_far_from_ours_stay() {
        for text in
            ["an expansive view", "we use Priice", "deel", "zu teuer für uns", "exxpeensivve"]
        {
            assert_eq!(mended(text), text);
        }
    }
}
