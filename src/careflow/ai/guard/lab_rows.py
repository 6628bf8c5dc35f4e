"""Checks an answer against what it was read from, after any engine and before anyone sees it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from careflow.ai.lab_report import LabReport, Row

_UNTRACED = "A number of this row is not in the line it was read from: compare it with the page."
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|\.\d+")


def guarded(report: LabReport) -> LabReport:
    """Return the report with every row traced to the line it was read from.

    A number that is not in the line is never dropped silently: the row has to be corrected or
    removed by a person before anyone can sign.
    """
    return replace(report, rows=tuple(map(_traced, report.rows)))


def is_traced(row: Row) -> bool:
    """Report whether the row's numbers, its range included, occur in what was read."""
    there = _numbers(f"{row.text} {row.range_text or ''}")
    said = [text for text in (row.value, row.low, row.high) if text]
    return all(_readings(number) & there for text in said for number in _NUMBER.findall(text))


def _traced(row: Row) -> Row:
    if is_traced(row):
        return row
    return replace(row, problem=_UNTRACED, must_change=True, must_check=True)


def _numbers(text: str) -> set[Decimal]:
    return {reading for number in _NUMBER.findall(text) for reading in _readings(number)}


def _readings(number: str) -> set[Decimal]:
    """Return what a number may mean: marks as thousands or as the decimal mark."""
    spelled = {number.replace(",", ""), number.replace(".", "").replace(",", ".")}
    return {Decimal(text) for text in spelled if text.count(".") <= 1 and text != "."}
