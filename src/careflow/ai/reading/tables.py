"""Walks down the lines of a report and gathers rows, headings and what continues a row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from careflow.ai.reading.cards import Cards, cards_of, take
from careflow.ai.reading.drafts import Draft, fits, from_panel, from_words, is_name, tidy_name
from careflow.ai.reading.heads import Panel, heads_of, roles_of
from careflow.ai.reading.lines import Line, Token
from careflow.ai.reading.segments import Segment, segments_of
from careflow.ai.reading.vocabulary import is_prose, letters
from careflow.knowledge.labs.names import is_known, is_whole_name, strength
from careflow.knowledge.labs.units import parse_unit

_HOW_MEASURED = re.compile(
    r"\b(method|photomet|spectro|calculated|immuno(assay|turbid)|c[lm]ia\b|eclia|hplc|kinetic|enzymatic|"
    r"colou?rimet|turbidi|nephelo|impedance|cytometr|microscop|westergren|jaffe|uricase|god|biuret|"
    r"diazo|ifcc|edta|specimen|sample|electrode|principle|instrument|analy[sz]er|fluoresc)",
    re.IGNORECASE,
)
_RESULT_LABELS = {
    "result",
    "value",
    "observedvalue",
    "yourresult",
    "observed",
    "testresult",
    "yourvalue",
}
_REST_OF_NAME = re.compile(
    r"^(ratio|count|rate|index|concentration|antibod(y|ies)|saturation|clearance|capacity)\b",
    re.IGNORECASE,
)
_RANGE_LABELS = re.compile(r"^\W*(biological\s+)?(ref(erence)?|normal|expected)\b", re.IGNORECASE)


@dataclass(slots=True)
class _Walk:
    """Where the reader stands on its way down."""

    drafts: list[Draft] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    section: str | None = None
    pending: list[Line] = field(default_factory=list)
    heads: Line | None = None
    cards: Cards | None = None


def drafts_of(lines: list[Line]) -> list[Draft]:
    """Return the rows in the making of a whole report, in reading order."""
    walk = _Walk()
    at = 0
    while at < len(lines):
        heads = heads_of(lines[at : at + 3])
        if heads is not None:
            walk.panels, count = heads
            walk.pending = []
            walk.heads = lines[at + count - 1]
            at += count
            continue
        _take(walk, lines, at)
        at += 1
    return walk.drafts


def _take(walk: _Walk, lines: list[Line], at: int) -> None:
    line = lines[at]
    segments = segments_of(line)
    if not segments:
        return
    under = take(walk.cards, line) if walk.cards is not None else None
    if under is not None:
        walk.drafts.extend(draft for draft in under if is_known(draft.test) or _stands(walk, draft))
        walk.pending = []
        return
    made = _rows(walk, line, segments)
    if made:
        for draft in made:
            draft.section = walk.section
            _complete_name(walk, draft)
        walk.drafts.extend(made)
        walk.pending = []
        return
    if _extends(walk, lines, at, segments):
        return
    _remember(walk, line, segments)
    walk.cards = cards_of(line)


def _rows(walk: _Walk, line: Line, segments: list[Segment]) -> list[Draft]:
    made: list[Draft] = []
    inside = False
    for panel in walk.panels:
        part = [
            one for one in segments if panel.x0 - line.height <= one.x0 < panel.x1 - line.height
        ]
        if not part:
            continue
        draft = from_panel(line, part, panel) if fits(part, panel, line) else None
        if draft is not None and _stands(walk, draft):
            made.append(draft)
        inside = inside or _has_column_cells(part, panel)
    if made or (walk.panels and inside):
        return made
    return [draft for draft in from_words(line, segments) if _stands(walk, draft)]


def _has_column_cells(part: list[Segment], panel: Panel) -> bool:
    """Report whether a line is of the table although it makes no row (no result yet, say)."""
    earlier = panel.column("previous") or panel.column("dated")
    return earlier is not None and len({one.cell for one in part}) > 1


def _stands(walk: _Walk, draft: Draft) -> bool:
    """Decide whether what looks like a row is one; when in doubt it is not."""
    test = draft.test
    if letters(test) in _RESULT_LABELS:
        return bool(walk.pending) and is_name(walk.pending[-1].text)
    if not test:
        return draft.in_table and _is_near_name(walk.pending, draft)
    if not is_name(test):
        return False
    known = is_known(test) or (walk.section is not None and is_known(f"{walk.section} {test}"))
    measured = any(one.kind == "unit" for one in draft.units)
    ranged = bool(draft.ranges) or draft.low is not None or draft.high is not None
    if test[0].islower() and not known and not (draft.in_table and measured and ranged):
        return False
    if draft.value.kind == "none":
        return True
    if draft.value.kind in {"value", "bound", "odd", "range"}:
        if draft.in_table:
            alone = draft.value.kind == "value" and draft.aligned and _among_rows(walk, draft)
            return known or measured or ranged or alone
        return (known and (measured or ranged or _is_bare(draft))) or (measured and ranged)
    if draft.value.kind == "words":
        return known or draft.in_table or ranged
    return (
        draft.in_table and (known or ranged or measured) and not is_prose(draft.value.text.split())
    )


def _among_rows(walk: _Walk, draft: Draft) -> bool:
    """Report whether the line follows closely on the heads or on another row of the table."""
    last = walk.drafts[-1].line if walk.drafts else None
    near = [line for line in (walk.heads, last) if line is not None]
    return any(
        line.page == draft.line.page
        and 0 < draft.line.middle - line.middle < 3.5 * draft.line.height
        for line in near
    )


def _is_bare(draft: Draft) -> bool:
    """Name and number alone ("INR 2.3", "pH: 6.0"), nothing else on the line."""
    return len(draft.line.cells) <= 3 and not draft.spare and draft.value.kind in {"value", "odd"}


def _is_near_name(pending: list[Line], draft: Draft) -> bool:
    """A result without a name of its own belongs to the name half a line above it."""
    if not pending or pending[-1].page != draft.line.page or not is_name(pending[-1].text):
        return False
    return draft.line.middle - pending[-1].middle < 1.1 * draft.line.height


def _complete_name(walk: _Walk, draft: Draft) -> None:
    """Join the beginning of a wrapped name, which stands above without a result."""
    test = draft.test
    if letters(test) in _RESULT_LABELS or not test:
        above = _cell_above(walk.pending, draft, draft.line.middle)
        parts = above if not test and above else walk.pending[-1:]
        draft.name = [token for line in parts for token in line.tokens]
        draft.extra_lines = list(parts)
        return
    above = _cell_above(walk.pending, draft, draft.line.middle)
    for count in range(len(above), 0, -1):
        parts = above[-count:]
        whole = tidy_name(" ".join([*(line.text for line in parts), test]))
        if _is_one_name(whole, test, parts[-1].text):
            draft.name = [*(token for line in parts for token in line.tokens), *draft.name]
            draft.extra_lines = list(parts)
            return


def _cell_above(pending: list[Line], draft: Draft, middle: float) -> list[Line]:
    """Return the lines that hug the row from above and start where its name starts."""
    x0 = draft.name[0].x0 if draft.name else None
    found: list[Line] = []
    for line in reversed(pending):
        near = line.page == draft.line.page and middle - line.middle < 1.45 * draft.line.height
        aligned = x0 is None or abs(line.x0 - x0) < 1.5 * draft.line.height
        if not (near and aligned) or line.height > 1.2 * draft.line.height:
            break
        found.insert(0, line)
        middle = line.middle
    return found


def _is_one_name(whole: str, below: str, above: str) -> bool:
    opened = re.search(r"[(\-,/&]$|\b(of|and|with|to|by)$", above.strip()) is not None
    if opened or re.match(r"^[a-z(]\w", below):
        return True
    return strength(whole) > strength(below) or is_whole_name(whole)


def _extends(walk: _Walk, lines: list[Line], at: int, segments: list[Segment]) -> bool:
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


def _continues_columns(walk: _Walk, row: Draft, line: Line, segments: list[Segment]) -> bool:
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


def _remember(walk: _Walk, line: Line, segments: list[Segment]) -> None:
    """Keep a line of text as a heading, or as the beginning of a wrapped name."""
    if any(one.kind not in {"text", "label", "unit", "flag", "words"} for one in segments):
        walk.pending = []
        return
    text = tidy_name(line.text)
    if not text or is_prose(text.split()) or len(text) > 80:
        walk.pending = []
        return
    follows = walk.pending and line.middle - walk.pending[-1].middle < 1.6 * line.height
    walk.pending = [*(walk.pending if follows else []), line][-4:]
    if len(line.cells) <= 2 and not line.text.rstrip().endswith("."):
        walk.section = text


def tokens_of(draft: Draft) -> list[Token]:
    """Return all the words that a row is made of."""
    parts: list[Token] = list(draft.name)
    for segments in (
        [draft.value],
        draft.units,
        draft.ranges,
        draft.flags,
        [draft.low],
        [draft.high],
    ):
        parts.extend(token for one in segments if one is not None for token in one.tokens)
    return parts
