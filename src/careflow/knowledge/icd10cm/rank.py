"""Puts the codes of a note in order: how surely each would be coded by a professional."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from careflow.knowledge.icd10cm.find import Mention
from careflow.knowledge.icd10cm.terms import LEARNED, PHRASE, TITLE
from careflow.knowledge.icd10cm.words import TABLES

_TRUSTED = {TITLE: 0.2, LEARNED: 0.55, PHRASE: 0.5}
"""How often a term is right before it was ever seen in a coded case, by where it comes from."""
_WEIGHT_OF_TRUST = 2.0
_SURENESS_MIN = 0.04
_CODES_MAX = 25
_CATEGORY = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code, how surely it would be coded, and the statements that support it."""

    code: str
    sureness: float
    mentions: tuple[Mention, ...]


@cache
def _model() -> Mapping[str, Any]:
    read: Mapping[str, Any] = tomllib.loads(TABLES.joinpath("weights.toml").read_text("utf-8"))
    return read


def ranked(
    mentions: Sequence[Mention], length: int, model: Mapping[str, Any] | None = None
) -> list[Suggestion]:
    """Return the codes that mentions support, the surest first, a code for each category first.

    Args:
        mentions: What was found in the text.
        length: Characters of the text.
        model: Weights and shares, where not those of the tables.
    """
    model = _model() if model is None else model
    by_category: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_category.setdefault(mention.code[:_CATEGORY], []).append(mention)
    first: list[Suggestion] = []
    further: list[Suggestion] = []
    for category, all_of_it in by_category.items():
        sureness = _sureness(category, all_of_it, length, model)
        if sureness < _SURENESS_MIN:
            continue
        codes = _codes_of(all_of_it)
        first.append(_suggestion(codes[0], sureness))
        further += [_suggestion(one, sureness / 2) for one in codes[1:]]
    order = sorted(first, key=lambda one: -one.sureness)
    return (order + sorted(further, key=lambda one: -one.sureness))[:_CODES_MAX]


def _suggestion(one: tuple[str, list[Mention]], sureness: float) -> Suggestion:
    return Suggestion(one[0], round(sureness, 4), tuple(one[1]))


def _codes_of(mentions: Sequence[Mention]) -> list[tuple[str, list[Mention]]]:
    """Return the codes of a category, the best supported first."""
    by_code: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_code.setdefault(mention.code, []).append(mention)
    return sorted(
        by_code.items(),
        key=lambda one: (-max(map(_log_odds, one[1])), -len(one[1]), one[0]),
    )


def _log_odds(mention: Mention) -> float:
    term = mention.term
    share = (term.right + _WEIGHT_OF_TRUST * _TRUSTED[term.origin]) / (term.seen + _WEIGHT_OF_TRUST)
    share = min(max(share, 0.01), 0.99)
    return math.log(share / (1 - share))


def features(category_share: float, mentions: Sequence[Mention], length: int) -> list[float]:
    """Return what the weights are for, of one category in one text.

    Args:
        category_share: In how many of the coded cases the category was among the codes.
        mentions: What names the category in the text.
        length: Characters of the text.
    """
    order = sorted(mentions, key=lambda one: -_log_odds(one))
    best = order[0]
    stems = len(best.term.stems)
    return [
        1.0,
        _log_odds(best),
        math.log1p(best.term.seen),
        float(best.term.origin == TITLE),
        float(best.term.origin == PHRASE),
        min(stems, 4) / 2,
        math.log(len(order)),
        min(one.start for one in order) / max(length, 1),
        math.log(category_share + 0.004),
        float(any(one.is_named for one in order)),
        (best.words - stems) / 3,
        _log_odds(order[1]) if len(order) > 1 else 0.0,
        float(len(order) > 1),
    ]


def _sureness(
    category: str, mentions: Sequence[Mention], length: int, model: Mapping[str, Any]
) -> float:
    values = features(model["shares"].get(category, 0.0), mentions, length)
    total = sum(weight * value for weight, value in zip(model["weights"], values, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
