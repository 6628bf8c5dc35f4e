from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.ai.guard.pairs import Pair, findings, pairs

CAUGHT_MIN, FALSE_MAX = 0.95, 0.05
SHORT, LONG = 3, 40


def _shares(drawn: Iterable[Pair]) -> tuple[float, float]:
    compared = [
        (set(findings(one, one.faithful)), set(findings(one, one.changed))) for one in drawn
    ]
    caught = sum(bool(after - before) for before, after in compared)
    return caught / len(compared), sum(bool(before) for before, _ in compared) / len(compared)


@pytest.mark.parametrize("held_out", [False, True])
def test_changes_of_many_tasks_are_caught_and_faithful_answers_pass(held_out: bool) -> None:
    caught, false = _shares(pairs(held_out=held_out, count=SHORT))

    assert (caught >= CAUGHT_MIN, false <= FALSE_MAX) == (True, True)


@pytest.mark.sweep
@pytest.mark.timeout(600)
@pytest.mark.parametrize("held_out", [False, True])
def test_changes_are_caught_at_length(held_out: bool) -> None:
    caught, false = _shares(pairs(held_out=held_out, count=LONG, seed=23))

    assert (caught >= CAUGHT_MIN, false <= FALSE_MAX) == (True, True)
