"""Finds the line of column heads above a table."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from careflow.ai.reading.columns import IMPLIED, Column, Panel
from careflow.ai.reading.dates import day_first, read_date
from careflow.ai.reading.lines import Line, Token
from careflow.ai.reading.vocabulary import HEAD_PHRASES, HEAD_WORDS_MAX

_DATE = re.compile(r"^\(?\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\)?$|^\d{1,2}-[A-Za-z]{3}-\d{2,4}$")


_WORDY_DATE = re.compile(
    r"^(\d{1,2}[ -]?[A-Za-z]{3,9}\.?,?[ -]?('?\d{2}|\d{4})|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})$"
)


_COVERED_MIN = 0.8


_LINES_APART = 1.9


def heads_of(lines: list[Line]) -> tuple[list[Panel], int] | None:
    """Return the tables that begin at the first of the lines, and how many lines their heads take.

    Heads may wrap over up to three lines; the words above each other are read as one head.
    """
    best: tuple[list[Column], int] | None = None
    for count in (1, 2, 3):
        if count > len(lines) or not _close(lines[:count]):
            break
        columns = _columns(_stacked(lines[:count]))
        if columns is not None and (best is None or len(columns) > len(best[0])):
            best = (columns, count)
    if best is None:
        return None
    panels = _panels(best[0])
    return (panels, best[1]) if panels else None


def _close(lines: list[Line]) -> bool:
    return all(
        below.page == above.page and below.middle - above.middle < _LINES_APART * above.height
        for above, below in itertools.pairwise(lines)
    )


def _stacked(lines: list[Line]) -> list[list[Token]]:
    """Return the words of the lines, those above each other put together, left to right."""
    if len(lines) == 1:
        return [lines[0].tokens]
    stacks: list[list[Token]] = []
    for cell in (cell for line in lines for cell in line.cells):
        x0, x1 = cell[0].x0, cell[-1].x1
        over = [
            stack
            for stack in stacks
            if min(x1, max(t.x1 for t in stack)) > max(x0, min(t.x0 for t in stack))
        ]
        if over:
            over[0].extend(cell)
        else:
            stacks.append(list(cell))
    return sorted(stacks, key=lambda stack: min(token.x0 for token in stack))


def _columns(stacks: list[list[Token]]) -> list[Column] | None:
    columns: list[Column] = []
    words = covered = 0
    for stack in stacks:
        found, count = _phrases(stack)
        columns.extend(found)
        covered += count
        words += len([token for token in stack if re.search(r"\w|#", token.text)])
    if not words or covered < _COVERED_MIN * words:
        return None
    return _checked(columns)


def _phrases(tokens: list[Token]) -> tuple[list[Column], int]:
    """Read the words of a stack as heads, the longest phrase first; count the words understood."""
    plain = [token.text.lower().strip(":*[]{},;|") for token in tokens]
    columns: list[Column] = []
    covered = at = 0
    while at < len(tokens):
        days = _date_words(tokens, at)
        if days:
            text = " ".join(token.text for token in tokens[at : at + days])
            columns.append(Column("dated", tokens[at].x0, tokens[at + days - 1].x1, text))
            covered, at = covered + days, at + days
            continue
        reach = _reach(tokens, at)
        size = next(
            (
                size
                for size in range(min(HEAD_WORDS_MAX, reach), 0, -1)
                if tuple(plain[at : at + size]) in HEAD_PHRASES and at + size <= len(plain)
            ),
            0,
        )
        if size:
            part = tokens[at : at + size]
            role = HEAD_PHRASES[tuple(plain[at : at + size])]
            columns.append(
                Column(
                    role,
                    min(t.x0 for t in part),
                    max(t.x1 for t in part),
                    " ".join(plain[at : at + size]),
                )
            )
            covered += size
        elif plain[at].startswith("(") and columns:
            covered += 1
            columns[-1] = replace(columns[-1], x1=max(columns[-1].x1, tokens[at].x1))
        at += max(size, 1)
    return columns, covered


def _date_words(tokens: list[Token], at: int) -> int:
    """Return how many words from here are one date ("14 Mar 2026"), 0 for none."""
    if _DATE.match(tokens[at].text):
        return 1
    for count in (3, 2):
        text = " ".join(token.text for token in tokens[at : at + count])
        if at + count <= len(tokens) and _WORDY_DATE.match(text):
            return count
    return 0


def _reach(tokens: list[Token], at: int) -> int:
    """Return how many words from here stand close together: a head does not span a gap."""
    reach = 1
    while at + reach < len(tokens):
        before, after = tokens[at + reach - 1], tokens[at + reach]
        same_line = abs(after.middle - before.middle) < 0.5 * (after.y1 - after.y0)
        if same_line and after.x0 - before.x1 > 0.9 * (after.y1 - after.y0):
            break
        reach += 1
    return reach


def _checked(columns: list[Column]) -> list[Column] | None:
    """Return the columns if together they are the heads of results, else None."""
    columns = _in_or_out_of_range(columns)
    columns = _latest_is_result(columns)
    roles = [column.role for column in columns]
    if "value" not in roles and "dated" not in roles and "test" in roles and len(columns) < 3:
        return None
    if "value" not in roles and not {"unit", "range"} & set(roles):
        return None
    said = set(roles) - {"other", "flag", "serial"}
    if len(said) < 2 or not said & {"value", "dated"} or not said & {"test", "unit", "range"}:
        return None
    if "test" in roles:
        return columns
    # Names stand to the left of the first head that is named.
    first = min(columns, key=lambda column: column.x0)
    return (
        [Column("test", 0.0, max(first.x0 - 1, 1.0), IMPLIED), *columns]
        if len(columns) > 2
        else None
    )


def _in_or_out_of_range(columns: list[Column]) -> list[Column]:
    """Some laboratories print results in one of two columns: "In Range", "Out of Range"."""
    if any(column.text == "in range" for column in columns):
        return [
            replace(column, role="value") if column.text == "out of range" else column
            for column in columns
        ]
    return [
        replace(column, role="flag")
        if column.role in {"low", "high"} and not _both_ends(columns)
        else column
        for column in columns
    ]


def _latest_is_result(columns: list[Column]) -> list[Column]:
    """Where results stand under dates alone, the latest date is this report's."""
    dated = [column for column in columns if column.role == "dated"]
    if not dated or any(column.role == "value" for column in columns):
        return columns
    settled = day_first([column.text for column in dated])
    orders = (True, False) if settled is None else (settled,)
    latest = {_latest(dated, day_comes_first=order) for order in orders} - {None}
    if len(latest) != 1:
        return columns
    newest = latest.pop()
    return [replace(column, role="value") if column is newest else column for column in columns]


def _latest(dated: list[Column], *, day_comes_first: bool) -> Column | None:
    """Return the column of the latest date in one order of day and month, if all exist in it."""
    read = [(read_date(one.text, day_comes_first=day_comes_first), one) for one in dated]
    known = [(found.iso, one) for found, one in read if found is not None and found.iso]
    if len(known) < len(dated) or len({iso for iso, _ in known}) < len(known):
        return None
    return max(known, key=lambda pair: pair[0])[1]


def _both_ends(columns: list[Column]) -> bool:
    return {"low", "high"} <= {column.role for column in columns}


def _panels(columns: list[Column]) -> list[Panel]:
    groups: list[list[Column]] = [[]]
    for column in columns:
        if column.role == "test" and any(one.role == "test" for one in groups[-1]):
            groups.append([])
        groups[-1].append(column)
    starts = [min(column.x0 for column in group) for group in groups] + [float("inf")]
    return [
        Panel(tuple(group), starts[index] if index else float("-inf"), starts[index + 1])
        for index, group in enumerate(groups)
        if len(group) > 1
    ]
