//! A vector in eight bits.

use super::{ROUNDING, largest};

/// A vector in whole numbers from −127 to 127, and what these have in common: a quarter of the
/// bytes, and of vectors of length 1 a cosine is off by less than a thousandth.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::search) struct Short {
    pub numbers: Vec<i8>,
    pub scale: f32,
}

impl Short {
    pub(in crate::search) fn of(vector: &[f32]) -> Self {
        let largest = largest(vector);
        let factor = f32::from(i8::MAX) / largest;
        let numbers = vector.iter().map(|value| (value * factor + ROUNDING).to_bits() as i8);
        Self { numbers: numbers.collect(), scale: largest / f32::from(i8::MAX) }
    }

    pub(in crate::search) fn floats(&self) -> Vec<f32> {
        self.numbers.iter().map(|number| f32::from(*number) * self.scale).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_the_nearest() {
        let short = Short::of(&[2.54, -2.54, 0.0, 0.029, 0.031, -0.029, -0.031]);
        assert_eq!(short.numbers, [127, -127, 0, 1, 2, -1, -2]);
        for (back, value) in short.floats().iter().zip([2.54, -2.54, 0.0, 0.02, 0.04]) {
            assert!((back - value).abs() < 1e-5, "{back}");
        }
        assert_eq!(Short::of(&[]).floats(), [0.0; 0]);
        assert_eq!(Short::of(&[0.0; 2]).numbers, [0; 2]);
    }
}
