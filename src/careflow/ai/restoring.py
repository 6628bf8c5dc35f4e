"""Puts identifiers back into an answer, and its spans back onto the text as it was given."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from careflow.ai.task import Span

O = TypeVar("O")  # noqa: E741 - output

Words = Callable[[str], str]
Place = Callable[[Span], Span]


def restored(output: O, *, words: Words, place: Place) -> O:
    """Return the output with every text and every span of it brought back.

    Args:
        output: What an engine answered.
        words: Returns a text with identifiers in place.
        place: Returns a span of the text that left as a span of the text that was given.
    """
    back: O = _walked(output, words, place)
    return back


def _walked(value: Any, words: Words, place: Place) -> Any:  # noqa: ANN401 - any field of any output
    if isinstance(value, str):
        return words(value)
    if isinstance(value, tuple):
        if is_span(value):
            return place(value)
        return tuple(_walked(one, words, place) for one in value)
    if isinstance(value, list):
        return [_walked(one, words, place) for one in value]
    if isinstance(value, Mapping):
        return {key: _walked(one, words, place) for key, one in value.items()}
    return _walked_fields(value, words, place)


def _walked_fields(value: Any, words: Words, place: Place) -> Any:  # noqa: ANN401
    if isinstance(value, msgspec.Struct):
        names = [field.name for field in msgspec.structs.fields(value)]
        changed = {name: _walked(getattr(value, name), words, place) for name in names}
        return msgspec.structs.replace(value, **changed)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        changed = {name: _walked(getattr(value, name), words, place) for name in names}
        return dataclasses.replace(value, **changed)
    return value


def is_span(value: tuple[Any, ...]) -> bool:
    """Report whether a tuple of an output is a span; no other pair of whole numbers occurs."""
    return len(value) == 2 and all(type(one) is int for one in value)
