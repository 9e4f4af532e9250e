"""Teaches the encoder what sales sentences mean the same, and writes what the program ships.

    python training/teach.py               (writes models/)
    python training/teach.py --held-out    (leaves out a fifth of the sentences and says how many of
                                            them are understood; writes nothing)
    python training/teach.py --phrasings   (takes the phrasings of the playbooks as they are now into
                                            training/phrasings.jsonl, before the next teaching)

The upper half of the base is taught, with a matrix on top of it and a classifier over all intents
beside it. Three losses are summed: the cross-entropy of the intent, and of all intents together that
one card answers; the supervised contrastive loss (Khosla and others 2020), in which sentences of one
intent come closer and what needs no card is kept away from all; and the squared change of all
similarities, which keeps general language intact. Intents that one card answers are not each other's
negatives.

Half of the sentences are taught in haste as well (`variants.py`), and some two at a time: an objection
beside something that needs no card is that objection, and of two objections each is half as likely.
"""

import hashlib
import json
import math
import re
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save

import base
from variants import MOST_WORDS, hurried, joined

HERE = Path(__file__).parent
MODELS = HERE.parent / "models"
DECOYS = HERE.parent / "src/search/decoys.txt"
SENTENCES = ["sentences.jsonl", "hard.jsonl", "spoken.jsonl", "no-card.jsonl"]
PHRASINGS = "phrasings.jsonl"

SEED = 0
STEPS = 600
WARM_UP = 20  # steps
INTENTS, EACH = 54, 3  # in a batch: so many intents, so many sentences of each
CALLS, TALK = 36, 18  # in a batch: lines of calls that need no card, and small talk and the world
PAIRS = 24  # in a batch: messages of two sentences
ALL_PAIRS = 5000  # half of them of two objections
HURRIED, IN_HASTE = 0.5, 0.5  # of the sentences; and how often those are then taught as such
ASIDE_WEIGHT = 8.0  # each stands for so many, since there is more of the world than of sales
LONGEST = 32  # word pieces of a sentence in a batch; the rest is not seen while teaching
TEMPERATURE = 0.06
SHARPNESS = 10.0  # of the classifier: by so much the vectors are multiplied
SMOOTHING = 0.1  # of the labels: this share is spread over all intents (Szegedy and others 2016)
FIRST = 6  # this layer and those above it are taught
LAYER_RATE, FALL = 4e-5, 0.9  # of the uppermost layer; of each below it this share
HEAD_RATE, CLASSIFIER_RATE = 5e-4, 5e-3
LEAST_RATE = 0.05  # all fall along a cosine to this share
DECAY = 0.01
DROPOUT = 0.1
CONTRAST, CARD, KEEP = 0.5, 0.5, 4.0  # weights of the losses beside that of the intent


def read():
    """All sentences as (intent, text, whether it is a line of a call that needs no card)."""
    sentences = []
    for name in SENTENCES:
        for line in (HERE / name).read_text().splitlines():
            sentence = json.loads(line)
            sentences.append((sentence["intent"], sentence["text"], name == "no-card.jsonl"))
    for line in DECOYS.read_text().splitlines():
        if line and not line.startswith("#"):
            sentences.append(("none.decoy", line, False))
    for line in (HERE / PHRASINGS).read_text().splitlines():
        sentence = json.loads(line)
        sentences.append((sentence["intent"], sentence["text"], False))
    return sentences


def take_phrasings():
    """Writes the phrasings of the shipped cards to a file, those of a card as an intent of its own: a
    playbook is edited more often than the encoder is taught, and the weights must not depend on it."""
    lines = []
    for path in sorted((HERE.parent / "playbooks").rglob("*.md")):
        for card in path.read_text().split("\n## ")[1:]:
            if known := re.search(r"<!-- id: ([a-z0-9-]+)", card):
                phrasings = re.findall(r"^> - (.+)$", card.split("\n### ")[0], re.MULTILINE)
                lines += [{"intent": f"card.{known[1]}", "text": text} for text in phrasings]
    lines = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines]
    (HERE / PHRASINGS).write_text("".join(f"{line}\n" for line in lines))


