"""Asks a model within quota, budget and time, once for each question, and counts what it took."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from careflow.ai.call import Call
from careflow.ai.governor.ledger import Admission, Ledger
from careflow.ai.governor.memory import Memory
from careflow.ai.governor.metering import Ending, entry_of
from careflow.ai.governor.prices import Prices
from careflow.ai.model import (
    Model,
    ModelRefusedError,
    ModelReply,
    ModelRequest,
    ModelRetiredError,
    ModelUnreachableError,
    RateLimitedError,
    Tokens,
)
from careflow.clock import Clock
from careflow.errors import CareFlowError
from careflow.ids import Mint

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]

TRIES = 4
ALTOGETHER: timedelta = timedelta(minutes=2)
"""How long someone who looks at a screen may have to wait, retries included."""

ALTOGETHER_BATCH: timedelta = timedelta(minutes=30)
ONCE: timedelta = timedelta(seconds=60)
_BACKOFF_S = 1.0
_BACKOFF_MAX_S = 30.0

_ENDINGS: tuple[tuple[type[CareFlowError], Ending], ...] = (
    (RateLimitedError, "limited"),
    (ModelUnreachableError, "unreachable"),
    (ModelRetiredError, "refused"),
    (ModelRefusedError, "refused"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on its way."""

    model: Model
    request: ModelRequest
    call: Call
    prompt: str
    latest: datetime

    @property
    def id(self) -> str:
        """Return the id of the model that is asked."""
        return self.model.id_of(self.request.role)

    @property
    def name(self) -> str:
        """Return the name under which quota and breaker are kept."""
        return f"{self.model.engine}/{self.id}"


