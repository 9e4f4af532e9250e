//! Reads the weights from where they lie in the program, without copying the large ones.

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::damaged::Damaged;

/// The tensors of several files.
pub(super) struct Tensors<'a>(Vec<SafeTensors<'a>>);

impl<'a> Tensors<'a> {
    /// The tensors of files that belong together, and the name that each of them gives itself.
    pub(super) fn read(files: &[&'a [u8]]) -> Result<(Self, String), Damaged> {
        let damaged = |error: safetensors::SafeTensorError| Damaged(error.to_string());
        let (mut tensors, mut names) = (Vec::new(), Vec::new());
        for bytes in files {
            let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
            names.extend(metadata.metadata().as_ref().and_then(|all| all.get("name").cloned()));
            tensors.push(SafeTensors::deserialize(bytes).map_err(damaged)?);
        }
        match names.first() {
            Some(name) if names.len() == files.len() && names.iter().all(|own| own == name) => {
                Ok((Self(tensors), name.clone()))
            }
            _ => Err(Damaged("the files of the encoder do not belong together".to_owned())),
        }
    }

    fn named(&self, name: &str) -> Result<TensorView<'a>, Damaged> {
        let tensor = self.0.iter().find_map(|file| file.tensor(name).ok());
        tensor.ok_or_else(|| Damaged(format!("it has no `{name}`")))
    }

    fn tensor(&self, name: &str, kind: Dtype, shape: &[usize]) -> Result<&'a [u8], Damaged> {
        let tensor = self.named(name)?;
        if tensor.dtype() == kind && tensor.shape() == shape {
            Ok(tensor.data())
        } else {
            Err(Damaged(format!(
                "`{name}` is {:?} {:?}, not {kind:?} {shape:?}",
                tensor.dtype(),
                tensor.shape()
            )))
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

    /// A matrix in eight bits, row after row, and the scale of each row.
    pub(super) fn int8(
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
    if floats.iter().all(|float| float.is_finite()) {
        Ok(floats)
    } else {
        Err(Damaged("a weight is not a number".to_owned()))
    }
}
