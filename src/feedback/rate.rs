//! A share of cases with what it is worth: few cases say little.

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate {
    /// Those that count.
    pub hits: u64,
    /// All.
    pub of: u64,
}

/// Below so many cases a rate is not shown: at 40 of 100 observed, 5 cases leave 12 to 77 of 100
/// open, 20 leave 22 to 61.
pub const ENOUGH: u64 = 20;

impl std::ops::Add for Rate {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { hits: self.hits + other.hits, of: self.of + other.of }
    }
}

impl Rate {
    /// The interval, where there are enough cases to show it.
    #[must_use]
    pub fn range(self) -> Option<(f64, f64)> {
        self.interval().filter(|_| self.of >= ENOUGH)
    }

    /// The share, 0 to 1; 0 without a case.
    #[must_use]
    pub fn share(self) -> f64 {
        if self.of == 0 { 0.0 } else { self.hits as f64 / self.of as f64 }
    }

    /// The interval that holds the true share in 95 of 100 cases (Wilson 1927), each end 0 to 1;
    /// none without a case.
    #[must_use]
    pub fn interval(self) -> Option<(f64, f64)> {
        /// The 97.5th percentile of the normal distribution.
        const Z: f64 = 1.959_963_984_540_054;
        if self.of == 0 {
            return None;
        }
        let of = self.of as f64;
        let share = self.share();
        let middle = share + Z * Z / (2.0 * of);
        let half = Z * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
        let whole = 1.0 + Z * Z / of;
        Some((((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0)))
    }
}

/// The counts, and the ends of the interval where there are enough cases.
impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let interval = self.range();
        let mut fields = to.serialize_struct("Rate", 3)?;
        fields.serialize_field("hits", &self.hits)?;
        fields.serialize_field("of", &self.of)?;
        fields.serialize_field("interval", &interval)?;
        fields.end()
    }
}

/// `61 % (48–73), n = 57`, or that there is not enough.
impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.interval() {
            None => f.write_str("no data"),
            Some(_) if self.of < ENOUGH => write!(f, "not enough data (n = {})", self.of),
            Some((low, high)) => {
                let [share, low, high] = [self.share(), low, high].map(|part| part * 100.0);
                write!(f, "{share:.0}% ({low:.0}–{high:.0}), n = {}", self.of)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_wilson() {
        // To the digits given.
        for (hits, of, low, high) in [
            (25, 100, 0.17545, 0.34305),
            (35, 57, 0.4843, 0.7294),
            (0, 10, 0.0, 0.2775),
            (10, 10, 0.7225, 1.0),
        ] {
            let (found_low, found_high) = Rate { hits, of }.interval().unwrap();
            assert!((found_low - low).abs() < 5e-5, "{hits} of {of}: {found_low}");
            assert!((found_high - high).abs() < 5e-5, "{hits} of {of}: {found_high}");
        }
        assert_eq!(Rate::default().interval(), None);
    }

    #[test]
    fn a_rate_is_never_shown_bare() {
        let shown = |hits, of| Rate { hits, of }.to_string();
        assert_eq!(shown(35, 57), "61% (48–73), n = 57");
        assert_eq!(shown(3, 6), "not enough data (n = 6)");
        assert_eq!(shown(0, 0), "no data");
    }
}
