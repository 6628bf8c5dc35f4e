"""Walks down the lines of a report and gathers rows, headings and what continues a row."""

from __future__ import annotations

import re

from careflow.ai.reading.cards import cards_of, take
from careflow.ai.reading.columns import Panel
from careflow.ai.reading.continuations import extends
from careflow.ai.reading.drafts import Draft, fits, from_panel, from_words, is_name, tidy_name
from careflow.ai.reading.heads import heads_of
from careflow.ai.reading.lines import Line, Token
from careflow.ai.reading.segments import Segment, segments_of
from careflow.ai.reading.vocabulary import is_prose, letters
from careflow.ai.reading.walk import Walk
from careflow.knowledge.labs.names import is_known, is_whole_name, strength

_RESULT_LABELS = {
    "result",
    "value",
    "observedvalue",
    "yourresult",
    "observed",
    "testresult",
    "yourvalue",
}


def drafts_of(lines: list[Line]) -> list[Draft]:
    """Return the rows in the making of a whole report, in reading order."""
    walk = Walk()
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


def _take(walk: Walk, lines: list[Line], at: int) -> None:
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
    if extends(walk, lines, at, segments):
        return
    _remember(walk, line, segments)
    walk.cards = cards_of(line)


def _rows(walk: Walk, line: Line, segments: list[Segment]) -> list[Draft]:
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


def _stands(walk: Walk, draft: Draft) -> bool:
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


def _among_rows(walk: Walk, draft: Draft) -> bool:
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


def _complete_name(walk: Walk, draft: Draft) -> None:
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


def _remember(walk: Walk, line: Line, segments: list[Segment]) -> None:
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
