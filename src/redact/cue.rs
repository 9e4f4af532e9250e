//! The words before a number, which say what it is.

/// Words that may come between a cue and its number.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "are",
    "at",
    "back",
    "code",
    "direct",
    "directly",
    "for",
    "here",
    "her",
    "him",
    "his",
    "id",
    "in",
    "is",
    "it",
    "its",
    "line",
    "me",
    "my",
    "new",
    "no",
    "nr",
    "num",
    "number",
    "numbers",
    "on",
    "or",
    "our",
    "please",
    "reference",
    "s",
    "the",
    "their",
    "them",
    "this",
    "to",
    "under",
    "us",
    "via",
    "was",
    "work",
    "your",
];

/// What a number may be that is no one's: `order 1234567890`.
pub(super) const GOODS: &[&str] = &[
    "account",
    "article",
    "asset",
    "batch",
    "bill",
    "build",
    "case",
    "catalog",
    "cn",
    "claim",
    "contract",
    "coverage",
    "customer",
    "deal",
    "ean",
    "gtin",
    "invoice",
    "isbn",
    "item",
    "job",
    "lot",
    "model",
    "order",
    "part",
    "plan",
    "po",
    "policy",
    "product",
    "project",
    "purchase",
    "quote",
    "quotation",
    "ref",
    "release",
    "request",
    "rfp",
    "rfq",
    "seats",
    "serial",
    "sku",
    "sn",
    "so",
    "ticket",
    "tracking",
    "upc",
    "version",
    "warranty",
];

/// Numbers of goods that carry a check digit of their own, which now and then looks like a card's.
pub(super) const CHECKED_GOODS: &[&str] = &["ean", "gtin", "isbn", "upc"];

/// Whether a note of a credit comes before a place, whose number is no one's.
pub(super) fn is_credit_note(text: &str, at: usize) -> bool {
    let start = text.ceil_char_boundary(at.saturating_sub(40));
    let before = text[start..at].to_lowercase();
    let behind = ["credit note", "credit-note", "credit memo", "debit note"]
        .iter()
        .find_map(|name| before.rsplit_once(name).map(|(_, behind)| behind.to_owned()));
    let words = |behind: String| {
        behind
            .split(|c: char| !c.is_alphanumeric())
            .all(|word| word.len() < 3 || matches!(word, "number" | "nos"))
    };
    behind.is_some_and(words)
}

/// Whether one of these words comes before a place, with nothing but fillers between.
pub(super) fn stands_before(text: &str, at: usize, cues: &[&str]) -> bool {
    let mut start = at.saturating_sub(60);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let words = text[start..at].rsplit(|c: char| !c.is_alphanumeric());
    for word in words.filter(|word| !word.is_empty()).take(6) {
        let word = word.to_lowercase();
        if cues.contains(&word.as_str()) {
            return true;
        }
        if !FILLERS.contains(&word.as_str()) {
            return false;
        }
    }
    false
}
