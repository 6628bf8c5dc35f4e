"""The port of language models: one request in, one reply out, every ending a typed fact.

An engine that asks a model (``engines/prompted.py``) renders prompts and checks answers; a model
adapter (``engines/gemini.py``, ``engines/openai.py``) only speaks its provider's protocol. It never
retries, never falls back and never continues by itself: the governor decides that.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Literal, Protocol

import msgspec

from careflow.errors import UnavailableError

_BYTES_A_TOKEN = 3
_MEDIA_BYTES_A_TOKEN = 100
_TILE = 1290

Role = Literal["fast", "standard", "best"]
"""What a task asks for instead of a model's name; settings map it to an id of today."""

Finish = Literal[
    "done", "length", "safety", "recitation", "language", "blocked-prompt", "malformed", "unknown"
]
"""How a reply ended. Everything but ``done`` is no answer; an ending not known here is
``unknown``."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words for the model to read."""

    text: str


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, document or recording, sent inline."""

    content: bytes
    media_type: str


Part = Text | Media


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What a model is asked.

    Attributes:
        system: Instructions; never anything from a document or a patient.
        schema: JSON Schema that the reply must meet; free text without one.
        tokens_max: Most tokens that the reply may have, thinking included.
    """

    role: Role
    system: str
    parts: Sequence[Part]
    schema: Mapping[str, Any] | None = None
    tokens_max: int = 4096
    temperature: float = 0.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens as the provider counted them; ``cached`` are among ``input``."""

    input: int = 0
    cached: int = 0
    output: int = 0
    thinking: int = 0


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What a model said.

    Attributes:
        model: The id that the provider says answered.
    """

    text: str
    finish: Finish
    tokens: Tokens
    model: str


class RateLimitedError(UnavailableError):
    """The provider's quota is used up: for a minute, or for the day."""

    code: ClassVar[str] = "ai-rate-limited"

    def __init__(self, *, per_day: bool = False, retry_after: timedelta | None = None) -> None:
        super().__init__("The AI provider's quota is used up: this will be tried again later.")
        self.per_day, self.retry_after = per_day, retry_after


class ModelRetiredError(UnavailableError):
    """The provider no longer serves this model; asking again is of no use."""

    code: ClassVar[str] = "ai-model-retired"

    def __init__(self, model: str) -> None:
        super().__init__(f"The AI provider no longer serves {model}: name another model.")
        self.model = model


class ModelUnreachableError(UnavailableError):
    """No whole answer came: no connection, a timeout, a cut stream, a fault over there."""

    code: ClassVar[str] = "ai-model-unreachable"

    def __init__(self, *, retry_after: timedelta | None = None) -> None:
        super().__init__("The AI provider did not answer: please try again later.")
        self.retry_after = retry_after


class ModelRefusedError(UnavailableError):
    """The provider refuses the request itself: a bad key, no permission, a form it does not take.

    Asking again is of no use until the settings change.
    """

    code: ClassVar[str] = "ai-model-refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The AI provider refused the request ({reason}): check the AI settings.")


class AnswerUnusableError(UnavailableError):
    """A model was asked twice and did not answer in form."""

    code: ClassVar[str] = "ai-answer-unusable"

    def __init__(self) -> None:
        super().__init__("The AI model did not give an answer that can be used: do it by hand.")


def estimated_tokens(request: ModelRequest) -> int:
    """Return how many input tokens a request has at most, near enough to set money aside.

    A token is seldom shorter than three bytes of text. A picture is cut into tiles of 258, a second
    of sound is 32 (ai.google.dev/gemini-api/docs/tokens, read 2026-11-20); of a file only its size
    is known here.
    """
    words = sum(len(part.text.encode()) for part in request.parts if isinstance(part, Text))
    media = [part for part in request.parts if isinstance(part, Media)]
    schema = len(msgspec.json.encode(request.schema)) if request.schema else 0
    text = (words + len(request.system.encode()) + schema) // _BYTES_A_TOKEN + 1
    return text + sum(max(_TILE, len(one.content) // _MEDIA_BYTES_A_TOKEN) for one in media)


class Model(Protocol):
    """One provider's models."""

    @property
    def engine(self) -> str:
        """Return the engine's name, as settings and drafts use it."""
        ...

    def id_of(self, role: Role) -> str:
        """Return the id of the model that serves a role today."""
        ...

    async def count(self, request: ModelRequest) -> int:
        """Return how many input tokens the request has, or a safe estimate."""
        ...

    async def generate(self, request: ModelRequest, *, within: timedelta) -> ModelReply:
        """Return the whole reply.

        Raises:
            RateLimitedError: The provider's quota is used up.
            ModelRetiredError: The model is no longer served.
            ModelUnreachableError: No whole answer came in time.
            ModelRefusedError: The request itself is refused.
        """
        ...

    def stream(
        self, request: ModelRequest, *, within: timedelta
    ) -> AsyncGenerator[str | ModelReply, None]:
        """Yield pieces of text as they come, and last the whole reply; raises as generate.

        Leaving the iteration early cancels the request over there.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
