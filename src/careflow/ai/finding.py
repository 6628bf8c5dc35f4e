"""What the guard found: a kind, the words, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "number",
    "unit",
    "dose",
    "frequency",
    "route",
    "date",
    "drug",
    "side",
    "negation",
    "unsupported",
    "missing",
    "instruction",
    "hidden-text",
    "hidden-characters",
    "mixed-letters",
    "foreign-passage",
]
IN_THE_INPUT: frozenset[Kind] = frozenset(
    {"instruction", "hidden-text", "hidden-characters", "mixed-letters", "foreign-passage"}
)
"""Kinds that are about what was given, not about what was answered."""

_SENTENCES: dict[Kind, str] = {
    "number": "This number is not what the sources say.",
    "unit": "This number stands with another unit in the sources.",
    "dose": "This dose is not what the sources say of this medicine.",
    "frequency": "How often is not what the sources say.",
    "route": "How it is given is not what the sources say.",
    "date": "This date is not in the sources.",
    "drug": "This medicine is not in the sources.",
    "side": "This side of the body is not what the sources say.",
    "negation": "The sources say this the other way round, or not at all.",
    "unsupported": "Nothing in the sources says this.",
    "missing": "The sources hold this, and the answer does not.",
    "instruction": (
        "The input holds words that read like instructions to a program; no model saw them."
    ),
    "hidden-text": "The document holds words that nobody sees on its pages.",
    "hidden-characters": "The input holds characters that do not print.",
    "foreign-passage": "The input holds a passage in a language that no model may be shown here.",
    "mixed-letters": "A word of the input mixes letters of several alphabets.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person has to look at before the answer may be signed.

    Attributes:
        said: The words of the answer or of the input.
        place: Where: a field of the answer (``sections.plan``), or ``input`` with offsets.
    """

    kind: Kind
    said: str
    place: str

    @property
    def sentence(self) -> str:
        """Return what a person is told."""
        return _SENTENCES[self.kind]
