//! An operator's own encoder: a sentence-transformers directory in place of the bundled one.

use std::collections::BTreeMap;
use std::path::Path;

use cornerman::search::{Encoder as _, MiniLm, SentenceTransformer};
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};
use serde_json::{Value, json};
use tokenizers::Tokenizer;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;

use crate::{Desk, root};

/// A tensor of floats.
#[derive(Clone)]
struct Tensor {
    shape: Vec<usize>,
    values: Vec<f32>,
}

type Tensors = BTreeMap<String, Tensor>;

fn write_tensors(path: &Path, tensors: &Tensors) {
    let bytes: Vec<(&String, &Tensor, Vec<u8>)> = tensors
        .iter()
        .map(|(name, tensor)| {
            (name, tensor, tensor.values.iter().flat_map(|v| v.to_le_bytes()).collect())
        })
        .collect();
    let views = bytes.iter().map(|(name, tensor, bytes)| {
        (*name, TensorView::new(Dtype::F32, tensor.shape.clone(), bytes).unwrap())
    });
    std::fs::write(path, serialize(views, None).unwrap()).unwrap();
}

fn write_json(path: &Path, value: &Value) {
    std::fs::write(path, value.to_string()).unwrap();
}

fn write_words(path: &Path, vocabulary: &str) {
    let pieces = WordPiece::read_bytes(vocabulary.as_bytes()).unwrap();
    let mut words = Tokenizer::new(WordPiece::builder().vocab(pieces).build().unwrap());
    words.with_normalizer(Some(BertNormalizer::default())).unwrap();
    words.with_pre_tokenizer(Some(BertPreTokenizer));
    let mark = |mark: &str| (mark.to_owned(), words.token_to_id(mark).unwrap());
    let marks = BertProcessing::new(mark("[SEP]"), mark("[CLS]"));
    words.with_post_processor(Some(marks));
    words.save(path, false).unwrap();
}

