"""Finds what is measured on a line: values, ranges, units, and the dates that look like them."""

from __future__ import annotations

import re

from careflow.ai.reading.segment import EDGES, LONGEST, Cursor, Kind, Segment, cut
from careflow.knowledge.labs.names import is_known
from careflow.knowledge.labs.ranges import bare, parse_range
from careflow.knowledge.labs.units import parse_unit

_NUMBER = re.compile(r"^(?:<=|>=|[<>≤≥=~])?[+-]?(?:\d[\d.,'’]*|\.\d+)$")


_FLAGGED = re.compile(
    r"^(?P<before>[*↑↓▲▼!]{1,3}|HH?|LL?)?(?P<number>(?:<=|>=|[<>≤≥])?-?\d[\d.,'’]*)"
    r"(?P<after>[*↑↓▲▼!]{1,3}|HH?|LL?|\([HL*]{1,2}\)|\[[HL*]{1,2}\])?$"
)


_GLUED_UNIT = re.compile(r"^((?:<=|>=|[<>≤≥])?-?\d[\d.,'’]*)([a-zA-Zµμ%×/].*)$")


_GLUED_RANGE_UNIT = re.compile(r"^(.*\d)\s*([a-zA-Zµμ%×/].*)$")


_DATE = re.compile(
    r"^(\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[-/ ][A-Za-z]{3,9}[-/ ,]*\d{2,4}|"
    r"\d{4}-\d{2}-\d{2}T.*|\d{1,2}:\d{2}(:\d{2})?)$"
)


_DAMAGED_POWER = re.compile(r"^[xX]?10[^\d\s./]{0,2}4?(?:[369]|12)/[A-Za-zµ]")


_DAMAGED_AREA = re.compile(r"(/1[.,]73)\s?m[?²*°7z]$")


