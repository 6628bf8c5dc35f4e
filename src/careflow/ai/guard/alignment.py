"""Finds the sentences of a source that one of an answer repeats, to compare them whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from careflow.ai.finding import Kind
from careflow.ai.guard.facts import Facts
from careflow.ai.guard.negations import denials_in, key_of
from careflow.ai.words import is_content, sentences_of, words_of

_KEYS_LEAST = 4
_REPEATED = 0.8
"""Share of an answer's words that a sentence must hold to be what the answer repeats."""
_NOT_WORDS = frozenset({"left", "right", "deny", "denie", "denies", "report", "negat", "posit"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and what in it must not change."""

    keys: frozenset[str]
    denies: bool
    numbers: frozenset[Decimal]
    sides: frozenset[str]
    start: int
    end: int


def sentences(facts: Facts) -> list[Sentence]:
    """Return the sentences of a text."""
    found = []
    for start, text in sentences_of(facts.text):
        end = start + len(text)
        keys = {key_of(word.text) for word in words_of(text) if is_content(word)} - _NOT_WORDS
        numbers = [
            value
            for one in facts.quantities
            if start <= one.start < end and not one.is_soft
            for value in one.bare
        ]
        sides = [one.side for one in facts.sides if start <= one.start < end]
        found.append(
            Sentence(
                frozenset(keys),
                bool(denials_in(text)),
                frozenset(numbers),
                frozenset(sides),
                start,
                end,
            )
        )
    return found


def repeated_by(said: Sentence, source: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences of a source that a sentence repeats nearly word by word."""
    if len(said.keys) < _KEYS_LEAST:
        return []
    shares = [
        len(said.keys & one.keys) / max(len(said.keys), len(one.keys)) if one.keys else 0.0
        for one in source
    ]
    best = max(shares, default=0.0)
    if best < _REPEATED:
        return []
    return [one for one, share in zip(source, shares, strict=True) if share >= best - 0.1]


def turned(said: Sentence, repeated: Sequence[Sentence]) -> Kind | None:
    """Return what a sentence turns round of every sentence that it repeats."""
    if not repeated:
        return None
    if all(one.denies != said.denies for one in repeated):
        return "negation"
    if said.sides and all(one.sides and not said.sides <= one.sides for one in repeated):
        return "side"
    return None
