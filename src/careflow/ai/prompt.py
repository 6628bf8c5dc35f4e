"""Prompts: one file a task, known by its hash, and what it was last evaluated with."""

from __future__ import annotations

import hashlib
import hmac
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from careflow.ai.task import Given, Task

_FOLDER = files("careflow.ai").joinpath("prompts")
_RULES = "every-task"
_NOT_SHOWN = frozenset({"text", "dialogue", "file", "bundle", "encounter"})
"""Fields of an input that are shown as the data, not among what was asked."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told about a task.

    Attributes:
        version: ``task/hash``, as results, the memory of answers and the trail name it.
    """

    task: str
    text: str
    version: str


@cache
def prompt_of(task: str) -> Prompt:
    """Return a task's prompt: the rules for every task, and its own."""
    text = "\n".join(_read(name) for name in (_RULES, task))
    return Prompt(task, text, f"{task}/{digest_of(text)}")


def digest_of(text: str) -> str:
    """Return the short name of a prompt's words."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def evaluated() -> dict[str, Any]:
    """Return, by task, the prompt's digest and the run that it was last evaluated in."""
    return tomllib.loads(_FOLDER.joinpath("evaluated.toml").read_text("utf-8"))


def data_of(task: Task[Any], given: Given, *, secret: bytes) -> tuple[str, str]:
    """Return what a model is shown of an input, and the text in it that quotes must come from.

    The data stand between marks that nobody who wrote them can have guessed; the marks depend on
    the words, so that the same input looks the same.
    """
    words = words_of(given)
    mark = hmac.new(secret, words.encode(), hashlib.sha256).hexdigest()[:16]
    return f"Task: {task.title}.\n<data {mark}>\n{words}\n</data {mark}>", given.text or words


def words_of(given: Given) -> str:
    """Return every word of an input that a model is shown."""
    record = "\n".join([*(f"[{one.source}] {one.text}" for one in given.record), *_missing(given)])
    return "\n".join(part for part in (_asked(given), record, given.text or "") if part)


def _missing(given: Given) -> list[str]:
    """Return how many entries of the record are not shown, so that no answer claims to be whole."""
    return [f"[not shown] {count} older {name}" for name, count in given.left_out.items()]


def _asked(given: Given) -> str:
    """Return the input's other fields, as JSON."""
    if given.asked is None:
        return ""
    fields: dict[str, Any] = msgspec.to_builtins(given.asked)
    shown = {
        name: value
        for name, value in fields.items()
        if name not in _NOT_SHOWN and value not in (None, [], {}) and name != "patient"
    }
    return json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True) if shown else ""


def _read(name: str) -> str:
    return _FOLDER.joinpath(f"{name}.md").read_text("utf-8")
