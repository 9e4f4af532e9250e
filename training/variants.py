"""More of the same sentences: as they are typed in haste or captioned, and two in one message."""

import re

# What reps shorten while a customer is talking.
SHORT = {
    "customer": "cust", "because": "bc", "you": "u", "are": "r", "your": "ur", "please": "pls",
    "about": "abt", "with": "w/", "and": "&", "before": "b4", "okay": "ok", "people": "ppl",
    "tomorrow": "tmrw", "though": "tho", "thanks": "thx", "to": "2", "months": "mths",
    "already": "alrdy", "meeting": "mtg", "manager": "mgr", "discount": "disc", "information": "info",
}
SHORTENED = 0.4  # of those words
LEFT_OUT = {"the", "a", "an", "i", "we", "they", "it", "is", "are", "am", "was", "our", "their", "my", "that"}
TELEGRAPHIC, DROPPED = 0.5, 0.5  # of the sentences typed in haste; and of those words in them
FEWEST_WORDS = 3  # that must be left of a sentence
SLIP = 0.08  # of the words with five letters or more: two letters change places, or one is missing
FILLERS = ["um", "uh", "er", "you know", "i mean", "like", "well", "sort of"]
FILLED, REPEATED = 0.12, 0.05  # of the places between words
JOINTS = [". ", ", and ", " and ", ", plus ", " plus ", " - ", ", ", "; also ", " also ", ". And "]
MOST_WORDS = 22  # of two sentences in one message


def hurried(text, dice):
    """The sentence as it is typed in haste, or as live captions give it."""
    words = re.sub(r"[.!?;:\"()]|,(?!\d)", "", text.lower().replace("’", "'")).split()
    new = []
    if dice.random() < 0.5:
        if dice.random() < TELEGRAPHIC:
            kept = [w for w in words if w not in LEFT_OUT or dice.random() >= DROPPED]
            words = kept if len(kept) >= FEWEST_WORDS else words
        for word in words:
            if word in SHORT and dice.random() < SHORTENED:
                word = SHORT[word]
            elif len(word) >= 5 and word.isalpha() and dice.random() < SLIP:
                at = int(dice.integers(1, len(word) - 2))
                swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
                word = swapped if dice.random() < 0.5 else word[:at] + word[at + 1 :]
            new.append(word.replace("'", ""))
        return " ".join(new)
    for word in words:
        if dice.random() < FILLED:
            new.append(FILLERS[int(dice.integers(len(FILLERS)))])
        new += [word, word] if dice.random() < REPEATED else [word]
    return " ".join(new)


def joined(one, other, dice):
    """Two sentences as one message."""
    joint = JOINTS[int(dice.integers(len(JOINTS)))]
    one = one.rstrip(" .!,;?")
    if not joint.startswith(".") and other[:1].isupper() and not re.match(r"I\b|[A-Z]{2}", other):
        other = other[0].lower() + other[1:]
    return f"{one}{joint}{other}"