def date_at(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A date or a time of day; "1.2.3" may be a number of sections and is none."""
    text = cursor.tokens[at].text.strip(EDGES)
    if not _DATE.match(text):
        return None
    parts = re.split(r"[-/.]", text)
    if (
        len(parts) == 3
        and all(part.isdigit() for part in parts)
        and max(map(int, parts)) < 13
        and "." in text
    ):
        return None
    return [cut(cursor, "date", at, at + 1)], at + 1


def range_at(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """The longest run of words that is a range."""
    end = min(_reach(cursor, at), at + LONGEST)
    for stop in range(end, at, -1):
        text = bare(cursor.joined(at, stop))
        made = range_text(text)
        if made is not None:
            kind, unit = made
            return _with_unit(cursor, kind, at, stop, text, unit), stop
    return None


def _reach(cursor: Cursor, at: int) -> int:
    """Return how far a range may go: its cell, and beyond when a lone dash joins two cells."""
    end = cursor.cell_end(at)
    dashes = {"-", "–", "—", "to"}
    while end < len(cursor.tokens) and (
        cursor.tokens[end].text in dashes or cursor.tokens[end - 1].text in dashes
    ):
        end = cursor.cell_end(end)
    return end


def range_text(text: str) -> tuple[Kind, str] | None:
    """Return the kind of a range and the unit glued behind it ("50–70%"), or None."""
    if not re.search(r"\d", text):
        return None
    for mark in (None, ","):
        found = parse_range(text, mark=mark)
        if found is not None and found.words is None:
            is_bound = (found.low is None) != (found.high is None)
            return ("bound" if is_bound and re.match(r"^[<>≤≥=]", text) else "range"), ""
    glued = _GLUED_RANGE_UNIT.match(text)
    if glued and parse_unit(glued.group(2)) and len(glued.group(1)) > 1:
        inner = range_text(glued.group(1))
        if inner is not None:
            return inner[0], glued.group(2)
    return None


def _with_unit(
    cursor: Cursor, kind: Kind, at: int, stop: int, text: str, unit: str
) -> list[Segment]:
    if not unit:
        return [cut(cursor, kind, at, stop, text)]
    number = text[: len(text) - len(unit)]
    first = cut(cursor, kind, at, stop, number)
    return [first, cut(cursor, "unit", stop - 1, stop, unit)]


def unit_at(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A unit, where one can stand: after the result, in brackets, or alone in a cell."""
    end = min(cursor.cell_end(at), at + 5)
    for stop in range(end, at, -1):
        text = cursor.joined(at, stop).strip(" ;,:")
        if cursor.from_picture:
            text = _DAMAGED_AREA.sub(r"\1 m2", text)
        if parse_unit(text) is None or re.fullmatch(r"[\d.,]+", text):
            continue
        bracketed = text[:1] in "([" and text[-1:] in ")]"
        alone = cursor.starts_cell(at) and cursor.ends_cell(stop) and at > 0
        if cursor.seen_value or bracketed or alone:
            return [cut(cursor, "unit", at, stop, text)], stop
    return None


def flagged_value_at(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """Read "12.3H", "*12.3", "12.3↑", and "H 12.3" or "* 12.3" in two words."""
    text = cursor.tokens[at].text.strip(",;:")
    glued = _FLAGGED.match(text)
    if glued and (glued.group("before") or glued.group("after")):
        if cursor.from_picture and re.search(r"[HL]", text):
            return [cut(cursor, "odd", at, at + 1)], at + 1
        flag = (glued.group("before") or "") + (glued.group("after") or "")
        value = cut(cursor, "value", at, at + 1, glued.group("number"))
        return [value, cut(cursor, "flag", at, at + 1, flag)], at + 1
    flagged = text.strip("()[]") in {"H", "L", "HH", "LL", "*", "**", "↑", "↓", "▲", "▼", "!"}
    followed = at + 1 < len(cursor.tokens) and _NUMBER.match(
        cursor.tokens[at + 1].text.strip(EDGES)
    )
    if flagged and followed and cursor.seen_text and not cursor.seen_value:
        return [cut(cursor, "flag", at, at + 1)], at + 1
    return None


def value_at(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A number, perhaps with its unit glued to it."""
    text = cursor.tokens[at].text.strip(EDGES)
    if _NUMBER.match(text) and _ends_name(cursor, at):
        return [cut(cursor, "text", at, at + 1)], at + 1
    if _NUMBER.match(text):
        stop = _spaced_thousands(cursor, at)
        kind: Kind = "bound" if text[0] in "<>≤≥" else "value"
        return [cut(cursor, kind, at, stop)], stop
    glued = _GLUED_UNIT.match(text)
    if cursor.from_picture and _DAMAGED_POWER.match(text):
        return [cut(cursor, "unit", at, at + 1)], at + 1
    if glued and not cursor.seen_value:
        whole = cursor.joined(at, cursor.cell_end(at))
        if parse_unit(glued.group(2)):
            value = cut(cursor, "value", at, at + 1, glued.group(1))
            return [value, cut(cursor, "unit", at, at + 1, glued.group(2))], at + 1
        spread = _GLUED_UNIT.match(whole.strip(EDGES))
        if spread and parse_unit(spread.group(2)):
            stop = cursor.cell_end(at)
            value = cut(cursor, "value", at, at + 1, spread.group(1))
            return [value, cut(cursor, "unit", at, stop, spread.group(2))], stop
    return None


def _ends_name(cursor: Cursor, at: int) -> bool:
    """Report a small number inside the name's cell ("Interleukin 6", "HSV 1 IgG").

    The result must stand in another cell, and the name must not be whole without the number.
    """
    if cursor.seen_value or cursor.cells[at] != cursor.cells[max(at - 1, 0)] or at == 0:
        return False
    end = cursor.cell_end(at)
    rest, later = cursor.joined(at + 1, end), cursor.tokens[end : end + 2]
    small = re.fullmatch(r"\d{1,2}", cursor.tokens[at].text) is not None
    named = not rest or (rest[0].isalpha() and parse_unit(rest) is None and len(rest) > 2)
    valued = any(_NUMBER.match(token.text.strip(EDGES)) for token in later)
    return small and named and valued and not is_known(cursor.joined(0, at))


def _spaced_thousands(cursor: Cursor, at: int) -> int:
    """Return the end of a number whose groups stand a blank apart ("14 200")."""
    stop = at + 1
    if not re.fullmatch(r"[<>]?\d{1,3}", cursor.tokens[at].text):
        return stop
    while stop < len(cursor.tokens) and cursor.cells[stop] == cursor.cells[at]:
        before, token = cursor.tokens[stop - 1], cursor.tokens[stop]
        near = token.x0 - before.x1 < 0.5 * (token.y1 - token.y0)
        if not near or not re.fullmatch(r"\d{3}", token.text):
            break
        stop += 1
    return stop
