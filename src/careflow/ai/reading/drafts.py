"""Rows in the making: which words of a line are name, value, unit, range and flag."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from careflow.ai.reading.columns import IMPLIED, Panel, roles_of
from careflow.ai.reading.lines import Line, Token
from careflow.ai.reading.segments import Segment
from careflow.ai.reading.vocabulary import BANDS, NEVER, NOT_TESTS, PENDING, is_prose, letters
from careflow.knowledge.labs.names import is_known

_CODE = re.compile(r"[(\[]\s*(?:LOINC|CPT|SNOMED)\s*:?\s*([\w-]+)\s*[)\]]", re.IGNORECASE)
_LOINC = re.compile(r"[(\[]\s*LOINC\s*:?\s*(\d{1,5}-\d)\s*[)\]]", re.IGNORECASE)
_FIELD = re.compile(r"^/?\s*(h\.?p\.?f|l\.?p\.?f)", re.IGNORECASE)


@dataclass(slots=True)
class Draft:
    """A row in the making.

    Attributes:
        line: The line that holds the value.
        name: Words of the test's name.
        value: The result, or None.
        units: Words that are units, nearest to the value first.
        unit_cell: Everything in the column of units, understood or not.
        ranges: Words of the printed range, in reading order, perhaps over several lines.
        low: A lower end printed in a column of its own.
        high: An upper end of its own.
        flags: The laboratory's own flags.
        spare: Further numbers on the line that no column explains.
        in_table: Whether column heads gave the words their places.
        aligned: Whether the name starts where the heads say names start.
        section: Heading above.
    """

    line: Line
    name: list[Token]
    value: Segment
    units: list[Segment] = field(default_factory=list)
    unit_cell: list[Segment] = field(default_factory=list)
    ranges: list[Segment] = field(default_factory=list)
    low: Segment | None = None
    high: Segment | None = None
    flags: list[Segment] = field(default_factory=list)
    spare: list[Segment] = field(default_factory=list)
    in_table: bool = False
    aligned: bool = True
    section: str | None = None
    extra_lines: list[Line] = field(default_factory=list)
    printed_loinc: str | None = None

    @property
    def test(self) -> str:
        """The name as printed, without code, colon and leaders."""
        return tidy_name(" ".join(token.text for token in self.name))


def tidy_name(text: str) -> str:
    """Return a test name without code, trailing colon, bullets and serial number."""
    text = _CODE.sub(" ", text)
    text = re.sub(r"^\s*(?:[-•·*▪►>]+|\(?\d{1,2}[.)])\s+", "", text)
    return re.sub(r"\s+", " ", text).strip(" :=;,.-–—*•|")


def printed_loinc(text: str) -> str | None:
    """Return the LOINC code a report prints beside the name, if its check digit is right."""
    found = _LOINC.search(text)
    if found is None:
        return None
    digits, check = found.group(1).split("-")
    doubled = "".join(
        str(int(d) * 2 if place % 2 == 0 else int(d)) for place, d in enumerate(reversed(digits))
    )
    return found.group(1) if (10 - sum(map(int, doubled)) % 10) % 10 == int(check) else None


def is_name(text: str) -> bool:
    """Report whether a text can be the name of a test at all."""
    plain = tidy_name(text)
    if is_known(plain):
        return True
    words = plain.split()
    first = letters(words[0]) if words else ""
    if not re.search(r"[A-Za-zµα-ω]{2}", plain) or is_prose(words) or len(plain) > 70:
        return False
    whole = letters(plain)
    if any(letters(word) in NEVER for word in words):
        return False
    return not (
        first in NOT_TESTS
        or whole in NOT_TESTS
        or whole in BANDS
        or first in BANDS - {"high", "low", "cordblood", "risk", "average"}
    )


def from_panel(line: Line, segments: list[Segment], panel: Panel) -> Draft | None:
    """Return the row a table line makes by the columns of its heads, or None."""
    by_role: dict[str, list[Segment]] = {}
    for segment, column in zip(segments, roles_of(segments, panel, line.height), strict=True):
        by_role.setdefault(column.role, []).append(segment)
    results = by_role.get("value", [])
    value = _result(results)
    name = [token for segment in by_role.get("test", []) for token in segment.tokens]
    value = value or _blank(line, name, by_role)
    if value is None:
        return None
    draft = Draft(line, name, value, in_table=True)
    test = panel.column("test")
    if name and test is not None and test.text != IMPLIED:
        draft.aligned = abs(name[0].x0 - test.x0) < 3 * line.height
    draft.spare = [one for one in results if one is not value and one.kind in {"value", "odd"}]
    everywhere = [
        *results,
        *by_role.get("flag", []),
        *by_role.get("range", []),
        *by_role.get("unit", []),
        *by_role.get("test", []),
    ]
    draft.flags = [one for one in everywhere if one.kind == "flag"]
    draft.flags += [
        one for one in by_role.get("flag", []) if one.kind in {"text", "words", "label"}
    ]
    draft.units = [
        one
        for role in ("unit", "value", "range", "test")
        for one in by_role.get(role, [])
        if one.kind == "unit"
    ]
    draft.unit_cell = by_role.get("unit", [])
    if not draft.units:
        draft.units = [one for one in by_role.get("unit", []) if one.kind == "text"]
    draft.ranges = [
        one for one in by_role.get("range", []) if one.kind not in {"unit", "flag", "date"}
    ]
    draft.ranges += [
        one
        for one in results
        if one is not value and one.kind in {"range", "bound"} and not draft.ranges
    ]
    draft.low = next(iter(by_role.get("low", [])), None)
    draft.high = next(iter(by_role.get("high", [])), None)
    return draft


def _blank(line: Line, name: list[Token], by_role: dict[str, list[Segment]]) -> Segment | None:
    """Return the place where a picture shows no result between a known test and its unit."""
    known = is_known(tidy_name(" ".join(token.text for token in name)))
    units = [one for one in by_role.get("unit", []) if one.kind == "unit"]
    ranged = any(one.kind in {"range", "bound"} for one in by_role.get("range", []))
    if not (line.from_picture and known and units and ranged):
        return None
    before, after = name[-1], units[0].tokens[0]
    if after.x0 <= before.x1:
        return None
    box = (before.box[2], before.box[1], after.box[0], before.box[3])
    place = Token("", before.x1, after.x0, before.y0, before.y1, box, 0.0)
    return Segment("none", (place,), "", units[0].cell)


def fits(segments: list[Segment], panel: Panel, line: Line) -> bool:
    """Report whether a line stands under the heads at all: its name starts near the name column."""
    test = panel.column("test")
    if test is None or not segments:
        return True
    first = segments[0]
    serial = panel.column("serial")
    left = serial.x0 if serial is not None else test.x0
    return first.x0 - left > -3 * line.height


def _result(results: list[Segment]) -> Segment | None:
    for kinds in ({"value", "bound"}, {"odd"}, {"words", "range"}, {"text", "flag", "label"}):
        for one in results:
            worded = one.kind == "range" and not one.text[:1].isdigit()
            if one.kind in kinds and one.tokens and not worded:
                return one
    return None


def from_words(line: Line, segments: list[Segment]) -> list[Draft]:
    """Return the rows a line makes by itself, without column heads; several side by side."""
    drafts: list[Draft] = []
    name: list[Token] = []
    current: Draft | None = None
    early: list[Segment] = []
    for index, segment in enumerate(segments):
        if current is None or _opens_another(segments, index):
            if segment.kind == "text":
                current = None
                name = [*name, *segment.tokens] if not early else list(segment.tokens)
                continue
            if current is None and name and _is_result(segments, index):
                current = _started(line, name, segment, early)
                drafts.append(current)
                name, early = [], []
                continue
            if current is None:
                early.append(segment)
                continue
        add(current, segment)
    return drafts


def _started(line: Line, name: list[Token], segment: Segment, early: list[Segment]) -> Draft:
    draft = Draft(line, name, segment)
    for one in early:
        add(draft, one)
    return draft


def _is_result(segments: list[Segment], index: int) -> bool:
    """A bound or a range is the result only when no number follows as such."""
    segment = segments[index]
    if segment.kind in {"value", "words", "odd"}:
        return True
    if segment.kind not in {"bound", "range"}:
        return False
    later = [one.kind for one in _until_text(segments[index + 1 :])]
    ranged = "range" in later or "bound" in later
    following = segments[index + 1] if index + 1 < len(segments) else None
    counted = following is not None and _FIELD.search(following.text) is not None
    return "value" not in later and (ranged or (segment.kind == "range" and counted))


def _until_text(segments: list[Segment]) -> list[Segment]:
    end = next((at for at, one in enumerate(segments) if one.kind == "text"), len(segments))
    return segments[:end]


def _opens_another(segments: list[Segment], index: int) -> bool:
    """Text after a result opens another row when a result follows it, side by side."""
    segment = segments[index]
    if segment.kind != "text" or not is_name(segment.text):
        return False
    for later, one in enumerate(segments[index + 1 :], index + 1):
        if one.kind == "text":
            return False
        if one.kind in {"value", "odd"} and _is_result(segments, later):
            return True
    return False


def add(draft: Draft | None, segment: Segment) -> None:
    """Give a further segment of the line its place in the row."""
    if draft is None:
        return
    if segment.kind == "unit":
        draft.units.append(segment)
    elif segment.kind == "flag":
        draft.flags.append(segment)
    elif segment.kind in {"range", "bound", "label"} or (
        segment.kind == "words" and not draft.ranges
    ):
        draft.ranges.append(segment)
    elif segment.kind in {"value", "odd"}:
        draft.spare.append(segment)


def is_pending(text: str) -> bool:
    """Report whether a text says that there is no result."""
    return bool(PENDING.match(text.strip()))
