//! Money and percentages as whole numbers: no float ever touches a price.

use serde::{Deserialize, Serialize};

use super::Currency;

/// An amount in the smallest unit of a currency with two decimals (cents).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(pub i64);

/// A percentage in basis points: 100 are 1 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(pub i64);

/// The form in which figures are written: digits, and at most two after a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a valid {what}; write it as a quoted text, for example \"{example}\"")]
pub struct WrongFigure {
    /// As written.
    pub text: String,
    /// What it should be.
    pub what: &'static str,
    /// A right one.
    pub example: &'static str,
}

/// Hundredths of a written number: `12`, `12.5` or `12.50`, up to nine digits before the stop.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let sizes = (1..=9).contains(&whole.len()) && part.len() <= 2;
    let stop_alone = text.ends_with('.');
    if !sizes || stop_alone || !digits(whole) || !digits(part) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    Some(whole * 100 + part)
}

impl std::str::FromStr for Cents {
    type Err = WrongFigure;

    fn from_str(text: &str) -> Result<Self, WrongFigure> {
        let wrong = || WrongFigure { text: text.to_owned(), what: "amount", example: "40.00" };
        hundredths(text).map(Self).ok_or_else(wrong)
    }
}

impl std::str::FromStr for Percent {
    type Err = WrongFigure;

    fn from_str(text: &str) -> Result<Self, WrongFigure> {
        let wrong = || WrongFigure { text: text.to_owned(), what: "percentage", example: "12.5%" };
        let number = text.strip_suffix('%').map(str::trim_end).ok_or_else(wrong)?;
        hundredths(number).filter(|points| *points <= 10_000).map(Self).ok_or_else(wrong)
    }
}

impl std::fmt::Display for Cents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Cents {
    /// As people read it: `$1,200.00`, `1,200.00 CHF`.
    #[must_use]
    pub fn in_currency(self, currency: &Currency) -> String {
        let (minus, cents) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (whole, part) = ((cents / 100).to_string(), cents % 100);
        let mut amount = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                amount.push(',');
            }
            amount.push(digit);
        }
        let amount = format!("{amount}.{part:02}");
        match currency.as_str() {
            "USD" => format!("{minus}${amount}"),
            "EUR" => format!("{minus}€{amount}"),
            "GBP" => format!("{minus}£{amount}"),
            other => format!("{minus}{amount} {other}"),
        }
    }
}

impl Percent {
    /// With both decimals: `10.00%`.
    #[must_use]
    pub fn in_full(self) -> String {
        format!("{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

impl std::fmt::Display for Percent {
    /// Without needless zeros: `10%`, `12.5%`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}%"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}%", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}%"),
        }
    }
}

macro_rules! written_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

written_as_text!(Cents);
written_as_text!(Percent);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_exactly_or_refused() {
        assert_eq!("40.5".parse(), Ok(Cents(4_050)));
        assert_eq!("12.5%".parse(), Ok(Percent(1_250)));
        assert_eq!(Percent(1_250).to_string(), "12.5%");
        assert_eq!(Percent(1_205).to_string(), "12.05%");
        assert_eq!(Cents(4_005).to_string(), "40.05");
        assert_eq!(Cents(123_456_700).in_currency(&"USD".into()), "$1,234,567.00");
        assert_eq!(Cents(-99_905).in_currency(&"CHF".into()), "-999.05 CHF");
        assert_eq!(Percent(1_000).in_full(), "10.00%");
        for wrong in
            ["", ".", "1.", ".5", "1,5", "1.234", "1e3", "NaN", "-1", "1 000", "1234567890"]
        {
            assert!(wrong.parse::<Cents>().is_err(), "{wrong}");
            assert!(format!("{wrong}%").parse::<Percent>().is_err(), "{wrong}%");
        }
        assert!("15".parse::<Percent>().is_err() && "101%".parse::<Percent>().is_err());
    }
}
