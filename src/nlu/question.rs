//! What someone typed or said, before anything is looked up for it.

use super::{parts, with_apostrophes};

/// The longest question that is read, in code points; the rest is left out.
pub const LONGEST: usize = 4_000;

/// Characters that say nothing and would hide a word from the search: control characters, those
/// without width, and those that turn the direction of text.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

/// The text on one line, with its apostrophes, cut to a length; `None` when it is blank.
#[must_use]
pub fn understood(text: &str) -> Option<String> {
    let cut: String = text.chars().filter(|c| !is_invisible(*c)).take(LONGEST).collect();
    let line = cut.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then(|| with_apostrophes(&line).into_owned())
}

/// The sentences that are looked up for a text, so that their vectors can be kept for texts that
/// are asked again and again.
#[must_use]
pub fn looked_up(text: &str) -> Vec<String> {
    let message = parts(&understood(text).unwrap_or_default());
    let single = message.parts.len() < 2;
    std::iter::once(message.text).chain(if single { Vec::new() } else { message.parts }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_with_something_in_it() {
        assert_eq!(understood("  too\n\texpensive \0").as_deref(), Some("too expensive"));
        assert_eq!(understood("we dont").as_deref(), Some("we don't"));
        assert_eq!(understood(" \n \0\t \u{200b}"), None);
        assert_eq!(understood("to\u{200b}o dear\u{202e}").as_deref(), Some("too dear"));
        assert_eq!(understood(&"é".repeat(9_000)).map(|t| t.chars().count()), Some(LONGEST));
    }
}
