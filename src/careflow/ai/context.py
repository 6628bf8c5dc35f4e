"""Gathers what a task may see, and nothing more: the words of a file, or of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

import msgspec

from careflow.ai.page_words import words_of_pages
from careflow.ai.reading.page import PageText
from careflow.ai.reading.plain_text import page_of_text
from careflow.ai.task import FileInput, Given, Passage

TEXT = "text"
"""Source of the passage in which an answer's places count."""
ASKED = "asked"
"""Source of the passage that tells what was asked, beside text and record."""
_NOT_WORDS = frozenset({"text", "dialogue", "file", "bundle", "encounter", "patient"})


class Reader(Protocol):
    """Reads files; outside this process, because files from outside are not to be trusted."""

    async def pages(self, content: bytes, media_type: str) -> Sequence[PageText]:
        """Return the words of every page, or raise one of :mod:`careflow.ai.reading.errors`."""
        ...

    async def page_image(
        self, content: bytes, media_type: str, number: int, rotation: int | None
    ) -> bytes:
        """Return a page (from 1) upright as PNG."""
        ...


async def gathered(given: Given, reader: Reader) -> Given:
    """Return what was given with the words of its file or text in place."""
    if given.pages is not None or isinstance(given.asked, FileInput):
        return given
    if given.file is not None:
        return replace(given, pages=await reader.pages(given.file.content, given.file.media_type))
    if given.text is not None:
        return replace(given, pages=[page_of_text(given.text)])
    return given


def as_shown(given: Given) -> Given:
    """Return what a model is shown of an input: words, and a file only where the task is about it.

    A text is shown as it was given; the words of a file's pages become one text.
    """
    if isinstance(given.asked, FileInput):
        return replace(given, pages=None)
    text = given.text
    if text is None and given.file is not None:
        text = words_of_pages(given.pages or ())
    return replace(given, text=text, file=None, pages=None)


def passages_given(given: Given) -> tuple[Passage, ...]:
    """Return what was given as a person can read it: text, what was asked beside it, and record."""
    text = given.text
    if text is None and given.file is not None:
        text = words_of_pages(given.pages or ())
    asked = "\n".join(_lines_asked(given))
    return (
        *([Passage(TEXT, text)] if text else []),
        *([Passage(ASKED, asked)] if asked else []),
        *given.record,
    )


def _lines_asked(given: Given) -> Iterator[str]:
    fields: dict[str, Any] = {} if given.asked is None else msgspec.to_builtins(given.asked)
    for name, value in fields.items():
        if name not in _NOT_WORDS and value not in (None, [], {}, ""):
            yield f"{name.replace('_', ' ').capitalize()}: {_in_words(value)}"


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{name}: {_in_words(one)}" for name, one in value.items() if one is not None
        )
    if isinstance(value, (list, tuple)):
        return "; ".join(map(_in_words, value))
    return str(value)
