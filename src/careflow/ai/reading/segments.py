"""Takes a line apart into names, values, units, ranges and flags, by what the words look like."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from careflow.ai.reading.lines import Line, Token
from careflow.ai.reading.vocabulary import (
    AGES,
    BANDS,
    FLAG_SIDE,
    FLAG_WORDS,
    NORMAL_BANDS,
    SEXES,
    letters,
)
from careflow.knowledge.labs.names import is_known, is_whole_name
from careflow.knowledge.labs.ranges import bare, parse_range
from careflow.knowledge.labs.units import parse_unit
from careflow.knowledge.labs.values import qualitative

Kind = Literal[
    "text",
    "value",
    "range",
    "bound",
    "unit",
    "flag",
    "words",
    "label",
    "date",
    "odd",
    "code",
    "none",
]

_EDGES = "()[]{};,:"
_NUMBER = re.compile(r"^(?:<=|>=|[<>≤≥=~])?[+-]?(?:\d[\d.,'’]*|\.\d+)$")
_SIGNS = re.compile(r"^(?:<=|>=|[<>≤≥])$")
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
_UNIT_LIKE = re.compile(r"^[^/\s]{0,8}/[^/\s]{1,8}$")
_CODE_OPENS = re.compile(r"^[(\[](?:LOINC|CPT|SNOMED)\b", re.IGNORECASE)
_INLINE = re.compile(
    r"^(test|analyte|result|value|units?|uom|flag|status|range|ref(erence)?\.?|interval)\s?[:=]$",
    re.IGNORECASE,
)
_INLINE_TEST = re.compile(r"^(test|analyte)\s?[:=]$", re.IGNORECASE)
_DAMAGED_POWER = re.compile(r"^[xX]?10[^\d\s./]{0,2}4?(?:[369]|12)/[A-Za-zµ]")
_DAMAGED_AREA = re.compile(r"(/1[.,]73)\s?m[?²*°7z]$")
_LOINC = re.compile(r"^\d{3,5}-\d$")
_LONGEST = 8
_ODD = re.compile(r"^(?=.*\d)[<>≤≥]?[\dOolISBZ|!§°?]+(?:[.,:;'][\dOolISBZ|!§°?]*)*$")


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring words of one kind.

    Attributes:
        kind: "bound" is a comparator with a number: a value or an open range; "words" is a
            qualitative result; "label" names a group or band of a range; "odd" holds digits but is
            no number.
        tokens: The words.
        text: Their text, brackets and colons at the ends taken off.
        cell: Index of the cell the first word stands in.
    """

    kind: Kind
    tokens: tuple[Token, ...]
    text: str
    cell: int

    @property
    def x0(self) -> float:
        """Left end in points."""
        return self.tokens[0].x0

    @property
    def x1(self) -> float:
        """Right end in points."""
        return self.tokens[-1].x1


@dataclass(slots=True)
class _Cursor:
    """The words of a line with the cell of each, and what has been seen so far."""

    tokens: list[Token]
    cells: list[int]
    from_picture: bool
    seen_value: bool = False
    seen_text: bool = False
    seen_range: bool = False

    def joined(self, start: int, end: int) -> str:
        return " ".join(token.text for token in self.tokens[start:end])

    def cell_end(self, start: int) -> int:
        end = start + 1
        while end < len(self.tokens) and self.cells[end] == self.cells[start]:
            end += 1
        return end

    def starts_cell(self, index: int) -> bool:
        return index == 0 or self.cells[index - 1] != self.cells[index]

    def ends_cell(self, end: int) -> bool:
        return end >= len(self.tokens) or self.cells[end] != self.cells[end - 1]


