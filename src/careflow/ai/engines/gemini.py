"""Gemini, through Google's own client; without its retries, tools or continuation.

Facts about the client and the protocol: google-genai 3.4 and 3.6, tried against a server that
speaks it, 2026-11.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx2
from google import genai
from google.genai import errors, types

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
from careflow.ai.policy import GeminiMode

MODELS: Mapping[Role, str] = {
    "fast": "gemini-3.5-flash-lite",
    "standard": "gemini-3.8-flash",
    "best": "gemini-4-argon",
}
"""Ids of today; settings may name others. None of them is a preview or on its way out
(the planner's list of endings, read 2026-11-22)."""

_FINISHES: Mapping[str, Finish] = {
    "STOP": "done",
    "MAX_TOKENS": "length",
    "SAFETY": "safety",
    "IMAGE_SAFETY": "safety",
    "PROHIBITED_CONTENT": "safety",
    "IMAGE_PROHIBITED_CONTENT": "safety",
    "BLOCKLIST": "safety",
    "SPII": "safety",
    "MODEL_ARMOR": "safety",
    "RECITATION": "recitation",
    "IMAGE_RECITATION": "recitation",
    "LANGUAGE": "language",
    "MALFORMED_RESPONSE": "malformed",
    "MALFORMED_FUNCTION_CALL": "malformed",
}
_RETRYABLE = frozenset({408, 500, 502, 503, 504})
_NOT_FOUND, _TOO_MANY = 404, 429


class GeminiModel:
    """Speaks the Gemini protocol to Google, or to whatever the base address names."""

    def __init__(
        self,
        mode: GeminiMode,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        project: str | None = None,
        location: str | None = None,
        models: Mapping[Role, str] = MODELS,
    ) -> None:
        """Make a client; nothing is sent.

        Args:
            mode: ``vertex`` goes through Google Cloud, with a key or the machine's credentials.
            api_key: The key; never logged.
            base_url: Another address than Google's.
            project: Google Cloud project, for ``vertex`` without a key.
            location: Google Cloud location, for ``vertex`` without a key.
            models: Model ids by role.
        """
        self._models = {**MODELS, **models}
        self._client = genai.Client(
            vertexai=mode == "vertex",
            api_key=api_key,
            project=None if api_key else project,
            location=None if api_key else location,
            http_options=types.HttpOptions(base_url=base_url),
        )

    @property
    def engine(self) -> str:
        """Return ``gemini``."""
        return "gemini"

    def id_of(self, role: Role) -> str:
        """Return the model that serves a role."""
        return self._models[role]

    async def count(self, request: ModelRequest) -> int:
        """Return an estimate on the safe side; asking over there would send everything twice."""
        return estimated_tokens(request)

    async def generate(self, request: ModelRequest, *, within: timedelta) -> ModelReply:
        """Return the whole reply, or raise what stopped it."""
        model = self.id_of(request.role)
        with _faults(model):
            async with asyncio.timeout(within.total_seconds()):
                response = await self._client.aio.models.generate_content(
                    model=model, contents=_contents(request.parts), config=_config(request)
                )
        return _reply([response], model)

    async def stream(
        self, request: ModelRequest, *, within: timedelta
    ) -> AsyncGenerator[str | ModelReply, None]:
        """Yield pieces as they come, and last the whole reply; a stream without an end is none."""
        model = self.id_of(request.role)
        chunks: list[types.GenerateContentResponse] = []
        with _faults(model):
            async with asyncio.timeout(within.total_seconds()):
                stream = await self._client.aio.models.generate_content_stream(
                    model=model, contents=_contents(request.parts), config=_config(request)
                )
                async for chunk in stream:
                    chunks.append(chunk)
                    if said := _said([chunk]):
                        yield said
        reply = _reply(chunks, model)
        if reply.finish == "unknown" and not _finishes(chunks):
            raise ModelUnreachableError
        yield reply

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aio.aclose()


def _config(request: ModelRequest) -> types.GenerateContentConfig:
    return types.GenerateContentConfig(
        system_instruction=request.system,
        temperature=request.temperature,
        max_output_tokens=request.tokens_max,
        candidate_count=1,
        response_mime_type="application/json" if request.schema else None,
        response_json_schema=request.schema,
        # It would follow continuations by itself, with requests that nobody has budgeted.
        automatic_continuation=False,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )


def _contents(parts: Sequence[Part]) -> list[types.Content]:
    return [types.Content(role="user", parts=[_part(part) for part in parts])]


def _part(part: Part) -> types.Part:
    match part:
        case Text(text):
            return types.Part.from_text(text=text)
        case Media(content, media_type):
            return types.Part.from_bytes(data=content, mime_type=media_type)


# --- replies -------------------------------------------------------------------------------


def _reply(chunks: Sequence[types.GenerateContentResponse], asked: str) -> ModelReply:
    usage = next((one.usage_metadata for one in reversed(chunks) if one.usage_metadata), None)
    model = next((one.model_version for one in reversed(chunks) if one.model_version), None)
    tokens = Tokens()
    if usage is not None:
        tokens = Tokens(
            input=usage.prompt_token_count or 0,
            cached=usage.cached_content_token_count or 0,
            output=usage.candidates_token_count or 0,
            thinking=usage.thoughts_token_count or 0,
        )
    return ModelReply(_said(chunks), _finish(chunks), tokens, model or asked)


def _finish(chunks: Sequence[types.GenerateContentResponse]) -> Finish:
    """Return how it ended; a reason not known here is unknown, and unknown is no answer."""
    if any(one.prompt_feedback and one.prompt_feedback.block_reason for one in chunks):
        return "blocked-prompt"
    finishes = _finishes(chunks)
    return _FINISHES.get(finishes[-1], "unknown") if finishes else "unknown"


def _finishes(chunks: Sequence[types.GenerateContentResponse]) -> list[str]:
    return [
        str(getattr(one.finish_reason, "value", one.finish_reason))
        for chunk in chunks
        for one in (chunk.candidates or [])[:1]
        if one.finish_reason
    ]


def _said(chunks: Sequence[types.GenerateContentResponse]) -> str:
    """Return the words of the first candidate, without what it only thought."""
    return "".join(
        part.text
        for chunk in chunks
        for one in (chunk.candidates or [])[:1]
        for part in ((one.content.parts if one.content else None) or [])
        if part.text and not part.thought
    )


# --- faults --------------------------------------------------------------------------------


@contextmanager
def _faults(model: str) -> Iterator[None]:
    """Turn whatever goes wrong over there into a typed fact."""
    try:
        yield
    except errors.APIError as error:
        raise _fault(error, model) from error
    except (TimeoutError, OSError, ValueError, httpx2.HTTPError) as error:
        # ValueError: what came is not JSON, as from a proxy or a cut connection.
        raise ModelUnreachableError from error


def _fault(error: errors.APIError, model: str) -> Exception:
    pause = _pause(error)
    if error.code == _TOO_MANY:
        return RateLimitedError(per_day=_is_per_day(error), retry_after=pause)
    if error.code == _NOT_FOUND:
        return ModelRetiredError(model)
    if error.code in _RETRYABLE:
        return ModelUnreachableError(retry_after=pause)
    return ModelRefusedError(f"{error.code} {error.status or ''}".strip())


def _details(error: errors.APIError) -> list[Mapping[str, Any]]:
    details = error.details if isinstance(error.details, Mapping) else {}
    inner = details.get("error", details)
    found = inner.get("details") if isinstance(inner, Mapping) else None
    return [one for one in found or [] if isinstance(one, Mapping)]


def _is_per_day(error: errors.APIError) -> bool:
    """Report whether the day's quota is meant; the id of a violated quota tells."""
    violations = [
        violation
        for detail in _details(error)
        if str(detail.get("@type", "")).endswith("google.rpc.QuotaFailure")
        for violation in detail.get("violations", [])
    ]
    return any("PerDay" in str(violation.get("quotaId", "")) for violation in violations)


def _pause(error: errors.APIError) -> timedelta | None:
    """Return how long the provider asks to wait: RetryInfo first, then the header."""
    for detail in _details(error):
        if str(detail.get("@type", "")).endswith("google.rpc.RetryInfo"):
            return _seconds(str(detail.get("retryDelay", "")).removesuffix("s"))
    headers = getattr(error.response, "headers", None) or {}
    return _seconds(headers.get("retry-after"))


def _seconds(text: str | None) -> timedelta | None:
    try:
        return timedelta(seconds=float(text)) if text else None
    except ValueError:
        return None
