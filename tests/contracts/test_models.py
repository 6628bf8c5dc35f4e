"""What every adapter of a language model must do, over a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from careflow.ai.engines.gemini import GeminiModel
from careflow.ai.engines.openai import OpenAIModel
from careflow.ai.model import (
    Media,
    Model,
    ModelRefusedError,
    ModelReply,
    ModelRequest,
    ModelRetiredError,
    ModelUnreachableError,
    RateLimitedError,
    Text,
    Tokens,
)
from tests.standins.gemini import GeminiStandin
from tests.standins.openai import OpenAIStandin
from tests.standins.serving import serving

SOON = timedelta(seconds=20)
AT_ONCE = timedelta(milliseconds=400)
SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}
REQUEST = ModelRequest(
    "standard", "Pick a word.", (Text("<data 1>\ncough today\n</data 1>"),), schema=SCHEMA
)


@dataclass
class Line:
    """A model, and the server it speaks to."""

    model: Model
    server: GeminiStandin | OpenAIStandin


@pytest.fixture(params=["gemini", "gemini vertex", "openai"])
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    """Each adapter in turn."""
    server = OpenAIStandin() if request.param == "openai" else GeminiStandin()
    with serving(server) as address:
        model = _model(request.param, address)
        yield Line(model, server)
        await model.close()


def _model(name: str, address: str) -> Model:
    if name == "openai":
        ids = dict.fromkeys(("fast", "standard", "best"), "own-model")
        return OpenAIModel(f"{address}/v1", models=ids)  # type: ignore[arg-type]
    mode = "vertex" if name.endswith("vertex") else "paid"
    return GeminiModel(mode, api_key="a-key", base_url=address)  # type: ignore[arg-type]


async def test_a_reply_is_whole_and_counted(line: Line) -> None:
    reply = await line.model.generate(REQUEST, within=SOON)

    assert reply.text == '{"word": "cough today"}'
    assert reply.finish == "done"
    assert reply.tokens.input > 0
    assert (reply.tokens.output, reply.tokens.thinking, reply.tokens.cached) == (20, 5, 3)
    assert reply.model == line.model.id_of("standard")


async def test_the_schema_and_the_instructions_reach_it_as_they_are(line: Line) -> None:
    await line.model.generate(REQUEST, within=SOON)

    assert '"additionalProperties": false' in line.server.wire
    assert "Pick a word." in line.server.wire


async def test_pictures_are_sent_inline(line: Line) -> None:
    picture = Media(b"\x89PNG not really", "image/png")

    await line.model.generate(replace(REQUEST, parts=(picture,)), within=SOON)

    assert "iVBORyBub3QgcmVhbGx5" in line.server.wire.replace("-", "+").replace("_", "/")


async def test_one_request_is_one_request(line: Line) -> None:
    line.server.script.extend(["503"])

    with pytest.raises(ModelUnreachableError):
        await line.model.generate(REQUEST, within=SOON)

    assert len(line.server.requests) == 1


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("503", ModelUnreachableError),
        ("garbage", ModelUnreachableError),
        ("400", ModelRefusedError),
        ("403", ModelRefusedError),
        ("429", RateLimitedError),
        ("429 day", RateLimitedError),
    ],
)
async def test_a_fault_is_a_typed_fact(line: Line, step: str, error: type[Exception]) -> None:
    line.server.script.append(step)

    with pytest.raises(error) as raised:
        await line.model.generate(REQUEST, within=SOON)

    if isinstance(raised.value, RateLimitedError):
        assert raised.value.per_day == step.endswith("day")
        assert raised.value.per_day or raised.value.retry_after == timedelta(seconds=7)
    assert "a-key" not in str(raised.value)


async def test_an_answer_that_does_not_come_in_time_is_given_up_over_there_too(line: Line) -> None:
    line.server.script.append("slow")

    with pytest.raises(ModelUnreachableError):
        await line.model.generate(REQUEST, within=AT_ONCE)

    await line.model.generate(REQUEST, within=SOON)
    assert line.server.cancelled == 1


async def test_nobody_there_is_unreachable() -> None:
    for name in ("gemini", "openai"):
        model = _model(name, "http://127.0.0.1:9")
        with pytest.raises(ModelUnreachableError):
            await model.generate(REQUEST, within=SOON)
        await model.close()


# --- streams -------------------------------------------------------------------------------


async def test_a_stream_comes_in_pieces_and_ends_with_the_whole(line: Line) -> None:
    pieces = [one async for one in line.model.stream(REQUEST, within=SOON)]

    reply = pieces.pop()
    assert isinstance(reply, ModelReply)
    assert len(pieces) > 1
    assert "".join(str(one) for one in pieces) == reply.text
    assert (reply.finish, reply.tokens.output) == ("done", 20)


async def test_a_stream_that_is_cut_is_no_answer(line: Line) -> None:
    line.server.script.append("cut")
    pieces: list[str | ModelReply] = []

    with pytest.raises(ModelUnreachableError):
        await gathered(line.model, pieces)

    assert pieces
    assert not any(isinstance(one, ModelReply) for one in pieces)


async def gathered(model: Model, pieces: list[str | ModelReply]) -> None:
    async for one in model.stream(REQUEST, within=SOON):
        pieces.append(one)  # noqa: PERF401 - what came before a cut is kept


# --- endings -------------------------------------------------------------------------------

GEMINI = [
    ("MAX_TOKENS", "length"),
    ("SAFETY", "safety"),
    ("PROHIBITED_CONTENT", "safety"),
    ("SPII", "safety"),
    ("MODEL_ARMOR", "safety"),
    ("RECITATION", "recitation"),
    ("LANGUAGE", "language"),
    ("MALFORMED_RESPONSE", "malformed"),
    ("ESCALATION", "unknown"),
    ("CONTINUATION", "unknown"),
    ("OTHER", "unknown"),
    ("A_REASON_OF_TOMORROW", "unknown"),
]


@pytest.fixture
def gemini() -> Iterator[tuple[GeminiStandin, str]]:
    """A Gemini stand-in and its address."""
    server = GeminiStandin()
    with serving(server) as address:
        yield server, address


@pytest.mark.filterwarnings("ignore:A_REASON_OF_TOMORROW")  # the client says so itself
@pytest.mark.parametrize(("reason", "finish"), GEMINI)
async def test_every_ending_of_gemini_is_known_or_no_answer(
    gemini: tuple[GeminiStandin, str], reason: str, finish: str
) -> None:
    server, address = gemini
    server.script.append(f"finish:{reason}")
    model = GeminiModel("paid", api_key="a-key", base_url=address)

    reply = await model.generate(REQUEST, within=SOON)

    assert reply.finish == finish
    await model.close()


async def test_a_blocked_prompt_is_an_ending_of_its_own(gemini: tuple[GeminiStandin, str]) -> None:
    server, address = gemini
    server.script.append("blocked")
    model = GeminiModel("paid", api_key="a-key", base_url=address)

    reply = await model.generate(REQUEST, within=SOON)

    assert (reply.finish, reply.text) == ("blocked-prompt", "")
    assert reply.tokens != Tokens()
    await model.close()


async def test_a_retired_model_is_named(gemini: tuple[GeminiStandin, str]) -> None:
    _, address = gemini
    model = GeminiModel(
        "paid", api_key="a-key", base_url=address, models={"standard": "gemini-1.5-flash"}
    )

    with pytest.raises(ModelRetiredError, match=r"gemini-1\.5-flash"):
        await model.generate(REQUEST, within=SOON)

    await model.close()
