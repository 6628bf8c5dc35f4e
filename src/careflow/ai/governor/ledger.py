"""Stores quota, budgets and breakers as documents, so that all processes count together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import ClassVar, Generic, TypeVar

import msgspec

from careflow.ai.call import Call
from careflow.ai.governor import breaker as breakers
from careflow.ai.governor import budget as budgets
from careflow.ai.governor import quota as quotas
from careflow.ai.governor.breaker import Breaker
from careflow.ai.governor.budget import Spend
from careflow.ai.governor.quota import Limits, Quota, QuotaForTodayError
from careflow.clock import Clock
from careflow.database.documents import (
    Append,
    Change,
    Documents,
    Put,
    VersionMismatchError,
)
from careflow.database.scope import organisation_scope
from careflow.errors import ConflictError, UnavailableError

S = TypeVar("S", bound=msgspec.Struct)

QUOTA, SPEND, BREAKER = "ai-quota", "ai-spend", "ai-breaker"
METER = "ai-meter"
"""Stream of what calls took."""
_TRIES = 60
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9.\-]+")


class QuotaBusyError(UnavailableError):
    """No place comes free before the call is of no use any more."""

    code: ClassVar[str] = "ai-quota-busy"

    def __init__(self, free_at: datetime) -> None:
        super().__init__("The AI quota of this minute is used up: send this again in a minute.")
        self.free_at = free_at


class LedgerBusyError(ConflictError):
    """Others keep counting at the same moment."""

    code: ClassVar[str] = "ai-ledger-busy"

    def __init__(self) -> None:
        super().__init__("Too many AI calls are being counted at this moment: send this again.")


@dataclass(frozen=True, slots=True)
class Budgets:
    """Micro-dollars a month; ``None`` is no limit.

    Attributes:
        tasks: By task name.
        user: For each person.
    """

    clinic: int | None = None
    tasks: Mapping[str, int] = field(default_factory=dict)
    user: int | None = None

    def of(self, call: Call) -> dict[str, int | None]:
        """Return every budget that a call draws on, by the name people read."""
        return {
            "the clinic": self.clinic,
            f"the task {call.task}": self.tasks.get(call.task),
            f"the user {call.actor}": self.user,
        }


@dataclass(frozen=True, slots=True)
class Admission:
    """What a call asks for.

    Attributes:
        id: Names the call in every count.
        model: ``engine/model``.
        tokens: As many as it may take, both ways.
        cost: Micro-dollars at worst.
        latest: When an answer is of no use any more.
    """

    id: str
    model: str
    call: Call
    tokens: int
    cost: int
    latest: datetime


@dataclass(frozen=True, slots=True)
class ModelStanding:
    """How a model stands.

    Attributes:
        used_minute: Requests that went out within the last minute.
        waiting: Requests that have their place and go out later.
        used_today: Requests since the day's quota began.
        open_until: Until when it is left alone, if its breaker is open.
    """

    model: str
    limits: Limits
    used_minute: int
    waiting: int
    used_today: int
    renewed_at: datetime
    open_until: datetime | None


@dataclass(frozen=True, slots=True)
class BudgetStanding:
    """A budget in micro-dollars: what is given out at worst, and its limit."""

    name: str
    spent: int
    limit: int | None

    @property
    def is_nearly_spent(self) -> bool:
        """Report whether people should be told."""
        return budgets.is_nearly_spent(Spend(self.spent), self.limit)


class Ledger:
    """Admits calls and settles them; each in one commit over all counts."""

    def __init__(
        self,
        documents: Documents,
        *,
        clock: Clock,
        limits: Mapping[str, Limits],
        budgets: Budgets,
    ) -> None:
        self._documents = documents
        self._clock = clock
        self._limits = limits
        self._budgets = budgets
        self._random = Random()  # noqa: S311 - jitter is no secret.
        # Processes race by version; within one, calls stand in line.
        self._one_at_a_time = asyncio.Lock()

    async def admit(self, asked: Admission) -> datetime:
        """Count a call in everywhere or nowhere, and return when it may go out.

        Raises:
            careflow.ai.governor.quota.QuotaForTodayError: No request is left today.
            QuotaBusyError: No place comes free in time.
            careflow.ai.governor.budget.BudgetSpentError: It does not fit into a budget.
            careflow.ai.governor.breaker.BreakerOpenError: The engine is left alone for now.
        """
        at = 0

        async def counted() -> list[Change]:
            nonlocal at
            now = milliseconds(self._clock())
            breaker = await self._read(BREAKER, asked.model, asked.call.organisation, Breaker)
            quota = await self._read(QUOTA, asked.model, asked.call.organisation, Quota)
            probed = breakers.admitted(breaker.value, call=asked.id, now=now)
            placed, at = quotas.booked(
                quota.value,
                self._limits.get(asked.model, Limits()),
                call=asked.id,
                tokens=asked.tokens,
                now=now,
                priority=asked.call.priority,
            )
            _require_in_time(at, asked.latest, now)
            spends = await self._held(asked, now)
            return [*breaker.changed(probed), *quota.changed(placed), *spends]

        await self._committed(counted)
        return instant(at)

    async def settle(
        self, asked: Admission, *, tokens: int, cost: int, meter: bytes, failed: bool = False
    ) -> None:
        """Put what a call really took in place of what it might have, and keep its meter entry."""

        async def counted() -> list[Change]:
            now = milliseconds(self._clock())
            breaker = await self._read(BREAKER, asked.model, asked.call.organisation, Breaker)
            after = (
                breakers.failed(breaker.value, now=now)
                if failed
                else breakers.succeeded(breaker.value)
            )
            quota = await self._read(QUOTA, asked.model, asked.call.organisation, Quota)
            taken = quotas.settled(quota.value, call=asked.id, tokens=tokens)
            entry = Append(asked.call.organisation, METER, meter)
            spends = await self._spent(asked, cost)
            return [*breaker.changed(after), *quota.changed(taken), *spends, entry]

        await self._committed(counted)

    async def pause(self, asked: Admission, *, until: datetime, today: bool) -> None:
        """Let nothing go out to a model for a while, or today, because its provider said so."""

        async def counted() -> list[Change]:
            quota = await self._read(QUOTA, asked.model, asked.call.organisation, Quota)
            now = milliseconds(self._clock())
            end = quotas.renewal_after(now) if today else until
            return quota.changed(quotas.paused(quota.value, milliseconds(end)))

        await self._committed(counted)

    async def standing(self, model: str, organisation: str) -> ModelStanding:
        """Return how a model stands now, for people who look."""
        quota = await self._read(QUOTA, model, organisation, Quota)
        breaker = await self._read(BREAKER, model, organisation, Breaker)
        now = milliseconds(self._clock())
        limits = self._limits.get(model, Limits())
        return ModelStanding(
            model=model,
            limits=limits,
            used_minute=sum(now - quotas.WINDOW_MS < one.at <= now for one in quota.value.bookings),
            waiting=sum(one.at > now for one in quota.value.bookings),
            used_today=quota.value.days.get(quotas.day_of(now), (0, 0))[0],
            renewed_at=quotas.renewal_after(now),
            open_until=instant(breaker.value.open_until) if breaker.value.is_open else None,
        )

    async def spends(self, organisation: str) -> list[BudgetStanding]:
        """Return this month's budgets that are not a single person's."""
        named: dict[str, int | None] = {"the clinic": self._budgets.clinic}
        named |= {f"the task {task}": limit for task, limit in self._budgets.tasks.items()}
        return [
            BudgetStanding(
                name,
                (await self._read(SPEND, self._month(name), organisation, Spend)).value.at_worst,
                limit,
            )
            for name, limit in named.items()
        ]

    # --- inside ----------------------------------------------------------------------------

    async def _held(self, asked: Admission, now: int) -> list[Change]:
        changes: list[Change] = []
        for name, limit in self._budgets.of(asked.call).items():
            spend = await self._read(SPEND, self._month(name), asked.call.organisation, Spend)
            after = budgets.held(
                spend.value, budget=name, limit=limit, call=asked.id, amount=asked.cost, now=now
            )
            changes += spend.changed(after)
        return changes

    async def _spent(self, asked: Admission, cost: int) -> list[Change]:
        changes: list[Change] = []
        for name in self._budgets.of(asked.call):
            spend = await self._read(SPEND, self._month(name), asked.call.organisation, Spend)
            changes += spend.changed(budgets.settled(spend.value, call=asked.id, cost=cost))
        return changes

    def _month(self, name: str) -> str:
        return f"{self._clock():%Y-%m} {name}"

    async def _read(self, kind: str, name: str, organisation: str, type_: type[S]) -> _Kept[S]:
        scope = organisation_scope(organisation)
        id = document_id(name)
        document = await self._documents.read(kind, id, scope)
        if document is None or document.deleted:
            return _Kept(kind, id, organisation, type_(), 0)
        value = msgspec.json.decode(document.body, type=type_)
        return _Kept(kind, id, organisation, value, document.version)

    async def _committed(self, changes: Callable[[], Awaitable[list[Change]]]) -> None:
        async with self._one_at_a_time:
            for attempt in range(_TRIES):
                try:
                    await self._documents.commit(await changes())
                except VersionMismatchError:
                    # Full jitter, so that processes do not keep in step.
                    await asyncio.sleep(self._random.uniform(0, 0.002 * (attempt + 1)))
                    continue
                return
        raise LedgerBusyError


@dataclass(frozen=True, slots=True)
class _Kept(Generic[S]):
    """A count as it is stored."""

    kind: str
    id: str
    organisation: str
    value: S
    version: int

    def changed(self, value: S) -> list[Change]:
        """Return the change that stores another value; none if it is the same."""
        if value == self.value:
            return []
        body = msgspec.json.encode(value)
        return [
            Put(
                self.kind,
                self.id,
                body,
                self.organisation,
                expected=self.version,
                keep_history=False,
            )
        ]


def document_id(name: str) -> str:
    """Return a name as the id of a document."""
    return _NOT_IN_IDS.sub("~", name)


def _require_in_time(at: int, latest: datetime, now: int) -> None:
    if at <= milliseconds(latest):
        return
    renewed = quotas.renewal_after(now)
    if at >= milliseconds(renewed):
        raise QuotaForTodayError(renewed)
    raise QuotaBusyError(instant(at))


def instant(at: int) -> datetime:
    """Return the instant of ms since 1970."""
    return datetime.fromtimestamp(at / 1000, UTC)


def milliseconds(instant: datetime) -> int:
    """Return an instant in ms since 1970."""
    return round(instant.timestamp() * 1000)
