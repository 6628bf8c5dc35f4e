"""What each local method is, what it was made from, how well it does, and where it fails."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

_CARDS = files("careflow.ai.cards")


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure: on what it was counted, how, and where it stands."""

    figure: str
    value: str
    counted_on: str
    floor: str = ""
    aim: str = ""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A local method of a task.

    Attributes:
        version: Of the method, as drafts name it.
        measured_on: The day on which the figures were counted.
    """

    task: str
    title: str
    version: str
    method: str
    use: str
    not_for: str
    data: tuple[str, ...]
    measured_on: date
    measured: tuple[Measured, ...]
    limits: tuple[str, ...]


@cache
def all_cards() -> Mapping[str, ModelCard]:
    """Return the cards by task."""
    tables = sorted(one.name for one in _CARDS.iterdir() if one.name.endswith(".toml"))
    cards = [_card(name.removesuffix(".toml")) for name in tables]
    return {card.task: card for card in cards}


def _card(task: str) -> ModelCard:
    read = tomllib.loads(_CARDS.joinpath(f"{task}.toml").read_text("utf-8"))
    return ModelCard(
        task=task,
        title=read["title"],
        version=read["version"],
        method=read["method"],
        use=read["use"],
        not_for=read["not_for"],
        data=tuple(read["data"]),
        measured_on=read["measured_on"],
        measured=tuple(Measured(**one) for one in read["measured"]),
        limits=tuple(read["limits"]),
    )
