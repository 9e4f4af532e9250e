//! Makes text safe for Discord: nothing formats, pings or overflows that should not.

use crate::chat::core::{Span, Text};

/// The text in which no sign of Discord's notation means anything, and nothing is invisible.
pub(super) fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '<' | '[' | ']' | '#' | '@') {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

/// A line in Discord's notation.
pub(super) fn markdown(text: &Text) -> String {
    let span = |span: &Span| match span {
        Span::Plain(words) => plain(words),
        Span::Strong(words) => format!("**{}**", plain(words)),
        Span::Emphasis(words) => format!("*{}*", plain(words)),
        Span::Code(name) => format!("`{}`", label(name).replace('`', "'")),
        Span::Person(user) => match user.parse().ok().filter(|user: &u64| *user > 0) {
            Some(user) => format!("<@{user}>"),
            None => plain(user),
        },
        // Discord shows this as "ten minutes ago", in the reader's language.
        Span::Ago(moment) => format!("<t:{}:R>", moment.unix_micros() / 1_000_000),
    };
    text.0.iter().map(span).collect()
}

/// Someone's words on one line, so that they cannot leave their quote.
pub(super) fn quote(text: &str) -> String {
    plain(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The words of a quote again, as they were before [`quote`] made them safe.
pub(super) fn unquote(line: &str) -> String {
    let mut words = String::with_capacity(line.len());
    let mut signs = line.strip_prefix("> ").unwrap_or(line).chars();
    while let Some(sign) = signs.next() {
        words.extend(if sign == '\\' { signs.next() } else { Some(sign) });
    }
    words
}

/// The text without what is invisible, for places where Discord formats nothing.
pub(super) fn label(text: &str) -> String {
    let line: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Control characters, and those that turn the direction of text or have no width. The joiner
/// stays: it makes one emoji out of several.
fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{061C}')
}

/// At most `most` UTF-16 units, the strictest way in which Discord could count; cut between
/// whole characters as people see them, and marked.
pub(super) fn cut(text: &str, most: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    let units = |text: &str| text.encode_utf16().count();
    if units(text) <= most {
        return text.to_owned();
    }
    let (mut kept, mut length) = (String::new(), 1); // the mark itself
    for grapheme in text.graphemes(true) {
        length += units(grapheme);
        if length > most {
            break;
        }
        kept.push_str(grapheme);
    }
    // A backslash that has lost its sign would escape the mark.
    let kept = kept.trim_end_matches('\\').trim_end();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_pings_or_formats() {
        assert_eq!(plain("@everyone <@1> **x**"), "\\@everyone \\<\\@1\\> \\*\\*x\\*\\*");
        assert_eq!(quote("a\n> b\u{202E}c"), "a \\> bc");
        assert_eq!(label("a\n\u{200B}b  c"), "a b c");
    }

    #[test]
    fn texts_are_cut_between_what_people_see() {
        let family = "👨‍👩‍👧‍👦"; // eleven units, one sign
        assert_eq!(cut(&family.repeat(3), 24), format!("{}…", family.repeat(2)));
        assert_eq!(cut(&family.repeat(3), 23), format!("{}…", family.repeat(2)));
        assert_eq!(cut(&family.repeat(3), 22), format!("{family}…"));
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("a\\*b", 3), "a…");
    }

    proptest! {
        #[test]
        fn cut_texts_fit(text in "\\PC{0,80}", most in 1_usize..90) {
            prop_assert!(cut(&text, most).encode_utf16().count() <= most);
        }

        #[test]
        fn quoted_speech_stays_on_its_line(text in "(?s).{0,80}") {
            let quoted = quote(&text);
            prop_assert!(!quoted.contains('\n'));
            prop_assert!(!quoted.replace("\\`", "").contains('`'));
            let visible = |word: &str| word.chars().filter(|c| !is_invisible(*c)).collect();
            let words: Vec<String> = text.split_whitespace().map(visible).collect();
            let words: Vec<&str> = words.iter().flat_map(|word| word.split_whitespace()).collect();
            let again = unquote(&format!("> {quoted}"));
            prop_assert_eq!(again.split_whitespace().collect::<Vec<_>>(), words);
        }
    }
}
