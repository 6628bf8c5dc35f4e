"""Lab reports as many labs print and many scanners see them, none of them known to the parser.

The set in `report_layouts/` was drawn without sight of the parser and is frozen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from careflow.ai.reading.lab_rows import find_rows
from careflow.ai.reading.ocr import find_recogniser
from careflow.ai.reading.pages import read_pages
from tests.ai.report_layouts.reports import (
    FOLDER,
    all_reports,
    fingerprints,
    scanned_reports,
    text_reports,
)
from tests.ai.report_layouts.scoring import Score, UnreadRead, score, table
from tests.ai.report_layouts.truth import Report

# A few scans that differ most, so that the short form stays short.
SHORT = (
    "scan-clean-200",
    "scan-skew-1",
    "scan-turned-180",
    "photo-png",
    "smudged-values",
    "smudged-points",
)

needs_recogniser = pytest.mark.skipif(
    find_recogniser() is None, reason="no text recogniser is installed on this machine"
)


def _read(report: Report) -> Score:
    pages = read_pages(report.content, report.media_type, recogniser=find_recogniser())
    return score(report, find_rows(pages))


@pytest.fixture(scope="module")
def printed() -> list[Score]:
    return [_read(report) for report in text_reports()]


@pytest.fixture(scope="module")
def scanned() -> list[Score]:
    return [_read(report) for report in scanned_reports(SHORT)]


def test_the_drawn_reports_are_the_frozen_ones() -> None:
    frozen = json.loads((FOLDER / "FROZEN").read_text())

    assert fingerprints() == frozen, "the set is frozen: change the parser, not the reports"
    written = hashlib.sha256((FOLDER / "truth.jsonl").read_bytes()).hexdigest()
    assert written == frozen["truth.jsonl"]


def test_the_set_is_as_large_and_as_varied_as_it_claims() -> None:
    reports = all_reports()

    assert sum(len(report.truth.rows) for report in reports if not report.scanned) >= 420
    assert len({report.layout for report in reports}) >= 24
    assert sum(len(report.truth.unreadable) for report in reports) >= 12
    assert sum(not report.truth.rows for report in reports) == 2


@dataclass(frozen=True)
class Said:
    """One row as some reader might report it."""

    test: str
    value: str
    number: Decimal | None
    unit: str | None
    low: Decimal | None
    high: Decimal | None
    problem: str | None = None


@dataclass(frozen=True)
class Told:
    """A whole report as some reader might report it."""

    rows: Sequence[Said]
    unreadable: Sequence[UnreadRead] = ()
    identity: object = None


def _as_printed(report: Report) -> list[Said]:
    return [
        Said(x.test, x.value, x.number, x.unit.replace("^^", ""), x.low, x.high)
        for x in report.truth.rows
    ]


def test_a_reader_that_says_what_is_printed_scores_in_full() -> None:
    for report in text_reports():
        result = score(report, Told(_as_printed(report)))

        assert result.right == len(report.truth.rows), table([result])
        assert not result.invented


def test_a_shifted_point_an_invention_and_a_guess_do_not_pass() -> None:
    (report,) = scanned_reports(["smudged-points"])
    rows = _as_printed(report)
    shifted = replace(rows[0], value=f"0.{rows[0].value}", number=Decimal(f"0.{rows[0].value}"))
    invented = replace(rows[1], test="Page", value="7714", number=Decimal(7714))
    guess = replace(rows[2], test="Potassium", value="45", number=Decimal(45))

    result = score(report, Told([shifted, *rows[1:], invented, guess]))

    assert len(result.value_wrong) == 1
    assert len(result.invented) == 2  # the shifted point too stands nowhere on the page
    assert len(result.guessed) == 1


def test_rows_of_printed_reports_are_read_right_in_any_layout(printed: list[Score]) -> None:
    right = sum(item.right for item in printed) / sum(item.expected for item in printed)

    assert right >= 0.95, table(printed)


def test_no_row_is_invented_on_a_printed_report(printed: list[Score]) -> None:
    assert not any(item.invented for item in printed), table(printed)


@needs_recogniser
def test_rows_of_scans_are_read_right(scanned: list[Score]) -> None:
    right = sum(item.right for item in scanned) / sum(item.expected for item in scanned)

    assert right >= 0.90, table(scanned)


@needs_recogniser
def test_what_a_scan_does_not_show_is_not_read_wrong(scanned: list[Score]) -> None:
    _nothing_wrong(scanned)


@needs_recogniser
def test_a_value_hidden_on_a_scan_is_never_guessed(scanned: list[Score]) -> None:
    assert not any(item.guessed for item in scanned), table(scanned)


@pytest.mark.sweep
@pytest.mark.timeout(600)
@needs_recogniser
def test_every_scan_is_read_right_or_declared_unreadable() -> None:
    scores = [_read(report) for report in scanned_reports()]

    right = sum(item.right for item in scores) / sum(item.expected for item in scores)
    assert right >= 0.90, table(scores)
    assert not any(item.guessed for item in scores), table(scores)
    _nothing_wrong(scores)


def _nothing_wrong(scores: list[Score]) -> None:
    wrong = [x for item in scores for x in (*item.value_wrong, *item.limits_wrong, *item.invented)]
    assert not wrong, table(scores)
