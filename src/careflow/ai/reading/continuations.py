"""Tells whether a line goes on with the row above: its name, its unit or its range."""

from __future__ import annotations

import re
from dataclasses import replace

from careflow.ai.reading.columns import roles_of
from careflow.ai.reading.drafts import Draft, tidy_name
from careflow.ai.reading.lines import Line
from careflow.ai.reading.segments import Segment
from careflow.ai.reading.vocabulary import is_prose
from careflow.ai.reading.walk import Walk
from careflow.knowledge.labs.names import is_known, is_whole_name, strength
from careflow.knowledge.labs.units import parse_unit

_HOW_MEASURED = re.compile(
    r"\b(method|photomet|spectro|calculated|immuno(assay|turbid)|c[lm]ia\b|eclia|hplc|kinetic|enzymatic|"
    r"colou?rimet|turbidi|nephelo|impedance|cytometr|microscop|westergren|jaffe|uricase|god|biuret|"
    r"diazo|ifcc|edta|specimen|sample|electrode|principle|instrument|analy[sz]er|fluoresc)",
    re.IGNORECASE,
)


_REST_OF_NAME = re.compile(
    r"^(ratio|count|rate|index|concentration|antibod(y|ies)|saturation|clearance|capacity)\b",
    re.IGNORECASE,
)


_RANGE_LABELS = re.compile(r"^\W*(biological\s+)?(ref(erence)?|normal|expected)\b", re.IGNORECASE)


def extends(walk: Walk, lines: list[Line], at: int, segments: list[Segment]) -> bool:
    """Take the line as part of the row above: the rest of its name, or more of its range."""
    if not walk.drafts:
        return False
    row, line = walk.drafts[-1], lines[at]
    last = max([row.line, *row.extra_lines], key=lambda one: one.middle)
    if line.page != row.line.page or not 0 < line.middle - last.middle < 2.6 * line.height:
        return False
    if _continues_columns(walk, row, line, segments):
        row.extra_lines.append(line)
        return True
    ranges = [one for one in segments if one.kind in {"range", "bound", "label", "unit"}]
    texts = [one for one in segments if one not in ranges]
    if any(one.kind != "text" for one in texts):
        return False
    if ranges and _continues_range(row, ranges, texts, line):
        row.ranges.extend(one for one in ranges if one.kind != "unit" or row.units)
        row.units.extend(one for one in ranges if one.kind == "unit" and not row.units)
        if not _continues_name(row, texts, lines, at):
            row.extra_lines.append(line)
        return True
    if ranges:
        return False
    return _continues_name(row, texts, lines, at)


def _continues_columns(walk: Walk, row: Draft, line: Line, segments: list[Segment]) -> bool:
    """Take what a narrow column broke off: the rest of a unit, or of a range that stays open."""
    panel = next((one for one in walk.panels if one.x0 <= segments[0].x0 < one.x1), None)
    last = max([row.line, *row.extra_lines], key=lambda one: one.middle)
    if panel is None or not row.in_table or line.middle - last.middle > 1.6 * line.height:
        return False
    by_role = dict(
        zip(segments, (one.role for one in roles_of(segments, panel, line.height)), strict=True)
    )
    open_unit = bool(row.units) and parse_unit(row.units[0].text) is None
    open_range = bool(row.ranges) and row.ranges[-1].tokens[-1].text.endswith(("-", "–", "to"))
    allowed = {role for role, is_open in (("unit", open_unit), ("range", open_range)) if is_open}
    if not allowed or not set(by_role.values()) <= allowed:
        return False
    for segment, role in by_role.items():
        if role == "unit":
            first = row.units[0]
            whole = first.text + " ".join(token.text for token in segment.tokens)
            row.units[0] = replace(first, tokens=first.tokens + segment.tokens, text=whole)
        else:
            row.ranges.append(segment)
    return True


def _continues_range(row: Draft, ranges: list[Segment], texts: list[Segment], line: Line) -> bool:
    has_range = any(one.kind in {"range", "bound"} for one in ranges)
    if not has_range or len(texts) > 1 or is_prose(line.text.split()):
        return False
    begins_right = line.x0 > row.name[0].x0 + 2 * line.height if row.name else False
    if texts and not (texts[0].x0 < ranges[0].x0 and not begins_right):
        return False
    if _RANGE_LABELS.match(line.text) or (not texts and line.text[:1] in "(["):
        return not any(one.kind in {"range", "bound"} for one in row.ranges)
    if row.in_table:
        return begins_right or bool(texts)
    return begins_right and not texts


def _continues_name(row: Draft, texts: list[Segment], lines: list[Line], at: int) -> bool:
    if len(texts) != 1 or not row.name:
        return False
    text, line = texts[0], lines[at]
    if abs(text.x0 - row.name[0].x0) > 1.6 * line.height or line.height > 1.2 * row.line.height:
        return False
    whole = tidy_name(f"{row.test} {text.text}")
    if not _is_rest_of_name(row, text.text, whole, lines, at):
        return False
    row.name = [*row.name, *text.tokens]
    row.extra_lines.append(line)
    return True


def _is_rest_of_name(row: Draft, text: str, whole: str, lines: list[Line], at: int) -> bool:
    if text.rstrip().endswith(":") or is_prose(text.split()) or len(whole) > 90:
        return False
    wraps = _is_same_print(row, lines[at]) and _is_tight(row, lines, at)
    if _HOW_MEASURED.search(text) and not (wraps or _balances(row, lines[at])):
        return False
    if _REST_OF_NAME.match(text) and _is_same_print(row, lines[at]):
        return True
    if is_whole_name(whole) or (strength(whole) > strength(row.test)):
        return True
    opened = row.test.count("(") > row.test.count(")") or re.search(r"[-,/&]$", row.name[-1].text)
    if opened or re.match(r"^[a-z(]\w", text.strip()) or _balances(row, lines[at]):
        return True
    return not is_known(text) and _is_tight(row, lines, at)


def _balances(row: Draft, line: Line) -> bool:
    """A result set at half height between the lines of its name has as much below as above."""
    above = [one for one in row.extra_lines if one.middle < row.line.middle]
    below = [one for one in row.extra_lines if one.middle > row.line.middle]
    if not row.in_table or len(below) >= len(above):
        return False
    mirrored = sorted(above, key=lambda one: -one.middle)[len(below)]
    up, down = row.line.middle - mirrored.middle, line.middle - row.line.middle
    return down < 1.2 * up


def _is_same_print(row: Draft, line: Line) -> bool:
    """The line is set like the name above it: same size, same left edge, next line."""
    last = max([row.line, *row.extra_lines], key=lambda one: one.middle)
    size = line.height / row.line.height if row.line.height else 1.0
    near = line.middle - last.middle < 1.6 * line.height
    return near and 0.92 < size < 1.08 and abs(line.x0 - row.name[0].x0) < 0.3 * line.height


def _is_tight(row: Draft, lines: list[Line], at: int) -> bool:
    """The line hugs the row above, clearly closer than the line below: one cell, wrapped."""
    last = row.extra_lines[-1] if row.extra_lines else row.line
    up = lines[at].middle - last.middle
    if at + 1 >= len(lines) or lines[at + 1].page != lines[at].page:
        return False
    down = lines[at + 1].middle - lines[at].middle
    return row.in_table and up < 0.92 * down and up < 1.5 * lines[at].height
