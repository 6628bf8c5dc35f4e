"""Any server that speaks OpenAI's chat protocol: vLLM, Ollama, llama.cpp, or a provider's.

Facts about the client: openai 3.57, tried against a server that speaks the protocol, 2026-11.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import openai
from openai.types.chat import ChatCompletion

from careflow.ai.model import (
    Finish,
    Media,
    ModelRefusedError,
    ModelReply,
    ModelRequest,
    ModelRetiredError,
    ModelUnreachableError,
    Part,
    RateLimitedError,
    Role,
    Text,
    Tokens,
    estimated_tokens,
)

_FINISHES: Mapping[str, Finish] = {
    "stop": "done",
    "length": "length",
    "content_filter": "safety",
}
_NOT_FOUND, _SERVER_FAULT = 404, 500
_TIMEOUTS = frozenset({408, 409})
_NO_KEY = "none"
"""Servers of one's own often want no key; the client wants a word."""


class OpenAIModel:
    """Speaks the chat protocol to the server at the base address."""

    def __init__(
        self, base_url: str, *, models: Mapping[Role, str], api_key: str | None = None
    ) -> None:
        """Make a client; nothing is sent.

        Args:
            base_url: Address up to and with ``/v1``.
            models: Model ids by role.
            api_key: The key, if the server wants one; never logged.
        """
        self._models = dict(models)
        self._client = openai.AsyncOpenAI(
            base_url=base_url, api_key=api_key or _NO_KEY, max_retries=0
        )

    @property
    def engine(self) -> str:
        """Return ``openai``."""
        return "openai"

    def id_of(self, role: Role) -> str:
        """Return the model that serves a role."""
        return self._models[role]

    async def count(self, request: ModelRequest) -> int:
        """Return an estimate on the safe side; the protocol counts nothing beforehand."""
        return estimated_tokens(request)

    async def generate(self, request: ModelRequest, *, within: timedelta) -> ModelReply:
        """Return the whole reply, or raise what stopped it."""
        model = self.id_of(request.role)
        with _faults(model):
            async with asyncio.timeout(within.total_seconds()):
                completion = await self._client.chat.completions.create(**_asked(request, model))
        # A page of a proxy comes back from the client as the text it is.
        if not isinstance(completion, ChatCompletion) or not completion.choices:
            raise ModelUnreachableError
        choice = completion.choices[0]
        return ModelReply(
            choice.message.content or "",
            _finish(choice.finish_reason, choice.message.refusal),
            _tokens(completion.usage),
            completion.model or model,
        )

    async def stream(
        self, request: ModelRequest, *, within: timedelta
    ) -> AsyncGenerator[str | ModelReply, None]:
        """Yield pieces as they come, and last the whole reply; a stream without an end is none."""
        model = self.id_of(request.role)
        said: list[str] = []
        reason: str | None = None
        usage: Any = None
        answered_by = model
        with _faults(model):
            async with asyncio.timeout(within.total_seconds()):
                stream = await self._client.chat.completions.create(
                    **_asked(request, model),
                    stream=True,
                    stream_options={"include_usage": True},
                )
                async for chunk in stream:
                    usage = chunk.usage or usage
                    answered_by = chunk.model or answered_by
                    for choice in chunk.choices[:1]:
                        reason = choice.finish_reason or reason
                        if choice.delta.content:
                            said.append(choice.delta.content)
                            yield choice.delta.content
        if reason is None:
            raise ModelUnreachableError
        yield ModelReply("".join(said), _finish(reason, None), _tokens(usage), answered_by)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def _asked(request: ModelRequest, model: str) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": "system", "content": request.system},
            {"role": "user", "content": [_part(part) for part in request.parts]},
        ],
        "temperature": request.temperature,
        # The older name: servers of one's own know it, providers still take it.
        "max_tokens": request.tokens_max,
    }
    if request.schema is not None:
        named = {"name": "answer", "schema": request.schema, "strict": True}
        asked["response_format"] = {"type": "json_schema", "json_schema": named}
    return asked


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Text(text):
            return {"type": "text", "text": text}
        case Media(content, media_type):
            return _media(base64.b64encode(content).decode("ascii"), media_type)


def _media(encoded: str, media_type: str) -> dict[str, Any]:
    kind, _, form = media_type.partition("/")
    if kind == "image":
        return {"type": "image_url", "image_url": {"url": f"data:{media_type};base64,{encoded}"}}
    if kind == "audio" and form in {"wav", "mpeg", "mp3", "x-wav"}:
        form = "wav" if "wav" in form else "mp3"
        return {"type": "input_audio", "input_audio": {"data": encoded, "format": form}}
    raise ModelRefusedError(f"this protocol has no part for {media_type}")


def _finish(reason: str | None, refusal: str | None) -> Finish:
    return "safety" if refusal else _FINISHES.get(reason or "", "unknown")


def _tokens(usage: Any) -> Tokens:  # noqa: ANN401 - the client's type, or nothing
    if usage is None:
        return Tokens()
    cached = getattr(usage.prompt_tokens_details, "cached_tokens", None) or 0
    thinking = getattr(usage.completion_tokens_details, "reasoning_tokens", None) or 0
    # Here the thinking is among what was put out; there is one price for both.
    output = max(0, (usage.completion_tokens or 0) - thinking)
    return Tokens(usage.prompt_tokens or 0, cached, output, thinking)


@contextmanager
def _faults(model: str) -> Iterator[None]:
    """Turn whatever goes wrong over there into a typed fact."""
    try:
        yield
    except openai.APIStatusError as error:
        raise _fault(error, model) from error
    except (TimeoutError, OSError, ValueError, openai.OpenAIError) as error:
        raise ModelUnreachableError from error


def _fault(error: openai.APIStatusError, model: str) -> Exception:
    pause = _seconds(error.response.headers.get("retry-after"))
    if isinstance(error, openai.RateLimitError):
        # "insufficient_quota" is a spent account: waiting a minute does not help.
        return RateLimitedError(per_day=error.code == "insufficient_quota", retry_after=pause)
    if error.status_code == _NOT_FOUND:
        return ModelRetiredError(model)
    if error.status_code in _TIMEOUTS or error.status_code >= _SERVER_FAULT:
        return ModelUnreachableError(retry_after=pause)
    return ModelRefusedError(str(error.status_code))


def _seconds(text: str | None) -> timedelta | None:
    try:
        return timedelta(seconds=float(text)) if text else None
    except ValueError:
        return None
