"""Takes a line apart into names, values, units, ranges and flags, by what the words look like."""

from __future__ import annotations

import re
from dataclasses import replace

from careflow.ai.reading.lines import Line
from careflow.ai.reading.measures import (
    date_at,
    flagged_value_at,
    range_at,
    range_text,
    unit_at,
    value_at,
)
from careflow.ai.reading.segment import EDGES, LONGEST, Cursor, Kind, Segment, cut
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
from careflow.knowledge.labs.values import qualitative

__all__ = ["Kind", "Segment", "segments_of"]


_UNIT_LIKE = re.compile(r"^[^/\s]{0,8}/[^/\s]{1,8}$")


_CODE_OPENS = re.compile(r"^[(\[](?:LOINC|CPT|SNOMED)\b", re.IGNORECASE)


_INLINE = re.compile(
    r"^(test|analyte|result|value|units?|uom|flag|status|range|ref(erence)?\.?|interval)\s?[:=]$",
    re.IGNORECASE,
)


_INLINE_TEST = re.compile(r"^(test|analyte)\s?[:=]$", re.IGNORECASE)


_LOINC = re.compile(r"^\d{3,5}-\d$")


_ODD = re.compile(r"^(?=.*\d)[<>≤≥]?[\dOolISBZ|!§°?]+(?:[.,:;'][\dOolISBZ|!§°?]*)*$")


def segments_of(line: Line, *, after_value: bool = False) -> list[Segment]:
    """Return the segments of a line from left to right.

    Args:
        line: The line.
        after_value: Whether the result stands on a line above, so that units may open this one.
    """
    cells = [index for index, cell in enumerate(line.cells) for _ in cell]
    cursor = Cursor([token for cell in line.cells for token in cell], cells, line.from_picture)
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


def _next(cursor: Cursor, at: int) -> tuple[list[Segment], int]:
    """Return the segments that begin at a word, and the index after them."""
    if not cursor.tokens[at].text.strip(EDGES + "|"):
        return [], at + 1
    for reader in (
        _code,
        _inline_label,
        _name_with_digits,
        _printed_code,
        date_at,
        range_at,
        unit_at,
        flagged_value_at,
        value_at,
        _label,
        _flag,
        _words,
    ):
        found = reader(cursor, at)
        if found is not None:
            return found
    if cursor.seen_value and _UNIT_LIKE.match(cursor.tokens[at].text.strip(EDGES)):
        stop = _damaged_end(cursor, at + 1)
        return [cut(cursor, "unit", at, stop)], stop
    kind: Kind = "odd" if _is_odd(cursor, at) else "text"
    return [cut(cursor, kind, at, at + 1)], at + 1


def _damaged_end(cursor: Cursor, stop: int) -> int:
    """A unit whose letters were lost may have fallen into pieces; they belong together."""
    while (
        stop < len(cursor.tokens)
        and cursor.cells[stop] == cursor.cells[stop - 1]
        and re.search(r"[^\x00-\x7f]|[&;\\]", cursor.tokens[stop].text)
        and not re.search(r"\d", cursor.tokens[stop].text)
    ):
        stop += 1
    return stop


def _code(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A code printed beside the name, "(LOINC: 718-7)", belongs to the name."""
    if not _CODE_OPENS.match(cursor.tokens[at].text):
        return None
    for stop in range(at + 1, min(at + 4, len(cursor.tokens)) + 1):
        if cursor.tokens[stop - 1].text.rstrip(":,;").endswith((")", "]")):
            return [cut(cursor, "text", at, stop)], stop
    return None


def _inline_label(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """Skip the labels of "Test: Sodium  Result: 139  Unit: mmol/L"."""
    if at == 0 and not _INLINE_TEST.match(cursor.tokens[at].text):
        return None
    return ([], at + 1) if _INLINE.match(cursor.tokens[at].text) else None


def _name_with_digits(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """Names such as "CA 19-9" or "25-OH Vitamin D" hold what looks like results."""
    if cursor.seen_value and not cursor.starts_cell(at):
        return None
    end = min(cursor.cell_end(at), at + LONGEST)
    for stop in range(end, at, -1):
        text = cursor.joined(at, stop)
        if any(_INLINE.match(token.text) for token in cursor.tokens[at:stop]):
            continue
        if re.search(r"\d", text) and re.search(r"[A-Za-z]", text) and is_whole_name(text):
            return [cut(cursor, "text", at, stop)], stop
    return None


def _printed_code(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A LOINC code in a column of its own is no range, for it runs downwards ("718-7")."""
    text = cursor.tokens[at].text.strip(EDGES)
    if not _LOINC.match(text) or range_text(text) is not None:
        return None
    return [cut(cursor, "code", at, at + 1)], at + 1


def _label(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A word that names whom or what a range is for: "Male:", "Desirable", "Ref:"."""
    end = min(cursor.cell_end(at), at + 4)
    for stop in range(end, at, -1):
        text = cursor.joined(at, stop)
        plain = letters(text)
        if re.search(r"\d", text):
            continue
        if plain in SEXES or plain in NORMAL_BANDS or plain in AGES or plain in BANDS:
            colon = text.rstrip().endswith((":", "-", "="))
            before_range = stop < len(cursor.tokens) and range_at(cursor, stop) is not None
            bracketed = text.startswith("(") and text.endswith(")") and plain in SEXES
            placed = cursor.seen_value or cursor.seen_range
            if (placed and (colon or bracketed)) or before_range:
                return [cut(cursor, "label", at, stop)], stop
    return None


def _flag(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    if not cursor.seen_value:
        return None
    end = min(cursor.cell_end(at), at + 4)
    for stop in range(end, at, -1):
        words = [token.text.strip(EDGES + ".").lower() for token in cursor.tokens[at:stop]]
        words = [word for word in words if word]
        telling = [word for word in words if word in FLAG_WORDS]
        if telling and all(word in FLAG_WORDS or word in FLAG_SIDE for word in words):
            return [cut(cursor, "flag", at, stop)], stop
    return None


def _words(cursor: Cursor, at: int) -> tuple[list[Segment], int] | None:
    """A result in words, where a result can stand: at the start of a cell or after a colon."""
    opens = cursor.starts_cell(at) or cursor.tokens[at - 1].text.rstrip().endswith((":", "="))
    if at == 0 or not (opens or _after_known_name(cursor, at)):
        return None
    end = min(cursor.cell_end(at), at + 3)
    for stop in range(end, at, -1):
        names = any(is_whole_name(cursor.joined(at, later)) for later in range(stop + 1, end + 2))
        if not names and qualitative(cursor.joined(at, stop)) is not None:
            return [cut(cursor, "words", at, stop)], stop
    return None


def _after_known_name(cursor: Cursor, at: int) -> bool:
    start = at
    while start > 0 and cursor.cells[start - 1] == cursor.cells[at]:
        start -= 1
    return is_known(cursor.joined(start, at))


def _is_odd(cursor: Cursor, at: int) -> bool:
    """A word with digits where a result could stand, that is no number: perhaps misread."""
    text = cursor.tokens[at].text.strip(EDGES)
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
