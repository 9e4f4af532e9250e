//! PP002: a figure in another form.
//!
//! What it does: takes percentages and amounts only as quoted texts with a full stop and at most two decimals, percentages with their sign and from 0 to 100; counts as whole numbers.
//!
//! Why: a bare `40.1` is not exactly 40.1 in a computer, and `1.234,56` means two things. A price must mean one.
//!
//! Example: `discount = 0.15` or `list = "40,00"`
//!
//! Write instead: `discount = "15%"` and `list = "40.00"`

use toml::de::DeValue;

use super::Found;
use crate::model::{Cents, Percent};

/// What a figure is of.
#[derive(Clone, Copy)]
pub(super) enum Figure {
    Money,
    Percent,
}

impl Figure {
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Money => "\"40.00\"",
            Self::Percent => "\"15%\"",
        }
    }
}

pub(super) fn figure(found: &mut Found<'_>, path: &str, value: &DeValue<'_>, kind: Figure) {
    let help = format!("write it as a quoted text, for example {}", kind.example());
    let Some(text) = value.as_str() else {
        let what = value.type_str();
        return found.error("PP002", path, format!("{what} instead of a quoted figure"), help);
    };
    let read = match kind {
        Figure::Money => text.parse::<Cents>().map(|Cents(cents)| (cents, i64::MAX)),
        Figure::Percent => text.parse::<Percent>().map(|Percent(points)| (points, 10_000)),
    };
    match read {
        Ok((figure, most)) if (0..=most).contains(&figure) => {}
        Ok(_) => {
            let range = match kind {
                Figure::Money => "0.00 or more",
                Figure::Percent => "between 0% and 100%",
            };
            found.error(
                "PP002",
                path,
                format!("`{text}` is out of range"),
                format!("write {range}"),
            );
        }
        Err(error) => found.error("PP002", path, error.to_string(), help),
    }
}
