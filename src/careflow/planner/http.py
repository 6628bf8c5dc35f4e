"""Addresses of the planner: what ``careflow plan … --json`` prints, for the web page."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from careflow.clock import Clock, now
from careflow.planner import inquiry, shown, shown_facts, shown_growth, shown_plans
from careflow.planner.asked import Asked
from careflow.planner.guide.listing import listing
from careflow.planner.phases import PHASES
from careflow.planner.plain import as_plain
from careflow.planner.words import glossary

Text = Annotated[str | None, Field(max_length=40)]
Name = Annotated[str, Field(max_length=40)]
_AT_ONCE = 2
"""Plans computed at the same time, so that planning never slows the clinic."""
_RUNS_MOST = 10_000


class PlanQuery(BaseModel):
    """What is asked of a plan: the options of ``careflow plan``, as people type them."""

    model_config = ConfigDict(extra="forbid")

    users: Text = None
    concurrent: Text = None
    requests_per_second: Text = None
    visits_per_day: Text = None
    documents_per_day: Text = None
    ai_requests_per_month: Text = None
    tokens_per_ai_request: Text = None
    data_gb: Text = None
    stage: Text = None
    months: Text = None
    budget: Text = None
    uptime: Text = None
    ai: Text = None
    compliance: Text = None
    catalog: Text = None
    region: Text = None
    private_subnets: bool = False
    managed_redis: bool = False

    def asked(self) -> Asked:
        """Return what was typed."""
        typed = {name: getattr(self, name) for name in _TYPED}
        return Asked(
            {name: text for name, text in typed.items() if text},
            private_subnets=self.private_subnets,
            managed_redis=self.managed_redis,
        )


_TYPED = tuple(set(PlanQuery.model_fields) - {"private_subnets", "managed_redis"})


class AnswerQuery(PlanQuery):
    """A plan, with safeguards to list and growth to live through."""

    rules: Text = None
    growth: Text = None


class NamedQuery(PlanQuery):
    """A plan, for one architecture or, without a name, for the one that is decided for."""

    architecture: Text = None


class PictureQuery(PlanQuery):
    """A plan, for one architecture."""

    architecture: Name


class SeveralQuery(PlanQuery):
    """A plan, for several architectures; without names for all that fit the question."""

    names: list[Name] = Field(default_factory=list, max_length=8)
    rules: Text = None


class PairQuery(PlanQuery):
    """A plan, for a move from one architecture to another."""

    before: Name
    after: Name


class GrowthQuery(PlanQuery):
    """A plan, for a pattern of the guide or an own curve of months, users and AI requests."""

    growth: Name = "medium"
    curve: Annotated[str | None, Field(max_length=400)] = None
    seed: int = Field(default=1, ge=0, le=1_000_000)
    runs: int = Field(default=2_000, ge=100, le=_RUNS_MOST)


class RulesQuery(PlanQuery):
    """A plan, for one architecture under one set of rules."""

    architecture: Name
    rules: Name


V = TypeVar("V", bound=BaseModel)


class _Desk:
    """Computes plans beside the event loop, few at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def today(self) -> date:
        """Return the day against which ages are told; a plan starts on it."""
        return self._clock().date()

    async def make(self, kind: type[V], question: Callable[[], object]) -> V:
        """Return the answer to a question, as it is shown."""
        return kind.model_validate(await self._plain(question))

    async def make_all(self, kind: type[V], question: Callable[[], object]) -> list[V]:
        """Return the answers to a question, as they are shown."""
        return [kind.model_validate(one) for one in await self._plain(question)]

    async def _plain(self, question: Callable[[], object]) -> Any:  # noqa: ANN401 - plain values.
        async with self._turns:
            return await asyncio.to_thread(lambda: as_plain(question()))


def router(allowed: Callable[..., Awaitable[None]], *, clock: Clock = now) -> APIRouter:
    """Return the routes; ``allowed`` is a dependency that raises for who may not plan."""
    api = APIRouter(prefix="/api/plan", tags=["plan"], dependencies=[Depends(allowed)])
    desk = _Desk(clock)
    _add_plans(api, desk)
    _add_pictures(api, desk)
    _add_facts(api, desk)
    return api


