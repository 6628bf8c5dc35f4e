"""Tests on a resource itself, for what searches ask and no index holds.

Each first glances at the bytes: most resources are told apart without being decoded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from careflow.fhir.definitions import Path
from careflow.fhir.referring import reached
from careflow.fhir.search_asked import unescape

Fold = Callable[[str], str]
"""Takes case and accents from a text, as the store's texts are compared."""

_TAG = re.compile(r"<[^>]*>")
_SPELT_ANYHOW = frozenset('"\\/')
"""Letters that JSON may write with a backslash."""
_WORD = re.compile(r"\w+")


class BodyTest(Protocol):
    """A question about one resource."""

    def passes(self, body: bytes, fold: Fold) -> bool:
        """Report whether the resource of these bytes is one that was asked for."""
        ...


@dataclass(frozen=True, slots=True)
class HasWords:
    """All words of one of the values begin words of the narrative, or of any text.

    Attributes:
        narrative: Look at the narrative alone (``_text``) rather than everywhere (``_content``).
    """

    values: tuple[str, ...]
    narrative: bool

    def passes(self, body: bytes, fold: Fold) -> bool:
        """Report whether the words are there."""
        asked = [_WORD.findall(fold(unescape(value))) for value in self.values]
        if not any(all(_may_hold(body, word) for word in words) for words in asked):
            return False
        resource = msgspec.json.decode(body)
        texts = [_div(resource)] if self.narrative else _texts(resource)
        found = " " + " ".join(_WORD.findall(fold(" ".join(texts))))
        return any(all(f" {word}" in found for word in words) for words in asked)


@dataclass(frozen=True, slots=True)
class TextBegins:
    """A text beside a coded value begins with one of the values (``:text``)."""

    paths: tuple[Path, ...]
    values: tuple[str, ...]

    def passes(self, body: bytes, fold: Fold) -> bool:
        """Report whether a display or text begins so."""
        asked = tuple(fold(value) for value in self.values)
        if not any(_may_hold(body, value) for value in asked):
            return False
        resource = msgspec.json.decode(body)
        return any(
            fold(text).startswith(asked)
            for path in self.paths
            for value in reached(resource, path)
            for text in _texts_of(value)
        )


@dataclass(frozen=True, slots=True)
class AddressBelow:
    """An address is one of the values or continues it after a slash (``:below``).

    Of a value with a version, the address is the same and the version that or one of its parts.
    """

    paths: tuple[Path, ...]
    values: tuple[str, ...]

    def passes(self, body: bytes, fold: Fold) -> bool:
        """Report whether an address lies there."""
        del fold
        resource = msgspec.json.decode(body)
        return any(
            _is_below(text, value)
            for path in self.paths
            for text in reached(resource, path)
            if isinstance(text, str)
            for value in self.values
        )


def _texts_of(value: Any) -> Iterator[str]:  # noqa: ANN401 - decoded JSON of a coded value.
    """Yield the texts that people read in place of a code."""
    if not isinstance(value, dict):
        return
    described = [value, value.get("type", {}), *value.get("coding", ())]
    for each in described:
        for name in ("text", "display"):
            if isinstance(each, dict) and isinstance(each.get(name), str):
                yield each[name]


def _is_below(text: str, asked: str) -> bool:
    address, bar, version = asked.partition("|")
    own, _, own_version = text.partition("|")
    if bar:
        return own == address and f"{own_version}.".startswith(f"{version}.")
    return own == asked or own.startswith(asked if asked.endswith("/") else f"{asked}/")


def _may_hold(body: bytes, folded: str) -> bool:
    """Report whether a folded text may be in a resource; wrong only towards yes."""
    if not (folded.isascii() and body.isascii()) or b"\\u" in body or b"&" in body:
        return True
    if not _SPELT_ANYHOW.isdisjoint(folded) or not folded.isprintable():
        return True
    return folded.encode() in body.lower()


def _div(resource: Any) -> str:  # noqa: ANN401 - decoded JSON.
    narrative = resource.get("text")
    div = narrative.get("div", "") if isinstance(narrative, dict) else ""
    return html.unescape(_TAG.sub(" ", div))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - decoded JSON.
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "div" and isinstance(each, str):
                yield html.unescape(_TAG.sub(" ", each))
            else:
                yield from _texts(each)
