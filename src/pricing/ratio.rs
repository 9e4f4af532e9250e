//! Exact fractions: every step of a price is one, and only the end is rounded.

use std::cmp::Ordering;

use crate::model::Percent;

/// A fraction in lowest terms with a positive denominator. Whatever would not fit is `None`,
/// never a wrong figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// One whole.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num / den`; `None` for a denominator of 0.
    #[must_use]
    pub fn new(num: i128, den: i128) -> Option<Self> {
        let divisor = i128::try_from(greatest_divisor(num.unsigned_abs(), den.unsigned_abs())).ok();
        let divisor = divisor.filter(|divisor| *divisor > 0 && den != 0)?;
        let (num, den) = (num / divisor, den / divisor);
        if den < 0 {
            Some(Self { num: num.checked_neg()?, den: den.checked_neg()? })
        } else {
            Some(Self { num, den })
        }
    }

    /// A whole number.
    #[must_use]
    pub fn whole(number: i64) -> Self {
        Self { num: i128::from(number), den: 1 }
    }

    /// A percentage as a share: 15 % is 3/20.
    #[must_use]
    pub fn of(percent: Percent) -> Self {
        Self::new(i128::from(percent.0), 10_000).unwrap_or(Self::ZERO)
    }

    /// A fraction that was written by `Display`: `1/20`, `3`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (num, den) = text.split_once('/').unwrap_or((text, "1"));
        Self::new(num.parse().ok()?, den.parse().ok()?)
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let left = self.num.checked_mul(other.den)?;
        let right = other.num.checked_mul(self.den)?;
        Self::new(left.checked_add(right)?, self.den.checked_mul(other.den)?)
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { num: other.num.checked_neg()?, ..other })
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        // Reduced crosswise first, so that less overflows.
        let (left, right) = (Self::new(self.num, other.den)?, Self::new(other.num, self.den)?);
        Self::new(left.num.checked_mul(right.num)?, left.den.checked_mul(right.den)?)
    }

    /// The quotient; `None` when the other one is 0.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.den, other.num)?)
    }

    /// One less this share.
    #[must_use]
    pub fn rest(self) -> Option<Self> {
        Self::ONE.minus(self)
    }

    /// Which is larger; `None` when it cannot be told without overflow.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        Some(self.num.checked_mul(other.den)?.cmp(&other.num.checked_mul(self.den)?))
    }

    /// Whether it is at most the other one.
    #[must_use]
    pub fn at_most(self, other: Self) -> Option<bool> {
        Some(self.compare(other)? != Ordering::Greater)
    }

    /// The nearest whole number; of two that are as near the even one (half-even).
    #[must_use]
    pub fn half_even(self) -> Option<i64> {
        let (below, rest) = (self.num.div_euclid(self.den), self.num.rem_euclid(self.den));
        let twice = rest.checked_mul(2)?;
        let up = match twice.cmp(&self.den) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => below % 2 != 0,
        };
        i64::try_from(below + i128::from(up)).ok()
    }

    /// The next whole number above, or itself.
    #[must_use]
    pub fn up(self) -> Option<i64> {
        let (below, rest) = (self.num.div_euclid(self.den), self.num.rem_euclid(self.den));
        i64::try_from(below + i128::from(rest > 0)).ok()
    }

    /// The next whole number below, or itself.
    #[must_use]
    pub fn down(self) -> Option<i64> {
        i64::try_from(self.num.div_euclid(self.den)).ok()
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.den {
            1 => write!(f, "{}", self.num),
            den => write!(f, "{}/{den}", self.num),
        }
    }
}

impl serde::Serialize for Ratio {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Ratio {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom(format!("`{text}` is not a fraction; write 1/20"));
        Self::parse(&text).ok_or_else(wrong)
    }
}

fn greatest_divisor(mut a: u128, mut b: u128) -> u128 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ratio(num: i128, den: i128) -> Ratio {
        Ratio::new(num, den).unwrap()
    }

    #[test]
    fn fractions_are_exact_and_in_lowest_terms() {
        assert_eq!(ratio(6, -4).to_string(), "-3/2");
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(ratio(1, 3).plus(ratio(1, 6)), Some(ratio(1, 2)));
        assert_eq!(ratio(1, 3).minus(ratio(1, 2)), Some(ratio(-1, 6)));
        assert_eq!(ratio(2, 3).times(ratio(9, 4)), Some(ratio(3, 2)));
        assert_eq!(Ratio::ONE.over(Ratio::ZERO), None);
        assert_eq!(Ratio::of(Percent(1_250)).to_string(), "1/8");
        assert_eq!(Ratio::whole(i64::MAX).times(Ratio::whole(i64::MAX)).map(|_| ()), Some(()));
        assert_eq!(ratio(i128::MAX, 1).plus(Ratio::ONE), None, "no wrap");
    }

    #[test]
    fn halves_go_to_the_even_side() {
        let rounded = |num, den| ratio(num, den).half_even().unwrap();
        assert_eq!([rounded(1, 2), rounded(3, 2), rounded(5, 2), rounded(-1, 2)], [0, 2, 2, 0]);
        assert_eq!([rounded(2, 3), rounded(1, 3), rounded(-2, 3)], [1, 0, -1]);
        assert_eq!((ratio(1, 3).up(), ratio(1, 3).down()), (Some(1), Some(0)));
        assert_eq!((ratio(4, 2).up(), ratio(-1, 3).down()), (Some(2), Some(-1)));
    }

    proptest! {
        #[test]
        fn rounding_is_never_off_by_more_than_a_half(num in -1_000_000_i128..1_000_000, den in 1_i128..5_000) {
            let exact = ratio(num, den);
            let rounded = i128::from(exact.half_even().unwrap());
            prop_assert!((rounded * den - num).abs() * 2 <= den);
            prop_assert!(exact.down().unwrap() <= exact.up().unwrap());
            prop_assert_eq!(exact.minus(exact), Some(Ratio::ZERO));
        }
    }
}
