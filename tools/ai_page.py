"""Writes docs/reference/ai.md: what each engine can do of each task; the local methods' cards."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from careflow import settings
from careflow.ai.asking import TASKS
from careflow.ai.cards import ModelCard, all_cards
from careflow.ai.engine import Serving
from careflow.ai.engines.local import LocalEngine
from careflow.ai.evaluation.measures import EVALUATIONS
from careflow.ai.tasks.media import AUDIO_TRANSCRIPTION
from careflow.composition import gateway_for_batches

_ELSEWHERE = ("lambda", "gemini", "openai")
"""Engines elsewhere; whether they are reached is found out when they are asked."""


def ai_page() -> str:
    """Return the page."""
    return "\n".join([*_table(), "", *_measures(), "", *_cards()]) + "\n"


def _table() -> Iterator[str]:
    local = LocalEngine(missing={AUDIO_TRANSCRIPTION.name: "CAREFLOW_WHISPER_MODEL names none"})
    elsewhere = _serving()
    yield "# AI tasks"
    yield ""
    yield (
        "What an engine can be asked. Whether it may be asked with a patient's data is the policy's"
        " answer (`careflow ai engines`), and every answer is a draft until a person signs it."
    )
    yield ""
    engines = " | ".join(("local", *_ELSEWHERE))
    yield f"| task | what it does | {engines} | read by | reads of the record |"
    yield "|---|---|---|---|---|---|---|---|"
    for task in TASKS.values():
        served = [_said(local.serving(task.name)), *(_said(one) for one in elsewhere[task.name])]
        title = f"{task.title} (off until switched on: a device)" if task.is_device else task.title
        reads = ", ".join(task.reads) or "nothing"
        cells = [f"`{task.name}`", title, *served, task.audience, reads]
        yield "| " + " | ".join(cells) + " |"


def _said(serving: Serving) -> str:
    return "yes" if serving.available else f"no: {serving.reason}"


def _serving() -> dict[str, list[Serving]]:
    """Return what engines elsewhere say of each task; none is asked anything."""

    async def look(folder: Path) -> dict[str, list[Serving]]:
        loaded = settings.load(
            {},
            file=folder / "none.toml",
            database_url=f"sqlite:///{folder}/data/careflow.db",
            files_url=f"file://{folder}/files",
            key_file=folder / "keys" / "master.key",
            clinic_zone="America/New_York",
            ai_engines=",".join(_ELSEWHERE),
            lambda_function="careflow-tasks",
            gemini_api_key="none",
            openai_base_url="http://127.0.0.1:9/v1",
            openai_models="fast=a,standard=b,best=c",
        )
        async with gateway_for_batches(loaded) as gateway:
            return {name: gateway.serving(name) for name in TASKS}

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(look(Path(folder)))


def _measures() -> Iterator[str]:
    yield "## How tasks are measured"
    yield ""
    yield "`careflow ai evaluate [TASK] --data FOLDER` prints the figures of the sets at hand."
    yield ""
    yield "| task | sets | method |"
    yield "|---|---|---|"
    for one in EVALUATIONS.values():
        sets = "<br>".join(f"{name}: `{path}`" for name, path in one.sets.items())
        yield f"| `{one.task}` | {sets} | {one.method} |"


def _cards() -> Iterator[str]:
    yield "## Model cards of local methods"
    for card in all_cards().values():
        yield ""
        yield from _card(card)


def _card(card: ModelCard) -> Iterator[str]:
    yield f"### {card.title} (`{card.task}`, {card.version})"
    yield ""
    yield " ".join(card.method.split())
    yield ""
    yield f"**For:** {card.use} **Not for:** {card.not_for}"
    yield ""
    yield f"| measured {card.measured_on} | value | counted on | floor | aim |"
    yield "|---|---|---|---|---|"
    for one in card.measured:
        yield f"| {one.figure} | {one.value} | {one.counted_on} | {one.floor} | {one.aim} |"
    yield ""
    yield "Data: " + " ".join(card.data)
    yield ""
    yield from (f"- {limit}" for limit in card.limits)