def segments_of(line: Line, *, after_value: bool = False) -> list[Segment]:
    """Return the segments of a line from left to right.

    Args:
        line: The line.
        after_value: Whether the result stands on a line above, so that units may open this one.
    """
    cells = [index for index, cell in enumerate(line.cells) for _ in cell]
    cursor = _Cursor([token for cell in line.cells for token in cell], cells, line.from_picture)
    cursor.seen_value = after_value
    found: list[Segment] = []
    at = 0
    while at < len(cursor.tokens):
        pieces, at = _next(cursor, at)
        for piece in pieces:
            cursor.seen_value = cursor.seen_value or piece.kind in {"value", "bound", "words"}
            cursor.seen_range = cursor.seen_range or piece.kind == "range"
            cursor.seen_text = cursor.seen_text or piece.kind == "text"
            found.append(piece)
    return _with_texts_joined(found)


def _next(cursor: _Cursor, at: int) -> tuple[list[Segment], int]:
    """Return the segments that begin at a word, and the index after them."""
    if not cursor.tokens[at].text.strip(_EDGES + "|"):
        return [], at + 1
    for reader in (
        _code,
        _inline_label,
        _name_with_digits,
        _printed_code,
        _date,
        _range,
        _unit,
        _flagged_value,
        _value,
        _label,
        _flag,
        _words,
    ):
        found = reader(cursor, at)
        if found is not None:
            return found
    if cursor.seen_value and _UNIT_LIKE.match(cursor.tokens[at].text.strip(_EDGES)):
        stop = _damaged_end(cursor, at + 1)
        return [_segment(cursor, "unit", at, stop)], stop
    kind: Kind = "odd" if _is_odd(cursor, at) else "text"
    return [_segment(cursor, kind, at, at + 1)], at + 1


def _damaged_end(cursor: _Cursor, stop: int) -> int:
    """A unit whose letters were lost may have fallen into pieces; they belong together."""
    while (
        stop < len(cursor.tokens)
        and cursor.cells[stop] == cursor.cells[stop - 1]
        and re.search(r"[^\x00-\x7f]|[&;\\]", cursor.tokens[stop].text)
        and not re.search(r"\d", cursor.tokens[stop].text)
    ):
        stop += 1
    return stop


def _segment(cursor: _Cursor, kind: Kind, start: int, end: int, text: str | None = None) -> Segment:
    plain = cursor.joined(start, end) if text is None else text
    return Segment(
        kind,
        tuple(cursor.tokens[start:end]),
        plain.strip(" " + _EDGES) if kind != "text" else plain,
        cursor.cells[start],
    )


