"""``careflow ai``: what can run and on what; tasks in batch, JSON lines in and out."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, get_args

import click
import msgspec

from careflow import settings
from careflow.ai import attestation
from careflow.ai.asking import TASKS
from careflow.ai.batch import run_batch
from careflow.ai.call import Call, DataClass
from careflow.ai.engine import Engine, KeepsModels
from careflow.ai.evaluation.evaluate import Evaluated, evaluate, folder_of_sets
from careflow.ai.evaluation.measures import EVALUATIONS
from careflow.ai.gateway import Gateway
from careflow.composition import gateway_for_batches
from careflow.errors import BadInputError
from careflow.settings import Settings

T = TypeVar("T")
Json = dict[str, Any]
_ENGINES = "CAREFLOW_AI_ENGINES"
_ENCODER = msgspec.json.Encoder(decimal_format="number")


@click.group("ai")
def ai_command() -> None:
    """Run AI tasks in batch; list tasks and engines."""


@ai_command.command("tasks")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_tasks(*, as_json: bool) -> None:
    """List every task, on which engines it can run now, and why not."""
    rows = _looked_at(settings.load(), _tasks_of)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['task']:<22} {', '.join(row['engines'] or []) or row['reason']}")


@ai_command.command("engines")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_engines(*, as_json: bool) -> None:
    """List the engines: what each can serve now, with which data, and why not."""
    loaded = settings.load()
    rows = _looked_at(loaded, _engines_of)
    named = {row["engine"] for row in rows}
    rows += [
        {"engine": name, "tasks": [], "data": [], "reason": f"{_ENGINES} does not name it"}
        for name in settings.ENGINES
        if name not in named
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['engine']}: {row['reason'] or ', '.join(row['tasks'])}")
        if row["data"]:
            click.echo(f"  may be given: {', '.join(row['data'])}")
        for name, reason in row.get("refused", {}).items():
            click.echo(f"  {name} is not served: {reason}")


@ai_command.command("attest")
def attest() -> None:
    """Print what a row of the AI policy for patients' data answers for, and its version."""
    click.echo(attestation.TEXT)
    click.echo(
        "To attest to this, write into the row: attested_by, attested_on and"
        f' attested_text = "{attestation.VERSION}". It is kept in the audit trail before the'
        " first data leave."
    )


@ai_command.command("run")
@click.argument("task")
@click.option("--input", "source", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--output", "target", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--engine", help="Run on this engine alone.")
@click.option(
    "--data",
    type=click.Choice(get_args(DataClass)),
    default="identifiable",
    show_default=True,
    help="What the input holds at worst: nobody's, an invented person's, a real one's.",
)
def run(*, task: str, source: Path, target: Path, engine: str | None, data: DataClass) -> None:
    """Run TASK over JSON lines {"id", "input"}; write results in the same order.

    The output appears only when every line has been answered.
    """
    try:
        lines = source.read_bytes().splitlines()
    except OSError as error:
        raise BadInputError(f"{source} cannot be read: {error.strerror}.") from error
    if engine is not None and engine not in settings.ENGINES:
        raise BadInputError(f"There is no engine {engine!r}: see careflow ai engines.")
    loaded = settings.load() if engine is None else settings.load(ai_engines=engine)

    async def answered(gateway: Gateway) -> dict[str, int]:
        given = replace(gateway, data=data)
        return await _run(given, task, lines, source.parent, target)

    counts = asyncio.run(_with_gateway(loaded, answered))
    click.echo(", ".join(f"{count:,} {status}" for status, count in sorted(counts.items())))


@ai_command.command("evaluate")
@click.argument("task", required=False)
@click.option(
    "--data",
    "sets",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the evaluation sets, instead of CAREFLOW_EVALUATION_DATA.",
)
@click.option("--engine", default="local", show_default=True, help="Measure this engine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate_tasks(*, task: str | None, sets: Path | None, engine: str, as_json: bool) -> None:
    """Measure TASK, or every task that has a measure, on the evaluation sets at hand."""
    if task is not None and task not in EVALUATIONS:
        known = ", ".join(EVALUATIONS)
        raise BadInputError(f"There is no measure for {task!r}: there is one for {known}.")
    if engine not in settings.ENGINES:
        raise BadInputError(f"There is no engine {engine!r}: see careflow ai engines.")
    loaded = settings.load(ai_engines=engine)
    folder = folder_of_sets(sets or loaded.evaluation_data)
    chosen = [EVALUATIONS[task]] if task is not None else list(EVALUATIONS.values())

    async def evaluated(gateway: Gateway) -> list[Evaluated]:
        return [one async for one in evaluate(gateway, chosen, folder)]

    done = _looked_at(loaded, evaluated)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in done], indent=2))
        return
    for one in done:
        _print_scores(one)


