//! An operator's own encoder: a sentence-transformers directory with a BERT model, run by candle.

mod bert;

use std::path::{Path, PathBuf};

use candle_core::{DType, Device};
use candle_nn::{Linear, Module as _, VarBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use tokenizers::{Tokenizer, TruncationParams};

use self::bert::{Bert, Config};
use super::encoder::normalised;
use super::{EncodeError, Encoder};

/// What `save_pretrained` writes: `modules.json` names the parts, each with its folder.
pub struct SentenceTransformer {
    name: String,
    prompt: String,
    words: Tokenizer,
    network: Bert,
    pooling: Pooling,
    dense: Vec<Dense>,
}

/// How the vectors of the word pieces become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pooling {
    First,
    Mean,
    Max,
}

/// A layer behind the pooling.
struct Dense {
    linear: Linear,
    tanh: bool,
}

/// The directory cannot be used; the message says which file of it, why, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("the encoder in `{}`: {why}", folder.display())]
pub struct UnusableModel {
    folder: PathBuf,
    why: String,
}

#[derive(Deserialize)]
struct Module {
    #[serde(default)]
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct SentenceConfig {
    max_seq_length: Option<usize>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PoolingConfig {
    pooling_mode: Option<String>,
    pooling_mode_cls_token: bool,
    pooling_mode_mean_tokens: bool,
    pooling_mode_max_tokens: bool,
    pooling_mode_mean_sqrt_len_tokens: bool,
    pooling_mode_weightedmean_tokens: bool,
    pooling_mode_lasttoken: bool,
}

#[derive(Deserialize)]
struct DenseConfig {
    in_features: usize,
    out_features: usize,
    #[serde(default = "yes")]
    bias: bool,
    #[serde(default)]
    activation_function: String,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Prompts {
    prompts: std::collections::BTreeMap<String, String>,
    default_prompt_name: Option<String>,
}

/// The files of a directory; whatever is read counts towards the name of the model.
struct Directory<'a> {
    folder: &'a Path,
    hash: Sha256,
}

impl Directory<'_> {
    fn read(&mut self, file: &str) -> Result<Vec<u8>, String> {
        let bytes = std::fs::read(self.folder.join(file)).map_err(|error| {
            let elsewhere = ["pytorch_model.bin", "model.safetensors.index.json"];
            let other = elsewhere.iter().find(|other| self.folder.join(other).exists());
            match other.filter(|_| file.ends_with("model.safetensors")) {
                Some(other) => format!(
                    "`{file}`: {error}; there is `{other}`: save the model anew with \
                     `model.save_pretrained(DIR, safe_serialization=True)`, in one file"
                ),
                None => format!("`{file}`: {error}"),
            }
        })?;
        self.hash.update(file.as_bytes());
        self.hash.update(Sha256::digest(&bytes));
        Ok(bytes)
    }

    fn json<T: DeserializeOwned>(&mut self, file: &str) -> Result<T, String> {
        let bytes = self.read(file)?;
        serde_json::from_slice(&bytes).map_err(|error| format!("`{file}`: {error}"))
    }

    fn json_if_any<T: DeserializeOwned>(&mut self, file: &str) -> Result<Option<T>, String> {
        if self.folder.join(file).exists() { self.json(file).map(Some) } else { Ok(None) }
    }

    fn weights(&mut self, file: &str) -> Result<VarBuilder<'static>, String> {
        VarBuilder::from_buffered_safetensors(self.read(file)?, DType::F32, &Device::Cpu)
            .map_err(|error| format!("`{file}`: {error}"))
    }
}

impl SentenceTransformer {
    /// Reads the whole model into memory.
    ///
    /// # Errors
    /// [`UnusableModel`] when a file is missing or damaged, or the model is of a kind that is not
    /// known here.
    pub fn load(folder: &Path) -> Result<Self, UnusableModel> {
        Self::read(folder).map_err(|why| UnusableModel { folder: folder.to_owned(), why })
    }

    fn read(folder: &Path) -> Result<Self, String> {
        if !folder.is_dir() {
            return Err("there is no such directory".to_owned());
        }
        let mut directory = Directory { folder, hash: Sha256::new() };
        let modules = directory.json_if_any("modules.json")?.unwrap_or_else(|| {
            // sentence-transformers itself takes a bare model this way.
            vec![Module { path: String::new(), kind: "Transformer".to_owned() }]
        });
        let (mut transformer, mut pooling, mut dense) = (None, Pooling::Mean, Vec::new());
        for Module { path, kind } in &modules {
            let file = |name: &str| match path.as_str() {
                "" => name.to_owned(),
                path => format!("{path}/{name}"),
            };
            match kind.rsplit('.').next().unwrap_or_default() {
                "Transformer" => transformer = Some(network(&mut directory, file)?),
                "Pooling" => pooling = directory.json(&file("config.json")).and_then(of_pooling)?,
                "Dense" => dense.push(Dense::read(&mut directory, file)?),
                "Normalize" => {} // every vector is made to have length 1
                other => return Err(format!("`modules.json`: a part of kind {other} is unknown")),
            }
        }
        let (network, words) = transformer.ok_or("`modules.json` names no Transformer")?;
        let Prompts { prompts, default_prompt_name } =
            directory.json_if_any("config_sentence_transformers.json")?.unwrap_or_default();
        let prompt = default_prompt_name.and_then(|name| prompts.get(&name).cloned());
        let called = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let called = called.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let hash: String = hex::encode(&directory.hash.finalize()[..8]);
        let prompt = prompt.unwrap_or_default();
        let name = format!("{called}-{hash}");
        let encoder = Self { name, prompt, words, network, pooling, dense };
        // Weights that do not fit together, or are no numbers, show here and not mid-call.
        encoder.encode(&["It is too expensive."]).map_err(|EncodeError(why)| why)?;
        Ok(encoder)
    }