def _add_plans(api: APIRouter, desk: _Desk) -> None:
    @api.get("/answer")
    async def answer(asked: Annotated[AnswerQuery, Query()]) -> shown_plans.PlanAnswerView:
        """Recommend what to run, with its bill, capacity, safeguards and what would change it."""
        wanted, rules, growth = asked.asked(), asked.rules, asked.growth
        return await desk.make(
            shown_plans.PlanAnswerView,
            lambda: inquiry.answered(wanted, desk.today(), rules=rules, growth=growth),
        )

    @api.get("/decision")
    async def decision(asked: Annotated[PlanQuery, Query()]) -> shown_plans.DecisionView:
        """Decide, also where nothing fits: then the nearest, and what it misses."""
        return await desk.make(
            shown_plans.DecisionView, lambda: inquiry.decided(asked.asked(), desk.today())
        )

    @api.get("/comparison")
    async def comparison(asked: Annotated[SeveralQuery, Query()]) -> shown_plans.ComparisonView:
        """Set architectures side by side."""
        wanted, names = asked.asked(), tuple(asked.names)
        return await desk.make(
            shown_plans.ComparisonView,
            lambda: inquiry.compared(wanted, names, desk.today(), rules=asked.rules),
        )

    @api.get("/growth")
    async def growth(asked: Annotated[GrowthQuery, Query()]) -> shown_growth.LivedView:
        """Live through growth month by month, with cost bands and the thresholds crossed."""
        return await desk.make(
            shown_growth.LivedView,
            lambda: inquiry.grown(
                asked.asked(),
                desk.today(),
                growth=asked.growth,
                curve=asked.curve,
                seed=asked.seed,
                runs=asked.runs,
            ),
        )


def _add_pictures(api: APIRouter, desk: _Desk) -> None:
    @api.get("/curves")
    async def curves(asked: Annotated[NamedQuery, Query()]) -> shown_growth.CurvesView:
        """Draw latency over load, and each architecture's bill over users."""
        return await desk.make(
            shown_growth.CurvesView,
            lambda: inquiry.curves(asked.asked(), desk.today(), asked.architecture),
        )

    @api.get("/diagram")
    async def diagram(asked: Annotated[PictureQuery, Query()]) -> shown_growth.PictureView:
        """Draw an architecture as boxes and links."""
        return await desk.make(
            shown_growth.PictureView,
            lambda: inquiry.drawn(asked.asked(), asked.architecture, desk.today()),
        )

    @api.get("/migration")
    async def migration(asked: Annotated[PairQuery, Query()]) -> shown_growth.MigrationView:
        """Plan the move from one architecture to another."""
        names = (asked.before, asked.after)
        return await desk.make(
            shown_growth.MigrationView, lambda: inquiry.migrated(asked.asked(), names, desk.today())
        )

    @api.get("/breakeven")
    async def breakeven(
        asked: Annotated[SeveralQuery, Query()],
    ) -> list[shown_growth.BreakEvenView]:
        """Say at how many AI tasks a month which architecture is cheapest."""
        wanted, names = asked.asked(), tuple(asked.names)
        return await desk.make_all(
            shown_growth.BreakEvenView, lambda: inquiry.broken_even(wanted, names, desk.today())
        )

    @api.get("/compliance")
    async def compliance(asked: Annotated[RulesQuery, Query()]) -> shown.ReportView:
        """List what rules ask of an architecture: shown, planned or not shown."""
        wanted, name, rules = asked.asked(), asked.architecture, asked.rules
        return await desk.make(
            shown.ReportView, lambda: inquiry.safeguarded(wanted, name, rules, desk.today())
        )


def _add_facts(api: APIRouter, desk: _Desk) -> None:
    @api.get("/prices")
    async def prices(catalog: Name = "current") -> shown_facts.PricesView:
        """List a catalogue's prices with their source, the day they were read and their age."""
        return await desk.make(
            shown_facts.PricesView, lambda: inquiry.priced(catalog, desk.today())
        )

    @api.get("/phases")
    async def phases() -> list[shown_facts.PhaseView]:
        """Quote the guide's phases, each with what else is true of it."""
        return await desk.make_all(shown_facts.PhaseView, lambda: PHASES)

    @api.get("/guide")
    async def guide() -> shown_facts.GuideView:
        """Reproduce the guide: each figure beside what its own parts give."""
        return await desk.make(shown_facts.GuideView, listing)

    @api.get("/glossary")
    async def terms() -> list[shown_facts.TermView]:
        """Explain terms, as the guide's glossary does."""
        return [shown_facts.TermView(term=term, meaning=text) for term, text in glossary().items()]