def _print_scores(one: Evaluated) -> None:
    click.echo(f"{one.task}: {one.method}")
    if one.missing:
        click.echo(f"  not at hand: {', '.join(one.missing)}")
    for score in one.scores:
        bars = "" if score.floor is None else f"floor {score.floor:g}, aim {score.aim or 0:g}"
        figure = f"{score.value:.3f} {score.unit}".rstrip()
        click.echo(
            f"  {score.name:<58} {figure:>12} of {score.cases:<6,} {bars:<24} {score.stands}"
        )
    ends = ", ".join(f"{count:,} {status}" for status, count in sorted(one.outcomes.items()))
    click.echo(f"  {ends}" if ends else "")


def _looked_at(loaded: Settings, verb: Callable[[Gateway], Awaitable[T]]) -> T:
    """Run a verb that only looks; where engines want a database they get an empty one."""
    with tempfile.TemporaryDirectory() as scratch:
        empty = {
            "database_url": f"sqlite:///{scratch}/data/careflow.db",
            "files_url": f"file://{scratch}/files",
            "key_file": Path(scratch) / "keys" / "master.key",
        }
        return asyncio.run(_with_gateway(loaded.model_copy(update=empty), verb))


async def _with_gateway(loaded: Settings, verb: Callable[[Gateway], Awaitable[T]]) -> T:
    async with gateway_for_batches(loaded) as gateway:
        return await verb(gateway)


async def _tasks_of(gateway: Gateway) -> list[Json]:
    return [
        {
            "task": task.name,
            "version": task.version,
            "engines": [one.engine for one in gateway.serving(task.name) if one.available],
            "reason": _why_not(gateway, task.name),
        }
        for task in TASKS.values()
    ]


async def _engines_of(gateway: Gateway) -> list[Json]:
    return [
        {
            "engine": engine.name,
            "tasks": [name for name in TASKS if engine.serving(name).available],
            "data": [data for data in get_args(DataClass) if _may_see(gateway, engine, data)],
            "reason": None,
            "refused": dict(engine.refused) if isinstance(engine, KeepsModels) else {},
        }
        for engine in gateway.engines
    ]


def _may_see(gateway: Gateway, engine: Engine, data: DataClass) -> bool:
    """Report whether the policy allows an engine such data for any task."""
    calls = (Call("", "", task.name, data) for task in TASKS.values())
    return any(
        gateway.policy.refusal(TASKS[call.task], engine.route, call) is None for call in calls
    )


def _why_not(gateway: Gateway, name: str) -> str | None:
    """Return why no engine can run a task now, if none can."""
    reports = gateway.serving(name)
    if any(one.available for one in reports):
        return None
    return "; ".join(f"{one.engine}: {one.reason}" for one in reports)


async def _run(
    gateway: Gateway, task: str, lines: list[bytes], folder: Path, target: Path
) -> dict[str, int]:
    counts: dict[str, int] = {}
    partial = target.with_name(target.name + ".partial")
    try:
        with partial.open("wb") as out, _bar(len(lines)) as bar:
            async for result in run_batch(gateway, task, lines, folder=folder):
                out.write(_ENCODER.encode(result) + b"\n")
                counts[result["status"]] = counts.get(result["status"], 0) + 1
                bar.update(1)
        partial.replace(target)
    except OSError as error:
        raise BadInputError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return counts


@contextmanager
def _bar(length: int) -> Iterator[click._termui_impl.ProgressBar[int]]:
    """Show a bar on a terminal, and nothing elsewhere."""
    with click.progressbar(
        length=length, label="Running", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield bar
