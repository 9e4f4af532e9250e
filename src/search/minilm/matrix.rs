//! Products of eight-bit matrices with vectors, on the widest instructions that the processor has:
//! chosen at run time, since one program must be fast on every machine.

use super::Damaged;
use super::tensors::Tensors;

/// So many vectors are multiplied with a row of weights while it is in the registers.
const BLOCK: usize = 4;

/// Vectors in whole numbers are this large at most: 1,536 products with weights up to 127 then stay
/// below 2^31.
const LARGEST: f32 = 8_191.0;

/// A linear layer.
pub(super) struct Matrix<'a> {
    weights: &'a [i8],
    /// Of each row of weights, what its numbers have in common.
    scales: Vec<f32>,
    bias: Vec<f32>,
}

impl<'a> Matrix<'a> {
    pub(super) fn of(
        tensors: &Tensors<'a>,
        name: &str,
        shape: [usize; 2],
    ) -> Result<Self, Damaged> {
        let (weights, scales) = tensors.eight_bits(name, shape)?;
        let bias = tensors.floats(&format!("{name}.bias"), shape[0])?;
        Ok(Self { weights, scales, bias })
    }

    /// The products with each row, one after the other.
    #[inline(always)]
    pub(super) fn apply(&self, kernel: impl Kernel, rows: &Rows) -> Vec<f32> {
        let (inputs, outputs) = (rows.width, self.scales.len());
        let mut out = vec![0.0; rows.scales.len() * outputs];
        let weights = self.weights.chunks_exact(inputs).zip(&self.scales).zip(&self.bias);
        for (output, ((weights, scale), bias)) in weights.enumerate() {
            let blocks = rows.numbers.chunks_exact(BLOCK * inputs);
            let scales = rows.scales.chunks(BLOCK);
            for (block, (numbers, row_scales)) in blocks.zip(scales).enumerate() {
                let sums = kernel.products(weights, numbers);
                for (row, (sum, row_scale)) in sums.iter().zip(row_scales).enumerate() {
                    let place = (block * BLOCK + row) * outputs + output;
                    out[place] = *sum as f32 * (scale * row_scale) + bias;
                }
            }
        }
        out
    }
}

/// Vectors in whole numbers, and of each what its numbers have in common. Whole blocks: what is
/// missing at the end is zero.
pub(super) struct Rows {
    numbers: Vec<i16>,
    scales: Vec<f32>,
    width: usize,
}

impl Rows {
    /// From vectors one after the other.
    #[inline(always)]
    pub(super) fn of(values: &[f32], width: usize) -> Self {
        let count = values.len() / width;
        let mut numbers = vec![0; count.next_multiple_of(BLOCK) * width];
        let mut scales = Vec::with_capacity(count);
        for (values, numbers) in values.chunks_exact(width).zip(numbers.chunks_exact_mut(width)) {
            let largest = values.iter().fold(f32::MIN_POSITIVE, |max, value| max.max(value.abs()));
            let factor = LARGEST / largest;
            for (value, number) in values.iter().zip(numbers) {
                *number = (value * factor).round_ties_even() as i16;
            }
            scales.push(largest / LARGEST);
        }
        Self { numbers, scales, width }
    }
}

/// One row of weights times a block of vectors.
pub(super) trait Kernel: Copy {
    /// The sums of products; the vectors stand one after the other, each as long as the weights.
    fn products(self, weights: &[i8], block: &[i16]) -> [i32; BLOCK];
}

/// For every processor.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Kernel for Plain {
    #[inline(always)]
    fn products(self, weights: &[i8], block: &[i16]) -> [i32; BLOCK] {
        let mut sums = [0; BLOCK];
        for (sum, vector) in sums.iter_mut().zip(block.chunks_exact(weights.len())) {
            let pairs = weights.iter().zip(vector);
            *sum = pairs.map(|(weight, number)| i32::from(*weight) * i32::from(*number)).sum();
        }
        sums
    }
}

#[cfg(target_arch = "x86_64")]
impl Kernel for pulp::x86::V3 {
    #[inline(always)]
    fn products(self, weights: &[i8], block: &[i16]) -> [i32; BLOCK] {
        let (weights, rest) = weights.as_chunks::<16>();
        debug_assert!(rest.is_empty(), "every layer is a multiple of sixteen wide");
        let (block, _) = block.as_chunks::<16>();
        let width = weights.len();
        let (first, others) = block.split_at(width);
        let (second, others) = others.split_at(width);
        let (third, fourth) = others.split_at(width);
        let (zero, avx) = (self.avx._mm256_setzero_si256(), self.avx2);
        let mut sums = [zero; BLOCK];
        let vectors = first.iter().zip(second).zip(third.iter().zip(fourth));
        for (weights, ((first, second), (third, fourth))) in weights.iter().zip(vectors) {
            let weights = avx._mm256_cvtepi8_epi16(pulp::cast(*weights));
            for (sum, numbers) in sums.iter_mut().zip([first, second, third, fourth]) {
                let products = avx._mm256_madd_epi16(weights, pulp::cast(*numbers));
                *sum = avx._mm256_add_epi32(*sum, products);
            }
        }
        let mut totals = [0; BLOCK];
        for (total, sum) in totals.iter_mut().zip(sums) {
            let sum: [i32; 8] = pulp::cast(sum);
            *total = sum.iter().sum();
        }
        totals
    }
}
