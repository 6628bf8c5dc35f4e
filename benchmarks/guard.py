"""Measures what the guard catches of planted changes, and how often it doubts a faithful answer.

``python -m benchmarks.guard`` takes sentences of real notes (mtsamples), with facts written
another way, as faithful answers, and changes one number, unit, drug, side or denial of others.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from careflow.ai.guard.facts import facts_of
from careflow.ai.guard.grounding import findings_in
from careflow.ai.guard.sources import Sources
from careflow.ai.words import folded, sentences_of

Change = Callable[[str, random.Random], str | None]

_DRUGS = ("metformin", "lisinopril", "warfarin", "sertraline", "amoxicillin", "prednisone",
          "gabapentin", "omeprazole", "furosemide", "clopidogrel")  # fmt: skip
_UNITS = (("mg", "mcg"), ("mcg", "mg"), ("mL", "L"), ("cm", "mm"), ("mm", "cm"), ("days", "weeks"),
          ("weeks", "months"), ("hours", "days"), ("months", "years"))  # fmt: skip
_OTHER_WAYS = (
    (r"\btwice (?:daily|a day)\b", "BID"),
    (r"\bb\.?i\.?d\.?(?=\s|$)", "twice daily"),
    (r"\b(\d+) ?mg\b", r"\1 milligrams"),
    (r"\b(\d+) ml\b", r"\1 mL"),
    (r"\bdenies\b", "reports no"),
    (r"\bonce (?:daily|a day)\b", "daily"),
    (r"\btwo weeks\b", "14 days"),
    (r"\b1,(\d{3})\b", r"1\1"),
    (r"\bno evidence of\b", "no"),
    (r"\bpercent\b", "%"),
    (r"\b(\d+)-year-old\b", r"\1 yo"),
    (r"\bt\.?i\.?d\.?(?=\s|$)", "three times a day"),
)


def main() -> None:
    """Print the share caught by kind of change, and the share of faithful answers doubted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notes", type=Path, help="mtsamples.jsonl.gz")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    print(json.dumps(measured(asked.notes, asked.seed, show=asked.show), indent=1))


def measured(notes: Path, seed: int, *, show: bool = False) -> dict[str, object]:
    """Return what was caught and doubted."""
    rng = random.Random(seed)
    planted: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    faithful = doubted = characters = 0
    begun = time.process_time()
    for note in _notes(notes):
        sources = Sources(note)
        sentences = _sentences(note)
        for _ in range(3):
            some = rng.sample(sentences, min(3, len(sentences)))
            said = _other_way(" ".join(some))
            found = findings_in(said, sources)
            characters += len(said)
            faithful += 1
            doubted += bool(found)
            if show and found:
                print("DOUBTED", [(one.kind, one.said) for one in found], said[:300])
        for kind, change in CHANGES.items():
            for sentence in rng.sample(sentences, len(sentences)):
                changed = change(sentence, rng)
                if changed is None or folded(changed.strip()) in folded(note):
                    continue
                planted[kind] += 1
                is_caught = bool(findings_in(changed, sources))
                caught[kind] += is_caught
                if show and not is_caught:
                    print("MISSED", kind, "|", sentence[:200], "|", changed[:200])
                if planted[kind] % 2 == 0:
                    break
    return {
        "caught": {kind: [caught[kind], planted[kind]] for kind in planted},
        "caught_share": round(sum(caught.values()) / sum(planted.values()), 3),
        "doubted": [doubted, faithful],
        "doubted_share": round(doubted / faithful, 3),
        "cpu_s": round(time.process_time() - begun, 1),
    }


def _notes(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as opened:
        for line in opened:
            yield json.loads(line)["transcription"]


def _sentences(note: str) -> list[str]:
    found = [note[at : at + len(text)].strip() for at, text in sentences_of(folded(note))]
    return [one.rstrip(".") + "." for one in found if len(one) > 20]


def _other_way(said: str) -> str:
    for pattern, other in _OTHER_WAYS:
        said = re.sub(pattern, other, said, flags=re.IGNORECASE)
    return said


# --- changes -------------------------------------------------------------------------------


def _number(said: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"(?<![\w.,/-])\d+(?:\.\d+)?(?![\w,/-]|\.\d)", said))
    if not found:
        return None
    one = rng.choice(found)
    value = one[0]
    if "." in value:
        other = rng.choice([value.replace(".", ""), str(round(float(value) * 1.5, 1))])
    else:
        number = int(value)
        other = str(rng.choice([number * 10, number + rng.randint(1, 5), int(value[::-1]) + 1]))
    return None if other == value else said[: one.start()] + other + said[one.end() :]


def _unit(said: str, rng: random.Random) -> str | None:
    units = list(_UNITS)
    rng.shuffle(units)
    for old, new in units:
        changed, count = re.subn(rf"(\d ?){old}\b", rf"\g<1>{new}", said, count=1)
        if count:
            return changed
    return None


def _drug(said: str, rng: random.Random) -> str | None:
    drugs = facts_of(said).drugs
    if not drugs:
        return None
    one = rng.choice(drugs)
    other = rng.choice(_DRUGS)
    return (
        said[: one.start] + other + said[one.end :] if said[one.start : one.end] != other else None
    )


def _side(said: str, _: random.Random) -> str | None:
    sides = facts_of(said).sides
    for one in sides:
        word = said[one.start : one.end]
        other = {"left": "right", "right": "left"}.get(word.casefold())
        if other:
            return said[: one.start] + other + said[one.end :]
    return None


def _denial(said: str, _: random.Random) -> str | None:
    for pattern, other in (
        (r"\b[Dd]enies\b", "reports"), (r"\b[Nn]o (?=\w+)", "has "), (r"\bwithout\b", "with"),
        (r"\b(is|was|are|were) not\b", r"\1"), (r"\bnegative for\b", "positive for"),
        (r"\b(complains of|reports|has had|presents with)\b", "denies"),
        (r"\b(is|was|are|were) (?=allergic|present|noted|tender|swollen|diabetic)", r"\1 not "),
    ):  # fmt: skip
        changed, count = re.subn(pattern, other, said, count=1)
        if count:
            return changed
    return None


CHANGES: dict[str, Change] = {
    "number": _number,
    "unit": _unit,
    "drug": _drug,
    "side": _side,
    "denial": _denial,
}

if __name__ == "__main__":
    main()
