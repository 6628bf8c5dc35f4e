"""Runs the measures of tasks over the sets at hand."""

from __future__ import annotations

import statistics
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

from careflow.ai.answers import outcome_of
from careflow.ai.asking import given_of, task_named
from careflow.ai.evaluation.score import Evaluation, Json, Score
from careflow.ai.gateway import Gateway
from careflow.errors import BadInputError

_IN_PACKAGE = "careflow/ai/evaluation/"
_BESIDE = (Path("shared/data"), Path("../shared/data"))


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What came of one evaluation; ``missing`` names the files that are not at hand."""

    task: str
    method: str
    scores: Sequence[Score] = ()
    missing: Sequence[str] = ()
    outcomes: Json = field(default_factory=dict)

    def as_json(self) -> Json:
        """Return it as plain data."""
        return {
            "task": self.task,
            "method": self.method,
            "scores": [score.as_json() for score in self.scores],
            "missing": list(self.missing),
            "outcomes": self.outcomes,
        }


def folder_of_sets(named: Path | None) -> Path:
    """Return the folder of evaluation sets: the one named, or ``shared/data`` beside the project.

    Raises:
        BadInputError: There is no such folder.
    """
    for folder in (named,) if named is not None else _BESIDE:
        if folder.is_dir():
            return folder
    raise BadInputError(
        "There is no folder of evaluation sets: name one by --data or CAREFLOW_EVALUATION_DATA."
    )


async def evaluate(
    gateway: Gateway, evaluations: Sequence[Evaluation], folder: Path
) -> AsyncIterator[Evaluated]:
    """Yield what each evaluation came to; one whose sets are not at hand says so."""
    given = replace(gateway, data="deidentified")  # published cases, and pairs of names
    for one in evaluations:
        places = {name: _place(folder, path) for name, path in one.sets.items()}
        missing = [one.sets[name] for name, path in places.items() if not path.exists()]
        if missing:
            yield Evaluated(one.task, one.method, missing=missing)
            continue
        asking = _Asking(given, one.task)
        scores = await one.measure(places, asking.ask)
        yield Evaluated(
            one.task, one.method, [*scores, *asking.speed()], outcomes=dict(asking.outcomes)
        )


def _place(folder: Path, path: str) -> Path:
    """Return where a set is: in the package where it is named as one of its files."""
    inside = path.removeprefix(_IN_PACKAGE)
    if inside != path:
        return Path(str(files("careflow.ai.evaluation").joinpath(inside)))
    return folder / path


@dataclass(slots=True)
class _Asking:
    """Asks one task, and keeps how long it took and how it ended."""

    gateway: Gateway
    task: str
    took_ms: list[float] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    engines: set[str | None] = field(default_factory=set)

    async def ask(self, asked: Json) -> Json | None:
        """Return the output, or ``None`` where the task abstained, was blocked or failed."""
        task = task_named(self.task)
        given = given_of(task, asked)
        call = await self.gateway.call(
            task, organisation="evaluation", actor="operator", priority="batch"
        )
        begun = time.perf_counter_ns()
        outcome = await outcome_of(self.gateway, task, given, call)
        self.took_ms.append((time.perf_counter_ns() - begun) / 1e6)
        self.outcomes[outcome.status] = self.outcomes.get(outcome.status, 0) + 1
        self.engines.add(outcome.engine)
        return outcome.output

    def speed(self) -> list[Score]:
        """Return the median time of a case; bars hold for what runs on this machine alone."""
        if not self.took_ms:
            return []
        is_local = self.engines <= {"local", None}
        median = statistics.median(self.took_ms)
        floor, aim = (50.0, 5.0) if is_local else (None, None)
        name, cases = "time of a case, p50", len(self.took_ms)
        return [Score(name, median, cases, floor, aim, better="less", unit="ms")]
