"""The card that comes with an operator's model: what it is, takes and gives, with an example."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

Filled = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class CannotServeError(Exception):
    """A model is not served; the message says why, in a clause."""


class Feature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number the model takes, and between which values it may be believed."""

    name: Filled
    low: float
    high: float


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An input, and what the model must say of it before it is served."""

    features: Mapping[str, float] = {}
    text: str = ""
    value: float | None = None
    label: str | None = None


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model's card, as its TOML file holds it.

    Attributes:
        sha256: Of the ONNX file, so that a card cannot stand beside another model.
        output: Which of the model's outputs counts; ``column`` which number of it.
        labels: For each number of the output, what it is the chance of.
    """

    task: Literal["prediction", "text-classification"]
    title: Filled
    version: Filled
    licence: Filled
    use: Filled
    not_for: Filled
    data: tuple[Filled, ...]
    limits: tuple[Filled, ...]
    sha256: Filled
    output: Filled
    example: Example
    column: Annotated[int, msgspec.Meta(ge=0, le=63)] = 0
    features: tuple[Feature, ...] = ()
    labels: tuple[Filled, ...] = ()


def card_of(written: bytes, model: bytes) -> Card:
    """Read the card of a model.

    Raises:
        CannotServeError: It is not a card, or not of this model.
    """
    try:
        card = msgspec.toml.decode(written, type=Card)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CannotServeError(f"its card cannot be used: {error}") from error
    if card.sha256 != hashlib.sha256(model).hexdigest():
        raise CannotServeError("its card is of another file: sha256 differs")
    if card.task == "prediction" and (not card.features or card.example.value is None):
        raise CannotServeError("its card names no features, or no value of its example")
    if card.task == "text-classification" and (
        len(card.labels) < 2 or card.example.label not in card.labels
    ):
        raise CannotServeError("its card names no labels, or none of them for its example")
    return card