    fn vector(&self, text: &str) -> Result<Vec<f32>, EncodeError> {
        let pieces = self
            .words
            .encode_fast(format!("{}{text}", self.prompt), true)
            .map_err(|error| EncodeError(error.to_string()))?;
        let vector = self
            .pooled(pieces.get_ids(), pieces.get_type_ids())
            .map_err(|error| EncodeError(error.to_string()))?;
        if vector.iter().all(|coordinate| coordinate.is_finite()) {
            Ok(normalised(vector))
        } else {
            Err(EncodeError("a coordinate is not a number".to_owned()))
        }
    }

    fn pooled(&self, pieces: &[u32], kinds: &[u32]) -> candle_core::Result<Vec<f32>> {
        let seen = self.network.forward(pieces, kinds)?;
        let mut vector = match self.pooling {
            Pooling::First => seen.get(0)?,
            Pooling::Mean => seen.mean(0)?,
            Pooling::Max => seen.max(0)?,
        }
        .unsqueeze(0)?;
        for Dense { linear, tanh } in &self.dense {
            vector = linear.forward(&vector)?;
            if *tanh {
                vector = vector.tanh()?;
            }
        }
        vector.squeeze(0)?.to_vec1()
    }
}

impl Encoder for SentenceTransformer {
    fn model(&self) -> &str {
        &self.name
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncodeError> {
        texts.iter().map(|text| self.vector(text)).collect()
    }
}

fn network(
    directory: &mut Directory<'_>,
    file: impl Fn(&str) -> String,
) -> Result<(Bert, Tokenizer), String> {
    #[derive(Deserialize)]
    struct Kind {
        model_type: Option<String>,
    }
    let named = file("config.json");
    let kind: Kind = directory.json(&named)?;
    if kind.model_type.as_deref() != Some("bert") {
        let kind = kind.model_type.as_deref().unwrap_or("none");
        return Err(format!(
            "`{named}`: model_type is {kind}; only bert can be loaded (MiniLM, BGE, GTE, E5 and \
             many others are)"
        ));
    }
    let config: Config = directory.json(&named)?;
    let named = file("tokenizer.json");
    let mut words = Tokenizer::from_bytes(directory.read(&named)?)
        .map_err(|error| format!("`{named}`: {error}"))?;
    if words.get_vocab_size(true) > config.vocab_size {
        let (words, rows) = (words.get_vocab_size(true), config.vocab_size);
        return Err(format!("`{named}` has {words} words, the model knows {rows}"));
    }
    let stated: Option<SentenceConfig> =
        directory.json_if_any(&file("sentence_bert_config.json"))?;
    let longest = stated.and_then(|stated| stated.max_seq_length).unwrap_or(usize::MAX);
    let longest = longest.min(config.max_position_embeddings);
    words.with_padding(None);
    words
        .with_truncation(Some(TruncationParams { max_length: longest, ..Default::default() }))
        .map_err(|error| format!("`{named}`: {error}"))?;
    let named = file("model.safetensors");
    let network = Bert::load(&directory.weights(&named)?, &config)
        .map_err(|error| format!("`{named}`: {error}"))?;
    Ok((network, words))
}

fn of_pooling(config: PoolingConfig) -> Result<Pooling, String> {
    let PoolingConfig { pooling_mode_cls_token, pooling_mode_mean_tokens, .. } = config;
    let others = config.pooling_mode_mean_sqrt_len_tokens
        || config.pooling_mode_weightedmean_tokens
        || config.pooling_mode_lasttoken;
    let flags = (pooling_mode_cls_token, pooling_mode_mean_tokens, config.pooling_mode_max_tokens);
    match (config.pooling_mode.as_deref(), others, flags) {
        (Some("cls"), ..) | (None, false, (true, false, false)) => Ok(Pooling::First),
        (Some("mean"), ..) | (None, false, (false, true, false)) => Ok(Pooling::Mean),
        (Some("max"), ..) | (None, false, (false, false, true)) => Ok(Pooling::Max),
        _ => Err("only pooling by cls, mean or max is known".to_owned()),
    }
}

impl Dense {
    fn read(directory: &mut Directory<'_>, file: impl Fn(&str) -> String) -> Result<Self, String> {
        let config: DenseConfig = directory.json(&file("config.json"))?;
        let tanh = match config.activation_function.rsplit('.').next().unwrap_or_default() {
            "Identity" | "" => false,
            "Tanh" => true,
            other => return Err(format!("`{}`: {other} is unknown", file("config.json"))),
        };
        let named = file("model.safetensors");
        let weights = directory.weights(&named)?.pp("linear");
        let make = if config.bias { candle_nn::linear } else { candle_nn::linear_no_bias };
        let linear = make(config.in_features, config.out_features, weights)
            .map_err(|error| format!("`{named}`: {error}"))?;
        Ok(Self { linear, tanh })
    }
}
