"""What is asked of an architecture, and why one does not meet it: a sentence for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar

from careflow.errors import BadInputError
from careflow.planner import framework
from careflow.planner import workload as demand
from careflow.planner.architecture import AiNeed, Architecture
from careflow.planner.availability import Availability, single_points
from careflow.planner.capacity import BUSY_MOST, Capacity
from careflow.planner.money import Money
from careflow.planner.workload import Workload

BASIC_CONCURRENT = 20
"""Users at once above which the guide leaves Basic (L271)."""
_NEEDS: tuple[AiNeed, ...] = ("none", "basic", "advanced", "custom", "private")


class ImpossibleRequestError(BadInputError):
    """A constraint that nothing could meet."""

    code: ClassVar[str] = "planner-impossible-request"


@dataclass(frozen=True, slots=True)
class Request:
    """What a clinic asks.

    Attributes:
        stage: One of the guide's; production where people are served and none is given.
        budget: Dollars a month for the deployed bill of the dearest month.
        uptime: Percent that the platform promises, by arithmetic.
        ai: The guide's AI need; basic where AI calls are asked and none is given.
        compliance: none, hipaa, gdpr or soc2; HIPAA brings its floor into the bill.
        managed_redis: Whether a fleet's jobs run over Celery with a managed queue.
    """

    workload: Workload
    stage: str | None = None
    budget: Decimal | None = None
    uptime: Decimal | None = None
    ai: str | None = None
    compliance: str = "none"
    months: int = 36
    private_subnets: bool = False
    managed_redis: bool = False
    start: date | None = None

    def __post_init__(self) -> None:
        """Refuse what nothing could meet."""
        if self.budget is not None and self.budget < 0:
            raise ImpossibleRequestError(f"A budget cannot be negative: {self.budget}.")
        if self.uptime is not None and not 0 <= self.uptime < 100:
            raise ImpossibleRequestError(f"Uptime lies below 100 percent: {self.uptime}.")
        if self.stage is not None:
            framework.by_stage(self.stage)
        if self.ai is not None:
            framework.by_ai(self.ai)
        framework.by_compliance(self.compliance)

    @property
    def need(self) -> AiNeed:
        """Return the AI need."""
        if self.ai is not None:
            return next(one for one in _NEEDS if one == self.ai)
        return "basic" if self.workload.ai_requests_per_month else "none"

    @property
    def hipaa(self) -> bool:
        """Report whether the floor for patient data under HIPAA is asked."""
        return self.compliance == "hipaa"

    @property
    def demand(self) -> Workload:
        """Return the workload; without AI it has no AI calls."""
        if self.need == "none":
            return replace(self.workload, ai_requests_per_month=0)
        return self.workload

    @property
    def at_stage(self) -> str:
        """Return the stage: what is given, or production as soon as 20 people are served."""
        return self.stage or ("production" if self.workload.users >= 20 else "development")


@dataclass(frozen=True, slots=True)
class Violation:
    """One constraint that is not met.

    Attributes:
        short: How far it is missed, as a share of what is asked; 1 where it is yes or no.
    """

    constraint: str
    sentence: str
    short: Decimal = Decimal(1)


def violations(
    request: Request, made: Capacity, up: Availability, dearest: Money
) -> tuple[Violation, ...]:
    """Return every constraint that a shape violates."""
    one = made.shape.architecture
    return (
        *_offered(one),
        *_ai(request, one),
        *_stage(request, one),
        *_uptime(request, one, up),
        *(Violation("load", problem, _short_of(made)) for problem in made.problems),
        *_budget(request, dearest),
    )


def _offered(one: Architecture) -> Iterator[Violation]:
    if one.comparison_only:
        yield Violation("offered", "It is priced for comparison; nothing here deploys it.")


def _ai(request: Request, one: Architecture) -> Iterator[Violation]:
    if request.need in one.serves:
        return
    if one.ai == "none":
        yield Violation("ai", "It runs no AI.")
    elif request.need == "private":
        yield Violation("ai", "Its AI runs at Google; privacy-critical AI stays on own machines.")
    elif request.need == "advanced":
        yield Violation("ai", "Its models are too small for documents, images and long texts.")
    else:
        yield Violation("ai", "It cannot run a model of your own.")


def _stage(request: Request, one: Architecture) -> Iterator[Violation]:
    stage = request.at_stage
    if one.name == "basic" and stage != "development":
        yield Violation("stage", "It is for trying out; with real users the guide moves on (L275).")
    at_once = demand.concurrent_users(request.demand)
    if one.name == "basic" and at_once > BASIC_CONCURRENT:
        yield Violation(
            "users",
            f"{at_once:,} users at once are more than {BASIC_CONCURRENT} (the guide, L271).",
            Decimal(at_once - BASIC_CONCURRENT) / BASIC_CONCURRENT,
        )
    if stage == "enterprise" and single_points(one):
        yield Violation("stage", "One box is a single point of failure; enterprise allows none.")


def _short_of(made: Capacity) -> Decimal:
    """Return how far too busy the boxes would be, as a share of what they may be."""
    return max(Decimal(1), made.busy / BUSY_MOST - 1)


def _uptime(request: Request, one: Architecture, up: Availability) -> Iterator[Violation]:
    asked = request.uptime
    if asked is not None and up.platform < asked:
        yield Violation(
            "uptime",
            f"{one.title} promises {up.platform:.2f}% by arithmetic and {asked}% is asked.",
            (asked - up.platform) / (100 - asked),
        )


def _budget(request: Request, dearest: Money) -> Iterator[Violation]:
    asked = request.budget
    if asked is not None and dearest.high > asked:
        yield Violation(
            "budget",
            f"Its dearest month costs {dearest.text()}, ${dearest.high - asked:,.2f} above the"
            f" budget of ${asked:,.2f}.",
            (dearest.high - asked) / max(asked, Decimal(1)),
        )
