"""How much of a record a task is shown: within a budget, the newest first; the rest is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from careflow.ai.passages import ORDER, passage_of, when_of
from careflow.ai.task import Given, Passage, Task
from careflow.records.elements import Json

SIGNS_MAX = 48_000
"""Of all passages together: about 12,000 tokens."""


@dataclass(frozen=True, slots=True)
class KindRead:
    """What was read of one kind; ``total`` is how many there are."""

    name: str
    passages: Sequence[Passage]
    total: int


def of_bundle(task: Task[Any], given: Given, *, today: date, signs_max: int = SIGNS_MAX) -> Given:
    """Return what was given with the parts of its own bundle that the task may see."""
    bundle = getattr(given.asked, "bundle", None)
    if not bundle or given.record:
        return given
    entries = bundle.get("entry") or ()
    resources: list[Json] = [
        one["resource"]
        for one in entries
        if isinstance(one, dict) and isinstance(one.get("resource"), dict)
    ]
    kinds = []
    for name in ORDER:
        if name in task.reads:
            some = [one for one in resources if one.get("resourceType") == name]
            passages = passages_of(some, today=today)
            kinds.append(KindRead(name, passages, len(passages)))
    return shown(given, kinds, signs_max)


def passages_of(resources: Iterable[Json], *, today: date) -> list[Passage]:
    """Return resources of one kind in words, the newest first."""
    newest = sorted(resources, key=when_of, reverse=True)
    found = (passage_of(one, today=today) for one in newest)
    return [one for one in found if one is not None]


def left_out_sentences(left_out: Mapping[str, int]) -> list[str]:
    """Return what was not used, a sentence a kind."""
    return [
        f"{count:,} older {name} {'entry was' if count == 1 else 'entries were'} not used."
        for name, count in left_out.items()
    ]


def shown(given: Given, kinds: Sequence[KindRead], signs_max: int) -> Given:
    """Return what fits: short kinds whole, long ones their newest, in equal shares."""
    shares = _shares({kind.name: _length(kind.passages) for kind in kinds}, signs_max)
    record: list[Passage] = []
    left_out: dict[str, int] = {}
    for kind in kinds:
        kept = _fitting(kind.passages, shares[kind.name])
        record += kept
        if kind.total > len(kept):
            left_out[kind.name] = kind.total - len(kept)
    return replace(given, record=tuple(record), left_out=left_out)


def _shares(needs: Mapping[str, int], total: int) -> dict[str, int]:
    shares: dict[str, int] = {}
    left = total
    for number, (name, need) in enumerate(sorted(needs.items(), key=lambda one: one[1])):
        share = left // (len(needs) - number)
        shares[name] = min(need, share)
        left -= shares[name]
    return shares


def _fitting(passages: Sequence[Passage], share: int) -> list[Passage]:
    kept: list[Passage] = []
    for one in passages:
        share -= _length((one,))
        if share < 0:
            break
        kept.append(one)
    return kept


def _length(passages: Sequence[Passage]) -> int:
    return sum(len(one.source) + len(one.text) + 4 for one in passages)
