//! A linear layer of the network, in eight bits.

use super::Damaged;
use super::tensors::Tensors;
use crate::search::eight_bits::{BLOCK, Kernel, Rows};

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
