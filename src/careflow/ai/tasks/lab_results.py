"""``lab-results``: the rows of a laboratory report, each with its place, code and flag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer
from careflow.ai.explaining import explanation_of
from careflow.ai.lab_checks import checked
from careflow.ai.lab_report import (
    NOTHING_KNOWN,
    LabReport,
    Reading,
    ReportHead,
    Row,
    Unreadable,
    fresh_row,
)
from careflow.ai.page_words import line_around
from careflow.ai.reading.plain_text import line_at
from careflow.ai.reading.report import Identity, LabRow, PrintedDate, ReadReport
from careflow.ai.task import (
    AbstainedError,
    Given,
    GivenResult,
    Span,
    Task,
    TaskInput,
    TaskOutput,
    Words,
)

_SAID = 0.5
"""Confidence in what a model says it read: below what may be signed unseen."""

METHOD = Maker(engine="local", model="careflow-lab-reader/1", prompt="lab-rows/1")

_AROUND_RANGE = re.compile(
    r"^[(\[]?\s*(?:ref(?:erence)?\.?|normal)?\s*[:=]?\s*|[)\]]\s*$", re.IGNORECASE
)


class ResultInput(TaskInput, frozen=True, kw_only=True):
    """One result to look at; a number may be sent as one or as text."""

    test: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    value: Any = None
    unit: str | None = None
    low: Any = None
    high: Any = None
    sex: str | None = None
    age: float | None = None


class LabInput(TaskInput, frozen=True, kw_only=True):
    """A report as a file by its name, as text, or as results."""

    alternatives = ("file", "text", "results")
    file: str | None = None
    text: Words | None = None
    results: Annotated[tuple[ResultInput, ...], msgspec.Meta(max_length=2000)] | None = None


class SaidRow(TaskOutput, frozen=True, kw_only=True):
    """A row as a model reads it; numbers as they are printed."""

    line: Span
    test: str
    value: str | None
    unit: str | None
    low: str | None
    high: str | None


class SaidReport(TaskOutput, frozen=True, kw_only=True):
    """A report as a model reads it."""

    rows: tuple[SaidRow, ...]


def rows_said(said: Sequence[SaidRow], given: Given) -> LabReport:
    """Return a report of the rows that a model read: the tables code and flag them.

    Each row is to be looked at by a person, because no layout vouches for it.
    """
    rows = tuple(_said_row(index, one, given) for index, one in enumerate(said))
    return LabReport(rows, (), NOTHING_KNOWN, explanation_of(rows, ()))


def _said_row(index: int, said: SaidRow, given: Given) -> Row:
    line = line_around(given.pages or (), said.line) if given.file else None
    words = line.text if line else (given.text or "")[slice(*said.line)]
    reading = Reading(said.test, said.value, said.unit, said.low, said.high, None)
    row = checked(
        fresh_row(
            index,
            reading,
            text=words,
            page=line.page if line else None,
            box=line.box if line else None,
            confidence=_SAID,
        )
    )
    return replace(row, must_check=True)


LAB_RESULTS: Task[LabReport] = Task(
    name="lab-results",
    title="Read a laboratory report",
    version="1",
    input=LabInput,
    output=LabReport,
    wire=SaidReport,
    taken=lambda said, given: rows_said(said.rows, given),
)


def read_by_rules(given: Given) -> Answer[LabReport]:
    """Read rows by layout and tables alone.

    Raises:
        AbstainedError: Nothing was given, or nothing in it looks like a result.
    """
    if given.results is not None:
        return _answer(_of_results(given.results), given)
    # The reader and its vocabulary are loaded with the first report, not with the server.
    from careflow.ai.reading.lab_rows import find_rows

    report = of_pages(find_rows(list(given.pages or ())))
    if not report.rows and not report.unreadable:
        raise AbstainedError("No laboratory result was found here.")
    return _answer(report, given)


def of_pages(read: ReadReport) -> LabReport:
    """Return what was read from pages as a report, every row looked up in the tables."""
    rows = tuple(_row(index, one) for index, one in enumerate(read.rows))
    unreadable = tuple(
        [Unreadable(one.page, one.box, one.text, one.reason) for one in read.unreadable]
        + [Unreadable(None, None, "", problem) for problem in read.problems]
    )
    head = _head(read.identity)
    return LabReport(rows, unreadable, head, explanation_of(rows, unreadable))


def _answer(report: LabReport, given: Given) -> Answer[LabReport]:
    pages = {"pages": len(given.pages)} if given.file and given.pages else {}
    usage = {"rows": len(report.rows), **pages}
    sources = tuple(_sources(report.rows, given))
    return Answer(_unplaced(report) if given.text else report, METHOD, sources, usage)


def _unplaced(report: LabReport) -> LabReport:
    """Return a report read from a text: its rows stand at offsets, not on a page."""
    rows = tuple(replace(row, page=None, box=None) for row in report.rows)
    lines = tuple(replace(one, page=None, box=None) for one in report.unreadable)
    return replace(report, rows=rows, unreadable=lines)


def _sources(rows: Sequence[Row], given: Given) -> list[Source]:
    if given.text is not None:
        return [
            Source("text", None, None, *line_at(given.text, (row.box[1] + row.box[3]) / 2))
            for row in rows
            if row.box
        ]
    key = f"file:{given.file.key}" if given.file else "results"
    return [Source(key, row.page, row.box) for row in rows if row.page]


def _row(index: int, read: LabRow) -> Row:
    said = Reading(
        read.test, read.value, read.unit, _plain(read.low), _plain(read.high), read.loinc
    )
    row = checked(
        fresh_row(
            index,
            said,
            text=read.text,
            range_text=_bare(read.range_text),
            page=read.page,
            box=read.box,
            confidence=read.confidence,
            analyte=read.analyte,
        )
    )
    # What the reader of the page doubts stands beside what the tables say; a person looks at both.
    return row if row.problem or not read.problem else _doubted(row, read.problem)


def _bare(range_text: str | None) -> str | None:
    """Return a printed range without the brackets or the "ref" around it."""
    if range_text is None:
        return None
    bare = _AROUND_RANGE.sub("", range_text).strip()
    return bare or range_text


def _doubted(row: Row, problem: str) -> Row:
    return replace(row, problem=problem, must_check=True)


def _head(identity: Identity) -> ReportHead:
    return ReportHead(
        lab=identity.lab,
        collected_at=_iso(identity.collected),
        issued_at=_iso(identity.issued),
        name=identity.name,
        birth_date=_iso(identity.birth_date),
        record_number=identity.record_number,
    )


def _iso(printed: PrintedDate | None) -> str | None:
    return printed.iso if printed else None


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def _of_results(results: Sequence[GivenResult]) -> LabReport:
    if not results:
        raise AbstainedError("No result was given.")
    rows = tuple(_given_row(index, one) for index, one in enumerate(results))
    return LabReport(rows, (), NOTHING_KNOWN, explanation_of(rows, ()))


def _given_row(index: int, given: GivenResult) -> Row:
    said = Reading(given.test, given.value, given.unit, given.low, given.high, None)
    parts = (given.test, given.value, given.unit, given.low, given.high)
    return checked(fresh_row(index, said, text=" ".join(part for part in parts if part)))
