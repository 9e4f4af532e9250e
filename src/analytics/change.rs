//! What may be said of two shares: that one is higher, or that nobody can tell.

use crate::feedback::Rate;

/// How a share differs from the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// One of them has too few cases.
    NotEnough,
    /// Their intervals overlap.
    NotClear,
    /// So many percentage points more; below zero for less. The intervals do not touch.
    Points(f64),
}

impl Change {
    /// Compares a share with the one before.
    #[must_use]
    pub fn of(now: Rate, before: Rate) -> Self {
        let (Some(one), Some(other)) = (now.range(), before.range()) else {
            return Self::NotEnough;
        };
        if one.0 <= other.1 && other.0 <= one.1 {
            Self::NotClear
        } else {
            Self::Points((now.share() - before.share()) * 100.0)
        }
    }

    /// Whether one of the two is higher beyond doubt.
    #[must_use]
    pub fn is_clear(self) -> bool {
        matches!(self, Self::Points(_))
    }
}

/// `+3.5 points`, or why there is no such figure.
impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotEnough => f.write_str("not enough data"),
            Self::NotClear => f.write_str("no clear change"),
            Self::Points(points) if *points < 0.0 => write!(f, "−{:.1} points", -points),
            Self::Points(points) => write!(f, "+{points:.1} points"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_within_the_ranges_is_none() {
        let change = |one: (u64, u64), other: (u64, u64)| {
            let rate = |(hits, of)| Rate { hits, of };
            Change::of(rate(one), rate(other)).to_string()
        };
        assert_eq!(change((89, 100), (60, 100)), "+29.0 points");
        assert_eq!(change((10, 100), (60, 100)), "−50.0 points");
        assert_eq!(change((60, 100), (55, 100)), "no clear change");
        assert_eq!(change((9, 10), (1, 100)), "not enough data");
        assert_eq!(change((0, 0), (0, 0)), "not enough data");
    }
}
