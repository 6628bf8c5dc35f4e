"""How runs of tasks ended, for people who watch over AI: no word of what was asked or answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from careflow.database.documents import Append, Documents

STREAM = "ai-run"
_PAGE = 1000

Ending = Literal["ok", "abstained", "blocked", "failed"]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run.

    Attributes:
        at: ISO 8601.
        engine: Which answered or was asked last; ``None`` if none was.
        redacted: Identifiers that were taken out, by label.
        took_ms: From the question to the end.
    """

    at: str
    task: str
    actor: str
    ending: Ending
    engine: str | None = None
    model: str | None = None
    prompt: str | None = None
    redacted: Mapping[str, int] = msgspec.field(default_factory=dict)
    took_ms: int = 0


@dataclass(frozen=True, slots=True)
class RunsOfDay:
    """The sum of one day, task and engine."""

    day: str
    task: str
    engine: str | None
    runs: int
    endings: Mapping[str, int]
    redacted: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of one organisation."""

    documents: Documents
    organisation: str

    async def note(self, run: Run) -> None:
        """Keep a run."""
        entry = Append(self.organisation, STREAM, msgspec.json.encode(run))
        await self.documents.commit([entry])

    async def since(self, instant: datetime) -> list[RunsOfDay]:
        """Return runs from an instant on, added up, the newest day first."""
        runs: list[Run] = []
        after = 0
        while page := await self.documents.stream(
            STREAM, self.organisation, after=after, count=_PAGE
        ):
            after = page[-1].position
            runs += [
                msgspec.json.decode(one.body, type=Run) for one in page if one.stored_at >= instant
            ]
        return summed(runs)


def summed(runs: Iterable[Run]) -> list[RunsOfDay]:
    """Return runs added up by day, task and engine, the newest day first."""
    groups: dict[tuple[str, str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.at[:10], run.task, run.engine or ""), []).append(run)
    return [
        RunsOfDay(
            day=day,
            task=task,
            engine=engine or None,
            runs=len(some),
            endings=dict(Counter(one.ending for one in some)),
            redacted=sum(sum(one.redacted.values()) for one in some),
            took_ms=sum(one.took_ms for one in some),
        )
        for (day, task, engine), some in sorted(groups.items(), reverse=True)
    ]
