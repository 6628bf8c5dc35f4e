"""What a clinic asks of the platform: people, visits, documents, AI calls; and the busy hour."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import ClassVar

from careflow.errors import BadInputError

SECONDS_PER_HOUR = 3600
DAYS_PER_MONTH = 22
"""Days a clinic works in a month."""
BUSY_HOUR_SHARE = Decimal("0.2")
"""Share of a day's requests that fall into its busiest hour."""
PEAK_FACTOR = Decimal(3)
"""How far the busiest minutes stand above the mean of the busy hour."""
CONCURRENT_SHARE = Decimal("0.1")
"""Users active together, of all users; the guide never says how one becomes the other."""
REQUESTS_PER_SECOND_EACH = Decimal("0.2")
"""Requests a second of one active user: a screen of four requests each twenty seconds."""
REQUESTS_PER_VISIT = 80
REQUESTS_PER_DOCUMENT = 30
REQUESTS_PER_AI_CALL = 6
DATA_GB_PER_USER = Decimal("0.0003")
KB_PER_REQUEST = Decimal(8)
LIMITS = {
    "users": 10_000_000,
    "concurrent": 10_000_000,
    "requests_per_second": 10_000_000,
    "visits_per_day": 10_000_000,
    "documents_per_day": 10_000_000,
    "ai_requests_per_month": 1_000_000_000,
    "tokens_per_ai_request": 2_000_000,
    "data_gb": 1_000_000,
}
_DEFAULT_TOKENS = 1000


class ImpossibleWorkloadError(BadInputError):
    """A workload that no clinic can have: negative, or beyond every bound."""

    code: ClassVar[str] = "planner-impossible-workload"


@dataclass(frozen=True, slots=True)
class Workload:
    """The demand on one installation; what is None is derived from the number of users.

    Attributes:
        users: Everybody with an account: staff and patients.
        concurrent: Users active at the same time in the busiest minutes.
        requests_per_second: In the busiest minutes, not the mean.
        output_share: Share of a call's tokens that the model writes.
        cached_share: Share of the tokens read that come from the provider's cache.
        thinking_tokens: Hidden tokens of a call, billed as output.
        task_memory_gb: Memory of one AI task in a function; ``task_seconds`` its length.
    """

    users: int = 0
    concurrent: int | None = None
    requests_per_second: Decimal | None = None
    visits_per_day: int | None = None
    documents_per_day: int | None = None
    ai_requests_per_month: int = 0
    tokens_per_ai_request: int = _DEFAULT_TOKENS
    output_share: Decimal = Decimal("0.2")
    cached_share: Decimal = Decimal(0)
    thinking_tokens: int = 0
    data_gb: Decimal | None = None
    task_memory_gb: Decimal = Decimal(2)
    task_seconds: Decimal = Decimal(30)

    def __post_init__(self) -> None:
        """Refuse what is negative or beyond every bound, naming the field."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            words = field.name.replace("_", " ")
            if value < 0:
                raise ImpossibleWorkloadError(f"{words} cannot be negative: {value}.")
            if value > LIMITS.get(field.name, value):
                raise ImpossibleWorkloadError(
                    f"{words} is beyond what can be planned: {value:,} of {LIMITS[field.name]:,}."
                )
        if self.output_share > 1 or self.cached_share > 1:
            raise ImpossibleWorkloadError("A share of tokens lies between 0 and 1.")

    def scaled(self, factor: Decimal) -> Workload:
        """Return the same clinic with its people and calls multiplied by a factor."""
        return replace(
            self,
            users=int(self.users * factor),
            concurrent=_scaled(self.concurrent, factor),
            visits_per_day=_scaled(self.visits_per_day, factor),
            documents_per_day=_scaled(self.documents_per_day, factor),
            ai_requests_per_month=int(self.ai_requests_per_month * factor),
            data_gb=None if self.data_gb is None else self.data_gb * factor,
            requests_per_second=(
                None if self.requests_per_second is None else self.requests_per_second * factor
            ),
        )


def _scaled(value: int | None, factor: Decimal) -> int | None:
    return None if value is None else int(value * factor)


def concurrent_users(workload: Workload) -> int:
    """Return the users active together, stated or a tenth of all."""
    if workload.concurrent is not None:
        return workload.concurrent
    return int((workload.users * CONCURRENT_SHARE).to_integral_value(rounding="ROUND_CEILING"))


def visits_a_day(workload: Workload) -> int:
    """Return visits a day: stated, or one for every 25 users."""
    return -(-workload.users // 25) if workload.visits_per_day is None else workload.visits_per_day


def documents_a_day(workload: Workload) -> int:
    """Return documents a day: stated, or one for every two visits."""
    if workload.documents_per_day is not None:
        return workload.documents_per_day
    return -(-visits_a_day(workload) // 2)


def busy_requests_per_second(workload: Workload) -> Decimal:
    """Return requests a second in the busiest minutes of the busy hour."""
    if workload.requests_per_second is not None:
        return workload.requests_per_second
    day = (
        visits_a_day(workload) * REQUESTS_PER_VISIT
        + documents_a_day(workload) * REQUESTS_PER_DOCUMENT
        + Decimal(workload.ai_requests_per_month) / DAYS_PER_MONTH * REQUESTS_PER_AI_CALL
    )
    desk = Decimal(day) * BUSY_HOUR_SHARE / SECONDS_PER_HOUR * PEAK_FACTOR
    return desk + concurrent_users(workload) * REQUESTS_PER_SECOND_EACH


def requests_a_month(workload: Workload) -> Decimal:
    """Return all requests of a month, from the busiest minutes back through the day."""
    busy_hour = busy_requests_per_second(workload) / PEAK_FACTOR * SECONDS_PER_HOUR
    return busy_hour / BUSY_HOUR_SHARE * DAYS_PER_MONTH


def ai_calls_in_busy_hour(workload: Workload) -> Decimal:
    """Return AI calls in the busiest hour."""
    return Decimal(workload.ai_requests_per_month) / DAYS_PER_MONTH * BUSY_HOUR_SHARE


def stored_gb(workload: Workload) -> Decimal:
    """Return the size of the database: stated, or 0.3 MB for every user."""
    return workload.users * DATA_GB_PER_USER if workload.data_gb is None else workload.data_gb


def tokens_a_month(workload: Workload) -> tuple[Decimal, Decimal, Decimal]:
    """Return tokens read, read from the cache, and written (thinking included)."""
    calls = Decimal(workload.ai_requests_per_month)
    written = calls * (
        workload.tokens_per_ai_request * workload.output_share + workload.thinking_tokens
    )
    asked = calls * workload.tokens_per_ai_request * (1 - workload.output_share)
    cached = asked * workload.cached_share
    return asked - cached, cached, written
