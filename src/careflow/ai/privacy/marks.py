"""Which words on a picture may stay: the short marks that a radiographer puts there."""

from __future__ import annotations

import re

_MARKS = """
L R LT RT LEFT RIGHT AP PA LAT OBL AX COR SAG SUP INF ANT POST SUPINE PRONE ERECT UPRIGHT PORTABLE
CC MLO RCC LCC RMLO LMLO CM MM
"""
"""Side, direction, posture, view and the unit of a scale."""
MARKS = frozenset(_MARKS.split())
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_LETTERS_AND_DIGITS = re.compile(r"[^\W_]")


def is_mark(text: str) -> bool:
    """Report whether a word is a mark and says nothing about a person."""
    return _EDGES.sub("", text).upper() in MARKS


def letters_of(text: str) -> int:
    """Return how many letters and digits a word has."""
    return len(_LETTERS_AND_DIGITS.findall(text))
