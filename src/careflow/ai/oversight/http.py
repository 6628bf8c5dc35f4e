"""Addresses for people who answer for AI: how it stands, and its kill switches."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from careflow.ai.asking import task_named
from careflow.ai.oversight.look import Oversight
from careflow.ai.switches import Switch
from careflow.clock import instant_text
from careflow.database.work import Work
from careflow.errors import BadInputError
from careflow.identity.actor import Actor
from careflow.identity.permissions import require

Who = Callable[..., Awaitable[Actor]]
NamesOf = Callable[[Collection[str]], Awaitable[Mapping[str, str]]]
"""Finds the names that people read for accounts; one that is unknown is left out."""
_UNKNOWN = "An account that is gone"


class EngineLine(BaseModel):
    """An engine, and the tasks it can run now."""

    name: str
    route: str
    leaves_machine: bool
    tasks: list[str]


class RunsLine(BaseModel):
    """Runs of one day, task and engine."""

    day: str
    task: str
    engine: str | None
    runs: int
    endings: dict[str, int]
    redacted: int
    mean_ms: int


class UsedLine(BaseModel):
    """Model calls of one day, model and task; ``cost`` in micro-dollars."""

    day: str
    engine: str
    model: str
    task: str
    calls: int
    endings: dict[str, int]
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    tokens_thinking: int
    cost: int


class ModelLine(BaseModel):
    """How a model stands: what went out, what its limits leave, whether it is left alone."""

    model: str
    requests_minute: int | None
    tokens_minute: int | None
    requests_day: int | None
    used_minute: int
    waiting: int
    used_today: int
    renewed_at: str
    open_until: str | None


class BudgetLine(BaseModel):
    """A budget of this month, in micro-dollars."""

    name: str
    spent: int
    limit: int | None
    is_nearly_spent: bool


class SwitchLine(BaseModel):
    """A switch: off or on, by whom, why and when."""

    task: str | None
    engine: str | None
    is_off: bool
    reason: str
    by: str
    by_name: str
    at: str


class ReviewedLine(BaseModel):
    """What became of a task's drafts."""

    task: str
    draft: int
    reviewed: int
    signed: int
    rejected: int


class ReportLine(BaseModel):
    """What a person said of a draft."""

    at: str
    draft: str
    task: str
    kind: str
    by: str
    by_name: str
    text: str | None


class OversightView(BaseModel):
    """How AI stands."""

    engines: list[EngineLine]
    models: list[ModelLine]
    budgets: list[BudgetLine]
    switches: list[SwitchLine]
    runs: list[RunsLine]
    used: list[UsedLine]
    reviewed: list[ReviewedLine]
    reports: list[ReportLine]


class SwitchBody(BaseModel):
    """A switch to turn; without a task every task is meant, without an engine every engine."""

    model_config = ConfigDict(extra="forbid")
    task: str | None = Field(default=None, max_length=60)
    engine: str | None = Field(default=None, max_length=60)
    is_off: bool
    reason: str = Field(min_length=3, max_length=300)


def router(oversight: Oversight, *, who: Who, names: NamesOf) -> APIRouter:
    """Return the addresses under ``/api/ai/oversight``; ``names`` finds who an account is."""
    api = APIRouter(prefix="/api/ai/oversight", tags=["ai"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("")
    async def look(actor: Asker) -> OversightView:
        """Show engines, quotas, budgets, switches, a month of runs and costs, and reviews."""
        require(actor, "ai:manage")
        return await _view(oversight, names)

    @api.post("/switches")
    async def turn(body: SwitchBody, actor: Asker) -> SwitchLine:
        """Turn a task, an engine, or a task on an engine off or on; it holds within seconds."""
        require(actor, "ai:manage")
        _require_known(body, oversight)
        async with Work(oversight.documents) as work:
            switch = oversight.switches.turn(
                work,
                task=body.task,
                engine=body.engine,
                is_off=body.is_off,
                reason=body.reason,
                actor=actor,
            )
        return _switch(switch, {actor.id: actor.name})

    return api


def _require_known(body: SwitchBody, oversight: Oversight) -> None:
    if body.task is not None:
        task_named(body.task)
    names = {engine.name for engine in oversight.gateway.engines}
    if body.engine is not None and body.engine not in names:
        raise BadInputError("There is no AI engine of this name.", place="engine")


async def _view(oversight: Oversight, names: NamesOf) -> OversightView:
    switched, reported = await oversight.switched(), await oversight.reported()
    named = await names({one.by for one in switched} | {one.by for one in reported})
    return OversightView(
        engines=[
            EngineLine(
                name=one.name,
                route=one.route,
                leaves_machine=one.leaves_machine,
                tasks=list(one.tasks),
            )
            for one in oversight.engines()
        ],
        models=[
            ModelLine(
                model=one.model,
                requests_minute=one.limits.requests_minute,
                tokens_minute=one.limits.tokens_minute,
                requests_day=one.limits.requests_day,
                used_minute=one.used_minute,
                waiting=one.waiting,
                used_today=one.used_today,
                renewed_at=instant_text(one.renewed_at),
                open_until=instant_text(one.open_until) if one.open_until else None,
            )
            for one in await oversight.standings()
        ],
        budgets=[
            BudgetLine(
                name=one.name,
                spent=one.spent,
                limit=one.limit,
                is_nearly_spent=one.is_nearly_spent,
            )
            for one in await oversight.budgets()
        ],
        switches=[_switch(one, named) for one in switched],
        runs=[
            RunsLine(
                day=one.day,
                task=one.task,
                engine=one.engine,
                runs=one.runs,
                endings=dict(one.endings),
                redacted=one.redacted,
                mean_ms=round(one.took_ms / one.runs),
            )
            for one in await oversight.lately()
        ],
        used=[
            UsedLine(
                day=one.day,
                engine=one.engine,
                model=one.model,
                task=one.task,
                calls=one.calls,
                endings=one.endings,
                tokens_in=one.tokens.input,
                tokens_cached=one.tokens.cached,
                tokens_out=one.tokens.output,
                tokens_thinking=one.tokens.thinking,
                cost=one.cost,
            )
            for one in await oversight.used()
        ],
        reviewed=[
            ReviewedLine(
                task=one.task,
                draft=one.draft,
                reviewed=one.reviewed,
                signed=one.signed,
                rejected=one.rejected,
            )
            for one in await oversight.reviewed()
        ],
        reports=[
            ReportLine(
                at=one.at,
                draft=one.draft,
                task=one.task,
                kind=one.kind,
                by=one.by,
                by_name=named.get(one.by, _UNKNOWN),
                text=one.text,
            )
            for one in reported
        ],
    )


def _switch(switch: Switch, names: Mapping[str, str]) -> SwitchLine:
    return SwitchLine(
        task=switch.task,
        engine=switch.engine,
        is_off=switch.is_off,
        reason=switch.reason,
        by=switch.by,
        by_name=names.get(switch.by, _UNKNOWN),
        at=instant_text(switch.at),
    )
