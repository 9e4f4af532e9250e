//! Reads the weights from where they lie in the program, without copying the large ones.

use safetensors::{Dtype, SafeTensors};

use super::Damaged;

/// The tensors of a file.
pub(super) struct Tensors<'a>(SafeTensors<'a>);

impl<'a> Tensors<'a> {
    /// The tensors, and the name that the file gives itself.
    pub(super) fn read(bytes: &'a [u8]) -> Result<(Self, String), Damaged> {
        let damaged = |error: safetensors::SafeTensorError| Damaged(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let name = metadata.metadata().as_ref().and_then(|entries| entries.get("name").cloned());
        let name = name.ok_or_else(|| Damaged("it has no name".to_owned()))?;
        Ok((Self(SafeTensors::deserialize(bytes).map_err(damaged)?), name))
    }

    fn tensor(&self, name: &str, kind: Dtype, shape: &[usize]) -> Result<&'a [u8], Damaged> {
        let tensor = self.0.tensor(name).map_err(|_| Damaged(format!("it has no `{name}`")))?;
        match tensor.dtype() == kind && tensor.shape() == shape {
            true => Ok(tensor.data()),
            false => Err(Damaged(format!(
                "`{name}` is {:?} {:?}, not {kind:?} {shape:?}",
                tensor.dtype(),
                tensor.shape()
            ))),
        }
    }

    /// Floats, copied.
    pub(super) fn floats(&self, name: &str, count: usize) -> Result<Vec<f32>, Damaged> {
        floats(self.tensor(name, Dtype::F32, &[count])?)
    }

    /// A matrix of floats, row after row, copied.
    pub(super) fn matrix(&self, name: &str, shape: [usize; 2]) -> Result<Vec<f32>, Damaged> {
        floats(self.tensor(name, Dtype::F32, &shape)?)
    }

    /// A matrix of floats with as many rows as it has, copied.
    pub(super) fn rows(&self, name: &str, width: usize) -> Result<Vec<Vec<f32>>, Damaged> {
        let tensor = self.0.tensor(name).map_err(|_| Damaged(format!("it has no `{name}`")))?;
        let rows = tensor.shape().first().copied().unwrap_or_default();
        let all = self.matrix(name, [rows, width])?;
        Ok(all.chunks_exact(width).map(<[f32]>::to_vec).collect())
    }

    /// A matrix in eight bits, row after row, and the scale of each row.
    pub(super) fn eight_bits(
        &self,
        name: &str,
        shape: [usize; 2],
    ) -> Result<(&'a [i8], Vec<f32>), Damaged> {
        let weights = bytemuck::cast_slice(self.tensor(name, Dtype::I8, &shape)?);
        Ok((weights, self.floats(&format!("{name}.scale"), shape[0])?))
    }
}

fn floats(bytes: &[u8]) -> Result<Vec<f32>, Damaged> {
    let (numbers, _) = bytes.as_chunks::<4>();
    let floats: Vec<f32> = numbers.iter().map(|number| f32::from_le_bytes(*number)).collect();
    match floats.iter().all(|float| float.is_finite()) {
        true => Ok(floats),
        false => Err(Damaged("a weight is no number".to_owned())),
    }
}
