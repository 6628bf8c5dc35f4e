"""Patterns by the letters that every match of one must hold: a text without them is not searched.

Most texts hold hardly any; the rest of a long table costs one look for each run of letters.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from careflow.ai.task import Span

_FLAGS = re.IGNORECASE | re.MULTILINE
_LEAST = 2
"""Letters that a run must have to be worth looking for."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A pattern, and sets of runs of letters: every match holds one run of each set."""

    pattern: re.Pattern[str]
    needed: tuple[tuple[str, ...], ...]


def triggers_of(patterns: Sequence[str]) -> tuple[Trigger, ...]:
    """Return patterns with the letters that they need, one for each of their alternatives."""
    pieces = [piece for one in patterns for piece in alternatives(one)]
    return tuple(Trigger(re.compile(one, _FLAGS), _sets_of(one)) for one in pieces)


def spans_in(triggers: Sequence[Trigger], text: str) -> Iterator[Span]:
    """Yield where a text without accents matches one of the patterns."""
    small = text.lower()
    held: dict[str, bool] = {}
    for one in triggers:
        if all(any(_holds(small, run, held) for run in runs) for runs in one.needed):
            yield from (match.span() for match in one.pattern.finditer(text))


def _holds(text: str, run: str, held: dict[str, bool]) -> bool:
    if run not in held:
        held[run] = run in text
    return held[run]


def alternatives(pattern: str) -> list[str]:
    """Return the alternatives of a pattern: what stands between the bars outside any brackets."""
    found, depth, since, at = [], 0, 0, 0
    is_set = False
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 1
        elif is_set:
            is_set = sign != "]"
        elif sign == "[":
            is_set = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and not depth:
            found.append(pattern[since:at])
            since = at + 1
        at += 1
    return [*found, pattern[since:]]


def _sets_of(pattern: str) -> tuple[tuple[str, ...], ...]:
    # The standard library has no public name for what it reads a pattern into.
    parser = importlib.import_module("re._parser")
    sets = _needed(parser.parse(pattern, _FLAGS))
    return tuple(tuple(sorted(one)) for one in sorted(sets, key=len))


def _needed(items: Any) -> list[frozenset[str]]:  # noqa: ANN401 - of the pattern's parser
    """Return sets of runs: a match of a sequence must hold one run of each."""
    found: list[frozenset[str]] = []
    run = ""
    for kind, value in [*items, (None, None)]:
        name = str(kind)
        if name == "LITERAL":
            run += chr(value).lower()
            continue
        if len(run) >= _LEAST:
            found.append(frozenset({run}))
        run = ""
        found += _inside(name, value)
    return found


def _inside(name: str, value: Any) -> list[frozenset[str]]:  # noqa: ANN401 - of the pattern's parser
    if name == "SUBPATTERN":
        return _needed(value[-1])
    if name == "MAX_REPEAT" and value[0] > 0:
        return _needed(value[2])
    if name == "BRANCH":
        ways = [_needed(one) for one in value[1]]
        best = [max(one, key=lambda runs: min(map(len, runs))) for one in ways if one]
        return [frozenset().union(*best)] if len(best) == len(ways) else []
    return []
