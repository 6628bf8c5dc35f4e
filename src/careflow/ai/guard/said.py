"""The texts of an answer that say something of the patient, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from careflow.ai.task import TaskOutput

_SAY_NOTHING = frozenset(
    {"back_translation", "category", "code", "display", "kind", "label", "level", "model_card"}
    | {"rule", "source", "status", "type", "severity", "inputs", "missing", "calculator"}
)
"""Fields that name a class, a code or a source."""


def texts_of(output: TaskOutput) -> Iterator[tuple[str, str]]:
    """Yield ``(place, text)`` for every text of an answer, and whole numbers that it states."""
    yield from _walked(output, "")


def _walked(value: Any, place: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any field
    if isinstance(value, str):
        if value.strip():
            yield place, value
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from _walked(one, f"{place}[{number}]")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _walked(one, f"{place}.{name}")
    elif isinstance(value, msgspec.Struct):
        yield from _fields(value, place)


def _fields(value: msgspec.Struct, place: str) -> Iterator[tuple[str, str]]:
    for name in value.__struct_fields__:
        inner = getattr(value, name)
        at = f"{place}.{name}".lstrip(".")
        if name == "refills" and inner is not None:
            yield at, f"{inner} refills"
        elif name not in _SAY_NOTHING:
            yield from _walked(inner, at)
