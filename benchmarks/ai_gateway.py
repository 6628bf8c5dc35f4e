"""Measures what the AI gateway adds to a call: everything but the model.

One call is a note of 2 KB about a patient of the invented clinic: the patient's facts, policy, what
the chart knows, scrubbing, the gate, quota and budget, the answer, identifiers back, the guard,
metering, the run and the audit entry, on SQLite in a scratch folder. The model answers in this
process at once, so that its time counts nothing. CPU time of the process with all its threads.

    python -m benchmarks.ai_gateway [--calls 200] [--profile]
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import pstats
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from careflow import clock, ids, settings
from careflow.ai.answers import outcome_of
from careflow.ai.asking import TASKS, given_of
from careflow.ai.call import Call
from careflow.ai.engines.prompted import PromptedEngine
from careflow.ai.governor.govern import Governor
from careflow.ai.governor.ledger import Budgets, Ledger
from careflow.ai.governor.memory import Memory
from careflow.ai.governor.prices import Prices
from careflow.ai.governor.quota import Limits
from careflow.ai.model import ModelReply, ModelRequest, Role, Tokens
from careflow.ai.policy import Route
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.composition import Platform, open_platform
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.demo.histories import histories, history_resources
from careflow.demo.people import clinic_resources, patient_resource, people

SEED = 7
TASK = "medical-coding"
BYTES = 2048


class InProcess:
    """A model that answers at once."""

    engine = "openai"

    def id_of(self, role: Role) -> str:  # noqa: ARG002 - the port's
        """Return one model for every role."""
        return "stand-in"

    async def generate(self, request: ModelRequest, *, within: timedelta) -> ModelReply:  # noqa: ARG002
        """Answer in form."""
        code = {"code": "R05", "display": "Cough", "score": 1.0, "evidence": ["no fever"]}
        said = json.dumps({"cannot_say": None, "answer": {"codes": [code]}})
        return ModelReply(said, "done", Tokens(600, 0, 40, 0), "stand-in")

    async def stream(
        self, request: ModelRequest, *, within: timedelta
    ) -> AsyncGenerator[str | ModelReply, None]:
        """Answer in one piece."""
        reply = await self.generate(request, within=within)
        yield reply.text
        yield reply

    async def count(self, request: ModelRequest) -> int:  # noqa: ARG002 - the port's
        """Count roughly."""
        return 600

    async def close(self) -> None:
        """Release nothing."""


def note_about(number: int, name: str) -> str:
    """Return a note of 2 KB that no other call has."""
    line = (
        f"{name} was seen on 2026-03-0{number % 9 + 1} for a cough of {number} days, no fever. "
        "Takes lisinopril 10 mg daily. Blood pressure 128/76, heart rate 72, lungs clear. "
    )
    return (line * (BYTES // len(line) + 1))[:BYTES]


async def filled(folder: Path) -> Platform:
    """Open a platform that holds the invented clinic's people and their past."""
    loaded = settings.load(
        {},
        file=folder / "none.toml",
        database_url=f"sqlite:///{folder}/data/careflow.db",
        files_url=f"file://{folder}/data/files",
        key_file=folder / "keys" / "master.key",
        clinic_zone="America/New_York",
        ai_engines="openai",
        openai_base_url="http://127.0.0.1:9/v1",
        openai_models="stand-in",
    )
    platform = await open_platform(loaded, synthetic=True)
    everyone = people(SEED, clock.now().date())
    pasts = histories(everyone, SEED, clock.now().date())
    async with Work(platform.documents) as work:
        for one in (
            *clinic_resources(),
            *(patient_resource(person, SEED) for person in everyone),
            *(one for past in pasts for one in history_resources(past, SEED)),
        ):
            await platform.records.update(
                work,
                one,
                actor=platform.operator,
                expected=0,
                scope=organisation_scope(platform.organisation),
            )
    return platform


async def measured(platform: Platform, calls: int) -> list[float]:
    """Return the CPU seconds of each call."""
    limits = Limits(requests_minute=100_000, tokens_minute=10**9, requests_day=10**6)
    governor = Governor(
        Ledger(
            platform.documents,
            clock=clock.now,
            limits={"openai/stand-in": limits},
            budgets=Budgets(clinic=10**12, user=10**12),
        ),
        Memory(platform.documents, master_key=bytes(32), clock=clock.now),
        clock.now,
        ids.mint,
        prices={"openai": Prices(is_free=True)},
    )
    engine = PromptedEngine(InProcess(), governor, Route("openai"), bytes(32))
    gateway = replace(platform.gateway, engines=[engine])
    task = TASKS[TASK]
    person = people(SEED, clock.now().date())[0]
    seconds: list[float] = []
    for number in range(calls):
        given = given_of(task, {"text": note_about(number, f"{person.given} {person.family}")})
        begun = time.process_time()
        call = await gateway.call(
            task, organisation=platform.organisation, actor="nora", patient=person.id
        )
        outcome = await outcome_of(gateway, task, given, call)
        await audited(platform, call, outcome.trail)
        seconds.append(time.process_time() - begun)
        if outcome.status != "ok":
            raise SystemExit(str(outcome.reason))
    return seconds


async def audited(platform: Platform, call: Call, trail: str | None) -> None:
    """Keep the entry that the address keeps."""
    async with Work(platform.documents) as work:
        record(
            work,
            AuditEntry(
                at=platform.clock(),
                action=f"ai:{call.task}:run",
                organisation=platform.organisation,
                actor=call.actor,
                role="clinician",
                patients=(call.patient or "",),
                reason=trail,
            ),
        )


async def main(calls: int, *, profile: bool) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        platform = await filled(Path(folder))
        try:
            await measured(platform, 20)
            profiler = cProfile.Profile()
            if profile:
                profiler.enable()
            seconds = sorted(await measured(platform, calls))
            profiler.disable()
        finally:
            await platform.close()
    figures: dict[str, Any] = {
        "calls": calls,
        "note_bytes": BYTES,
        "cpu_ms_p50": round(statistics.median(seconds) * 1000, 2),
        "cpu_ms_p95": round(seconds[int(len(seconds) * 0.95)] * 1000, 2),
    }
    print(json.dumps(figures, indent=2))
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--profile", action="store_true", help="Say where the time goes.")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.calls, profile=arguments.profile))
