//! An operator's own encoder: a sentence-transformers directory in place of the bundled one.

use std::collections::BTreeMap;
use std::path::Path;

use cornerman::search::{Encoder as _, Mpnet, SentenceTransformer};
use safetensors::serialize;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};
use tokenizers::Tokenizer;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;

use crate::{TestEnv, root};

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

fn with_one_card() -> TestEnv {
    let desk = TestEnv::empty();
    let card = "---\nowner: sales\nfamily: price\nverified: 2026-11-01\n---\n\n## It costs too much\n\n> - it is too \
                expensive\n\n### Say\n\n- What would it have to be worth?\n";
    std::fs::write(desk.path("playbooks/price.md"), card).unwrap();
    desk
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `models/examples.json` holds what the training code computes in floats; here it is eight bits,
/// the vectors between the layers too.
#[test]
fn the_bundled_encoder_computes_what_was_taught() {
    let bytes = std::fs::read(root().join("models/examples.json")).unwrap();
    let examples: Vec<(String, Vec<f32>)> = serde_json::from_slice(&bytes).unwrap();
    assert!(examples.len() > 4);
    let encoder = Mpnet::load().unwrap();
    for (text, wanted) in examples {
        let found = encoder.encode(&[&text]).unwrap();
        let cosine = cosine(&found[0], &wanted);
        assert!(cosine > 0.999, "{cosine} {text}");
    }
}

/// What the package transformers computes for the small model (5.2, `BertModel`, the mean over all
/// pieces, of length 1).
#[test]
fn a_directory_computes_what_its_makers_compute() {
    let wanted = [
        -0.428_091, -0.075_875, -0.010_135, 0.109_708, 0.236_124, 0.358_22, -0.085_318, 0.076_365,
        0.037_881, -0.250_57, -0.019_169, 0.330_8, 0.575_78, -0.167_706, -0.098_777, 0.241_319,
    ];
    let folder = tempfile::tempdir().unwrap();
    write_small(folder.path());
    let encoder = SentenceTransformer::load(folder.path()).unwrap();
    let found = encoder.encode(&["It is too expensive"]).unwrap();
    let off = found[0].iter().zip(wanted).map(|(found, wanted)| (found - wanted).abs());
    assert!(off.fold(0.0, f32::max) < 1e-4, "{found:?}");
}

#[test]
fn an_own_encoder_is_named_and_its_vectors_are_kept_apart() {
    let desk = with_one_card();
    write_small(&desk.path("own"));
    let own = desk.run(&["--encoder", "own", "doctor", "--json"]).out;
    assert!(own.contains("\"found\":\"own-"), "{own}");
    let head = |desk: &TestEnv| {
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
