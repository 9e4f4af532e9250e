//! Functions of one number, written so that the compiler computes many at once.

use crate::search::int8::ROUNDING;

/// x·Φ(x), where Φ is the normal distribution (Hendrycks and Gimpel 2016); its error function after
/// Abramowitz and Stegun 1964, 7.1.26, off by less than 2·10⁻⁷. Without a table or a branch, so that
/// many are computed at once.
#[inline(always)]
#[expect(clippy::excessive_precision, reason = "the numbers as they are printed there")]
pub(super) fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = 1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429);
    let series = t * (0.254_829_592 + t * (-0.284_496_736 + t * series));
    let tail = 0.5 * series * exp(-z * z);
    x * if x < 0.0 { tail } else { 1.0 - tail }
}

/// e to the power of a number that is not above zero, off by less than 10⁻⁷ of it: a power of two
/// times the series of what is left. The library's takes one number at a time.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    /// The logarithm of two in two parts, so that no digit of the first is lost.
    const LN_2: [f32; 2] = [355.0 / 512.0, -2.121_944_4e-4];
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUNDING;
    let power = shifted - ROUNDING;
    let rest = x - power * LN_2[0] - power * LN_2[1];
    let series = 1.0 / 120.0 + rest * (1.0 / 720.0 + rest * (1.0 / 5_040.0));
    let series = 1.0 / 24.0 + rest * series;
    let series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * series)));
    series * f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_e() {
        for step in 0..8_700_u16 {
            let x = -f32::from(step) / 100.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 1e-7, "{x}");
        }
        assert!(exp(-1e9) < 1e-37 && exp(f32::NEG_INFINITY) >= 0.0);
        assert_eq!(exp(0.0).to_bits(), 1.0_f32.to_bits());
    }

    #[test]
    fn gelu_follows_the_normal_distribution() {
        let density = |x: f64| (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
        let (step, mut below) = (1.0 / 256.0, 0.0);
        for place in 0..4_096_u16 {
            let x = f64::from(place) * step - 8.0;
            assert!((f64::from(gelu(x as f32)) - x * below).abs() < 1e-6, "{x}");
            // Simpson's rule over one step.
            below += step / 6.0 * (density(x) + 4.0 * density(x + step / 2.0) + density(x + step));
        }
        assert_eq!(gelu(40.0).to_bits(), 40.0_f32.to_bits());
        assert!(gelu(-40.0).abs() < 1e-30);
    }
}
