"""Speaks OpenAI's chat protocol on this machine, faults included."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.standins.answering import answer_for

Json = dict[str, Any]
Send = Callable[[Json], Awaitable[None]]


@dataclass
class OpenAIStandin:
    """The server's state; ``script`` as with the Gemini stand-in."""

    script: deque[str] = field(default_factory=deque)
    requests: list[Json] = field(default_factory=list)
    cancelled: int = 0

    @property
    def wire(self) -> str:
        """Return everything that was sent, as one text."""
        return "\n".join(json.dumps(one, ensure_ascii=False) for one in self.requests)

    async def __call__(
        self, scope: Mapping[str, Any], receive: Callable[[], Awaitable[Json]], send: Send
    ) -> None:
        """Answer one request (ASGI)."""
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if not scope["path"].endswith("/chat/completions"):
            await _answer(send, 404, _error("no such path", "not_found"))
            return
        asked = json.loads(body)
        self.requests.append(asked)
        step = self.script.popleft() if self.script else ""
        if await self._fault(step, send, receive):
            return
        if asked.get("stream"):
            await _stream(send, asked, step)
            return
        await _answer(send, 200, _completion(asked, step))

    async def _fault(self, step: str, send: Send, receive: Callable[[], Awaitable[Json]]) -> bool:
        match step:
            case "429":
                headers = [(b"retry-after", b"7")]
                await _answer(send, 429, _error("slow down", "rate_limit_exceeded"), headers)
            case "429 day":
                await _answer(send, 429, _error("spent", "insufficient_quota"))
            case "503":
                await _answer(send, 503, _error("overloaded", "overloaded"))
            case "400":
                await _answer(send, 400, _error("bad", "invalid_request_error"))
            case "403":
                await _answer(send, 403, _error("no", "permission_denied"))
            case "404":
                await _answer(send, 404, _error("no such model", "model_not_found"))
            case "garbage":
                await _raw(send, 200, b"<html>a proxy says no</html>", b"text/html")
            case "slow":
                while (await receive())["type"] != "http.disconnect":
                    await asyncio.sleep(0)
                self.cancelled += 1
            case _:
                return False
        return True


def _completion(asked: Json, step: str) -> Json:
    finish = step.removeprefix("finish:") if step.startswith("finish:") else "stop"
    said = step.removeprefix("text:") if step.startswith("text:") else _said(asked)
    message = {"role": "assistant", "content": said}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": asked["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": _usage(),
    }


def _usage() -> Json:
    return {
        "prompt_tokens": 100,
        "completion_tokens": 25,
        "total_tokens": 125,
        "prompt_tokens_details": {"cached_tokens": 3},
        "completion_tokens_details": {"reasoning_tokens": 5},
    }


def _said(asked: Json) -> str:
    parts = [one for message in asked["messages"] for one in _parts(message["content"])]
    schema = (asked.get("response_format") or {}).get("json_schema", {}).get("schema")
    return json.dumps(answer_for(schema, "\n".join(parts))) if schema else "An answer in words."


def _parts(content: Any) -> list[str]:
    return [content] if isinstance(content, str) else [one.get("text", "") for one in content]


async def _stream(send: Send, asked: Json, step: str) -> None:
    whole = _completion(asked, step)
    said = whole["choices"][0]["message"]["content"]
    third = max(1, len(said) // 3)
    pieces = [said[at : at + third] for at in range(0, len(said), third)]
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0}
    base["model"] = asked["model"]
    for number, piece in enumerate(pieces):
        if step == "cut" and number == 1:
            msg = "cut on purpose"
            raise ConnectionResetError(msg)
        await _event(send, {**base, "choices": [{"index": 0, "delta": {"content": piece}}]})
    finish = whole["choices"][0]["finish_reason"]
    last = {"index": 0, "delta": {}, "finish_reason": finish}
    await _event(send, {**base, "choices": [last]})
    await _event(send, {**base, "choices": [], "usage": _usage()})
    done = b"data: [DONE]\n\n"
    await send({"type": "http.response.body", "body": done, "more_body": False})


async def _event(send: Send, data: Json) -> None:
    line = f"data: {json.dumps(data)}\n\n".encode()
    await send({"type": "http.response.body", "body": line, "more_body": True})


def _error(message: str, code: str) -> Json:
    return {"error": {"message": message, "type": code, "code": code, "param": None}}


async def _answer(
    send: Send, status: int, data: Json, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    await _raw(send, status, json.dumps(data).encode(), b"application/json", headers)


async def _raw(
    send: Send,
    status: int,
    body: bytes,
    media_type: bytes,
    headers: list[tuple[bytes, bytes]] | None = None,
) -> None:
    told = [(b"content-type", media_type), *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})
