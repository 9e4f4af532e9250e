//! The network: twelve layers of attention over word pieces (Devlin and others 2018; Song and others
//! 2020), computed as `training/base.py` does.

use super::damaged::Damaged;
use super::functions::{exp, gelu};
use super::layer::Matrix;
use super::tensors::Tensors;
use crate::search::encoder::{dot, normalised};
#[cfg(test)]
use crate::search::int8::Plain;
use crate::search::int8::{Dispatch, Kernel, Packed, Rows, dispatch};

/// Coordinates of a vector.
pub(super) const WIDTH: usize = 768;
/// Coordinates between the two layers that stand behind attention.
const WIDE: usize = 3_072;
const LAYERS: usize = 12;
const HEADS: usize = 12;
/// Coordinates that one head looks at.
const HEAD: usize = WIDTH / HEADS;
/// The most pieces of a text, marks included.
pub(super) const LONGEST: usize = 128;
/// From one piece to another, from the farthest before it to the farthest behind.
const DISTANCES: usize = 2 * LONGEST - 1;

/// The weights.
pub(super) struct Network<'a> {
    words: (&'a [i8], Vec<f32>),
    places: Vec<f32>,
    /// What each head thinks of each distance between two pieces (Raffel and others 2020).
    distances: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    head: Vec<f32>,
    head_bias: Vec<f32>,
}

struct Layer {
    qkv: Matrix,
    attention_out: Matrix,
    attention_norm: Norm,
    ffn_up: Matrix,
    ffn_down: Matrix,
    ffn_norm: Norm,
}

impl<'a> Network<'a> {
    pub(super) fn of(tensors: &Tensors<'a>, words: usize) -> Result<Self, Damaged> {
        let layer = |number: usize| {
            let name = |part: &str| format!("layer.{number}.{part}");
            let matrix = |part: &str, [rows, width]: [usize; 2]| {
                let (weights, scales) = tensors.int8(&name(part), [rows, width])?;
                Ok((weights, scales, width))
            };
            let [qkv, attention_out, ffn_up, ffn_down] = Packed::beside([
                matrix("attend", [3 * WIDTH, WIDTH])?,
                matrix("gather", [WIDTH, WIDTH])?,
                matrix("widen", [WIDE, WIDTH])?,
                matrix("narrow", [WIDTH, WIDE])?,
            ]);
            let bias = |part: &str, rows| tensors.floats(&name(&format!("{part}.bias")), rows);
            let norm = |part: &str| Norm::of(tensors, &name(part));
            Ok(Layer {
                qkv: Matrix::of(qkv, bias("attend", 3 * WIDTH)?),
                attention_out: Matrix::of(attention_out, bias("gather", WIDTH)?),
                attention_norm: norm("gathered")?,
                ffn_up: Matrix::of(ffn_up, bias("widen", WIDE)?),
                ffn_down: Matrix::of(ffn_down, bias("narrow", WIDTH)?),
                ffn_norm: norm("narrowed")?,
            })
        };
        Ok(Self {
            words: tensors.int8("words", [words, WIDTH])?,
            places: tensors.matrix("places", [LONGEST, WIDTH])?,
            distances: tensors.matrix("distances", [HEADS, DISTANCES])?,
            norm: Norm::of(tensors, "norm")?,
            layers: (0..LAYERS).map(layer).collect::<Result<_, _>>()?,
            head: tensors.matrix("head", [WIDTH, WIDTH])?,
            head_bias: tensors.floats("head.bias", WIDTH)?,
        })
    }

    /// The vectors of texts in pieces, of length 1. All go through a layer together, so that its
    /// weights come from memory once. No text sees another.
    pub(super) fn vectors(&self, texts: &[Vec<usize>]) -> Vec<Vec<f32>> {
        dispatch(Pass { network: self, texts })
    }

    #[cfg(test)]
    pub(super) fn scalar(&self, texts: &[Vec<usize>]) -> Vec<Vec<f32>> {
        self.pass(texts, Plain)
    }

    #[inline(always)]
    fn pass(&self, texts: &[Vec<usize>], kernel: impl Kernel) -> Vec<Vec<f32>> {
        let mut now: Vec<f32> = texts.iter().flat_map(|pieces| self.embedded(pieces)).collect();
        self.norm.apply(&mut now);
        for layer in &self.layers {
            let parts = layer.qkv.apply(kernel, &Rows::of(&now, WIDTH));
            let mut seen = Vec::with_capacity(now.len());
            for text in of_each(texts, &parts, 3 * WIDTH) {
                seen.append(&mut attention(text, &self.distances));
            }
            add(&mut now, &layer.attention_out.apply(kernel, &Rows::of(&seen, WIDTH)));
            layer.attention_norm.apply(&mut now);
            let mut wide = layer.ffn_up.apply(kernel, &Rows::of(&now, WIDTH));
            for value in &mut wide {
                *value = gelu(*value);
            }
            add(&mut now, &layer.ffn_down.apply(kernel, &Rows::of(&wide, WIDE)));
            layer.ffn_norm.apply(&mut now);
        }
        let mut vectors = Vec::with_capacity(texts.len());
        for text in of_each(texts, &now, WIDTH) {
            let mut mean = vec![0.0; WIDTH];
            for vector in text.chunks_exact(WIDTH) {
                add(&mut mean, vector);
            }
            let mean = normalised(mean);
            let mut vector = self.head_bias.clone();
            for (sum, row) in vector.iter_mut().zip(self.head.chunks_exact(WIDTH)) {
                *sum += dot(row, &mean);
            }
            vectors.push(normalised(vector));
        }
        vectors
    }

