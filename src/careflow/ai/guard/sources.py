"""What an answer may rest on: the text, the record's passages, and what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from careflow.ai.guard.grounding import Sources
from careflow.ai.task import Given

_NOT_SAID = frozenset({"patient", "encounter", "file", "bundle", "text", "dialogue", "language"})


def sources_of(given: Given) -> Sources:
    """Return everything that was given, as one text to compare with."""
    parts = [
        given.text or "",
        *(one.text for one in given.record),
        *_asked(given),
        *(_result(one) for one in given.results or ()),
    ]
    return Sources("\n".join(part for part in parts if part))


def _asked(given: Given) -> Iterator[str]:
    if given.asked is None:
        return
    fields = msgspec.to_builtins(given.asked)
    for name, value in fields.items():
        if name not in _NOT_SAID:
            yield from _lines(value, name.replace("_", " "))


def _lines(value: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from _lines(one, inner.replace("_", " "))
    elif isinstance(value, list):
        for one in value:
            yield from _lines(one, "")
    elif value not in (None, "", False):
        yield f"{name} {value}".strip()


def _result(one: Any) -> str:  # noqa: ANN401 - a GivenResult
    return " ".join(part for part in (one.test, one.value, one.unit, one.low, one.high) if part)
