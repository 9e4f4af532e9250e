//! Telephone numbers: with the sign of a country, in a national shape, or after a word that says
//! so.

use std::sync::LazyLock;

use regex::Regex;

use super::cue::{GOODS, is_credit_note, stands_before};
use super::{Found, Kind, stands_alone};

const CUES: &[&str] = &[
    "answering",
    "call",
    "called",
    "calling",
    "cell",
    "cellphone",
    "contact",
    "desk",
    "dial",
    "fax",
    "handy",
    "hotline",
    "landline",
    "line",
    "mob",
    "mobile",
    "phone",
    "phones",
    "portable",
    "reach",
    "ring",
    "sms",
    "tel",
    "telefon",
    "telephone",
    "text",
    "whatsapp",
    "extension",
    "ext",
    "pager",
    "office",
    "home",
];

/// Words that are said of a telephone and of nothing else.
const TELEPHONES: &[&str] = &[
    "cell",
    "cellphone",
    "dial",
    "fax",
    "handy",
    "landline",
    "mob",
    "mobile",
    "phone",
    "sms",
    "tel",
    "telefon",
    "telephone",
    "whatsapp",
];

/// What is counted: a number before it is no one's.
const COUNTED: &[&str] = &[
    "a",
    "calls",
    "chf",
    "customers",
    "days",
    "dollars",
    "employees",
    "eur",
    "euros",
    "events",
    "gbp",
    "hours",
    "licences",
    "licenses",
    "messages",
    "minutes",
    "people",
    "per",
    "percent",
    "pounds",
    "records",
    "requests",
    "rows",
    "seats",
    "times",
    "transactions",
    "units",
    "usd",
    "users",
];

const EXTENSION: &str = r"(?:,? ?(?:x|ext\.?|extension|#) ?[0-9]{1,6})?";

fn form(pattern: &str) -> Regex {
    #[expect(clippy::unwrap_used, reason = "constants, and tests that use them")]
    Regex::new(&format!("{pattern}{EXTENSION}")).unwrap()
}

/// `+` or `00` and a country.
static ABROAD: LazyLock<Regex> =
    LazyLock::new(|| form(r"(?:\+ ?|00)[(]?[1-9](?:[() ./-]{0,3}[0-9]){7,14}"));
/// North America: area and exchange from 2 on.
static AMERICAN: LazyLock<Regex> = LazyLock::new(|| {
    form(r"(?:1[ ./-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ ./-])[2-9][0-9]{2}[ ./-][0-9]{4}")
});
/// A leading zero, and at least one break.
static NATIONAL: LazyLock<Regex> =
    LazyLock::new(|| form(r"(?:\(0[0-9]{1,4}\)|0[0-9]{1,4}[ ./-])(?:[ ./-]?[0-9]){5,9}"));
/// Anything, if a word says what it is.
static SAID: LazyLock<Regex> = LazyLock::new(|| form(r"[(]?[0-9](?:[() ./-]{0,2}[0-9]){6,14}"));
/// Digit by digit, as someone reads it out; in figures or in words.
static READ_OUT: LazyLock<Regex> = LazyLock::new(|| {
    let digit = "(?:[0-9]|zero|oh|one|two|three|four|five|six|seven|eight|nine)";
    let digit = format!(r"(?:(?:double|triple)[ -]{digit}|{digit})");
    #[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
    Regex::new(&format!(r"(?i)\b{digit}(?:[ ,./-]{{1,2}}{digit}){{6,14}}\b")).unwrap()
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let (year, two) = ("(?:19|20)[0-9]{2}", "[0-3]?[0-9]");
    #[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
    Regex::new(&format!(
        r"^(?:{year}[-/.]{two}[-/.]{two}(?:[^0-9]|$)|{two}[-/. ]{two}[-/. ](?:{year}|[0-9]{{2}})$)"
    ))
    .unwrap()
});
static DECIMALS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
    Regex::new(r"^[.,][0-9]{1,2}(?:[^0-9]|$)").unwrap()
});
/// Thousands in groups, `4 242 424 242`, and amounts, `180000.00`.
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
    Regex::new(r"^(?:[1-9][0-9]{0,2}(?:[ .][0-9]{3})+|[0-9]+\.[0-9]{2})$").unwrap()
});