    fn embedded(&self, pieces: &[usize]) -> Vec<f32> {
        let (words, scales) = &self.words;
        let vectors =
            pieces.iter().zip(self.places.chunks_exact(WIDTH)).flat_map(|(piece, place)| {
                let word = words.chunks_exact(WIDTH).nth(*piece).unwrap_or_default();
                let scale = scales.get(*piece).copied().unwrap_or_default();
                word.iter().zip(place).map(move |(word, place)| f32::from(*word) * scale + place)
            });
        vectors.collect()
    }
}

/// Some texts.
struct Pass<'a> {
    network: &'a Network<'a>,
    texts: &'a [Vec<usize>],
}

impl Dispatch for Pass<'_> {
    type Output = Vec<Vec<f32>>;

    #[inline(always)]
    fn with(self, kernel: impl Kernel) -> Vec<Vec<f32>> {
        self.network.pass(self.texts, kernel)
    }
}

/// What belongs to each text, of so many numbers a piece.
fn of_each<'a>(texts: &[Vec<usize>], numbers: &'a [f32], width: usize) -> Vec<&'a [f32]> {
    let cut = |start: &mut usize, pieces: &Vec<usize>| {
        let end = *start + pieces.len() * width;
        let text = &numbers[std::mem::replace(start, end)..end];
        Some(text)
    };
    texts.iter().scan(0, cut).collect()
}

/// What each piece of a text gathers from all: softmax(QKᵀ/√d + distances)V in every head (Vaswani
/// and others 2017).
#[inline(always)]
fn attention(parts: &[f32], distances: &[f32]) -> Vec<f32> {
    let pieces: Vec<&[f32]> = parts.chunks_exact(3 * WIDTH).collect();
    let mut seen = vec![0.0; pieces.len() * WIDTH];
    let mut weights = vec![0.0; pieces.len()];
    for (at, (piece, seen)) in pieces.iter().zip(seen.chunks_exact_mut(WIDTH)).enumerate() {
        let heads = seen.chunks_exact_mut(HEAD).zip(distances.chunks_exact(DISTANCES));
        for (head, (seen, distances)) in heads.enumerate() {
            let of = |piece: &&'_ [f32], part: usize| {
                let start = part * WIDTH + head * HEAD;
                start..start + HEAD.min(piece.len())
            };
            let query = &piece[of(piece, 0)];
            let distances = &distances[LONGEST - 1 - at..];
            for ((weight, other), distance) in weights.iter_mut().zip(&pieces).zip(distances) {
                *weight = dot(query, &other[of(other, 1)]) / (HEAD as f32).sqrt() + distance;
            }
            softmax(&mut weights);
            for (weight, other) in weights.iter().zip(&pieces) {
                for (seen, value) in seen.iter_mut().zip(&other[of(other, 2)]) {
                    *seen += weight * value;
                }
            }
        }
    }
    seen
}

#[inline(always)]
fn softmax(values: &mut [f32]) {
    let largest = values.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for value in &mut *values {
        *value = exp(*value - largest);
        sum += *value;
    }
    for value in values {
        *value /= sum;
    }
}

/// Layer normalisation (Ba and others 2016).
struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

impl Norm {
    fn of(tensors: &Tensors<'_>, name: &str) -> Result<Self, Damaged> {
        let gain = tensors.floats(&format!("{name}.gain"), WIDTH)?;
        Ok(Self { gain, bias: tensors.floats(&format!("{name}.bias"), WIDTH)? })
    }

    #[inline(always)]
    fn apply(&self, values: &mut [f32]) {
        for vector in values.chunks_exact_mut(WIDTH) {
            let mean = sum(vector) / WIDTH as f32;
            for value in &mut *vector {
                *value -= mean;
            }
            let factor = 1.0 / (dot(vector, vector) / WIDTH as f32 + 1e-5).sqrt();
            for (value, (gain, bias)) in vector.iter_mut().zip(self.gain.iter().zip(&self.bias)) {
                *value = *value * factor * gain + bias;
            }
        }
    }
}

#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for values in values.chunks_exact(8) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value;
        }
    }
    sums.iter().sum()
}

#[inline(always)]
fn add(to: &mut [f32], other: &[f32]) {
    for (to, other) in to.iter_mut().zip(other) {
        *to += other;
    }
}
