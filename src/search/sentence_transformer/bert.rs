//! The network: BERT (Devlin and others 2018) as it is saved today, in floats.

use candle_core::{Device, Result, Tensor};
use candle_nn::ops::softmax_last_dim;
use candle_nn::{Embedding, LayerNorm, Linear, Module as _, VarBuilder};
use candle_nn::{embedding, layer_norm, linear};
use serde::Deserialize;

/// The part of `config.json` that the network depends on.
#[derive(Deserialize)]
pub(super) struct Config {
    pub(super) vocab_size: usize,
    pub(super) max_position_embeddings: usize,
    type_vocab_size: usize,
    hidden_size: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    hidden_act: Activation,
    layer_norm_eps: f64,
    #[serde(default)]
    position_embedding_type: Positions,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Activation {
    Gelu,
    /// The same by a hyperbolic tangent.
    #[serde(alias = "gelu_pytorch_tanh")]
    GeluNew,
    Relu,
}

/// Where a piece stands is added to what it is; other ways are not known here.
#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum Positions {
    #[default]
    Absolute,
}

/// The network, ready to run.
pub(super) struct Bert {
    words: Embedding,
    places: Embedding,
    kinds: Embedding,
    norm: LayerNorm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attention_out: Linear,
    attention_norm: LayerNorm,
    ffn_up: Linear,
    ffn_down: Linear,
    ffn_norm: LayerNorm,
    heads: usize,
    activation: Activation,
}

impl Bert {
    pub(super) fn load(weights: &VarBuilder<'_>, config: &Config) -> Result<Self> {
        let Config { hidden_size: width, num_attention_heads: heads, .. } = *config;
        let Positions::Absolute = config.position_embedding_type;
        if heads == 0 || !width.is_multiple_of(heads) {
            candle_core::bail!("{width} coordinates cannot be shared by {heads} heads");
        }
        let weights = if weights.contains_tensor("bert.embeddings.LayerNorm.weight") {
            weights.pp("bert")
        } else {
            weights.clone()
        };
        let embeddings = weights.pp("embeddings");
        let table = |rows, name: &str| embedding(rows, width, embeddings.pp(name));
        let layers = (0..config.num_hidden_layers)
            .map(|layer| Layer::load(&weights.pp(format!("encoder.layer.{layer}")), config));
        Ok(Self {
            words: table(config.vocab_size, "word_embeddings")?,
            places: table(config.max_position_embeddings, "position_embeddings")?,
            kinds: table(config.type_vocab_size, "token_type_embeddings")?,
            norm: layer_norm(width, config.layer_norm_eps, embeddings.pp("LayerNorm"))?,
            layers: layers.collect::<Result<_>>()?,
        })
    }

    /// A row for each word piece.
    pub(super) fn forward(&self, pieces: &[u32], kinds: &[u32]) -> Result<Tensor> {
        let places: Vec<u32> = (0..).take(pieces.len()).collect();
        let rows = |table: &Embedding, of: &[u32]| table.forward(&Tensor::new(of, &Device::Cpu)?);
        let seen = (rows(&self.words, pieces)? + rows(&self.places, &places)?)?;
        let seen = self.norm.forward(&(seen + rows(&self.kinds, kinds)?)?)?;
        self.layers.iter().try_fold(seen, |seen, layer| layer.forward(&seen))
    }
}

impl Layer {
    fn load(weights: &VarBuilder<'_>, config: &Config) -> Result<Self> {
        let (width, wide) = (config.hidden_size, config.intermediate_size);
        let square = |name: &str| linear(width, width, weights.pp(name));
        let norm = |name: &str| layer_norm(width, config.layer_norm_eps, weights.pp(name));
        Ok(Self {
            query: square("attention.self.query")?,
            key: square("attention.self.key")?,
            value: square("attention.self.value")?,
            attention_out: square("attention.output.dense")?,
            attention_norm: norm("attention.output.LayerNorm")?,
            ffn_up: linear(width, wide, weights.pp("intermediate.dense"))?,
            ffn_down: linear(wide, width, weights.pp("output.dense"))?,
            ffn_norm: norm("output.LayerNorm")?,
            heads: config.num_attention_heads,
            activation: config.hidden_act,
        })
    }

    fn forward(&self, seen: &Tensor) -> Result<Tensor> {
        let (pieces, width) = seen.dims2()?;
        let share = width / self.heads;
        let by_head = |part: &Linear| {
            part.forward(seen)?.reshape((pieces, self.heads, share))?.transpose(0, 1)?.contiguous()
        };
        let query = (by_head(&self.query)? / (share as f64).sqrt())?;
        let attention = query.matmul(&by_head(&self.key)?.transpose(1, 2)?.contiguous()?)?;
        let attention_norm = softmax_last_dim(&attention)?.matmul(&by_head(&self.value)?)?;
        let attention_norm = attention_norm.transpose(0, 1)?.reshape((pieces, width))?;
        let seen =
            self.attention_norm.forward(&(seen + self.attention_out.forward(&attention_norm)?)?)?;
        let wide = self.ffn_up.forward(&seen)?;
        let wide = match self.activation {
            Activation::Gelu => wide.gelu_erf()?,
            Activation::GeluNew => wide.gelu()?,
            Activation::Relu => wide.relu()?,
        };
        self.ffn_norm.forward(&(&seen + self.ffn_down.forward(&wide)?)?)
    }
}
