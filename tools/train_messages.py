"""Makes the models of patients' messages from patterns, and prints how well they do.

Run as ``python -m tools.train_messages``. Patterns are dealt to learning and tuning before their
places are filled, so that tuning sees no pattern that was learned from. The set that figures are
published on (``careflow/ai/evaluation/sets/messages.tsv``) is never read here.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from careflow.knowledge.messages.features import BUCKETS, features

_HERE = Path(__file__).parent
PATTERNS = _HERE / "message_texts" / "patterns.txt"
TABLES = _HERE.parent / "src" / "careflow" / "knowledge" / "messages" / "tables"
_PLACE = re.compile(r"\{\w+\}")
_FILLED = 14
_ROUNDS = 220
_RATE = 0.05
_DECAY = 4e-6
_DROPPED = 0.25
"""How many words of some copies are left out, so that no single word is leant on."""
_COPIES_DROPPED = 0.5
_GREETINGS = {
    "en": ("hi, ", "hello, ", "good morning, ", "Dear doctor, ", "hi this is Anna, ",
        "quick question: "),
    "es": ("hola, ", "buenos días, ", "buenas tardes, ", "doctor, ", "una pregunta, "),
}  # fmt: skip
_ENDINGS = {
    "en": (" thanks", ", thank you", ". Please let me know", ", please advise",
        ". Thanks in advance"),
    "es": (" gracias", ", muchas gracias", ". Por favor avísenme", ", gracias de antemano"),
}  # fmt: skip
_UPSET = {
    "en": (
        ". I am very upset", ", this is unacceptable", ". So frustrating", ". I'm really worried",
        ". Why does nobody answer", ". I'm scared", ", fed up with this", ". Ridiculous",
        ", why is this so hard", ". Terrible service", ". This is awful",
    ),
    "es": (
        ". Estoy muy molesta", ", qué mal servicio", ". Estoy preocupado", ". Tengo miedo",
        ". Nadie me contesta ni me ayuda", ", es inaceptable",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """A text to learn from."""

    label: str
    feeling: str
    text: str


def patterns() -> tuple[dict[str, list[str]], list[tuple[str, str, str, str]]]:
    """Return what fills each place, and the patterns: class, language, feeling, text."""
    places: dict[str, list[str]] = {}
    found: list[tuple[str, str, str, str]] = []
    heading = ("", "", "")
    for line in PATTERNS.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            label, language, feeling = line.strip("[]").split()
            heading = (label, language, feeling)
        elif not heading[0]:
            name, _, words = line.partition(" = ")
            places[name] = words.split("|")
        else:
            found.append((*heading, line))
    return places, found


def messages(
    chosen: Sequence[tuple[str, str, str, str]], chance: random.Random
) -> Iterator[Message]:
    """Yield what the patterns say with their places filled, greeted and ended in many ways."""
    places, _ = patterns()
    for label, language, feeling, pattern in chosen:
        for number in range(_FILLED):
            text = _PLACE.sub(lambda place: chance.choice(places[place.group()]), pattern)
            said = feeling
            if number and chance.random() < 0.3:
                text = chance.choice(_GREETINGS[language]) + text
            if number and label not in {"thanks", "other"}:
                dice = chance.random()
                if dice < 0.2:
                    text += chance.choice(_ENDINGS[language])
                elif dice < 0.35 and feeling == "neutral":
                    text, said = text + chance.choice(_UPSET[language]), "negative"
            if number and chance.random() < _COPIES_DROPPED:
                kept = [word for word in text.split() if chance.random() >= _DROPPED]
                text = " ".join(kept) or text
            yield Message(label, said, text)


@cache
def _features(text: str) -> Mapping[int, float]:
    return features(text)


def matrix(texts: Sequence[str]) -> Any:  # noqa: ANN401 - numpy's array of any shape
    """Return the features of texts, one row each."""
    rows = np.zeros((len(texts), BUCKETS), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for bucket, value in _features(text).items():
            row[bucket] = value
    return rows


def learned(rows: Any, right: Any, count: int) -> tuple[Any, Any]:  # noqa: ANN401
    """Return weights and bias of a softmax regression, by Adam on all rows at once."""
    share = np.bincount(right, minlength=count) / len(right)
    each = (1 / share[right]) / count
    wanted = np.eye(count, dtype=np.float32)[right]
    used = np.flatnonzero(rows.any(axis=0))  # a feature that no text has learns nothing
    theta, mean, square = (np.zeros((len(used) + 1, count), np.float32) for _ in range(3))
    whole = np.hstack([rows[:, used], np.ones((len(rows), 1), np.float32)])
    for step in range(1, _ROUNDS + 1):
        wrong = (chances(whole @ theta) - wanted) * each[:, None].astype(np.float32)
        slope = whole.T @ wrong / len(rows) + _DECAY * theta
        mean[:] = 0.9 * mean + 0.1 * slope
        square[:] = 0.999 * square + 0.001 * slope**2
        theta -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    weights = np.zeros((BUCKETS, count), np.float32)
    weights[used] = theta[:-1]
    return weights, theta[-1]


def chances(sums: Any) -> Any:  # noqa: ANN401
    """Return the chances that sums stand for, a row each."""
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def tempered(sums: Any, right: Any) -> float:  # noqa: ANN401
    """Return the temperature at which the right classes are likeliest."""

    def surprise(temperature: float) -> float:
        likely = chances(sums / temperature)[np.arange(len(right)), right]
        return float(-np.log(likely + 1e-9).mean())

    return min((round(0.3 + 0.05 * step, 2) for step in range(80)), key=surprise)


def macro_f1(said: Any, right: Any, count: int) -> float:  # noqa: ANN401
    """Return the mean F1 of the classes."""
    figures = []
    for one in range(count):
        hits = int(((said == one) & (right == one)).sum())
        figures.append(2 * hits / max(int((said == one).sum() + (right == one).sum()), 1))
    return sum(figures) / count


def trained(name: str, learn: Sequence[Message], tune: Sequence[Message]) -> None:
    """Learn one model, set its temperature on what it has not seen, and write it."""
    field = "label" if name == "classes" else "feeling"
    labels = sorted({getattr(one, field) for one in learn})
    number = {label: at for at, label in enumerate(labels)}
    right, held = (
        np.array([number[getattr(one, field)] for one in part]) for part in (learn, tune)
    )
    weights, bias = learned(matrix([one.text for one in learn]), right, len(labels))
    sums = matrix([one.text for one in tune]) @ weights + bias
    temperature = tempered(sums, held)
    print(f"{name}: {len(learn)} to learn, {len(tune)} to tune, temperature {temperature}")
    print(
        f"  macro F1 on patterns not learned from {macro_f1(sums.argmax(1), held, len(labels)):.3f}"
    )
    for label, at in number.items():
        found = (sums.argmax(1) == at)[held == at].mean() if (held == at).any() else 0.0
        print(f"  {label}: {found:.3f} of its texts found")
    # What tuned the temperature is learned from, too, in what ships.
    everything = [*learn, *tune]
    weights, bias = learned(
        matrix([one.text for one in everything]), np.concatenate([right, held]), len(labels)
    )
    scale = float(np.abs(weights).max()) / 127
    about = {
        "labels": labels, "buckets": BUCKETS, "scale": scale,
        "bias": [round(float(one), 5) for one in bias], "temperature": temperature,
    }  # fmt: skip
    whole = np.rint(weights / scale).astype(np.int8).T.tobytes()
    content = gzip.compress(json.dumps(about).encode() + b"\n" + whole, mtime=0)
    (TABLES / f"{name}.model.gz").write_bytes(content)
    print(f"  {len(content):,} bytes")


def main() -> None:
    """Train both models."""
    chance = random.Random(20261124)
    _, every = patterns()
    chance.shuffle(every)
    cut = len(every) // 4
    tune, learn = list(messages(every[:cut], chance)), list(messages(every[cut:], chance))
    for name in ("classes", "feelings"):
        trained(name, learn, tune)


if __name__ == "__main__":
    main()
