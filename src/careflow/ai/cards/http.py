"""The card of each AI task: what it is, what it was made from, how well it does, where it fails."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from careflow.ai.asking import TASKS, task_named
from careflow.ai.call import Audience
from careflow.ai.cards import Measured, ModelCard, all_cards
from careflow.ai.gateway import Gateway
from careflow.ai.task import Task
from careflow.identity.actor import Actor
from careflow.identity.permissions import require

Who = Callable[..., Awaitable[Actor]]


class ServingView(BaseModel):
    """An engine, whether it can do the task now, and why not."""

    name: str
    available: bool
    asks_model: bool
    leaves_machine: bool
    reason: str | None


class MethodView(BaseModel):
    """The method of this machine, as its card has it."""

    title: str
    version: str
    method: str
    use: str
    not_for: str
    data: list[str]
    measured_on: str
    measured: list[Measured]
    limits: list[str]


class CardView(BaseModel):
    """One task: what it does and reads, who can do it, and the method that ships with it."""

    task: str
    title: str
    version: str
    audience: Audience
    is_device: bool
    reads: list[str]
    engines: list[ServingView]
    method: MethodView | None


class CardsView(BaseModel):
    """Every task's card."""

    cards: list[CardView]


def router(gateway: Gateway, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/ai/cards``."""
    api = APIRouter(prefix="/api/ai", tags=["ai"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/cards")
    async def cards(actor: Asker) -> CardsView:
        """List every task's card."""
        require(actor, "cards:read")
        return CardsView(cards=[_card(gateway, task) for task in TASKS.values()])

    @api.get("/cards/{task}")
    async def card(task: str, actor: Asker) -> CardView:
        """Show what a task is, how well it does and where it fails."""
        require(actor, "cards:read")
        return _card(gateway, task_named(task))

    return api


def _card(gateway: Gateway, task: Task[Any]) -> CardView:
    routes = {engine.name: engine.route for engine in gateway.engines}
    found = all_cards().get(task.name)
    return CardView(
        task=task.name,
        title=task.title,
        version=task.version,
        audience=task.audience,
        is_device=task.is_device,
        reads=list(task.reads),
        engines=[
            ServingView(
                name=one.engine,
                available=one.available,
                asks_model=routes[one.engine].asks_model,
                leaves_machine=routes[one.engine].leaves_machine,
                reason=one.reason,
            )
            for one in gateway.serving(task.name)
        ],
        method=None if found is None else _method(found),
    )


def _method(card: ModelCard) -> MethodView:
    return MethodView(
        title=card.title,
        version=card.version,
        method=" ".join(card.method.split()),
        use=card.use,
        not_for=card.not_for,
        data=list(card.data),
        measured_on=card.measured_on.isoformat(),
        measured=list(card.measured),
        limits=list(card.limits),
    )
