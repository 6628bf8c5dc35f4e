"""``careflow ai``: what can run and on what; tasks in batch, JSON lines in and out."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from careflow import settings
from careflow.ai.asking import TASKS
from careflow.ai.batch import run_batch
from careflow.ai.gateway import Gateway
from careflow.composition import open_gateway
from careflow.errors import BadInputError

_ENCODER = msgspec.json.Encoder(decimal_format="number")


@click.group("ai")
def ai_command() -> None:
    """Run AI tasks in batch; list tasks and engines."""


@ai_command.command("tasks")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_tasks(*, as_json: bool) -> None:
    """List every task, on which engines it can run now, and why not."""
    gateway = _gateway(None)
    rows = [
        {
            "task": task.name,
            "version": task.version,
            "engines": [one.engine for one in gateway.serving(task.name) if one.available],
            "reason": _why_not(gateway, task.name),
        }
        for task in TASKS.values()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['task']:<22} {', '.join(row['engines'] or []) or row['reason']}")


@ai_command.command("engines")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_engines(*, as_json: bool) -> None:
    """List the engines in order of preference, with the tasks each can run now."""
    gateway = _gateway(None)
    rows = [
        {
            "engine": engine.name,
            "tasks": [name for name in TASKS if engine.serving(name).available],
        }
        for engine in gateway.engines
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['engine']}: {', '.join(row['tasks'])}")


@ai_command.command("run")
@click.argument("task")
@click.option("--input", "source", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--output", "target", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--engine", help="Run on this engine alone.")
def run(*, task: str, source: Path, target: Path, engine: str | None) -> None:
    """Run TASK over JSON lines {"id", "input"}; write results in the same order.

    The output appears only when every line has been answered.
    """
    try:
        lines = source.read_bytes().splitlines()
    except OSError as error:
        raise BadInputError(f"{source} cannot be read: {error.strerror}.") from error
    counts = asyncio.run(_run(_gateway(engine), task, lines, source.parent, target))
    click.echo(", ".join(f"{count:,} {status}" for status, count in sorted(counts.items())))


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


def _gateway(engine: str | None) -> Gateway:
    gateway = open_gateway(settings.load())
    if engine is None:
        return gateway
    chosen = [one for one in gateway.engines if one.name == engine]
    if not chosen:
        raise BadInputError(f"There is no engine {engine!r} here: see careflow ai engines.")
    return replace(gateway, engines=chosen)