def answers(intents):
    """Of each intent the number of its answer: intents with the same card have the same, all that
    need no card have one, and what no card is written for yet has its own."""
    lines = (HERE / "intent-cards.tsv").read_text().splitlines()
    cards = dict(line.split("\t") for line in lines)
    numbers = {}

    def number(intent):
        card = "-" if intent.startswith("none.") else cards.get(intent, "?")
        card = intent.removeprefix("card.") if intent.startswith("card.") else card
        return numbers.setdefault(intent if card == "?" else card, len(numbers))

    return torch.tensor([number(intent) for intent in intents])


class Lower:
    """What the lower half of the base makes of each text: computed once, since it is not taught."""

    def __init__(self, whole, words, texts):
        words.enable_truncation(LONGEST)
        self.ids = [entry.ids for entry in words.encode_batch(texts)]
        words.enable_truncation(base.LONGEST)
        self.starts = np.concatenate([[0], np.cumsum([len(ids) for ids in self.ids])])
        self.seen = torch.zeros(self.starts[-1], base.WIDTH, dtype=torch.float16)
        self.before = torch.zeros(len(texts), base.WIDTH)
        with torch.no_grad():
            for part in self.parts():
                batch = base.Batch([self.ids[at] for at in part])
                x = base.layers(whole, base.embedded(whole, batch), batch, 0, FIRST)
                ends = np.cumsum(batch.lengths.numpy())
                for at, end in zip(part, ends):
                    here = slice(self.starts[at], self.starts[at + 1])
                    self.seen[here] = x[end - len(self.ids[at]) : end].half()
                x = base.layers(whole, x, batch, FIRST, base.LAYERS)
                self.before[part] = base.vectors(whole, x, batch)

    def parts(self):
        """All texts, those of like length together."""
        order = sorted(range(len(self.ids)), key=lambda at: len(self.ids[at]))
        return [order[start : start + 256] for start in range(0, len(order), 256)]

    def batch(self, rows):
        seen = [self.seen[self.starts[at] : self.starts[at + 1]] for at in rows]
        return torch.cat(seen).float(), base.Batch([self.ids[at] for at in rows])

    def turned(self, w, rows, dropout=0.0):
        """The vectors of these texts as the upper half now makes them."""
        x, batch = self.batch(rows)
        return base.vectors(w, base.layers(w, x, batch, FIRST, base.LAYERS, dropout), batch)


def loss(w, out, before, intent, answer, count, pairs, answers_of):
    """Of the batch the first `count` are sentences of intents, and the last `pairs` two sentences
    each, with two intents and answers; the others need no card."""
    own, away = out[:count], out[count : len(out) - pairs]
    of, by = intent[:count, 0], answer[:count, 0]
    same = of[:, None] == of[None, :]
    close = (by[:, None] == by[None, :]) & ~same
    itself = torch.eye(count, dtype=torch.bool)
    logits = (own @ own.T / TEMPERATURE).masked_fill(itself | close, -1e9)
    against = own @ away.T / TEMPERATURE + math.log(ASIDE_WEIGHT)
    all_others = torch.logsumexp(torch.cat([logits, against], 1), 1, keepdim=True)
    same &= ~itself
    contrast = -(torch.where(same, logits - all_others, 0.0).sum(1) / same.sum(1)).mean()
    keep = ((out @ out.T - before @ before.T) ** 2).mean()
    scores = classified(w, out)
    likely = (F.softmax(scores, 1) @ answers_of + 1e-9).log()
    which = card = 0.0
    for part in range(2):
        which += F.cross_entropy(scores, intent[:, part], label_smoothing=SMOOTHING) / 2
        card += F.nll_loss(likely, answer[:, part]) / 2
    return which + CARD * card + CONTRAST * contrast + KEEP * keep


def classified(w, vectors):
    """The logarithm of how likely each intent is, up to what all have in common."""
    return vectors @ w["intents"].T * SHARPNESS + w["intents.bias"]


