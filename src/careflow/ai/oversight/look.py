"""Gathers how AI stands: what ran, what it cost, what is left, what people said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from careflow.ai.asking import TASKS
from careflow.ai.drafts import KIND as DRAFT
from careflow.ai.gateway import Gateway
from careflow.ai.governor.ledger import BudgetStanding, Ledger, ModelStanding
from careflow.ai.governor.metering import Used, used
from careflow.ai.runs import Runs, RunsOfDay
from careflow.ai.switches import Switch, Switchboard
from careflow.ai.task_drafts.said import REPORTS, Reported
from careflow.clock import Clock
from careflow.database.conditions import TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import organisation_scope

LOOKED_BACK = timedelta(days=31)
_ENDED = ("draft", "reviewed", "signed", "rejected")
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of a task's drafts."""

    task: str
    draft: int
    reviewed: int
    signed: int
    rejected: int


@dataclass(frozen=True, slots=True)
class EngineStanding:
    """An engine and what it can do now."""

    name: str
    route: str
    leaves_machine: bool
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Oversight:
    """How AI stands in one clinic."""

    documents: Documents
    gateway: Gateway
    ledger: Ledger
    runs: Runs
    switches: Switchboard
    models: Sequence[str]
    organisation: str
    clock: Clock

    def engines(self) -> list[EngineStanding]:
        """Return the engines in order."""
        return [
            EngineStanding(
                name=engine.name,
                route=engine.route.name,
                leaves_machine=engine.route.leaves_machine,
                tasks=tuple(name for name in TASKS if engine.serving(name).available),
            )
            for engine in self.gateway.engines
        ]

    async def lately(self) -> list[RunsOfDay]:
        """Return a month of runs by day, task and engine."""
        return await self.runs.since(self.clock() - LOOKED_BACK)

    async def used(self) -> list[Used]:
        """Return a month of model calls by day, model and task, with tokens and cost."""
        since = self.clock() - LOOKED_BACK
        return await used(self.documents, self.organisation, since=since)

    async def standings(self) -> list[ModelStanding]:
        """Return how each model stands."""
        return [await self.ledger.standing(model, self.organisation) for model in self.models]

    async def budgets(self) -> list[BudgetStanding]:
        """Return this month's budgets."""
        return await self.ledger.spends(self.organisation)

    async def switched(self) -> Sequence[Switch]:
        """Return every switch."""
        return await self.switches.all()

    async def reviewed(self) -> list[Reviewed]:
        """Return what became of the drafts of each task that has any."""
        counted = [
            Reviewed(task, *[await self._count(task, status) for status in _ENDED])
            for task in TASKS
        ]
        return [one for one in counted if one.draft or one.reviewed or one.signed or one.rejected]

    async def reported(self) -> list[Reported]:
        """Return what people said of drafts, the newest first."""
        found: list[Reported] = []
        after = 0
        while page := await self.documents.stream(
            REPORTS, self.organisation, after=after, count=_PAGE
        ):
            after = page[-1].position
            found += [msgspec.json.decode(one.body, type=Reported) for one in page]
        return found[::-1]

    async def _count(self, task: str, status: str) -> int:
        conditions = (TermIn("task", (task,)), TermIn("status", (status,)))
        query = Query(DRAFT, conditions, count=0, total=True)
        page = await self.documents.find(query, organisation_scope(self.organisation))
        return page.total or 0
