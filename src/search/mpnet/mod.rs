//! The encoder that is bundled: all-mpnet-base-v2 in eight bits, whose upper half was taught which
//! sales sentences mean the same (`training/`, `models/`).

mod damaged;
mod functions;
mod layer;
mod network;
mod tensors;
mod words;

use self::network::{LONGEST, Network, WIDTH};
use self::tensors::Tensors;
use self::words::Words;
use super::encoder::Classifier;
use super::{EncodeError, Encoder};

/// In two files, since one would be too large for a repository.
const WEIGHTS: [&[u8]; 2] = [
    include_bytes!("../../../models/encoder.safetensors"),
    include_bytes!("../../../models/layers.safetensors"),
];
const VOCABULARY: &str = include_str!("../../../models/words.txt");
const INTENTS: &str = include_str!("../../../models/intents.txt");

/// The intents whose name begins so are about what needs no card.
const NO_CARD: &str = "none.";

/// So many word pieces of a text are read, its marks included: some seventy words, more than a rep
/// has time to wait for. The network could read [`LONGEST`].
const READ: usize = 96;

const _: () = assert!(READ <= LONGEST);

/// The bundled encoder: 768 coordinates, at most 96 word pieces of a text.
pub struct Mpnet {
    words: Words,
    network: Network<'static>,
    intents: Classifier,
    name: String,
}

/// English words that the encoder knows as a whole.
pub(super) fn english() -> impl Iterator<Item = &'static str> {
    VOCABULARY.lines().filter(|word| word.chars().all(char::is_alphabetic))
}

impl Mpnet {
    /// Reads the weights that are part of the program; about a tenth of a second.
    ///
    /// # Errors
    /// [`EncodeError`] when they are damaged.
    pub fn load() -> Result<Self, EncodeError> {
        let (tensors, name) = Tensors::read(&WEIGHTS)?;
        let words = Words::read(VOCABULARY)?;
        let network = Network::of(&tensors, words.len())?;
        let names: Vec<&str> = INTENTS.lines().collect();
        let intents = Classifier {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            weights: tensors.matrix("intents", [names.len(), WIDTH])?,
            bias: tensors.floats("intents.bias", names.len())?,
            no_card: names.iter().map(|name| name.starts_with(NO_CARD)).collect(),
        };
        Ok(Self { words, network, intents, name })
    }
}

impl Encoder for Mpnet {
    fn model(&self) -> &str {
        &self.name
    }

    fn intents(&self) -> Option<&Classifier> {
        Some(&self.intents)
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncodeError> {
        let pieces = texts.iter().map(|text| self.words.pieces(text, READ));
        Ok(self.network.vectors(&pieces.collect::<Result<Vec<_>, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_processor_computes_the_same() {
        let encoder = Mpnet::load().unwrap();
        let long = "far too much 😀 für uns ".repeat(60);
        let texts = ["it is too expensive", "no", &long];
        let pieces = texts.map(|text| encoder.words.pieces(text, READ).unwrap());
        let fast = encoder.encode(&texts).unwrap();
        for ((text, fast), plain) in texts.iter().zip(&fast).zip(encoder.network.scalar(&pieces)) {
            let off = fast.iter().zip(&plain).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(off < 1e-5, "{off} {text}");
            assert_eq!([fast.clone()][..], encoder.encode(&[*text]).unwrap(), "{text} alone");
        }
    }
}
