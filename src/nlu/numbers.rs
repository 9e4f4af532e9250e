//! What a number with points, commas and spaces comes to, in a team's locale.

use crate::model::Locale;

/// An exact decimal number: `digits` with the point before the last `decimals` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i64,
    decimals: u32,
}

impl Decimal {
    /// The most digits that are read; more are no quantity of anything that is sold.
    const MOST: usize = 15;

    pub fn whole(number: i64) -> Self {
        Self { digits: number, decimals: 0 }
    }

    fn of(whole: &str, part: &str) -> Option<Self> {
        let part = part.trim_end_matches('0');
        let all = format!("{whole}{part}");
        let digits = all.parse().ok().filter(|_| all.len() <= Self::MOST)?;
        Some(Self { digits, decimals: u32::try_from(part.len()).ok()? })
    }

    /// Times a whole number.
    pub fn times(self, factor: i64) -> Option<Self> {
        let (mut digits, mut decimals) = (self.digits.checked_mul(factor)?, self.decimals);
        while decimals > 0 && digits % 10 == 0 {
            (digits, decimals) = (digits / 10, decimals - 1);
        }
        Some(Self { digits, decimals })
    }

    /// The number if it is whole.
    pub fn as_whole(self) -> Option<i64> {
        (self.decimals == 0).then_some(self.digits)
    }

    /// Hundredths of it, if they are whole.
    pub fn hundredths(self) -> Option<i64> {
        match self.decimals {
            0 => self.digits.checked_mul(100),
            1 => self.digits.checked_mul(10),
            2 => Some(self.digits),
            _ => None,
        }
    }

    /// The hundredths just below it and just above.
    pub fn around(self) -> (i64, i64) {
        let below = self.digits / 10_i64.pow(self.decimals.saturating_sub(2).min(18));
        (below, below + 1)
    }
}

impl std::fmt::Display for Decimal {
    /// With a point and without groups: `1200`, `1.2`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scale = 10_i64.pow(self.decimals.min(18));
        match self.decimals {
            0 => write!(f, "{}", self.digits),
            decimals => {
                let (whole, part) = (self.digits / scale, self.digits % scale);
                write!(f, "{whole}.{part:0width$}", width = decimals as usize)
            }
        }
    }
}

/// What a written number may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Number {
    One(Decimal),
    Either(Decimal, Decimal),
    None,
}

/// Reads digits with points, commas, apostrophes and hard spaces between them.
pub(super) fn read(text: &str, locale: Locale) -> Number {
    let one = |number: Option<Decimal>| number.map_or(Number::None, Number::One);
    let mut kinds: Vec<char> = Vec::new();
    for sign in text.chars().filter(|sign| !sign.is_ascii_digit()) {
        if !kinds.contains(&sign) {
            kinds.push(sign);
        }
    }
    match kinds.as_slice() {
        [] => one(Decimal::of(text, "")),
        [sign] => {
            let parts: Vec<&str> = text.split(*sign).collect();
            match parts.as_slice() {
                [whole, part] if part.len() != 3 && ".,".contains(*sign) => {
                    one(Decimal::of(whole, part))
                }
                [whole, part] => single(whole, part, *sign, locale),
                _ => groups(&parts, "", locale),
            }
        }
        // Two different signs: the last one is the decimal's, and comes once.
        [group, decimal] if ".,".contains(*decimal) && text.matches(*decimal).count() == 1 => {
            let (whole, part) = text.split_once(*decimal).unwrap_or((text, ""));
            if whole.contains(*group) && !part.contains(*group) {
                groups(&whole.split(*group).collect::<Vec<_>>(), part, locale)
            } else {
                Number::None
            }
        }
        _ => Number::None,
    }
}

/// One sign with three digits behind it: a group or decimals.
fn single(whole: &str, part: &str, sign: char, locale: Locale) -> Number {
    let grouped = Decimal::of(&format!("{whole}{part}"), "");
    let decimal = Decimal::of(whole, part);
    let can_be_group = part.len() == 3 && whole.len() <= 3 && !whole.starts_with('0');
    let (Some(grouped), Some(decimal)) = (grouped, decimal) else { return Number::None };
    match (can_be_group, ".,".contains(sign)) {
        (true, false) => Number::One(grouped),
        (true, true) if sign == locale.groups() => Number::One(grouped),
        (true, true) => Number::Either(grouped, decimal),
        (false, true) => Number::One(decimal),
        (false, false) => Number::None,
    }
}

/// Groups of three digits; in India the last three and then pairs.
fn groups(parts: &[&str], decimals: &str, locale: Locale) -> Number {
    let [first, rest @ ..] = parts else { return Number::None };
    let Some(number) = Decimal::of(&parts.concat(), decimals) else { return Number::None };
    let threes = (1..=3).contains(&first.len()) && rest.iter().all(|part| part.len() == 3);
    let last_three = rest.last().is_some_and(|part| part.len() == 3);
    let pairs = rest.iter().rev().skip(1).all(|part| part.len() == 2);
    match (threes, (1..=2).contains(&first.len()) && last_three && pairs) {
        (true, _) => Number::One(number),
        (false, true) if locale == Locale::EnIn => Number::One(number),
        // Elsewhere a digit may have been forgotten.
        (false, true) => number.times(10).map_or(Number::None, |ten| Number::Either(number, ten)),
        (false, false) => Number::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, locale: Locale) -> String {
        match read(text, locale) {
            Number::One(number) => number.to_string(),
            Number::Either(one, other) => format!("{one} or {other}"),
            Number::None => "none".to_owned(),
        }
    }

    #[test]
    fn a_point_is_read_as_the_team_writes() {
        use Locale::{DeCh, DeDe, EnIn, EnUs, FrFr};
        for (text, locale, expected) in [
            ("1200", EnUs, "1200"),
            ("1,200", EnUs, "1200"),
            ("1.200", EnUs, "1200 or 1.2"),
            ("1.200", DeDe, "1200"),
            ("1,200", DeDe, "1200 or 1.2"),
            ("1,200", DeCh, "1200 or 1.2"),
            ("1'200", DeCh, "1200"),
            ("1'200", EnUs, "1200"),
            ("1.200", FrFr, "1200 or 1.2"),
            ("1\u{A0}200", EnUs, "1200"),
            ("1\u{A0}200,50", FrFr, "1200.5"),
            ("1.200,50", EnUs, "1200.5"),
            ("1,200.50", DeDe, "1200.5"),
            ("12,5", EnUs, "12.5"),
            ("0.125", EnUs, "0.125"),
            ("1,00,000", EnIn, "100000"),
            ("1,00,000", EnUs, "100000 or 1000000"),
            ("1,200,000", EnIn, "1200000"),
            ("1.2.3", EnUs, "none"),
            ("192.168.0.1", EnUs, "none"),
            ("1,200.50,3", EnUs, "none"),
            ("1234567890123456", EnUs, "none"),
        ] {
            assert_eq!(found(text, locale), expected, "{text} in {locale:?}");
        }
    }
}
