"""What the tables say of two substances together: by class, so that an unlisted member counts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from careflow.knowledge.drugs.medicines import substance_named
from careflow.knowledge.interactions.classes import TABLES, all_classes, listed

Severity = Literal["contraindicated", "major", "moderate", "minor"]
WORST_FIRST: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens between members of two sides.

    Attributes:
        mechanism: ``{it}`` in it stands for the medicine of the side that is named first.
        breadth: How many classes and substances its sides name; a narrow rule says more.
    """

    id: str
    severity: Severity
    mechanism: str
    management: str
    sources: tuple[str, ...]
    breadth: int = 1

    @property
    def rank(self) -> tuple[int, int]:
        """Return what sorts the worst and most specific rule first."""
        return WORST_FIRST.index(self.severity), self.breadth


@dataclass(frozen=True, slots=True)
class Found:
    """A rule between two substances, and whether the first is of the side that is named first."""

    rule: Rule
    is_first: bool


_Sides = Mapping[str, Mapping[str, tuple[Found, ...]]]


@cache
def _rules() -> _Sides:
    """Return the rules by what stands on one side and on the other, in both directions."""
    found: dict[str, dict[str, tuple[Found, ...]]] = {}
    for rule, one_side, other_side in _read():
        for one in one_side:
            for other in other_side:
                for this, that, is_first in ((one, other, True), (other, one, False)):
                    row = found.setdefault(this, {})
                    row[that] = (*row.get(that, ()), Found(rule, is_first))
    return found


def _read() -> Iterator[tuple[Rule, list[str], list[str]]]:
    for table in sorted(TABLES.joinpath("rules").iterdir(), key=lambda one: one.name):
        if not table.name.endswith(".toml"):
            continue
        for id, row in tomllib.loads(table.read_text("utf-8")).items():
            sides = _side(row["between"]), _side(row["and"])
            yield (
                Rule(
                    id=id,
                    severity=row["severity"],
                    mechanism=row["mechanism"],
                    management=row["management"],
                    sources=tuple(listed(row.get("sources", ""))),
                    breadth=len(sides[0]) * len(sides[1]),
                ),
                *sides,
            )


def _side(said: str) -> list[str]:
    """Return codes of classes, and substances, that a side names."""
    return [one if one in all_classes() else substance_named(one) for one in listed(said)]


def rules_between(one: frozenset[str], other: frozenset[str]) -> list[Found]:
    """Return the rules between two substances, each by its classes and itself; the worst first."""
    sides = _rules()
    found: dict[str, Found] = {}
    for this in one:
        row = sides.get(this)
        if row is not None:
            for that in row.keys() & other:
                for match in row[that]:
                    if match.is_first or match.rule.id not in found:
                        found[match.rule.id] = match
    return sorted(found.values(), key=lambda match: match.rule.rank)
