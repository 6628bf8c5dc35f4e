"""Rows printed downwards: names beside each other, each result under its name.

Small cards ("Sodium" over "139 mmol/L" over "Ref: 136-145") and tables turned on their side
look alike: one line of names, and below it lines whose words stand under those names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from careflow.ai.reading.drafts import Draft, add, is_name
from careflow.ai.reading.lines import Line, Token
from careflow.ai.reading.segments import Segment, segments_of
from careflow.ai.reading.vocabulary import HEAD_PHRASES
from careflow.knowledge.labs.names import is_known

_LINES_APART = 3.2
_RESULTS = {"value", "bound", "odd", "words"}
_REST = {"range", "bound", "label", "unit", "flag", "text"}


@dataclass(slots=True)
class Cards:
    """Names beside each other, and the rows that have begun under them."""

    names: list[list[Token]]
    last: Line
    drafts: list[Draft | None]


def cards_of(line: Line) -> Cards | None:
    """Return the names of a line that holds nothing but names, at least two, mostly known."""
    cells = _without_label(line)
    texts = [" ".join(token.text for token in cell) for cell in cells]
    known = sum(is_known(text) for text in texts)
    if len(cells) < 2 or known * 2 < len(cells) or not all(is_name(text) for text in texts):
        return None
    return Cards(cells, line, [None] * len(cells))


def take(cards: Cards, line: Line) -> list[Draft] | None:
    """Return the rows a line begins under the names; an empty list when it adds to them.

    None means that the line has nothing to do with the cards.
    """
    if line.page != cards.last.page or line.middle - cards.last.middle > _LINES_APART * line.height:
        return None
    groups = _under(cards, line)
    if groups is None:
        return None
    begun = any(draft is not None for draft in cards.drafts)
    made = _continued(cards, groups, line) if begun else _begun(cards, groups, line)
    if made is not None:
        cards.last = line
    return made


def _begun(cards: Cards, groups: list[list[Segment]], line: Line) -> list[Draft] | None:
    filled = [group for group in groups if group]
    if len(filled) < 2 or any(group[0].kind not in _RESULTS for group in filled):
        return None
    made = []
    for index, group in enumerate(groups):
        if not group:
            continue
        draft = Draft(line, list(cards.names[index]), group[0])
        for segment in group[1:]:
            add(draft, segment)
        cards.drafts[index] = draft
        made.append(draft)
    return made


def _continued(cards: Cards, groups: list[list[Segment]], line: Line) -> list[Draft] | None:
    segments = [one for group in groups for one in group]
    if not segments or any(one.kind not in _REST for one in segments):
        return None
    if all(one.kind == "text" for one in segments):
        return None
    for draft, group in zip(cards.drafts, groups, strict=True):
        for segment in group if draft is not None else []:
            add(draft, segment)
        if draft is not None and group:
            draft.extra_lines.append(replace(line, tokens=[t for one in group for t in one.tokens]))
    return []


def _under(cards: Cards, line: Line) -> list[list[Segment]] | None:
    """Return the words of a line by the name they stand under, or None if some stand under none."""
    starts = [cell[0].x0 - line.height for cell in cards.names]
    groups: list[list[Segment]] = [[] for _ in starts]
    label = len(line.cells) - len(_without_label(line))
    for segment in segments_of(line, after_value=any(cards.drafts)):
        if label and segment.cell == 0:
            continue
        place = max((at for at, start in enumerate(starts) if segment.x0 >= start), default=None)
        if place is None:
            return None
        groups[place].append(segment)
    return groups


def _without_label(line: Line) -> list[list[Token]]:
    """Drop a first cell that says what the line holds ("Result", "Unit")."""
    first = tuple(token.text.lower().strip(":") for token in line.cells[0])
    return line.cells[1:] if first in HEAD_PHRASES else line.cells
