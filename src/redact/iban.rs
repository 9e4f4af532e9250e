//! Numbers of bank accounts (ISO 13616): a country, its length, and a remainder of 1.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Kind, stands_alone};

/// How long the number is in each country of the registry (SWIFT, release 99).
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HN", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

#[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
static BEGIN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z]{2}[ -]?[0-9][ -]?[0-9]").unwrap());

pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    let mut from = 0;
    while let Some(begin) = BEGIN.find_at(text, from) {
        from = begin.start() + 1;
        if let Some(end) = end_of(text, begin.start()) {
            found.push(Found { start: begin.start(), end, kind: Kind::Iban });
            from = end;
        }
    }
}

/// Where the number that begins here ends.
fn end_of(text: &str, start: usize) -> Option<usize> {
    let country = text[start..start + 2].to_ascii_uppercase();
    let (_, length) = LENGTHS.iter().find(|(code, _)| *code == country)?;
    let (mut number, mut end, mut parted) = (String::new(), start, false);
    for (at, character) in text[start..].char_indices() {
        match character {
            ' ' | '-' | '.' if !parted => parted = true,
            c if c.is_ascii_alphanumeric() => {
                number.push(c.to_ascii_uppercase());
                end = start + at + 1;
                parted = false;
            }
            _ => return None,
        }
        if number.len() == *length {
            break;
        }
    }
    let whole = number.len() == *length && stands_alone(text, start, end);
    (whole && remainder(&number) == 1).then_some(end)
}

/// The remainder of 97 (ISO/IEC 7064, MOD 97-10): the first four behind the others, letters as 10
/// to 35.
fn remainder(number: &str) -> u32 {
    let (first, others) = number.split_at(4);
    others.chars().chain(first.chars()).filter_map(|c| c.to_digit(36)).fold(0, |sum, value| {
        let shifted = if value < 10 { sum * 10 } else { sum * 100 };
        (shifted + value) % 97
    })
}
