"""The function as a zip that a service took, created and ran: on MiniStack, through boto3."""

from __future__ import annotations

import sysconfig
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import boto3
import pytest

from careflow import clock
from careflow.ai.asking import TASKS, given_of
from careflow.ai.call import Call
from careflow.ai.engines.aws_lambda import LambdaEngine
from careflow.ai.engines.local import METHODS
from careflow.ai.model import ModelRefusedError
from tests.ai.samples import SAMPLES
from tests.ministack_server import MISSING, is_installed, ministack
from tests.standins.lambda_runtime import keys_of_nobody
from tools.build_lambda import files_of, packed
from tools.lambda_recipes import HANDLER

pytestmark = pytest.mark.skipif(not is_installed(), reason=MISSING)
NAME = "careflow-tasks"
CALL = Call("harbour", "nora", "entities", "synthetic")


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The service, in which the function was created of the zip."""
    keys_of_nobody(monkeypatch)
    packed(files_of(Path(sysconfig.get_path("platlib"))), tmp_path / "function.zip")
    with ministack(tmp_path) as address:
        client = boto3.client("lambda", region_name="us-east-1", endpoint_url=address)
        client.create_function(
            FunctionName=NAME,
            Runtime="python3.11",
            Role="arn:aws:iam::000000000000:role/careflow-tasks",
            Handler=HANDLER,
            Code={"ZipFile": (tmp_path / "function.zip").read_bytes()},
            Timeout=30,
            MemorySize=512,
        )
        client.close()
        yield address


@asynccontextmanager
async def engine_on(address: str, name: str) -> AsyncIterator[LambdaEngine]:
    engine = LambdaEngine(
        name, tasks=METHODS, clock=clock.now, region="us-east-1", endpoint_url=address
    )
    yield engine
    await engine.close()


async def test_the_zip_is_taken_created_and_answers(address: str) -> None:
    async with engine_on(address, NAME) as engine:
        for name in METHODS:
            answer = await engine.answer(TASKS[name], given_of(TASKS[name], SAMPLES[name]), CALL)
            assert answer.made_by.engine == "lambda"


async def test_a_function_that_is_not_there_is_told(address: str) -> None:
    given = given_of(TASKS["entities"], SAMPLES["entities"])

    async with engine_on(address, "another") as engine:
        with pytest.raises(ModelRefusedError, match="ResourceNotFound"):
            await engine.answer(TASKS["entities"], given, CALL)
