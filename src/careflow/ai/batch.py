"""Tasks in batch: JSON lines in, JSON lines out, in the same order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from careflow.ai.answers import Json, Outcome, outcome_of
from careflow.ai.asking import given_of, task_named
from careflow.ai.gateway import Gateway
from careflow.ai.task import BadTaskInputError, Given, GivenFile, Task
from careflow.errors import CareFlowError
from careflow.files.content_type import HEAD_BYTES, TEXT_TYPES, sniff

_FILE_BYTES_MAX = 50 * 1024 * 1024
_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)


async def run_batch(
    gateway: Gateway, name: str, lines: Iterable[bytes], *, folder: Path
) -> AsyncIterator[Json]:
    """Yield one result for every line (``{"id": …, "input": {…}}``), whatever becomes of it.

    Relative names of files are relative to ``folder``.

    Raises:
        careflow.ai.task.NoSuchTaskError: Before the first line.
    """
    task = task_named(name)
    for line in lines:
        if line.strip():
            yield await _one(gateway, task, line, folder)


async def _one(gateway: Gateway, task: Task[Any], line: bytes, folder: Path) -> Json:
    id, data = _parsed(line)
    try:
        if not isinstance(data, dict):
            raise BadTaskInputError('Every line is {"id": …, "input": {…}}.')
        given = await _given(task, data, folder)
        call = await gateway.call(task, organisation="batch", actor="operator", priority="batch")
        outcome = await outcome_of(gateway, task, given, call)
    except CareFlowError as error:
        outcome = Outcome("failed", reason=error.message)
    return {"id": id, **outcome.as_json()}


def _parsed(line: bytes) -> tuple[Any, Any]:
    try:
        data = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, None
    return (data.get("id"), data.get("input")) if isinstance(data, dict) else (None, None)


async def _given(task: Task[Any], data: Json, folder: Path) -> Given:
    given = given_of(task, data)
    name = getattr(given.asked, "file", None)
    if name is None:
        return given
    return replace(await asyncio.to_thread(_of_file, folder / name), asked=given.asked)


def _of_file(path: Path) -> Given:
    try:
        with path.open("rb") as opened:
            content = opened.read(_FILE_BYTES_MAX + 1)
    except OSError as error:
        raise BadTaskInputError("The file cannot be opened.", place="file") from error
    if len(content) > _FILE_BYTES_MAX:
        raise BadTaskInputError("The file is too large.", place="file")
    media_type = sniff(content[:HEAD_BYTES])
    if media_type is None:
        raise BadTaskInputError("The file is not of a type that can be read.", place="file")
    if media_type in TEXT_TYPES:
        return Given(text=content.decode("utf-8", errors="replace"))
    return Given(file=GivenFile(content, media_type, path.name))
