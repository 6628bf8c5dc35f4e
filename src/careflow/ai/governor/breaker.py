"""A circuit breaker: after failures in a row of time, nobody asks; then one probe does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import msgspec

from careflow.errors import UnavailableError

FAILURES = 5
WITHIN_MS = 60_000
OPEN_MS = 30_000
PROBE_MS = 120_000
"""How long a probe may take before another call may be one."""


class BreakerOpenError(UnavailableError):
    """The engine failed several times just now and is left alone for a while."""

    code: ClassVar[str] = "ai-breaker-open"

    def __init__(self, until: datetime) -> None:
        super().__init__("This AI engine failed several times just now: try again in a minute.")
        self.until = until


class Breaker(msgspec.Struct, frozen=True):
    """Failures of one model, and who probes it; instants in ms since 1970."""

    failures: tuple[int, ...] = ()
    open_until: int = 0
    probe: str | None = None
    probe_until: int = 0

    @property
    def is_open(self) -> bool:
        """Report whether it has opened and no probe has succeeded since."""
        return self.open_until > 0


def admitted(breaker: Breaker, *, call: str, now: int) -> Breaker:
    """Return the breaker as it is once this call goes out.

    Raises:
        BreakerOpenError: It is open, or someone else is the probe.
    """
    if not breaker.is_open:
        return breaker
    is_probed = breaker.probe is not None and breaker.probe != call and now < breaker.probe_until
    if now < breaker.open_until or is_probed:
        until = breaker.open_until if now < breaker.open_until else breaker.probe_until
        raise BreakerOpenError(datetime.fromtimestamp(until / 1000, UTC))
    return Breaker(breaker.failures, breaker.open_until, call, now + PROBE_MS)


def succeeded(breaker: Breaker) -> Breaker:
    """Return the breaker after an answer: closed, with nothing held against the engine."""
    return Breaker() if breaker.failures or breaker.is_open else breaker


def failed(breaker: Breaker, *, now: int) -> Breaker:
    """Return the breaker after a failure; a failed probe opens it again at once."""
    failures = (*(one for one in breaker.failures if one > now - WITHIN_MS), now)
    if breaker.is_open or len(failures) >= FAILURES:
        return Breaker(failures, now + OPEN_MS)
    return Breaker(failures)
