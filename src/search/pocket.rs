//! The encoder that is bundled: a small English sentence transformer, weights included.

use super::{EncodeError, Encoder};

/// The crate `pocket-encoder`: 384 coordinates, at most 128 word pieces of a text.
pub struct Pocket {
    encoder: pocket_encoder::Encoder,
    model: String,
}

impl Pocket {
    /// Loads the weights that are part of the program; about a tenth of a second.
    ///
    /// # Errors
    /// [`EncodeError`] when they are damaged.
    pub fn load() -> Result<Self, EncodeError> {
        let encoder = pocket_encoder::Encoder::new().map_err(failed)?;
        let model = serde_json::to_string(&pocket_encoder::model_info())
            .map_err(|error| EncodeError(error.to_string()))?;
        Ok(Self { encoder, model })
    }
}

impl Encoder for Pocket {
    fn model(&self) -> &str {
        &self.model
    }

    fn encode(&self, text: &str) -> Result<Vec<f32>, EncodeError> {
        let mut vectors = self.encoder.embed(&[text]).map_err(failed)?;
        vectors.pop().ok_or_else(|| EncodeError("no vector came back".to_owned()))
    }
}

fn failed(error: pocket_encoder::Error) -> EncodeError {
    EncodeError(error.to_string())
}
