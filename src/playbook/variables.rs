//! What a line holds besides words: `{{ variables }}`, a citation, a link, a slot name.

/// A message block of `messages.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub text: String,
    pub citation: Option<String>,
}

/// Something between double braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable<'a> {
    /// `{{ message.ID }}`.
    Message(&'a str),
    /// `{{ price.NAME }}`.
    Price(&'a str),
    /// Anything else.
    Other(&'a str),
    /// Opened and not closed.
    Unclosed,
}

/// A line cut at its variables.
enum Piece<'a> {
    Words(&'a str),
    Variable(Variable<'a>),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        pieces.push(Piece::Words(before));
        let Some((inside, after)) = after.split_once("}}") else {
            pieces.push(Piece::Variable(Variable::Unclosed));
            return pieces;
        };
        let inside = inside.trim();
        pieces.push(Piece::Variable(match inside.split_once('.') {
            Some(("message", id)) => Variable::Message(id),
            Some(("price", name)) => Variable::Price(name),
            _ => Variable::Other(inside),
        }));
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    pieces
}

/// Every variable of a line, in order.
pub(super) fn variables(text: &str) -> impl Iterator<Item = Variable<'_>> {
    pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Variable(variable) => Some(variable),
        Piece::Words(_) => None,
    })
}

/// The line with each variable replaced by what `value` says.
pub(super) fn filled(text: &str, value: impl Fn(Variable<'_>) -> String) -> String {
    let filled = pieces(text).into_iter().map(|piece| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Variable(variable) => value(variable),
    });
    filled.collect()
}

/// The target of `See: [words](file.md#target)`: the card id after `#`.
pub(super) fn see(text: &str) -> Option<&str> {
    let link = text.split_once("See: [")?.1;
    let target = link.split_once("](")?.1.split_once(')')?.0;
    Some(target.rsplit_once('#').map_or(target, |(_, id)| id))
}

/// The line without `See: […](…)`.
pub(super) fn without_see(text: &str) -> String {
    let Some((before, link)) = text.split_once("See: [") else { return text.to_owned() };
    let after = link.split_once("](").and_then(|(_, rest)| rest.split_once(')'));
    let after = after.map_or("", |(_, after)| after.trim_start_matches('.'));
    format!("{} {}", before.trim_end(), after.trim_start()).trim().to_owned()
}

/// The words and the source of `words (source: source)`.
pub(super) fn cited(text: &str) -> (String, Option<String>) {
    let cut = text.trim_end().strip_suffix(')').and_then(|text| text.rsplit_once("(source:"));
    match cut {
        Some((words, source)) if !source.contains(')') => {
            (words.trim_end().to_owned(), Some(source.trim().to_owned()))
        }
        _ => (text.to_owned(), None),
    }
}

/// The slot name of `Implication: words`, if it is one of `slots`, and the words.
pub(super) fn slotted<'a>(text: &'a str, slots: &[String]) -> (Option<String>, &'a str) {
    if let Some((name, words)) = text.split_once(':') {
        let known = slots.iter().find(|slot| slot.eq_ignore_ascii_case(name.trim()));
        if let Some(slot) = known {
            return (Some(slot.clone()), words.trim_start());
        }
    }
    (None, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_and_filled() {
        let text = "{{message.a}} and {{ price.team.list }}, {{ x }} {{ open";
        let found: Vec<_> = variables(text).collect();
        let expected = [
            Variable::Message("a"),
            Variable::Price("team.list"),
            Variable::Other("x"),
            Variable::Unclosed,
        ];
        assert_eq!(found, expected);
        let words = filled("{{ message.a }} or {{ price.b }}", |variable| match variable {
            Variable::Message(id) => id.to_uppercase(),
            _ => "$1".to_owned(),
        });
        assert_eq!(words, "A or $1");
    }

    #[test]
    fn links_citations_and_slots_are_not_words() {
        let text = "Compare them. See: [cheaper](price.md#cheaper-elsewhere). Then ask.";
        assert_eq!(see(text), Some("cheaper-elsewhere"));
        assert_eq!(without_see(text), "Compare them. Then ask.");
        assert_eq!(see("See: nothing"), None);
        let (words, source) = cited("Four hours. (source: sample, 2026-10)");
        assert_eq!((words.as_str(), source.as_deref()), ("Four hours.", Some("sample, 2026-10")));
        assert_eq!(cited("Four (or five)").1, None);
        let slots = ["Implication".to_owned()];
        assert_eq!(slotted("implication: what then?", &slots).1, "what then?");
        assert_eq!(slotted("Note: what then?", &slots), (None, "Note: what then?"));
    }
}
