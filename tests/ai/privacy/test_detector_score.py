"""How well the detector does on labelled texts; counts, no times."""

from __future__ import annotations

import pytest

from benchmarks.privacy import Marked, Score, known_of, read, scored
from careflow.ai.privacy.known import NOBODY
from tests.ai.privacy import invented
from tests.shared_data import shared

MANY = 30


def weakest(score: Score) -> float:
    return min(score.covered[label] / n for label, n in score.marks.items() if n >= MANY)


def made(language: str, *, with_record: bool) -> list[Marked]:
    return [
        Marked(
            one.id,
            one.text,
            tuple((mark.start, mark.end, mark.label) for mark in one.marks),
            known_of(one.record) if with_record else NOBODY,
        )
        for one in invented.texts(160)
        if one.language == language
    ]


def test_invented_notes_with_the_record() -> None:
    score = scored(made("en", with_record=True))
    assert score.recall >= 0.98
    assert score.precision >= 0.92
    assert score.over_redaction <= 0.03
    assert score.clean_share >= 0.85
    assert weakest(score) >= 0.9


def test_invented_notes_without_the_record() -> None:
    score = scored(made("en", with_record=False))
    assert score.recall >= 0.92
    assert score.precision >= 0.92
    assert weakest(score) >= 0.9


def test_invented_spanish_notes() -> None:
    assert scored(made("es", with_record=False)).recall >= 0.9


@pytest.mark.shared
def test_notes_of_the_shared_set() -> None:
    path = shared("data/deid/notes_dev.jsonl")
    score = scored(read(path, with_record=True))
    assert score.recall >= 0.98
    assert score.precision >= 0.92
    assert score.over_redaction <= 0.03
    assert score.clean_share >= 0.85
    assert score.untouched_share >= 0.8
    assert scored(read(path)).recall >= 0.92


@pytest.mark.shared
def test_queries_of_the_shared_set() -> None:
    score = scored(read(shared("data/deid/queries_dev.jsonl")))
    assert score.recall >= 0.97
    assert score.precision >= 0.95
    assert score.over_redaction <= 0.02
    assert score.untouched_share >= 0.8
    assert weakest(score) >= 0.9


@pytest.mark.shared
def test_spanish_cases_of_the_shared_set() -> None:
    score = scored(read(shared("data/deid/meddocan_dev.jsonl")))
    assert score.recall >= 0.9
    assert score.over_redaction <= 0.02
