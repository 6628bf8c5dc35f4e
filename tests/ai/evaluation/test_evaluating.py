"""Figures are counted as they are named, beside the least and the aim."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest

from careflow.ai.asking import TASKS
from careflow.ai.engines.local import LocalEngine
from careflow.ai.evaluation.evaluate import Evaluated, evaluate, folder_of_sets
from careflow.ai.evaluation.measures import EVALUATIONS
from careflow.ai.evaluation.score import Ask, Evaluation, Score, share
from careflow.ai.gateway import Gateway
from careflow.cli.command import careflow
from careflow.cli.failures import run_command
from careflow.errors import BadInputError
from tests.harbour import InProcessReader


def score(value: float, *, better: Literal["more", "less"] = "more") -> Score:
    bars = (0.25, 0.45) if better == "more" else (0.45, 0.25)
    return Score("share", value, 10, *bars, better=better)


async def evaluated(evaluation: Evaluation, folder: Path) -> Evaluated:
    gateway = Gateway([LocalEngine()], InProcessReader())
    [one] = [one async for one in evaluate(gateway, [evaluation], folder)]
    return one


async def two_questions(sets: Mapping[str, Path], ask: Ask) -> list[Score]:
    answers = [await ask({"text": text}) for text in sets["notes"].read_text().splitlines()]
    return [Score("answered", share(sum(one is not None for one in answers), 2), 2)]


A_MEASURE = Evaluation("lab-results", {"notes": "notes.txt"}, "Asked twice.", two_questions)


def test_a_figure_stands_below_the_floor_above_it_or_at_the_aim() -> None:
    assert [score(value).stands for value in (0.2, 0.25, 0.45)] == ["below", "floor", "aim"]


def test_where_less_is_better_a_small_figure_reaches_the_aim() -> None:
    assert [score(value, better="less").stands for value in (0.5, 0.45, 0.2)] == [
        "below",
        "floor",
        "aim",
    ]


def test_a_share_of_nothing_is_nothing() -> None:
    assert share(0, 0) == 0


async def test_a_measure_asks_the_task_and_its_time_is_counted(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello\nagain\n")
    one = await evaluated(A_MEASURE, tmp_path)
    assert [score.name for score in one.scores] == ["answered", "time of a case, p50"]
    assert sum(one.outcomes.values()) == 2
    assert one.scores[-1].cases == 2


async def test_a_set_that_is_not_at_hand_is_named_and_no_figure_is_made_up(tmp_path: Path) -> None:
    one = await evaluated(A_MEASURE, tmp_path)
    assert (one.scores, one.missing) == ((), ["notes.txt"])


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="--data"):
        folder_of_sets(tmp_path / "none")


def test_every_measure_is_of_a_task_that_there_is() -> None:
    assert set(EVALUATIONS) <= set(TASKS)


def test_the_command_prints_each_figure_with_its_bars_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_command(careflow, ["ai", "evaluate", "--data", str(tmp_path), "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert code == 0
    assert {one["task"] for one in printed} == set(EVALUATIONS)
    assert all(one["missing"] for one in printed if one["task"] == "medical-coding")


def test_a_task_without_a_measure_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_command(careflow, ["ai", "evaluate", "weather", "--data", str(tmp_path)])
    assert code == 2
    assert "weather" in capsys.readouterr().err
