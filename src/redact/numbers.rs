//! Payment cards and social security numbers: digits in groups that a rule of their own confirms.

use std::sync::LazyLock;

use regex::Regex;

use super::cue::{CHECKED_GOODS, GOODS, stands_before};
use super::{Found, Kind, stands_alone};

const CARD_CUES: &[&str] = &["card", "cards", "visa", "mastercard", "amex", "maestro", "discover"];
const SSN_CUES: &[&str] = &["ssn", "security", "social"];

#[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
static RUN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[0-9](?:[ .-]{0,2}[0-9]){8,40}").unwrap());

pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    for run in RUN.find_iter(text) {
        let groups = groups(text, run.start(), run.end());
        let mut from = 0;
        while from < groups.len() {
            // The longest that holds: a date may follow the number.
            let end = (from..groups.len()).rev().find_map(|to| {
                let (start, end) = (groups[from].0, groups[to].1);
                let kind = kind(text, start, end)?;
                found.push(Found { start, end, kind });
                Some(to + 1)
            });
            from = end.unwrap_or(from + 1);
        }
    }
}

/// Runs of digits.
fn groups(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (at, _) in text[start..end].char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        match groups.last_mut() {
            Some(last) if last.1 == start + at => last.1 += 1,
            _ => groups.push((start + at, start + at + 1)),
        }
    }
    groups
}

fn kind(text: &str, start: usize, end: usize) -> Option<Kind> {
    let piece = &text[start..end];
    let digits: Vec<u8> =
        piece.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    if !stands_alone(text, start, end) {
        return None;
    }
    // "card number" says it even where a digit is wrong or the issuer is not known here.
    let said = stands_before(text, start, CARD_CUES) && (12..=19).contains(&digits.len());
    let checked = luhn(&digits) && issued(&digits) && !stands_before(text, start, CHECKED_GOODS);
    if said || checked {
        return Some(Kind::Card);
    }
    (digits.len() == 9 && is_ssn(text, start, piece)).then_some(Kind::Ssn)
}

/// Three, two and four digits, as the Social Security Administration gives them out: no area 000,
/// 666 or from 900 on, no group 00, no serial number 0000.
fn is_ssn(text: &str, start: usize, piece: &str) -> bool {
    let said = stands_before(text, start, SSN_CUES);
    let parts: Vec<&str> = piece.split(['-', ' ', '.']).collect();
    let parts: Vec<&str> = match parts[..] {
        [whole] if said => vec![&whole[..3], &whole[3..5], &whole[5..]],
        _ => parts,
    };
    let [area, group, serial] = parts[..] else { return false };
    let form = (area.len(), group.len(), serial.len()) == (3, 2, 4);
    let given = area != "000" && area != "666" && area < "900" && group != "00" && serial != "0000";
    // "A-100-22-3344" is a serial number.
    let part_of_more = text[..start].ends_with(['-', '.', '/']);
    form && given && !part_of_more && (said || !stands_before(text, start, GOODS))
}

/// The check digit of cards (ISO/IEC 7812-1, annex B).
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a payment network gives out numbers that begin so, of this length.
fn issued(digits: &[u8]) -> bool {
    let begin = digits.iter().take(4).fold(0_u16, |begin, digit| begin * 10 + u16::from(*digit));
    let length = digits.len();
    match begin {
        3400..=3499 | 3700..=3799 => length == 15,
        4000..=4999 => matches!(length, 13 | 16 | 19),
        5100..=5599 | 2221..=2720 => length == 16,
        3000..=3059 | 3600..=3699 | 3800..=3899 => (14..=19).contains(&length),
        3528..=3589 | 6011 | 6440..=6499 | 6500..=6599 | 6200..=6299 => (16..=19).contains(&length),
        5000..=5099 | 5600..=6999 => (13..=19).contains(&length),
        _ => false,
    }
}
