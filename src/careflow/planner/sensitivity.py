"""What would change the answer: the demand, the budget or the rule at which another one wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from careflow.planner.constraints import Request
from careflow.planner.decision import decide
from careflow.planner.prices import Catalogue

_MOST_USERS = 200_000
_MOST_CALLS = 5_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the question that changes the answer."""

    what: str
    answer: str | None
    sentence: str


def sensitivity(request: Request, prices: Catalogue) -> tuple[Change, ...]:
    """Return what would change the answer, judged on the first month's bill."""
    short = replace(request, months=1)
    now = _answer(short, prices)
    return tuple(change for change in _changes(short, now, prices) if change.answer != now)


def _changes(request: Request, now: str | None, prices: Catalogue) -> Iterator[Change]:
    for words, limit, ask in (
        ("users", _MOST_USERS, _with_users),
        ("AI requests a month", _MOST_CALLS, _with_calls),
    ):
        yield from _upwards(request, now, prices, words, limit, ask)
    if request.budget is not None:
        free = _answer(replace(request, budget=None), prices)
        yield Change("budget", free, f"Without the budget: {free}.")
    if request.compliance == "none":
        under = _answer(replace(request, compliance="hipaa"), prices)
        yield Change("compliance", under, f"Under HIPAA: {under or 'nothing fits'}.")
    if request.uptime is None:
        high = _answer(replace(request, uptime=Decimal("99.9")), prices)
        yield Change("uptime", high, f"At 99.9% uptime: {high or 'nothing fits'}.")
    if request.need != "private":
        private = _answer(replace(request, ai="private"), prices)
        yield Change("ai", private, f"If AI must stay private: {private or 'nothing fits'}.")


def _upwards(
    request: Request,
    now: str | None,
    prices: Catalogue,
    words: str,
    limit: int,
    ask: Callable[[Request, int], Request],
) -> Iterator[Change]:
    low = max(request.workload.users if words == "users" else
              request.workload.ai_requests_per_month, 1)  # fmt: skip
    high = low
    while high < limit and _answer(ask(request, high), prices) == now:
        low, high = high, high * 4
    answer = _answer(ask(request, high), prices)
    if answer == now:
        return
    while high - low > max(1, low // 20):
        middle = (low + high) // 2
        if _answer(ask(request, middle), prices) == now:
            low = middle
        else:
            high = middle
    answer = _answer(ask(request, high), prices)
    yield Change(words, answer, f"From about {_about(high):,} {words}: {answer or 'nothing fits'}.")


def _about(number: int) -> int:
    """Round up to two figures."""
    step: int = 10 ** max(0, len(str(number)) - 2)
    return -(-number // step) * step


def _with_users(request: Request, users: int) -> Request:
    return replace(request, workload=replace(request.workload, users=users))


def _with_calls(request: Request, calls: int) -> Request:
    return replace(request, workload=replace(request.workload, ai_requests_per_month=calls))


def _answer(request: Request, prices: Catalogue) -> str | None:
    best = decide(request, prices).best
    return None if best is None else best.architecture.name
