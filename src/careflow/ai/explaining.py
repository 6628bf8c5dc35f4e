"""One paragraph about a report, by rule; every number in it is one of the report's own."""

from __future__ import annotations

from collections.abc import Sequence

from careflow.ai.lab_report import LabReport, Row, Unreadable
from careflow.knowledge.labs import Flag

_WORDS: dict[Flag, str] = {
    "LOW": "below its range",
    "HIGH": "above its range",
    "CRITICAL_LOW": "critically low",
    "CRITICAL_HIGH": "critically high",
}


def explanation_of(rows: Sequence[Row], unreadable: Sequence[Unreadable]) -> str:
    """Say how many results were read, which stand out, and what could not be read."""
    sentences = [f"{_counted(len(rows), 'result')} read."]
    standing_out = _standing_out(rows)
    sentences += standing_out
    if rows and not standing_out and all(row.flag for row in rows):
        sentences.append("Every result lies in its printed range.")
    unflagged = sum(row.flag is None for row in rows)
    if unflagged:
        sentences.append(f"{_counted(unflagged, 'result')} could not be placed against a range.")
    if unreadable:
        sentences.append(f"{_counted(len(unreadable), 'line')} could not be read.")
    return " ".join(sentences)


def explained(report: LabReport) -> str:
    """Return the paragraph about a report."""
    return explanation_of(report.kept, report.unreadable)


def findings_of(report: LabReport) -> tuple[str, ...]:
    """Return one sentence for each result beyond its range, critical ones first."""
    return tuple(_standing_out(report.kept))


def _standing_out(rows: Sequence[Row]) -> list[str]:
    beyond = [row for row in rows if row.flag in _WORDS]
    return [_sentence(row) for row in sorted(beyond, key=lambda row: not row.critical)]


def _sentence(row: Row) -> str:
    value = " ".join(part for part in (row.value, row.unit) if part)
    words = _WORDS[row.flag] if row.flag else ""
    against = f" ({row.range_text})" if row.range_text else ""
    return f"{row.test}: {value} is {words}{against}."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
