"""What the guide says of each architecture and each AI strategy, word for word."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from careflow.planner.architecture import Architecture

_STANDS_FOR = {"multi-region": "high-availability", "lambda-ai": "production"}
"""Architectures without a chapter of their own, and the chapter that speaks of their boxes."""


@dataclass(frozen=True, slots=True)
class Words:
    """The guide's words; lists are empty where it says nothing.

    Attributes:
        lines: First and last line of the chapter, and of the AI strategy if there is one.
        can: What its AI can do; ``cannot`` what not; ``limits`` of the function.
        good_for: What the AI strategy is good for; ``not_good_for`` what not.
    """

    lines: tuple[int, ...]
    use_cases: tuple[str, ...]
    advantages: tuple[str, ...]
    disadvantages: tuple[str, ...]
    when_to_upgrade: tuple[str, ...]
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    limits: tuple[str, ...]
    good_for: tuple[str, ...]
    not_good_for: tuple[str, ...]
    requirements: tuple[str, ...]


def words(one: Architecture) -> Words:
    """Return the guide's words of an architecture and of its way to run AI."""
    raw = _raw()
    chapter = raw["architectures"].get(_STANDS_FOR.get(one.name, one.name), {})
    way = {"local": "self-hosted-ai", "lambda": "lambda-ai", "gemini": "gemini"}.get(one.ai, "")
    strategy = raw["strategies"].get(way, {})

    def said(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*chapter.get(name, []), *strategy.get(name, [])]))

    return Words(
        lines=(*chapter.get("lines", ()), *strategy.get("lines", ())),
        use_cases=said("use_cases"),
        advantages=said("advantages"),
        disadvantages=said("disadvantages"),
        when_to_upgrade=said("when_to_upgrade"),
        can=said("can"),
        cannot=said("cannot"),
        limits=said("limits"),
        good_for=said("good_for"),
        not_good_for=said("not_good_for"),
        requirements=said("requirements"),
    )


def glossary() -> dict[str, str]:
    """Return the guide's glossary: term and meaning."""
    found: dict[str, str] = _raw()["glossary"]
    return found


@cache
def _raw() -> dict[str, Any]:
    text = files("careflow.planner").joinpath("words.json").read_text("utf-8")
    raw: dict[str, Any] = json.loads(text)
    return raw
