"""Speaks the Gemini REST protocol on this machine: generate, stream, count, and their faults.

    python -m tests.standins.gemini --port 9090 --log wire.jsonl [--rpm 15]

Every request body is kept, so that a test can look for what must not have left. What the next
requests meet is set by :attr:`GeminiStandin.script`: a fault by name, or a reply.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.standins.answering import answer_for
from tests.standins.serving import serving

Json = dict[str, Any]
Send = Callable[[Json], Awaitable[None]]
RETIRED = frozenset({"gemini-1.5-flash", "gemini-1.5-pro", "gemini-2.0-flash"})
_PATH = re.compile(r"/models/(?P<model>[^:/]+):(?P<verb>\w+)$")
_MINUTE_S = 60.0


@dataclass
class GeminiStandin:
    """The server's state.

    Attributes:
        script: What the next requests meet, in order; then every request is answered.
            ``"429"``, ``"429 day"``, ``"503"``, ``"blocked"``, ``"cut"`` (a stream that breaks),
            ``"slow"`` (never answers), ``"garbage"``, ``"finish:SAFETY"`` or any other reason, or
            ``"text:..."`` to say exactly that.
        rpm: Requests a minute; more are answered with 429.
        clock: Seconds, for ``rpm``.
    """

    script: deque[str] = field(default_factory=deque)
    rpm: int | None = None
    clock: Callable[[], float] = time.monotonic
    log: Path | None = None
    requests: list[Json] = field(default_factory=list)
    refused: int = 0
    cancelled: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def wire(self) -> str:
        """Return everything that was sent, as one text."""
        return "\n".join(json.dumps(one, ensure_ascii=False) for one in self.requests)

    async def __call__(
        self, scope: Mapping[str, Any], receive: Callable[[], Awaitable[Json]], send: Send
    ) -> None:
        """Answer one request (ASGI)."""
        body = await _body(receive)
        found = _PATH.search(scope["path"])
        if scope["method"] != "POST" or found is None:
            await _answer(send, 404, _error(404, "NOT_FOUND", "no such path"))
            return
        asked = json.loads(body)
        self._keep({"path": scope["path"], "body": asked})
        if found["model"] in RETIRED:
            gone = f"models/{found['model']} is not found for API version v1"
            await _answer(send, 404, _error(404, "NOT_FOUND", gone))
            return
        if found["verb"] == "countTokens":
            await _answer(send, 200, {"totalTokens": _tokens(asked)})
            return
        if self._is_over_quota():
            await self._refuse(send, per_day=False)
            return
        step = self.script.popleft() if self.script else ""
        if await self._fault(step, send, receive):
            return
        if found["verb"] == "streamGenerateContent":
            await self._stream(send, asked, found["model"], step)
        else:
            await _answer(send, 200, _reply(asked, found["model"], step))

    def _keep(self, entry: Json) -> None:
        self.requests.append(entry)
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as out:
                out.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def _is_over_quota(self) -> bool:
        now = self.clock()
        self.times.append(now)
        recent = [one for one in self.times if one > now - _MINUTE_S]
        return self.rpm is not None and len(recent) > self.rpm

    async def _refuse(self, send: Send, *, per_day: bool) -> None:
        self.refused += 1
        per = "PerDay" if per_day else "PerMinute"
        quota = {"quotaId": f"GenerateRequests{per}PerProjectPerModel-FreeTier"}
        details: list[Json] = [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [quota]},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"},
        ]
        await _answer(send, 429, _error(429, "RESOURCE_EXHAUSTED", "quota", details))

    async def _fault(self, step: str, send: Send, receive: Callable[[], Awaitable[Json]]) -> bool:
        match step:
            case "429" | "429 day":
                await self._refuse(send, per_day=step.endswith("day"))
            case "503":
                await _answer(send, 503, _error(503, "UNAVAILABLE", "overloaded"))
            case "400":
                await _answer(send, 400, _error(400, "INVALID_ARGUMENT", "bad"))
            case "403":
                await _answer(send, 403, _error(403, "PERMISSION_DENIED", "API key not valid"))
            case "garbage":
                await _raw(send, 200, b"<html>a proxy says no</html>", "text/html")
            case "slow":
                while (await receive())["type"] != "http.disconnect":
                    await asyncio.sleep(0)
                self.cancelled += 1
            case _:
                return False
        return True

    async def _stream(self, send: Send, asked: Json, model: str, step: str) -> None:
        whole = _reply(asked, model, step)
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, chunk in enumerate(_chunks(whole)):
            if step == "cut" and number == 1:
                # An error here ends the connection in the middle of the answer.
                msg = "cut on purpose"
                raise ConnectionResetError(msg)
            data = f"data: {json.dumps(chunk)}\r\n\r\n".encode()
            await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _reply(asked: Json, model: str, step: str) -> Json:
    usage = {
        "promptTokenCount": _tokens(asked),
        "candidatesTokenCount": 20,
        "thoughtsTokenCount": 5,
        "cachedContentTokenCount": 3,
        "totalTokenCount": _tokens(asked) + 25,
    }
    if step == "blocked":
        feedback = {"blockReason": "SAFETY"}
        return {"promptFeedback": feedback, "usageMetadata": usage, "modelVersion": model}
    finish = step.removeprefix("finish:") if step.startswith("finish:") else "STOP"
    said = step.removeprefix("text:") if step.startswith("text:") else _said(asked)
    content = {"role": "model", "parts": [{"text": "hm", "thought": True}, {"text": said}]}
    return {
        "candidates": [{"content": content, "finishReason": finish, "index": 0}],
        "usageMetadata": usage,
        "modelVersion": model,
    }


def _chunks(whole: Json) -> list[Json]:
    """Cut a reply into pieces; the last one has the ending and the usage."""
    candidates = whole.get("candidates")
    if not candidates:
        return [whole]
    said = candidates[0]["content"]["parts"][-1]["text"]
    third = max(1, len(said) // 3)
    pieces = [said[at : at + third] for at in range(0, len(said), third)] or [""]
    chunks: list[Json] = [
        {"candidates": [{"content": {"role": "model", "parts": [{"text": piece}]}, "index": 0}]}
        for piece in pieces
    ]
    chunks[-1]["candidates"][0]["finishReason"] = candidates[0]["finishReason"]
    chunks[-1]["usageMetadata"] = whole["usageMetadata"]
    chunks[-1]["modelVersion"] = whole["modelVersion"]
    return chunks


def _said(asked: Json) -> str:
    texts = [
        part.get("text", "") for one in asked.get("contents", []) for part in one.get("parts", [])
    ]
    schema = asked.get("generationConfig", {}).get("responseJsonSchema")
    if schema is None:
        return "An answer in words."
    return json.dumps(answer_for(schema, "\n".join(texts)))


def _tokens(asked: Json) -> int:
    return len(json.dumps(asked)) // 4


def _error(code: int, status: str, message: str, details: list[Json] | None = None) -> Json:
    error: Json = {"code": code, "message": message, "status": status}
    return {"error": {**error, "details": details} if details else error}


async def _body(receive: Callable[[], Awaitable[Json]]) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


async def _answer(send: Send, status: int, data: Json) -> None:
    await _raw(send, status, json.dumps(data).encode(), "application/json")


async def _raw(send: Send, status: int, body: bytes, media_type: str) -> None:
    headers = [(b"content-type", media_type.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--rpm", type=int)
    arguments = parser.parse_args()
    standin = GeminiStandin(rpm=arguments.rpm, log=arguments.log)
    with serving(standin, port=arguments.port) as address:
        print(address, flush=True)
        while True:
            time.sleep(60)


if __name__ == "__main__":
    main()
