"""Where the reader stands on its way down the lines of a report."""

from __future__ import annotations

from dataclasses import dataclass, field

from careflow.ai.reading.cards import Cards
from careflow.ai.reading.columns import Panel
from careflow.ai.reading.drafts import Draft
from careflow.ai.reading.lines import Line


@dataclass(slots=True)
class Walk:
    """Where the reader stands on its way down."""

    drafts: list[Draft] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    section: str | None = None
    pending: list[Line] = field(default_factory=list)
    heads: Line | None = None
    cards: Cards | None = None
