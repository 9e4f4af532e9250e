//! Takes personal data and secrets out of a text, before anything of it is written anywhere.

mod cue;
mod email;
mod iban;
mod keys;
mod net;
mod numbers;
mod phone;
mod plain;

use serde::{Deserialize, Serialize};

use self::plain::Plain;

/// A longer text is withheld: bytes.
const LONGEST: usize = 64 * 1024;

/// What a piece of a text is. Where two overlap, the first of this list names both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// The part of an address of a page that opens a door: a password, a session, a signature.
    UrlToken,
    /// A key or password for a program.
    ApiKey,
    /// The number of a bank account.
    Iban,
    /// The number of a payment card.
    Card,
    /// A social security number of the United States.
    Ssn,
    /// An e-mail address.
    Email,
    /// The address of a machine, IPv4 or IPv6.
    Ip,
    /// A telephone number.
    Phone,
}

impl Kind {
    /// What replaces it. It says nothing about the value: a few digits or a hash of a short
    /// value can be guessed back.
    #[must_use]
    pub const fn mask(self) -> &'static str {
        match self {
            Self::ApiKey => "[API_KEY]",
            Self::UrlToken => "[URL_TOKEN]",
            Self::Card => "[CARD]",
            Self::Iban => "[IBAN]",
            Self::Ssn => "[SSN]",
            Self::Email => "[EMAIL]",
            Self::Ip => "[IP]",
            Self::Phone => "[PHONE]",
        }
    }

    /// What people call it, with its article.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "a key",
            Self::UrlToken => "a secret in the address of a page",
            Self::Card => "a card number",
            Self::Iban => "a bank account number",
            Self::Ssn => "a social security number",
            Self::Email => "an e-mail address",
            Self::Ip => "the address of a machine",
            Self::Phone => "a telephone number",
        }
    }
}

/// A piece of the original text that was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Where it begins: code points from the start.
    pub start: usize,
    /// The code point behind its last.
    pub end: usize,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: Kind,
}

/// A text without personal data and secrets. Only this room makes one of what people type; what
/// was kept is read back as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted(String);

impl Redacted {
    /// What may be kept of a text: without personal data and secrets, or, when that cannot be
    /// promised, nothing of it but a word that it was withheld.
    #[must_use]
    pub fn of(text: &str) -> Self {
        redact(text).map_or_else(|why| Self(format!("[WITHHELD: {why}]")), |made| made.text)
    }

    /// Its first `most` code points, and characters that cannot be printed left out.
    #[must_use]
    pub fn shortened(&self, most: usize) -> Self {
        let printed = self.0.chars().filter(|c| !c.is_control() || *c == '\n');
        Self(printed.take(most).collect())
    }

    /// The text, with a mask for each piece.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// What came of taking personal data and secrets out of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Redaction {
    text: Redacted,
    spans: Vec<Span>,
}

impl Redaction {
    /// The text, with a mask for each piece.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// The pieces, in the order of the text; they never overlap.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }
}

/// A text that is not given out at all, because it cannot be made safe. It never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// It is too long to look through.
    #[error("the text is longer than {LONGEST} bytes")]
    TooLong,
    /// What was left still holds something.
    #[error("something was left after masking")]
    Unsettled,
}

/// The text without e-mail addresses, telephone, card and bank account numbers, addresses of
/// machines, social security numbers, and secrets. Names and postal addresses stay.
///
/// # Errors
/// [`Withheld`] when that cannot be promised.
pub fn redact(text: &str) -> Result<Redaction, Withheld> {
    if text.len() > LONGEST {
        return Err(Withheld::TooLong);
    }
    let spans = find(text);
    if spans.is_empty() {
        return Ok(Redaction { text: Redacted(text.to_owned()), spans });
    }
    let masked = mask(text, &spans);
    if find(&masked).is_empty() {
        Ok(Redaction { text: Redacted(masked), spans })
    } else {
        Err(Withheld::Unsettled)
    }
}

/// A piece of the plain text, in bytes.
struct Found {
    start: usize,
    end: usize,
    kind: Kind,
}

fn find(text: &str) -> Vec<Span> {
    let plain = Plain::of(text);
    let mut found = Vec::new();
    for detector in [keys::find, net::find, iban::find, numbers::find, email::find, phone::find] {
        detector(&plain.text, &mut found);
    }
    found.sort_by_key(|found| found.start);
    let mut spans: Vec<Span> = Vec::new();
    for Found { start, end, kind } in found {
        let (start, end) = plain.code_points(start, end);
        match spans.last_mut() {
            Some(last) if start < last.end => {
                last.end = last.end.max(end);
                last.kind = last.kind.min(kind);
            }
            _ => spans.push(Span { start, end, kind }),
        }
    }
    spans
}

fn mask(text: &str, spans: &[Span]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut characters = text.chars();
    let mut at = 0;
    for span in spans {
        masked.extend(characters.by_ref().take(span.start - at));
        masked.push_str(span.kind.mask());
        characters.by_ref().take(span.end - span.start).for_each(drop);
        at = span.end;
    }
    masked.extend(characters);
    masked
}

/// Whether a match is on its own: no letter or digit goes on before or behind it.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let behind = text[end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
}
