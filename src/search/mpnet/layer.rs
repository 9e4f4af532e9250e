//! A linear layer of the network, in eight bits.

use crate::search::int8::{Kernel, Packed, Rows};

/// A linear layer.
pub(super) struct Matrix {
    weights: Packed,
    bias: Vec<f32>,
}

impl Matrix {
    pub(super) fn of(weights: Packed, bias: Vec<f32>) -> Self {
        Self { weights, bias }
    }

    /// The products with each row, one after the other.
    #[inline(always)]
    pub(super) fn apply(&self, kernel: impl Kernel, rows: &Rows) -> Vec<f32> {
        let mut out = self.weights.products(kernel, rows);
        for out in out.chunks_exact_mut(self.bias.len()) {
            for (out, bias) in out.iter_mut().zip(&self.bias) {
                *out += bias;
            }
        }
        out
    }
}
