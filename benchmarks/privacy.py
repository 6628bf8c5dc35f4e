"""Measures how well the detector finds what identifies, what else it hides, and how fast it is.

``python -m benchmarks.privacy [NAME ...] [--missed LABEL] [--false]`` for the labelled sets.
Recall is strict: every letter and digit of an identifier is covered, whatever the label; titles,
states and generic words do not count. A span found is right when most of it is marked.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from careflow.ai.privacy.detector import found_in
from careflow.ai.privacy.found import Found, Label
from careflow.ai.privacy.known import NOBODY, Known

_NOT_COUNTED = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|dra|drs|prof|sr|sra|md|do|rn|hospital|clinic|center|centre|street|"
    r"st|ave|avenue|road|rd|drive|lane|the|of|in|at|and|facility|case|patient|id|medical|"
    r"A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|"
    r"T[NX]|UT|V[TA]|W[AVIY])\b\.?",
    re.IGNORECASE,
)
_NUMBERS: dict[str, Label] = {
    "mrn": "MRN", "plan": "PLAN", "account": "ACCOUNT", "ssn": "SSN", "phone": "PHONE",
    "email": "EMAIL", "fax": "FAX", "license": "LICENSE", "device": "DEVICE",
}  # fmt: skip
_FORMS = ("%m/%d/%Y", "%B %d, %Y", "%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%m/%d/%y", "%d%b%Y",
          "%b %d, %Y", "%Y%m%d", "%d-%b-%Y", "%d.%m.%Y", "%m-%d-%Y")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marked:
    """A text whose identifiers are marked."""

    id: str
    text: str
    marks: tuple[tuple[int, int, str], ...]
    known: Known = NOBODY


@dataclass(slots=True)
class Score:
    """Counts over a set."""

    marks: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    right: int = 0
    found: int = 0
    other: int = 0
    other_hidden: int = 0
    with_marks: int = 0
    clean: int = 0
    free: int = 0
    untouched: int = 0
    characters: int = 0
    cpu_s: float = 0.0

    @property
    def recall(self) -> float:
        """Share of identifiers that are wholly covered."""
        return self.covered.total() / (self.marks.total() or 1)

    @property
    def precision(self) -> float:
        """Share of spans found that are identifiers for the most part."""
        return self.right / (self.found or 1)

    @property
    def over_redaction(self) -> float:
        """Share of the characters outside identifiers that are hidden."""
        return self.other_hidden / (self.other or 1)

    @property
    def clean_share(self) -> float:
        """Share of texts with identifiers that show none."""
        return self.clean / (self.with_marks or 1)

    @property
    def untouched_share(self) -> float:
        """Share of texts without identifiers that are left as they are."""
        return self.untouched / (self.free or 1)


def known_of(record: Mapping[str, list[str]]) -> Known:
    """Return what a record of the labelled notes says."""
    births = [found for found in map(_day, record.get("dob", ())) if found]
    return Known(
        names=(" ".join(record["name"]),) if record.get("name") else (),
        born=births[0] if births else None,
        places=tuple(record.get("street", ())),
        numbers={
            _NUMBERS.get(key, "OTHER"): tuple(values)
            for key, values in record.items()
            if key not in {"name", "dob", "street"}
        },
    )


def read(path: Path, *, with_record: bool = False) -> list[Marked]:
    """Return the texts of a labelled file."""
    return [
        Marked(
            row["id"],
            row["text"],
            tuple((one["start"], one["end"], one["label"]) for one in row["spans"]),
            known_of(row.get("record") or {}) if with_record else NOBODY,
        )
        for row in map(json.loads, path.read_text("utf-8").splitlines())
    ]


def scored(
    texts: Iterable[Marked], missed: list[str] | None = None, false: list[str] | None = None
) -> Score:
    """Return the counts over texts; ``missed`` and ``false`` collect what went wrong."""
    score = Score()
    for one in texts:
        start = time.process_time()
        found = found_in(one.text, one.known)
        score.cpu_s += time.process_time() - start
        _add(score, one, found, missed, false)
    return score


def _add(
    score: Score,
    one: Marked,
    found: tuple[Found, ...],
    missed: list[str] | None,
    false: list[str] | None,
) -> None:
    hidden = {at for span in found for at in range(span.start, span.end)}
    marked = {at for start, end, _ in one.marks for at in range(start, end)}
    leaks = 0
    for start, end, label in one.marks:
        score.marks[label] += 1
        is_covered = _telling(one.text, start, end) <= hidden
        score.covered[label] += is_covered
        leaks += not is_covered
        if missed is not None and not is_covered:
            missed.append(f"{label}\t{one.id}\t{_around(one.text, start, end)}")
    for span in found:
        signs = {at for at in range(span.start, span.end) if one.text[at].isalnum()}
        is_right = len(signs & marked) * 2 >= len(signs)
        score.right += is_right
        if false is not None and not is_right:
            false.append(f"{span.label}\t{one.id}\t{_around(one.text, span.start, span.end)}")
    score.found += len(found)
    score.other += len(one.text) - len(marked)
    score.other_hidden += len(hidden - marked)
    score.with_marks += bool(one.marks)
    score.clean += bool(one.marks) and not leaks
    score.free += not one.marks
    score.untouched += not one.marks and not found
    score.characters += len(one.text)


def _telling(text: str, start: int, end: int) -> set[int]:
    """Return where the letters and digits of an identifier are that count."""
    signs = {at for at in range(start, end) if text[at].isalnum()}
    for hit in _NOT_COUNTED.finditer(text, start, end):
        signs -= set(range(hit.start(), hit.end()))
    return signs or {at for at in range(start, end) if text[at].isalnum()}


def _around(text: str, start: int, end: int) -> str:
    before, after = text[max(start - 40, 0) : start], text[end : end + 30]
    return f"{before}⟦{text[start:end]}⟧{after}".replace("\n", "↵")


def _day(written: str) -> date | None:
    for form in _FORMS:
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day has no zone.
        except ValueError:
            continue
    return None


def _sets(folder: Path) -> dict[str, list[Marked]]:
    notes = folder / "notes_dev.jsonl"
    return {
        "notes+record": read(notes, with_record=True),
        "notes": read(notes),
        "queries": read(folder / "queries_dev.jsonl"),
        "spanish": read(folder / "meddocan_dev.jsonl"),
    }


def main() -> None:
    """Print a row for each set, and the weakest labels of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("--missed", help="show what was missed of a label, or of all")
    parser.add_argument("--false", action="store_true", help="show what was hidden wrongly")
    asked = parser.parse_args()
    found_in("Seen by Dr. Jones on 3 May 2020.")
    print(f"{'set':14} recall precis. over   clean  untouch. chars/CPU-s")
    for name, texts in _sets(asked.data).items():
        if asked.names and name not in asked.names:
            continue
        missed: list[str] = []
        false: list[str] = []
        score = scored(texts, missed, false)
        speed = score.characters / (score.cpu_s or 1)
        print(
            f"{name:14} {score.recall:.3f}  {score.precision:.3f}   {score.over_redaction:.3f}  "
            f"{score.clean_share:.3f}  {score.untouched_share:.3f}    {speed:,.0f}"
        )
        print(
            "   ",
            "  ".join(
                f"{label} {score.covered[label]}/{count}"
                for label, count in score.marks.most_common()
            ),
        )
        for line in missed if asked.missed else ():
            if asked.missed in {"all", line.split("\t")[0]}:
                print("  missed", line)
        for line in false if asked.false else ():
            print("  false ", line)


if __name__ == "__main__":
    main()
