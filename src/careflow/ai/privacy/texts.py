"""Every text of an input, wherever it stands: read one by one, or each replaced by another."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec

from careflow.ai.task import Given

Change = Callable[[str], str]
_NUMBER_MIN = 6
"""Digits of a number that is sent as one, not as text, from which on it may identify."""


def texts_of(given: Given) -> list[str]:
    """Return every text of an input once, in order; the record's sources are not among them."""
    found: dict[str, None] = {}

    def note(text: str) -> str:
        found.setdefault(text)
        return text

    rewritten(given, note)
    return list(found)


def rewritten(given: Given, change: Change) -> Given:
    """Return an input with every text changed; a bundle, which no model is shown, is left out."""
    asked = given.asked
    if asked is not None and getattr(asked, "bundle", None):
        asked = msgspec.structs.replace(asked, bundle={})
    return replace(
        given,
        text=change(given.text) if given.text else given.text,
        asked=_walked(asked, change),
        record=tuple(replace(one, text=change(one.text)) for one in given.record),
        results=None if given.results is None else _walked(list(given.results), change),
    )


def _walked(value: Any, change: Change) -> Any:  # noqa: ANN401 - any field of any input
    match value:
        case str():
            return change(value) if value else value
        case bool() | None:
            return value
        case int() | float() | Decimal():
            return _number(value, change)
        case list() | tuple():
            return type(value)(_walked(one, change) for one in value)
        case Mapping():
            return {_walked(key, change): _walked(one, change) for key, one in value.items()}
        case msgspec.Struct():
            names = [field.name for field in msgspec.structs.fields(value)]
            changed = {name: _walked(getattr(value, name), change) for name in names}
            return msgspec.structs.replace(value, **changed)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return replace(value, **{name: _walked(getattr(value, name), change) for name in names})
    return value


def _number(value: float | Decimal, change: Change) -> Any:  # noqa: ANN401 - a text where it must
    text = str(value)
    if sum(sign.isdigit() for sign in text) < _NUMBER_MIN:
        return value
    new = change(text)
    return value if new == text else new
