//! A text as the detectors see it: wide, invisible and odd characters made plain, with the way back
//! to where they came from.

use unicode_normalization::UnicodeNormalization as _;

/// The plain text and where its characters come from.
pub(super) struct Plain {
    pub(super) text: String,
    /// Of each character its place in bytes and the code point of the original; empty when both are
    /// the same.
    origins: Vec<(usize, usize)>,
}

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self { text: text.to_owned(), origins: Vec::new() };
        }
        let (mut plain, mut origins) = (String::with_capacity(text.len()), Vec::new());
        for (place, original) in text.chars().enumerate().filter(|(_, c)| !is_invisible(*c)) {
            // Character by character, so that each keeps its place.
            for character in std::iter::once(original).nfkc() {
                origins.push((plain.len(), place));
                plain.push(common(character));
            }
        }
        Self { text: plain, origins }
    }

    /// The code points of the original that bytes of the plain text come from.
    pub(super) fn code_points(&self, start: usize, end: usize) -> (usize, usize) {
        if self.origins.is_empty() {
            return (start, end);
        }
        let origin = |byte: usize| {
            let at = self.origins.partition_point(|(place, _)| *place <= byte);
            at.checked_sub(1).map_or(0, |at| self.origins[at].1)
        };
        (origin(start), origin(end - 1) + 1)
    }
}

/// Characters that are not seen and part a value all the same.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn common(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\n' => '\n',
        other if other.is_whitespace() => ' ',
        other => other.to_digit(10).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_know_where_they_come_from() {
        let plain = Plain::of("a\u{200b}\u{ff14}½\u{a0}é");
        assert_eq!(plain.text, "a41⁄2 é");
        assert_eq!(plain.code_points(0, 1), (0, 1));
        assert_eq!(plain.code_points(1, 2), (2, 3));
        // The three signs of a half are one code point.
        assert_eq!(plain.code_points(2, 7), (3, 4));
        assert_eq!(plain.code_points(0, plain.text.len()), (0, 6));
    }
}