class Variants:
    """More texts than the sentences that may be known, and what each of them says."""

    def __init__(self, sentences, answer, known):
        dice = np.random.default_rng(SEED)
        self.texts = [text for _, text, _ in sentences]
        self.in_haste = {}  # the sentence and where it stands in haste
        for at in known:
            if dice.random() < HURRIED:
                self.in_haste[at] = len(self.texts)
                self.texts.append(hurried(sentences[at][1], dice))
        needless = {answer[at] for at in known if sentences[at][0].startswith("none.")}
        cards = [at for at in known if answer[at] not in needless]
        calls = [at for at in known if sentences[at][2]]
        self.pairs = []  # where the message stands, and the two sentences whose intents it has
        while len(self.pairs) < ALL_PAIRS:
            one, other = int(dice.choice(cards)), int(dice.choice(cards))
            of = (one, other)
            if len(self.pairs) % 2 == 0:
                other = int(dice.choice(calls))
                of = (one, one)
            first, second = (one, other) if dice.random() < 0.5 else (other, one)
            texts = sentences[first][1], sentences[second][1]
            if answer[one] != answer[other] and len(" ".join(texts).split()) <= MOST_WORDS:
                self.pairs.append((len(self.texts), *of))
                self.texts.append(joined(*texts, dice))


def taught(whole, lower, sentences, variants, intents, known):
    """The upper half, the head and the classifier, from the sentences that may be known."""
    dice = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    upper = [f"layer.{layer}." for layer in range(FIRST, base.LAYERS)]
    w = {name: value for name, value in whole.items() if name.startswith(tuple(upper))}
    w |= {"head": torch.eye(base.WIDTH), "head.bias": torch.zeros(base.WIDTH)}
    w |= {"intents": torch.zeros(len(intents), base.WIDTH)}
    w |= {"intents.bias": torch.zeros(len(intents))}
    groups = []
    for name, value in w.items():
        value.requires_grad_(True)
        rate = CLASSIFIER_RATE if name.startswith("intents") else HEAD_RATE
        if name.startswith("layer."):
            rate = LAYER_RATE * FALL ** (base.LAYERS - 1 - int(name.split(".")[1]))
        groups.append({"params": [value], "lr": rate, "rate": rate})
    w |= {"distances": whole["distances"]}
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)

    number = {name: at for at, name in enumerate(intents)}
    intent = torch.tensor([number[name] for name, _, _ in sentences])
    answer_of = answers(intents)
    answers_of = F.one_hot(answer_of).float()
    by_intent, calls, talk = {}, [], []
    for at in known:
        name, _, call = sentences[at]
        none = talk if not call else calls
        (none if name.startswith("none.") else by_intent.setdefault(name, [])).append(at)
    by_intent = [rows for rows in by_intent.values() if len(rows) >= EACH]
    begun = time.time()
    for count in range(STEPS):
        fall = 0.5 * (1 + math.cos(math.pi * max(0, count - WARM_UP) / (STEPS - WARM_UP)))
        share = min(1, (count + 1) / WARM_UP) * (LEAST_RATE + (1 - LEAST_RATE) * fall)
        for group in optimiser.param_groups:
            group["lr"] = group["rate"] * share
        drawn = dice.choice(len(by_intent), INTENTS, replace=False)
        rows = [dice.choice(by_intent[at], EACH, replace=False) for at in drawn]
        rows += [dice.choice(calls, CALLS, replace=False), dice.choice(talk, TALK, replace=False)]
        rows = np.concatenate(rows)
        pairs = [variants.pairs[at] for at in dice.choice(ALL_PAIRS, PAIRS, replace=False)]
        of = intent[[(at, at) for at in rows] + [pair[1:] for pair in pairs]]
        haste = dice.random(len(rows)) < IN_HASTE
        rows = [variants.in_haste.get(at, at) if now else at for at, now in zip(rows, haste)]
        rows += [pair[0] for pair in pairs]
        out = lower.turned(w, rows, DROPOUT)
        before = lower.before[rows]
        total = loss(w, out, before, of, answer_of[of], INTENTS * EACH, PAIRS, answers_of)
        optimiser.zero_grad()
        total.backward()
        layers = [value for name, value in w.items() if name.startswith("layer.")]
        torch.nn.utils.clip_grad_norm_(layers, 1.0)
        optimiser.step()
        if count % 20 == 19:
            spent = time.time() - begun
            print(f"step {count + 1} of {STEPS}: loss {total.item():.2f}, {spent:.0f} s", flush=True)
    return {name: value.detach() for name, value in w.items() if name != "distances"}