@dataclass(slots=True)
class Governor:
    """Stands between every engine and its models."""

    ledger: Ledger
    memory: Memory
    clock: Clock
    mint: Mint
    prices: dict[str, Prices] = field(default_factory=dict)
    sleep: Sleep = asyncio.sleep
    random: Random = field(default_factory=Random)

    async def ask(
        self, model: Model, request: ModelRequest, call: Call, *, prompt: str
    ) -> ModelReply:
        """Return a model's reply, kept or fresh.

        Raises:
            careflow.ai.governor.quota.QuotaForTodayError: No request is left today.
            careflow.ai.governor.ledger.QuotaBusyError: No place comes free in time.
            careflow.ai.governor.budget.BudgetSpentError: It does not fit into a budget.
            careflow.ai.governor.breaker.BreakerOpenError: The engine is left alone for now.
            careflow.ai.model.ModelUnreachableError: No whole answer came, however often asked.
            careflow.ai.model.RateLimitedError: The provider's quota is used up after all.
            careflow.ai.model.ModelRetiredError: The model is no longer served.
            careflow.ai.model.ModelRefusedError: The request itself is refused.
        """
        asked = Asked(model, request, call, prompt, self._latest(call))
        key = self.memory.key(asked.name, request, call, prompt)
        return await self.memory.once(key, call, lambda: self._tried(asked))

    async def stream(
        self, model: Model, request: ModelRequest, call: Call, *, prompt: str
    ) -> AsyncGenerator[str | ModelReply, None]:
        """Yield a reply as it comes, whole at last; nothing is retried once words have come."""
        asked = Asked(model, request, call, prompt, self._latest(call))
        admission, wait_ms = await self._admitted(asked)
        begun = self.clock()
        reply: ModelReply | None = None
        error: BaseException | None = None
        try:
            async for piece in model.stream(request, within=self._within(asked)):
                if isinstance(piece, ModelReply):
                    reply = piece
                yield piece
        except BaseException as raised:
            error = raised
            raise
        finally:
            # Whoever leaves early has cancelled it over there; it is counted all the same.
            await self._settle(
                asked, admission, reply=reply, error=error, begun=begun, wait_ms=wait_ms
            )

    # --- one question ----------------------------------------------------------------------

    async def _tried(self, asked: Asked) -> ModelReply:
        for attempt in range(1, TRIES + 1):
            try:
                return await self._once(asked)
            except (RateLimitedError, ModelUnreachableError) as error:
                pause = self._pause(error, attempt)
                late = self.clock() + timedelta(seconds=pause) >= asked.latest
                if attempt == TRIES or late or _is_for_today(error):
                    raise
                log.info("model asked again", extra={"model": asked.name, "code": error.code})
                await self.sleep(pause)
        raise AssertionError  # the last try returns or raises

    async def _once(self, asked: Asked) -> ModelReply:
        admission, wait_ms = await self._admitted(asked)
        begun = self.clock()
        try:
            reply = await self._reply(asked)
        except BaseException as error:
            await self._settle(asked, admission, error=error, begun=begun, wait_ms=wait_ms)
            raise
        await self._settle(asked, admission, reply=reply, begun=begun, wait_ms=wait_ms)
        return reply

    async def _reply(self, asked: Asked) -> ModelReply:
        """Return a whole reply; someone who waits hears how long it is as it comes."""
        progress, within = asked.call.progress, self._within(asked)
        if not progress.follows_writing:
            return await asked.model.generate(asked.request, within=within)
        written = 0
        async with aclosing(asked.model.stream(asked.request, within=within)) as pieces:
            async for piece in pieces:
                if isinstance(piece, ModelReply):
                    return piece
                if not written:
                    await progress.step("writing", engine=asked.model.engine)
                written += len(piece)
                await progress.written(written)
        raise ModelUnreachableError

    async def _admitted(self, asked: Asked) -> tuple[Admission, int]:
        now = self.clock()
        tokens_in = await asked.model.count(asked.request)
        prices = self.prices.get(asked.model.engine, Prices())
        tokens_out = asked.request.tokens_max
        worst = prices.worst(asked.id, tokens_in=tokens_in, tokens_out=tokens_out, on=now.date())
        admission = Admission(
            id=self.mint(),
            model=asked.name,
            call=asked.call,
            tokens=tokens_in + tokens_out,
            cost=worst,
            latest=asked.latest,
        )
        at = await self.ledger.admit(admission)
        wait_ms = round((at - self.clock()).total_seconds() * 1000)
        if wait_ms > 0:
            await self.sleep(wait_ms / 1000)
        return admission, max(0, wait_ms)

    async def _settle(
        self,
        asked: Asked,
        admission: Admission,
        *,
        begun: datetime,
        wait_ms: int,
        reply: ModelReply | None = None,
        error: BaseException | None = None,
    ) -> None:
        """Count what it took; a failure that the provider may have charged for counts as nothing.

        What was read over there before a connection broke is not known here.
        """
        now = self.clock()
        tokens = reply.tokens if reply else Tokens()
        prices = self.prices.get(asked.model.engine, Prices())
        cost = prices.cost(asked.id, tokens, now.date()) if reply else 0
        meter = entry_of(
            asked.call,
            id=admission.id,
            at=now,
            engine=asked.model.engine,
            model=reply.model if reply else asked.id,
            prompt=asked.prompt,
            ending=_ending(reply, error),
            tokens=tokens,
            cost=cost,
            wait_ms=wait_ms,
            took_ms=round((now - begun).total_seconds() * 1000),
        )
        await self.ledger.settle(
            admission,
            tokens=tokens.input + tokens.output + tokens.thinking,
            cost=cost,
            meter=meter,
            failed=isinstance(error, ModelUnreachableError),
        )
        if isinstance(error, RateLimitedError):
            pause = error.retry_after or timedelta(seconds=_BACKOFF_S)
            await self.ledger.pause(admission, until=now + pause, today=error.per_day)

    # --- time ------------------------------------------------------------------------------

    def _latest(self, call: Call) -> datetime:
        altogether = ALTOGETHER if call.priority == "waiting" else ALTOGETHER_BATCH
        latest = self.clock() + altogether
        return latest if call.deadline is None else min(latest, call.deadline)

    def _within(self, asked: Asked) -> timedelta:
        return max(timedelta(seconds=1), min(ONCE, asked.latest - self.clock()))

    def _pause(self, error: RateLimitedError | ModelUnreachableError, attempt: int) -> float:
        """Return how long to wait: what the provider asked for, or full jitter."""
        longest = min(_BACKOFF_MAX_S, _BACKOFF_S * 2 ** (attempt - 1))
        jitter = self.random.uniform(0, longest)
        asked_for = error.retry_after.total_seconds() if error.retry_after else 0.0
        return asked_for + jitter


def _is_for_today(error: CareFlowError) -> bool:
    return isinstance(error, RateLimitedError) and error.per_day


def _ending(reply: ModelReply | None, error: BaseException | None) -> Ending:
    if reply is not None and reply.finish == "done":
        return "done"
    return next((ending for kind, ending in _ENDINGS if isinstance(error, kind)), "stopped")
