"""Compares the rows that a model read from a report with those that stand there by its layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from careflow.ai.finding import Finding
from careflow.ai.guard.quantities import quantities_of
from careflow.ai.reading.page import PageText
from careflow.ai.tasks.document_analysis import SaidDocument
from careflow.ai.tasks.lab_results import SaidReport, SaidRow
from careflow.ai.words import folded
from careflow.errors import CareFlowError

_NAME_SIGNS = 4


def rows_against(output: object, pages: Sequence[PageText]) -> Iterator[Finding]:
    """Yield the results of known tests that the pages hold and the answer has not, or otherwise."""
    if not isinstance(output, SaidReport | SaidDocument) or not pages:
        return
    # The reader of reports is loaded with the first one, not with the server.
    from careflow.ai.reading.lab_rows import find_rows

    try:
        read = find_rows(list(pages)).rows
    except CareFlowError:
        return
    for row in read:
        if row.analyte is None or row.problem is not None:
            continue
        same = [one for one in output.rows if _name(one.test) == _name(row.test)]
        if not same:
            yield Finding("missing", row.text, "rows")
        elif not any(_is_value(one, row.value) for one in same):
            yield Finding("number", f"{same[0].test} {same[0].value or ''}".strip(), "rows")


def _name(test: str) -> str:
    return folded(test).strip()[:_NAME_SIGNS]


def _is_value(said: SaidRow, printed: str) -> bool:
    """Report whether a row has the printed value, as a number or word by word."""
    value = folded(said.value or "")
    mine = {each for one in quantities_of(value) for each in one.bare}
    theirs = {each for one in quantities_of(folded(printed)) for each in one.bare}
    return bool(mine & theirs) if theirs else value.split() == folded(printed).split()
