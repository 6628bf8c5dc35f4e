"""What a detector finds: where in a text something identifies a person, and of which kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

Label = Literal[
    "NAME",
    "GEO",
    "DATE",
    "AGE90",
    "PHONE",
    "FAX",
    "EMAIL",
    "SSN",
    "MRN",
    "PLAN",
    "ACCOUNT",
    "LICENSE",
    "VEHICLE",
    "DEVICE",
    "URL",
    "IP",
    "BIOMETRIC",
    "PHOTO",
    "OTHER",
]
"""The kinds of identifiers of 45 CFR 164.514(b)(2)(i); ages only above 89."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A part of a text that identifies: ``[start, end)`` in characters."""

    start: int
    end: int
    label: Label


def merged(found: Iterable[Found]) -> tuple[Found, ...]:
    """Return spans in order without overlap; where two overlap, one span covers both.

    The label is that of the longer of the two.
    """
    kept: list[Found] = []
    for one in sorted(found, key=attrgetter("start", "end")):
        last = kept[-1] if kept else None
        if last is None or one.start >= last.end:
            kept.append(one)
            continue
        longer = one if one.end - one.start > last.end - last.start else last
        kept[-1] = Found(last.start, max(last.end, one.end), longer.label)
    return tuple(kept)