def _code(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A code printed beside the name, "(LOINC: 718-7)", belongs to the name."""
    if not _CODE_OPENS.match(cursor.tokens[at].text):
        return None
    for stop in range(at + 1, min(at + 4, len(cursor.tokens)) + 1):
        if cursor.tokens[stop - 1].text.rstrip(":,;").endswith((")", "]")):
            return [_segment(cursor, "text", at, stop)], stop
    return None


def _inline_label(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    """Skip the labels of "Test: Sodium  Result: 139  Unit: mmol/L"."""
    if at == 0 and not _INLINE_TEST.match(cursor.tokens[at].text):
        return None
    return ([], at + 1) if _INLINE.match(cursor.tokens[at].text) else None


def _name_with_digits(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    """Names such as "CA 19-9" or "25-OH Vitamin D" hold what looks like results."""
    if cursor.seen_value and not cursor.starts_cell(at):
        return None
    end = min(cursor.cell_end(at), at + _LONGEST)
    for stop in range(end, at, -1):
        text = cursor.joined(at, stop)
        if any(_INLINE.match(token.text) for token in cursor.tokens[at:stop]):
            continue
        if re.search(r"\d", text) and re.search(r"[A-Za-z]", text) and is_whole_name(text):
            return [_segment(cursor, "text", at, stop)], stop
    return None


def _printed_code(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A LOINC code in a column of its own is no range, for it runs downwards ("718-7")."""
    text = cursor.tokens[at].text.strip(_EDGES)
    if not _LOINC.match(text) or _range_text(text) is not None:
        return None
    return [_segment(cursor, "code", at, at + 1)], at + 1


def _date(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    text = cursor.tokens[at].text.strip(_EDGES)
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
    return [_segment(cursor, "date", at, at + 1)], at + 1


def _range(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    end = min(_reach(cursor, at), at + _LONGEST)
    for stop in range(end, at, -1):
        text = bare(cursor.joined(at, stop))
        made = _range_text(text)
        if made is not None:
            kind, unit = made
            return _with_unit(cursor, kind, at, stop, text, unit), stop
    return None


def _reach(cursor: _Cursor, at: int) -> int:
    """Return how far a range may go: its cell, and beyond when a lone dash joins two cells."""
    end = cursor.cell_end(at)
    dashes = {"-", "–", "—", "to"}
    while end < len(cursor.tokens) and (
        cursor.tokens[end].text in dashes or cursor.tokens[end - 1].text in dashes
    ):
        end = cursor.cell_end(end)
    return end


def _range_text(text: str) -> tuple[Kind, str] | None:
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
        inner = _range_text(glued.group(1))
        if inner is not None:
            return inner[0], glued.group(2)
    return None


def _with_unit(
    cursor: _Cursor, kind: Kind, at: int, stop: int, text: str, unit: str
) -> list[Segment]:
    if not unit:
        return [_segment(cursor, kind, at, stop, text)]
    number = text[: len(text) - len(unit)]
    first = _segment(cursor, kind, at, stop, number)
    return [first, _segment(cursor, "unit", stop - 1, stop, unit)]


def _unit(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
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
            return [_segment(cursor, "unit", at, stop, text)], stop
    return None


def _flagged_value(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    """Read "12.3H", "*12.3", "12.3↑", and "H 12.3" or "* 12.3" in two words."""
    text = cursor.tokens[at].text.strip(",;:")
    glued = _FLAGGED.match(text)
    if glued and (glued.group("before") or glued.group("after")):
        if cursor.from_picture and re.search(r"[HL]", text):
            return [_segment(cursor, "odd", at, at + 1)], at + 1
        flag = (glued.group("before") or "") + (glued.group("after") or "")
        value = _segment(cursor, "value", at, at + 1, glued.group("number"))
        return [value, _segment(cursor, "flag", at, at + 1, flag)], at + 1
    flagged = text.strip("()[]") in {"H", "L", "HH", "LL", "*", "**", "↑", "↓", "▲", "▼", "!"}
    followed = at + 1 < len(cursor.tokens) and _NUMBER.match(
        cursor.tokens[at + 1].text.strip(_EDGES)
    )
    if flagged and followed and cursor.seen_text and not cursor.seen_value:
        return [_segment(cursor, "flag", at, at + 1)], at + 1
    return None


def _value(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    text = cursor.tokens[at].text.strip(_EDGES)
    if _NUMBER.match(text) and _ends_name(cursor, at):
        return [_segment(cursor, "text", at, at + 1)], at + 1
    if _NUMBER.match(text):
        stop = _spaced_thousands(cursor, at)
        kind: Kind = "bound" if text[0] in "<>≤≥" else "value"
        return [_segment(cursor, kind, at, stop)], stop
    glued = _GLUED_UNIT.match(text)
    if cursor.from_picture and _DAMAGED_POWER.match(text):
        return [_segment(cursor, "unit", at, at + 1)], at + 1
    if glued and not cursor.seen_value:
        whole = cursor.joined(at, cursor.cell_end(at))
        if parse_unit(glued.group(2)):
            value = _segment(cursor, "value", at, at + 1, glued.group(1))
            return [value, _segment(cursor, "unit", at, at + 1, glued.group(2))], at + 1
        spread = _GLUED_UNIT.match(whole.strip(_EDGES))
        if spread and parse_unit(spread.group(2)):
            stop = cursor.cell_end(at)
            value = _segment(cursor, "value", at, at + 1, spread.group(1))
            return [value, _segment(cursor, "unit", at, stop, spread.group(2))], stop
    return None


def _ends_name(cursor: _Cursor, at: int) -> bool:
    """Report a small number inside the name's cell ("Interleukin 6", "HSV 1 IgG").

    The result must stand in another cell, and the name must not be whole without the number.
    """
    if cursor.seen_value or cursor.cells[at] != cursor.cells[max(at - 1, 0)] or at == 0:
        return False
    end = cursor.cell_end(at)
    rest, later = cursor.joined(at + 1, end), cursor.tokens[end : end + 2]
    small = re.fullmatch(r"\d{1,2}", cursor.tokens[at].text) is not None
    named = not rest or (rest[0].isalpha() and parse_unit(rest) is None and len(rest) > 2)
    valued = any(_NUMBER.match(token.text.strip(_EDGES)) for token in later)
    return small and named and valued and not is_known(cursor.joined(0, at))


def _spaced_thousands(cursor: _Cursor, at: int) -> int:
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


def _label(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A word that names whom or what a range is for: "Male:", "Desirable", "Ref:"."""
    end = min(cursor.cell_end(at), at + 4)
    for stop in range(end, at, -1):
        text = cursor.joined(at, stop)
        plain = letters(text)
        if re.search(r"\d", text):
            continue
        if plain in SEXES or plain in NORMAL_BANDS or plain in AGES or plain in BANDS:
            colon = text.rstrip().endswith((":", "-", "="))
            before_range = stop < len(cursor.tokens) and _range(cursor, stop) is not None
            bracketed = text.startswith("(") and text.endswith(")") and plain in SEXES
            placed = cursor.seen_value or cursor.seen_range
            if (placed and (colon or bracketed)) or before_range:
                return [_segment(cursor, "label", at, stop)], stop
    return None


def _flag(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    if not cursor.seen_value:
        return None
    end = min(cursor.cell_end(at), at + 4)
    for stop in range(end, at, -1):
        words = [token.text.strip(_EDGES + ".").lower() for token in cursor.tokens[at:stop]]
        words = [word for word in words if word]
        telling = [word for word in words if word in FLAG_WORDS]
        if telling and all(word in FLAG_WORDS or word in FLAG_SIDE for word in words):
            return [_segment(cursor, "flag", at, stop)], stop
    return None


def _words(cursor: _Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A result in words, where a result can stand: at the start of a cell or after a colon."""
    opens = cursor.starts_cell(at) or cursor.tokens[at - 1].text.rstrip().endswith((":", "="))
    if at == 0 or not (opens or _after_known_name(cursor, at)):
        return None
    end = min(cursor.cell_end(at), at + 3)
    for stop in range(end, at, -1):
        names = any(is_whole_name(cursor.joined(at, later)) for later in range(stop + 1, end + 2))
        if not names and qualitative(cursor.joined(at, stop)) is not None:
            return [_segment(cursor, "words", at, stop)], stop
    return None


def _after_known_name(cursor: _Cursor, at: int) -> bool:
    start = at
    while start > 0 and cursor.cells[start - 1] == cursor.cells[at]:
        start -= 1
    return is_known(cursor.joined(start, at))


def _is_odd(cursor: _Cursor, at: int) -> bool:
    """A word with digits where a result could stand, that is no number: perhaps misread."""
    text = cursor.tokens[at].text.strip(_EDGES)
    if cursor.seen_value or not cursor.seen_text or not _ODD.match(text):
        return False
    # "A2" and "B12" after a word of the same cell end a name; alone in a cell they are a result.
    return text[0].isdigit() or text[0] in "<>≤≥" or cursor.starts_cell(at)


def _with_texts_joined(found: list[Segment]) -> list[Segment]:
    joined: list[Segment] = []
    for segment in found:
        last = joined[-1] if joined else None
        if last is not None and last.kind == segment.kind == "text" and last.cell == segment.cell:
            joined[-1] = replace(
                last, tokens=last.tokens + segment.tokens, text=f"{last.text} {segment.text}"
            )
        else:
            joined.append(segment)
    return joined
