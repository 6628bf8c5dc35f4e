"""What an architecture is: its parts, its limits and what the guide rates it at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from careflow.planner.components import Component
from careflow.planner.spans import Span

AiRoute = Literal["none", "local", "lambda", "gemini"]
AiNeed = Literal["none", "basic", "advanced", "custom", "private"]


@dataclass(frozen=True, slots=True)
class Rating:
    """What the guide says it can do; nothing here is our own measurement."""

    users: Span | None
    requests_per_second: Span | None
    response_ms: Span | None
    ai_seconds: Span | None = None
    ai_at_once: Span | None = None


@dataclass(frozen=True, slots=True)
class Architecture:
    """One way to run the platform.

    Attributes:
        number: The guide's number; the name used on the command line is ``name``.
        table: Its key in tables of the guide.
        instances: Fewest and most boxes that bills and capacity count.
        group: Fewest and most boxes of each region's auto scaling group, where there is one.
        sizes: Instance types it can have, smallest first; the first is the default.
        serves: AI needs it can meet.
        chain: Parts in series, each with how many stand in parallel (see `availability`).
        when_the_box_dies: What breaks and how long, in words.
        effort_hours: Work to set it up, by the guide.
    """

    name: str
    number: str
    title: str
    table: str
    components: tuple[Component, ...]
    instances: tuple[int, int]
    sizes: tuple[str, ...]
    disk_gb: tuple[int, int]
    tier: str
    regions: int
    zones: int
    ai: AiRoute
    serves: frozenset[AiNeed]
    rating: Rating
    chain: tuple[tuple[str, int], ...]
    privacy: str
    maintenance: str
    complexity: str
    effort_hours: Span
    when_the_box_dies: str
    group: tuple[int, int] | None = None
    comparison_only: bool = False
    deploys: bool = True
