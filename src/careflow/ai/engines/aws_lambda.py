"""The local methods, run by a function of the clinic's own at AWS Lambda.

What is sent has passed the privacy gateway; what comes back is looked at like a stranger's answer.
Facts about the client: boto3 1.44, tried against a server that speaks the Invoke API, 2026-11.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

import boto3
from botocore import exceptions as aws
from botocore.config import Config
from botocore.parsers import ResponseParserError

from careflow.ai.call import Call
from careflow.ai.engine import Answer, Serving
from careflow.ai.errand import NotAReportError, Report, answer_in, errand, report_in
from careflow.ai.model import (
    AnswerUnusableError,
    ModelRefusedError,
    ModelUnreachableError,
    RateLimitedError,
)
from careflow.ai.policy import Route
from careflow.ai.task import AbstainedError, Given, NoEngineError, Task, TooLargeToSendError
from careflow.clock import Clock

O = TypeVar("O")  # noqa: E741 - output
Sleep = Callable[[float], Awaitable[None]]

log = logging.getLogger(__name__)

PAYLOAD_BYTES_MAX = 6 * 1024 * 1024
"""Of an invocation that is waited for, there and back (docs.aws.amazon.com, Lambda quotas)."""

_TRIES = 4
_BACKOFF_S = 0.2
_AT_ONCE = 16
_TOO_LARGE, _THROTTLED, _SERVER_FAULT = 413, 429, 500
_NOT_NOW = frozenset({408, 409})
"""The function is being made ready or changed."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """How long is waited, in seconds.

    Attributes:
        connect: For a connection.
        answer: For the method and the way back.
        cold: More, because the function may have to be started first.
        altogether: For everything, with what is tried again.
    """

    connect: float = 3.0
    answer: float = 20.0
    cold: float = 10.0
    altogether: float = 45.0


class _NotBegunError(ModelUnreachableError):
    """No connection came about, so nothing was begun and asking again does no harm."""


class LambdaEngine:
    """Sends tasks to one function.

    A thread is held for each task on its way; the client has no other form.
    """

    def __init__(
        self,
        function: str,
        *,
        tasks: Collection[str],
        clock: Clock,
        region: str | None = None,
        endpoint_url: str | None = None,
        budgets: Budgets = Budgets(),
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Take note of the function; nothing is called and no key is looked for.

        Args:
            function: Name or ARN, with an alias or version if wanted.
            tasks: What it has methods for; a function that lacks one says so when it is asked.
            clock: Tells whether a call's deadline has come.
            region: Instead of the ARN's or the machine's own.
            endpoint_url: Another address than AWS's own.
            budgets: How long is waited.
            sleep: Waits between tries.
        """
        self._function, self._tasks = function, frozenset(tasks)
        self._region = region or region_of(function)
        self._endpoint_url, self._budgets = endpoint_url, budgets
        self._clock, self._sleep = clock, sleep
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="lambda")
        self._making = Lock()
        self._made: Any = None

    @property
    def name(self) -> str:
        """Return ``lambda``."""
        return "lambda"

    @property
    def route(self) -> Route:
        """Return that it leaves this machine for rules and tables; no model is asked."""
        return Route(self.name, asks_model=False)

    def serving(self, task: str) -> Serving:
        """Report whether the function has a method for the task, by what it was built from."""
        if task in self._tasks:
            return Serving(self.name, available=True)
        reason = "the function has no method for this task"
        return Serving(self.name, available=False, reason=reason)

    async def answer(self, task: Task[O], given: Given, call: Call) -> Answer[O]:
        """Send the task and wait; only what was not begun is sent again.

        Raises:
            NoEngineError: The function has no method for the task.
            TooLargeToSendError: The input is beyond what an invocation takes.
            AbstainedError: The method cannot say.
            RateLimitedError: AWS runs no more of it now.
            ModelUnreachableError: It did not answer, or ended before it had.
            ModelRefusedError: AWS or the function does not take what it is sent.
            AnswerUnusableError: What came back is no answer to this task.
        """
        if task.name not in self._tasks:
            raise NoEngineError("the function has no method for this task")
        if given.text is None and (given.file is not None or given.pages):
            raise NoEngineError("files are not sent to the function")
        payload = errand(task, given)
        if len(payload) > PAYLOAD_BYTES_MAX:
            raise TooLargeToSendError
        latest = self._clock() + timedelta(seconds=self._budgets.altogether)
        if call.deadline is not None:
            latest = min(latest, call.deadline)
        left = (latest - self._clock()).total_seconds()
        if left <= 0:
            raise ModelUnreachableError
        try:
            async with asyncio.timeout(left):
                said = await self._tried(payload, latest)
        except TimeoutError as error:
            # The thread ends by its own time-out; what it hears then is nobody's any more.
            raise ModelUnreachableError from error
        return self._answer(said, task, given)

    async def close(self) -> None:
        """Let go of connections; what is still on its way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._made is not None:
            self._made.close()

    def _answer(self, said: bytes, task: Task[O], given: Given) -> Answer[O]:
        try:
            report = report_in(said)
            _require_answered(report)
            return answer_in(report, task, given, engine=self.name)
        except NotAReportError as error:
            log.warning("function answered out of form", extra={"task": task.name})
            raise AnswerUnusableError from error

    async def _tried(self, payload: bytes, latest: datetime) -> bytes:
        loop = asyncio.get_running_loop()
        for attempt in range(1, _TRIES + 1):
            try:
                return await loop.run_in_executor(self._threads, self._invoked, payload)
            except (RateLimitedError, _NotBegunError) as error:
                # Spread, so that those who were turned away together do not come back together.
                pause = random.uniform(0, _BACKOFF_S * 2**attempt)  # noqa: S311 - no secret
                pause += error.retry_after.total_seconds() if error.retry_after else 0.0
                if attempt == _TRIES or self._clock() + timedelta(seconds=pause) >= latest:
                    raise
                await self._sleep(pause)
        raise AssertionError  # the last try returns or raises

    def _invoked(self, payload: bytes) -> bytes:
        """Return what the function said; in a thread."""
        try:
            reply = self._client().invoke(FunctionName=self._function, Payload=payload)
            said = _whole(reply["Payload"])
        except aws.ClientError as error:
            raise _fault(error) from error
        except (aws.ConnectTimeoutError, aws.EndpointConnectionError) as error:
            raise _NotBegunError from error
        except (aws.HTTPClientError, aws.IncompleteReadError, OSError) as error:
            raise ModelUnreachableError from error
        except ResponseParserError as error:
            raise AnswerUnusableError from error
        except aws.BotoCoreError as error:
            # No key, no region, a name that is none: facts of this machine, told by their kind.
            raise ModelRefusedError(type(error).__name__) from error
        if reply.get("FunctionError"):
            log.warning("function failed", extra={"fault": reply["FunctionError"]})
            raise ModelUnreachableError
        return said

    def _client(self) -> Any:  # noqa: ANN401 - boto3 makes its classes when asked
        with self._making:
            if self._made is None:
                self._made = boto3.session.Session().client(
                    "lambda",
                    region_name=self._region,
                    endpoint_url=self._endpoint_url,
                    config=Config(
                        connect_timeout=self._budgets.connect,
                        read_timeout=self._budgets.answer + self._budgets.cold,
                        max_pool_connections=_AT_ONCE,
                        retries={"total_max_attempts": 1},
                    ),
                )
            return self._made


def _whole(body: Any) -> bytes:  # noqa: ANN401 - the client's stream
    """Return what was said, no more of it than can be an answer; one that broke off is none."""
    said: bytes = body.read(PAYLOAD_BYTES_MAX + 1)
    if len(said) <= PAYLOAD_BYTES_MAX:
        # Only a read to the end looks whether all of it has come.
        said += body.read()
    return said


def region_of(function: str) -> str | None:
    """Return the region that an ARN names; a bare name tells none."""
    parts = function.split(":")
    return parts[3] if parts[0] == "arn" and len(parts) > 3 else None


def _require_answered(report: Report) -> None:
    match report.ended:
        case "abstained":
            raise AbstainedError(report.reason)
        case "no-method":
            raise ModelRefusedError("the function has no method for this task")
        case "unreadable" | "other-form":
            raise ModelRefusedError("the function is of another version")
        case "ok":
            return


def _fault(error: aws.ClientError) -> Exception:
    meta: Any = error.response.get("ResponseMetadata", {})
    status, code = meta.get("HTTPStatusCode", 0), str(error.response.get("Error", {}).get("Code"))
    if status == _THROTTLED:
        return RateLimitedError(retry_after=_pause(error, meta))
    if status == _TOO_LARGE:
        return TooLargeToSendError()
    if status in _NOT_NOW or status >= _SERVER_FAULT:
        return ModelUnreachableError()
    return ModelRefusedError(code)


def _pause(error: aws.ClientError, meta: Any) -> timedelta | None:  # noqa: ANN401
    told: Any = error.response.get("retryAfterSeconds") or meta.get("HTTPHeaders", {}).get(
        "retry-after"
    )
    try:
        return timedelta(seconds=float(told)) if told else None
    except (ValueError, OverflowError):
        return None
