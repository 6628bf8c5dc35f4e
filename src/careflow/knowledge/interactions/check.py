"""Checks a list of medicines, each by each and against allergies."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations

from careflow.knowledge.drugs.medicines import folded, medicine_read
from careflow.knowledge.interactions.allergies import Allergy, allergy_read, reason_against
from careflow.knowledge.interactions.classes import TABLES, all_classes, classes_of
from careflow.knowledge.interactions.rules import WORST_FIRST, Rule, Severity, rules_between

_FOR_PAIRS = frozenset({"contraindicated", "major"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts of the tables come from."""

    title: str
    url: str
    read_on: date

    @property
    def cited(self) -> str:
        """Return it as a reader can find it."""
        place = f" {self.url}" if self.url else ""
        return f"{self.title}.{place} (read {self.read_on.isoformat()})"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two medicines of the list, by their place in it, and what the tables say of them."""

    first: int
    second: int
    severity: Severity
    mechanism: str
    management: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """A medicine of the list and an allergy, by their places, and why they may not go together."""

    medicine: int
    allergy: int
    reason: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found; ``unknown`` holds the medicines that could not be checked."""

    pairs: tuple[Pair, ...]
    alerts: tuple[Alert, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Substance:
    key: str
    name: str
    labels: frozenset[str]


@cache
def sources() -> Mapping[str, Source]:
    """Return where the facts come from, by the codes that rules name."""
    read = tomllib.loads(TABLES.joinpath("_sources.toml").read_text("utf-8"))
    return {
        code: Source(one["title"], one["url"], date.fromisoformat(one["read_on"]))
        for code, one in read.items()
    }


def checked(medicines: Sequence[str], allergies: Sequence[str] = ()) -> Checked:
    """Return what the tables say of a list of medicines; the worst pairs first."""
    read: list[list[_Substance]] = []
    unknown: list[str] = []
    for line in medicines:
        substances, unread = _substances(line)
        read.append(substances)
        unknown += unread
    pairs = [
        pair
        for first, second in combinations(range(len(read)), 2)
        for pair in _between(medicines, read, first, second)
    ]
    pairs.sort(key=lambda pair: WORST_FIRST.index(pair.severity))
    understood = [allergy_read(entry) for entry in allergies]
    alerts = [
        alert
        for place, substances in enumerate(read)
        for alert in _alerts(place, substances, understood)
    ]
    return Checked(tuple(pairs), tuple(alerts), tuple(dict.fromkeys(unknown)))


def _substances(line: str) -> tuple[list[_Substance], list[str]]:
    """Return the substances that tables know, and what of the line they do not."""
    read = medicine_read(line)
    named = folded(line).strip()
    found = [_Substance(key, named, classes_of(key, named) | {key}) for key in read.substances]
    unread: list[str] = []
    for part in read.unread:
        by_stem = [word for word in part.split() if classes_of(word, word)]
        found += [_Substance(word, word, classes_of(word, word) | {word}) for word in by_stem]
        if not by_stem:
            unread.append(line.strip())
    known = [one for one in found if len(one.labels) > 1]
    if not known and not unread and line.strip():
        unread.append(line.strip())
    return known, unread


def _between(
    medicines: Sequence[str], read: Sequence[list[_Substance]], first: int, second: int
) -> Iterator[Pair]:
    rules: dict[str, Rule] = {}
    for one in read[first]:
        for other in read[second]:
            if one.key == other.key:
                rules.setdefault("same", _TWICE)
                continue
            for match in rules_between(one.labels, other.labels):
                it = medicines[first if match.is_first else second].strip()
                said = match.rule.mechanism.replace("{it}", it)
                rules[match.rule.id] = replace(match.rule, mechanism=said)
            twice = _same_kind(one, other)
            if twice is not None:
                rules[twice.id] = twice
    ranked = sorted(rules.values(), key=lambda rule: rule.rank)
    worst = [rule for rule in ranked if rule.severity in _FOR_PAIRS] or ranked[:1]
    for rule in _worth_saying(worst):
        yield Pair(first, second, rule.severity, rule.mechanism, rule.management, rule.sources)


def _worth_saying(rules: list[Rule]) -> list[Rule]:
    """Return the worst rule, and the next one where it is bad for another reason."""
    kept: list[Rule] = []
    for rule in rules:
        if all(rule.mechanism != other.mechanism for other in kept):
            kept.append(rule)
    return kept[:2] if len(kept) > 1 and kept[1].severity == kept[0].severity else kept[:1]


_TWICE = Rule(
    id="same",
    severity="moderate",
    mechanism="Both hold the same substance, so the dose adds up.",
    management="Stop one, or make sure that two are meant.",
    sources=("record",),
)


def _same_kind(one: _Substance, other: _Substance) -> Rule | None:
    """Return a rule where two medicines of one kind are hardly ever meant."""
    for code in sorted(one.labels & other.labels):
        kind = all_classes().get(code)
        if kind is not None and kind.duplicate is not None:
            return Rule(
                id=f"two-{code}",
                severity=_severity(kind.duplicate),
                mechanism=f"Both are {kind.name}: the same kind of medicine twice.",
                management="Stop one, or note why both are meant.",
                sources=("labels",),
                breadth=1000,
            )
    return None


def _severity(said: str) -> Severity:
    return next(one for one in WORST_FIRST if one == said)


def _alerts(place: int, substances: list[_Substance], allergies: list[Allergy]) -> Iterator[Alert]:
    for number, allergy in enumerate(allergies):
        for one in substances:
            found = reason_against(one.key, one.name, allergy)
            if found is not None:
                yield Alert(place, number, *found)
                break