/// Nothing is said of a telephone with a point and two digits at its end.
static CENTS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
    Regex::new(r"^[0-9]+\.[0-9]{2}$").unwrap()
});
/// "reach me on", "call her back at": what follows is where someone is reached.
static TOLD: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
    Regex::new(
        r"(?i)\b(?:reach|get|catch|call|ring|text|phone)(?:\s+hold\s+of)?\s+(?:me|us|him|her|them)(?:\s+back)?\s+(?:on|at|under|via)\s*:?\s*$",
    )
    .unwrap()
});

/// Whether the words before a place say that someone is reached there.
fn is_told(before: &str) -> bool {
    let near = before.ceil_char_boundary(before.len().saturating_sub(40));
    TOLD.is_match(&before[near..])
}

/// Whether what is read out is a number and no counting: "1 2 3 4 5 6 7".
fn is_read_out(piece: &str) -> bool {
    let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let items = piece.split(|c: char| !c.is_alphanumeric()).filter(|item| !item.is_empty());
    let value = |item: &str| match item.parse::<i64>() {
        Ok(digit) => Some(digit),
        Err(_) => words.iter().position(|word| item.eq_ignore_ascii_case(word)).map(|at| at as i64),
    };
    let values: Vec<i64> = items.filter_map(value).collect();
    let counting = |step: i64| values.windows(2).all(|two| two[1] - two[0] == step);
    !counting(1) && !counting(-1) && !counting(0)
}

pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    for number in READ_OUT.find_iter(text).filter(|number| is_read_out(number.as_str())) {
        push(found, number.start(), number.end());
    }
    if text.bytes().filter(u8::is_ascii_digit).count() < 7 {
        return;
    }
    for (form, sure) in [(&ABROAD, true), (&AMERICAN, false), (&NATIONAL, false)] {
        for number in form.find_iter(text).filter(|number| free(text, number.start(), number.end()))
        {
            let start = number.start();
            let goods = || stands_before(text, start, GOODS) || is_credit_note(text, start);
            let plus = number.as_str().starts_with('+');
            if plus || sure && !goods() || !goods() && !is_other(text, number.start(), number.end())
            {
                push(found, number.start(), number.end());
            }
        }
    }
    for number in SAID.find_iter(text).filter(|number| free(text, number.start(), number.end())) {
        let (start, end) = (number.start(), number.end());
        let said = stands_before(text, start, CUES) || is_told(&text[..start]);
        if said && !is_other(text, start, end) {
            push(found, start, end);
        }
    }
}

fn push(found: &mut Vec<Found>, start: usize, end: usize) {
    found.push(Found { start, end, kind: Kind::Phone });
}

/// Whether it is on its own, and not inside a name of something or the address of a page.
fn free(text: &str, start: usize, end: usize) -> bool {
    let mut before = text[..start].chars().rev();
    let part = match (before.next(), before.next()) {
        (Some('/' | '=' | '-' | '_' | '#' | '$' | '€' | '£'), _) => true,
        (Some('.' | ','), Some(c)) => c.is_ascii_digit(),
        _ => false,
    };
    let goes_on = text[end..].starts_with(['-', '_', '%', '€']) || DECIMALS.is_match(&text[end..]);
    stands_alone(text, start, end) && !part && !goes_on
}

/// A date, a quantity in groups, or a number of things that are counted.
fn is_other(text: &str, start: usize, end: usize) -> bool {
    let piece = &text[start..end];
    let next = text[end..].split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    let counted = next.is_some_and(|word| COUNTED.contains(&word.to_lowercase().as_str()));
    let telephone = stands_before(text, start, TELEPHONES) || is_told(&text[..start]);
    let grouped = !piece.contains('.') && stands_before(text, start, CUES) || telephone;
    let amount = AMOUNT.is_match(piece) && (!grouped || CENTS.is_match(piece));
    DATE.is_match(piece) || counted || amount
}