/// What `save_pretrained` writes of a BERT with the mean of its pieces, as far as it is read.
fn write_model(folder: &Path, vocabulary: &str, tensors: &Tensors, heads: usize) {
    std::fs::create_dir_all(folder.join("1_Pooling")).unwrap();
    let rows = |name: &str| tensors[name].shape.clone();
    let words = rows("embeddings.word_embeddings.weight");
    let layers = tensors.keys().filter(|name| name.ends_with("self.query.weight")).count();
    write_json(
        &folder.join("config.json"),
        &json!({
            "model_type": "bert", "vocab_size": words[0], "hidden_size": words[1],
            "num_hidden_layers": layers, "num_attention_heads": heads,
            "intermediate_size": rows("encoder.layer.0.intermediate.dense.weight")[0],
            "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "initializer_range": 0.02,
            "max_position_embeddings": rows("embeddings.position_embeddings.weight")[0],
            "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0,
        }),
    );
    write_json(
        &folder.join("modules.json"),
        &json!([
            {"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        ]),
    );
    let pooling = json!({"word_embedding_dimension": words[1], "pooling_mode_mean_tokens": true});
    write_json(&folder.join("1_Pooling/config.json"), &pooling);
    write_words(&folder.join("tokenizer.json"), vocabulary);
    write_tensors(&folder.join("model.safetensors"), tensors);
}

/// A model of one small layer whose weights are whatever comes: it knows nothing.
fn write_small(folder: &Path) {
    const WIDTH: usize = 16;
    let vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nit\nis\ntoo\nexpensive\nprice\n";
    let mut dice = 1_u32;
    let mut drawn = |shape: &[usize]| {
        let values = (0..shape.iter().product()).map(|_| {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (dice >> 16) as f32 / 65_536.0 - 0.5
        });
        Tensor { values: values.collect(), shape: shape.to_vec() }
    };
    let mut tensors = Tensors::new();
    for (name, rows) in [("word", 10), ("position", 32), ("token_type", 2)] {
        tensors.insert(format!("embeddings.{name}_embeddings.weight"), drawn(&[rows, WIDTH]));
    }
    let layer = "encoder.layer.0";
    for (name, outputs, inputs) in [
        ("attention.self.query", WIDTH, WIDTH),
        ("attention.self.key", WIDTH, WIDTH),
        ("attention.self.value", WIDTH, WIDTH),
        ("attention.output.dense", WIDTH, WIDTH),
        ("intermediate.dense", 2 * WIDTH, WIDTH),
        ("output.dense", WIDTH, 2 * WIDTH),
    ] {
        tensors.insert(format!("{layer}.{name}.weight"), drawn(&[outputs, inputs]));
        tensors.insert(format!("{layer}.{name}.bias"), drawn(&[outputs]));
    }
    for norm in ["embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"] {
        tensors.insert(format!("{norm}.LayerNorm.weight"), drawn(&[WIDTH]));
        tensors.insert(format!("{norm}.LayerNorm.bias"), drawn(&[WIDTH]));
    }
    write_model(folder, vocabulary, &tensors, 2);
}

/// The bundled encoder as a sentence-transformers directory; its head is a Dense part.
fn write_bundled(folder: &Path) {
    let bytes = std::fs::read(root().join("models/encoder.safetensors")).unwrap();
    let bundled = SafeTensors::deserialize(&bytes).unwrap();
    let floats = |name: &str| -> Tensor {
        let view = bundled.tensor(name).unwrap();
        let values = match view.dtype() {
            Dtype::I8 => {
                let scales = bundled.tensor(&format!("{name}.scale")).unwrap();
                let rows = view.data().chunks_exact(view.shape()[1]);
                let scaled = rows.zip(scales.data().as_chunks::<4>().0).flat_map(|(row, scale)| {
                    let scale = f32::from_le_bytes(*scale);
                    row.iter().map(move |byte| f32::from(byte.cast_signed()) * scale)
                });
                scaled.collect()
            }
            _ => view.data().as_chunks::<4>().0.iter().map(|v| f32::from_le_bytes(*v)).collect(),
        };
        Tensor { shape: view.shape().to_vec(), values }
    };
    let mut tensors = Tensors::new();
    let mut take = |name: &str, tensor: Tensor| tensors.insert(name.to_owned(), tensor);
    take("embeddings.word_embeddings.weight", floats("words"));
    let places = floats("places");
    let width = places.shape[1];
    take("embeddings.position_embeddings.weight", places);
    let kinds = Tensor { shape: vec![2, width], values: vec![0.0; 2 * width] };
    take("embeddings.token_type_embeddings.weight", kinds);
    let mut norm = |of: &str, name: &str| {
        take(&format!("{of}.LayerNorm.weight"), floats(&format!("{name}.gain")));
        take(&format!("{of}.LayerNorm.bias"), floats(&format!("{name}.bias")));
    };
    norm("embeddings", "norm");
    for layer in 0..6 {
        let at = format!("encoder.layer.{layer}");
        norm(&format!("{at}.attention.output"), &format!("layer.{layer}.gathered"));
        norm(&format!("{at}.output"), &format!("layer.{layer}.narrowed"));
    }
    for layer in 0..6 {
        let at = format!("encoder.layer.{layer}");
        let (attend, bias) = (
            floats(&format!("layer.{layer}.attend")),
            floats(&format!("layer.{layer}.attend.bias")),
        );
        let parts = attend.values.chunks(width * width).zip(bias.values.chunks(width));
        for (part, (weights, bias)) in ["query", "key", "value"].iter().zip(parts) {
            let weights = Tensor { shape: vec![width, width], values: weights.to_vec() };
            tensors.insert(format!("{at}.attention.self.{part}.weight"), weights);
            let bias = Tensor { shape: vec![width], values: bias.to_vec() };
            tensors.insert(format!("{at}.attention.self.{part}.bias"), bias);
        }
        for (part, name) in
            [("attention.output", "gather"), ("intermediate", "widen"), ("output", "narrow")]
        {
            let name = format!("layer.{layer}.{name}");
            tensors.insert(format!("{at}.{part}.dense.weight"), floats(&name));
            tensors.insert(format!("{at}.{part}.dense.bias"), floats(&format!("{name}.bias")));
        }
    }
    let vocabulary = std::fs::read_to_string(root().join("models/words.txt")).unwrap();
    write_model(folder, &vocabulary, &tensors, 12);
    write_json(&folder.join("sentence_bert_config.json"), &json!({"max_seq_length": 96}));
    std::fs::create_dir(folder.join("2_Dense")).unwrap();
    write_json(
        &folder.join("2_Dense/config.json"),
        &json!({"in_features": width, "out_features": width, "bias": true,
                "activation_function": "torch.nn.modules.linear.Identity"}),
    );
    let head = [("linear.weight", "head"), ("linear.bias", "head.bias")];
    let head = head.map(|(name, ours)| (name.to_owned(), floats(ours)));
    write_tensors(&folder.join("2_Dense/model.safetensors"), &head.into());
    let mut modules: Value =
        serde_json::from_slice(&std::fs::read(folder.join("modules.json")).unwrap()).unwrap();
    for (idx, kind) in [(2, "Dense"), (3, "Normalize")] {
        let path = format!("{idx}_{kind}");
        let kind = format!("sentence_transformers.models.{kind}");
        modules.as_array_mut().unwrap().push(json!({"idx": idx, "path": path, "type": kind}));
    }
    write_json(&folder.join("modules.json"), &modules);
}

fn with_one_card() -> Desk {
    let desk = Desk::empty();
    let card = "---\nowner: sales\nfamily: price\nverified: 2026-11-01\n---\n\n## It costs too much\n\n> - it is too \
                expensive\n\n### Say\n\n- What would it have to be worth?\n";
    std::fs::write(desk.path("playbooks/price.md"), card).unwrap();
    desk
}

/// Two ways to compute the same network: ours in eight bits, the vectors of each layer too, and
/// candle's in floats.
#[test]
fn the_bundled_encoder_as_a_directory_gives_the_same_vectors() {
    let folder = tempfile::tempdir().unwrap();
    write_bundled(folder.path());
    let (ours, theirs) =
        (MiniLm::load().unwrap(), SentenceTransformer::load(folder.path()).unwrap());
    for text in ["it is too expensive", "No.", "für 40 Plätze 😀", &"we have no budget ".repeat(80)]
    {
        let (ours, theirs) = (ours.encode(&[text]).unwrap(), theirs.encode(&[text]).unwrap());
        let cosine: f32 = ours[0].iter().zip(&theirs[0]).map(|(a, b)| a * b).sum();
        assert!(cosine > 0.995, "{cosine} {text}");
    }
}

#[test]
fn an_own_encoder_is_named_and_its_vectors_are_kept_apart() {
    let desk = with_one_card();
    write_small(&desk.path("own"));
    let own = desk.run(&["--encoder", "own", "doctor", "--json"]).out;
    assert!(own.contains("\"found\":\"own-"), "{own}");
    let head = |desk: &Desk| {
        let bytes = std::fs::read(desk.path("index/vectors.bin")).unwrap();
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        let head: Value = serde_json::from_slice(&bytes[..end]).unwrap();
        (head["model"].as_str().unwrap().to_owned(), head["dimensions"].as_u64().unwrap())
    };
    let (model, dimensions) = head(&desk);
    assert!(model.starts_with("own-") && dimensions == 16, "{model} {dimensions}");
    // Other weights are another model, though the folder has the same name.
    let mut tensors = std::fs::read(desk.path("own/model.safetensors")).unwrap();
    let last = tensors.len() - 2;
    tensors[last] ^= 1;
    std::fs::write(desk.path("own/model.safetensors"), tensors).unwrap();
    desk.run(&["--encoder", "own", "ask", "it is too expensive"]);
    assert_ne!(head(&desk).0, model);
}

/// Never the bundled one instead: what is broken is said, and nothing starts.
#[test]
fn a_broken_encoder_is_an_error_that_says_what_to_do() {
    type Break = fn(&Path);
    let breaks: [(Break, &str); 9] = [
        (|own| std::fs::remove_dir_all(own).unwrap(), "there is no such directory"),
        (
            |own| std::fs::remove_file(own.join("config.json")).unwrap(),
            "`config.json`: No such file",
        ),
        (|own| std::fs::remove_file(own.join("tokenizer.json")).unwrap(), "`tokenizer.json`: No"),
        (|own| std::fs::write(own.join("tokenizer.json"), "{}").unwrap(), "`tokenizer.json`: "),
        (
            |own| {
                std::fs::rename(own.join("model.safetensors"), own.join("pytorch_model.bin"))
                    .unwrap();
            },
            "safe_serialization=True",
        ),
        (
            |own| {
                let whole = std::fs::read(own.join("model.safetensors")).unwrap();
                std::fs::write(own.join("model.safetensors"), &whole[..whole.len() / 2]).unwrap();
            },
            "`model.safetensors`: ",
        ),
        (|own| edit(&own.join("config.json"), "\"bert\"", "\"mpnet\""), "model_type is mpnet"),
        (
            |own| edit(&own.join("config.json"), "\"hidden_size\":16", "\"hidden_size\":32"),
            "`model.safetensors`: ",
        ),
        (
            |own| edit(&own.join("modules.json"), "models.Pooling", "models.LSTM"),
            "a part of kind LSTM is unknown",
        ),
    ];
    let desk = with_one_card();
    for (spoil, says) in breaks {
        write_small(&desk.path("own"));
        spoil(&desk.path("own"));
        let ran = desk.run(&["--encoder", "own", "ask", "it is too expensive"]);
        assert_eq!(ran.code, Some(1), "{says}: {ran:?}");
        assert!(ran.err.contains("the encoder in `own`") && ran.err.contains(says), "{ran:?}");
        std::fs::remove_dir_all(desk.path("own")).unwrap_or_default();
    }
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}
