//! Seeded random numbers: for what is drawn or made up again alike.

/// `SplitMix64` (Steele, Lea and Flood 2014): small, and good enough for all but secrets.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Equal seeds give equal numbers.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to below `end`; 0 when `end` is.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        ((u128::from(mixed) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers that the authors' own program gives for the seed 1234567.
    #[test]
    fn numbers_are_those_of_splitmix() {
        let mut chance = Chance::new(1_234_567);
        let known: [u64; 3] =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        for number in known {
            // The upper half of the number times 2^32 is its first thirty-two bits.
            assert_eq!(chance.below(1 << 32) as u64, number >> 32);
        }
        assert_eq!(chance.below(0), 0);
    }
}