def understood(w, lower, sentences, intents, rows):
    """Of what was not taught: how often the intent is the first, or among three; and how often a
    line that needs a card is surer of it than one that needs none."""
    with torch.no_grad():
        out = torch.cat([lower.turned(w, rows[at : at + 256]) for at in range(0, len(rows), 256)])
    likely = F.softmax(classified(w, out), 1)
    none = torch.tensor([name.startswith("none.") for name in intents])
    need = 1 - likely[:, none].sum(1)
    aside = torch.tensor([sentences[at][0].startswith("none.") for at in rows])
    calls = torch.tensor([sentences[at][2] for at in rows])
    likely[:, none] = 0
    three = likely.topk(3, 1).indices
    number = {name: at for at, name in enumerate(intents)}
    right = three == torch.tensor([[number[sentences[at][0]]] for at in rows])
    first, among = right[~aside][:, 0].float().mean(), right[~aside].any(1).float().mean()
    area = (need[~aside][:, None] > need[calls][None]).float().mean()
    print(f"{int((~aside).sum())} sentences: intent {100 * first:.1f}, among three {100 * among:.1f}")
    print(f"need against {int(calls.sum())} lines of calls that need no card: area {area:.3f}")


def main():
    if "--phrasings" in sys.argv:
        return take_phrasings()
    held_out = "--held-out" in sys.argv
    torch.set_num_threads(2)
    weights, words = base.unpack(HERE)
    tensors = base.quantised(weights)
    whole = base.expanded(tensors)
    sentences = read()
    intents = sorted({name for name, _, _ in sentences})
    fold = np.random.default_rng(SEED).integers(0, 5, len(sentences))
    known = np.nonzero(fold != 0)[0] if held_out else np.arange(len(sentences))
    print(f"{len(sentences)} sentences in {len(intents)} intents", flush=True)
    number = {name: at for at, name in enumerate(intents)}
    answer = answers(intents)[[number[name] for name, _, _ in sentences]].tolist()
    variants = Variants(sentences, answer, known)
    lower = Lower(whole, words, variants.texts)
    learned = taught(whole, lower, sentences, variants, intents, known)
    if held_out:
        understood(learned | {"distances": whole["distances"]}, lower, sentences, intents,
                   np.nonzero(fold == 0)[0])
        return
    tensors |= base.in_eight_bits({name: value.numpy() for name, value in learned.items()})
    tensors["intents"] *= SHARPNESS
    write(tensors, words, intents)
    write_examples(base.expanded(tensors), words)


def write(tensors, words, intents):
    MODELS.mkdir(exist_ok=True)
    vocabulary = sorted(words.get_vocab().items(), key=lambda word: word[1])
    (MODELS / "words.txt").write_text("".join(f"{word}\n" for word, _ in vocabulary))
    (MODELS / "intents.txt").write_text("".join(f"{intent}\n" for intent in intents))
    tensors = {name: np.ascontiguousarray(value) for name, value in sorted(tensors.items())}
    hash_of_all = hashlib.sha256()
    for name, value in tensors.items():
        hash_of_all.update(name.encode() + value.tobytes())
    name = f"cornerman-mpnet-{hash_of_all.hexdigest()[:16]}"
    layers = {key: value for key, value in tensors.items() if key.startswith("layer.")}
    rest = {key: value for key, value in tensors.items() if key not in layers}
    (MODELS / "layers.safetensors").write_bytes(save(layers, {"name": name}))
    (MODELS / "encoder.safetensors").write_bytes(save(rest, {"name": name}))
    print(name)


def write_examples(whole, words):
    """What the program must compute, in floats."""
    base.HALF = torch.float32
    texts = ["it is too expensive", "No.", "für 40 Plätze 😀", "We've no budget till April, mate, so..."]
    texts.append("they said the other vendor is cheaper and already works with their ERP " * 5)
    vectors = base.encode(whole, words, texts).double().numpy().round(6).tolist()
    lines = ",\n".join(json.dumps(example, ensure_ascii=False) for example in zip(texts, vectors))
    (MODELS / "examples.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
