"""AWS Lambda on this machine: the Invoke API for boto3, the Runtime API for a real function.

    python -m tests.standins.lambda_runtime --port 9092 [--log function.log]

The function is a process of AWS's own client (awslambdaric) that is started with the first
invocation, stays warm, and is started again after it died. asyncio sets TCP_NODELAY on every
connection; without it each event would wait 40 ms for an acknowledgement.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from careflow.ids import mint
from tests.standins.serving import serving

Json = dict[str, Any]
Receive = Callable[[], Awaitable[Json]]
Send = Callable[[Json], Awaitable[None]]
Headers = Mapping[str, str]
HANDLER = "careflow.workers.lambda_handler.handle"
FUNCTION = "careflow-tasks"
_ROOT = Path(__file__).resolve().parent.parent.parent
_INVOKE = re.compile(r"/2015-03-31/functions/(?P<name>[^/]+)/invocations$")
_RUNTIME = re.compile(r"/2018-06-01/runtime/invocation/(?P<id>[^/]+)/(?P<verb>response|error)$")
_NEXT = "/2018-06-01/runtime/invocation/next"
_INIT_ERROR = "/2018-06-01/runtime/init/error"
_LOOK_S = 0.02
_KNOWN = {
    "404": (404, "ResourceNotFoundException"),
    "403": (403, "AccessDeniedException"),
    "413": (413, "RequestTooLargeException"),
    "409": (409, "ResourceConflictException"),
    "500": (500, "ServiceException"),
    "429": (429, "TooManyRequestsException"),
}


@dataclass
class LambdaStandin:
    """The service's state.

    Attributes:
        handler: What the function runs.
        script: What the next invocations meet, in order; then each is run. A status by number
            (``"429"``, ``"429 in 7"`` with a pause to keep), ``"slow"`` (never answers), ``"cut"``
            (an answer that breaks off), ``"proxy"`` (a page of HTML), ``"dies"`` (the function is
            killed with the event in its hands), ``"time-out"``, or ``"text:…"`` to say exactly
            that in the function's place.
        log: File for what the function prints.
        events: Bodies of every invocation, as they came over the wire.
        starts: How often the function was started.
        begun: Invocations that reached the function.
    """

    handler: str = HANDLER
    function: str = FUNCTION
    script: deque[str] = field(default_factory=deque)
    log: Path | None = None
    events: list[bytes] = field(default_factory=list)
    starts: int = 0
    begun: int = 0
    cancelled: int = 0
    address: str = ""
    process: subprocess.Popen[bytes] | None = None
    _due: asyncio.Queue[tuple[str, bytes, str]] | None = None
    _reports: dict[str, asyncio.Future[tuple[str, bytes]]] = field(default_factory=dict)

    @property
    def wire(self) -> str:
        """Return everything that was sent, as one text."""
        return b"\n".join(self.events).decode()

    def stop(self) -> None:
        """End the function."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=10)
            self.process = None

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        path = scope["path"]
        if path == _NEXT:
            await self._next(receive, send)
        elif found := _RUNTIME.search(path):
            self._reported(found["id"], found["verb"], await _body(receive))
            await _said(send, 202, {"status": "OK"})
        elif path == _INIT_ERROR:
            await _body(receive)
            await _said(send, 202, {"status": "OK"})
        elif found := _INVOKE.search(path):
            await self._invoked(scope, found["name"], receive, send)
        else:
            await _said(send, 404, {"message": "no such path"})

    # --- the Runtime API: what the function sees -------------------------------------------

    async def _next(self, receive: Receive, send: Send) -> None:
        due = asyncio.ensure_future(self._queue().get())
        gone = asyncio.ensure_future(_disconnected(receive))
        await asyncio.wait({due, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not due.done():
            due.cancel()
            return
        id, event, step = due.result()
        self.begun += 1
        headers = {
            "lambda-runtime-aws-request-id": id,
            "lambda-runtime-deadline-ms": str(round(time.time() * 1000) + 30_000),
            "lambda-runtime-invoked-function-arn": f"arn:aws:lambda:x:1:function:{self.function}",
            "lambda-runtime-trace-id": "Root=1-0-0;Sampled=0",
            "content-type": "application/json",
            "content-length": str(len(event)),
        }
        await _start(send, 200, headers)
        if step == "dies":
            self.stop()
        await send({"type": "http.response.body", "body": event})

    def _reported(self, id: str, verb: str, body: bytes) -> None:
        waiting = self._reports.get(id)
        if waiting is not None and not waiting.done():
            waiting.set_result((verb, body))

    def _queue(self) -> asyncio.Queue[tuple[str, bytes, str]]:
        if self._due is None:
            self._due = asyncio.Queue()
        return self._due

    def _running(self, server: tuple[str, int]) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            # An event that a dead function left behind is not the next one's.
            self._due = None
            self.starts += 1
            out = subprocess.DEVNULL if self.log is None else self.log.open("ab")
            self.process = subprocess.Popen(
                [sys.executable, "-m", "awslambdaric", self.handler],
                cwd=_ROOT,
                env={
                    "PATH": os.defpath,
                    "PYTHONPATH": str(_ROOT / "src"),
                    "AWS_LAMBDA_RUNTIME_API": f"{server[0]}:{server[1]}",
                    "AWS_LAMBDA_FUNCTION_NAME": self.function,
                    "AWS_LAMBDA_FUNCTION_VERSION": "1",
                    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
                },
                stdout=out,
                stderr=out,
            )
            if not isinstance(out, int):
                out.close()
        return self.process

    # --- the Invoke API: what boto3 sees ---------------------------------------------------

    async def _invoked(
        self, scope: Mapping[str, Any], name: str, receive: Receive, send: Send
    ) -> None:
        event = await _body(receive)
        headers = {key.decode().lower(): value.decode() for key, value in scope["headers"]}
        if not headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
            await _refused(send, 403, "MissingAuthenticationTokenException")
            return
        self.events.append(event)
        step = self.script.popleft() if self.script else ""
        if name != self.function:
            step = "404"
        if not await self._fault(step, receive, send):
            await _reply(send, *await self._run(event, step, tuple(scope["server"])))

    async def _fault(self, step: str, receive: Receive, send: Send) -> bool:
        kind, _, pause = step.partition(" in ")
        if kind in _KNOWN:
            await _refused(send, *_KNOWN[kind], pause=pause)
        elif step == "slow":
            await _disconnected(receive)
            self.cancelled += 1
        elif step == "cut":
            await _start(send, 200, {"content-length": "1000"})
            await send({"type": "http.response.body", "body": b'{"form":', "more_body": True})
            msg = "cut on purpose"
            raise ConnectionResetError(msg)
        elif step == "proxy":
            await _start(send, 502, {"content-type": "text/html"})
            await send({"type": "http.response.body", "body": b"<html>a proxy says no</html>"})
        elif step == "time-out":
            said = {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 30.00 s"}
            await _reply(send, "error", json.dumps(said).encode())
        elif step.startswith("text:"):
            await _reply(send, "response", step.removeprefix("text:").encode())
        else:
            return False
        return True

    async def _run(self, event: bytes, step: str, server: tuple[str, int]) -> tuple[str, bytes]:
        """Return what became of an event: ``response`` or ``error``, and its words."""
        process = self._running(server)
        id = mint()
        waiting: asyncio.Future[tuple[str, bytes]] = asyncio.get_running_loop().create_future()
        self._reports[id] = waiting
        self._queue().put_nowait((id, event, step))
        while not waiting.done():
            await asyncio.wait({waiting}, timeout=_LOOK_S)
            if process.poll() is not None and not waiting.done():
                said = {"errorType": "Runtime.ExitError", "errorMessage": f"RequestId: {id} Error"}
                waiting.set_result(("error", json.dumps(said).encode()))
        del self._reports[id]
        return waiting.result()


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        await asyncio.sleep(0)


async def _start(send: Send, status: int, headers: Headers) -> None:
    told = [(key.encode(), value.encode()) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": told})


async def _said(send: Send, status: int, data: Json, more: Headers | None = None) -> None:
    await _start(send, status, {"content-type": "application/json", **(more or {})})
    await send({"type": "http.response.body", "body": json.dumps(data).encode()})


async def _reply(send: Send, verb: str, body: bytes) -> None:
    failed = {"x-amz-function-error": "Unhandled"} if verb == "error" else {}
    headers = {"content-type": "application/json", "x-amz-executed-version": "1", **failed}
    await _start(send, 200, headers)
    await send({"type": "http.response.body", "body": body})


async def _refused(send: Send, status: int, kind: str, *, pause: str = "") -> None:
    headers = {"x-amzn-errortype": kind, **({"retry-after": pause} if pause else {})}
    data = {"Type": "User", "Message": "as asked for by the test"}
    await _said(send, status, data, headers)


@contextmanager
def lambda_standin(standin: LambdaStandin, *, port: int = 0) -> Iterator[str]:
    """Yield the address of the service, and end service and function after."""
    try:
        with serving(standin, port=port) as address:
            standin.address = address
            try:
                yield address
            finally:
                standin.stop()
    finally:
        standin.stop()


def keys_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set keys for signing that open nothing anywhere."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    arguments = parser.parse_args()
    with lambda_standin(LambdaStandin(log=arguments.log), port=arguments.port) as address:
        print(address, flush=True)
        while True:
            time.sleep(60)


if __name__ == "__main__":
    main()
