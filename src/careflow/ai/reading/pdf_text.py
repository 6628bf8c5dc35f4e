"""Reads the text layer of a PDF page into upright words with boxes."""

from __future__ import annotations

import ctypes
import itertools
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from careflow.ai.reading.page import Box, Word, union
from careflow.ai.reading.pdf import render

_LIGATURES = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "\ufffe": "-",
    "\u00ad": "-",
    "\u2010": "-",
    "\u2011": "-",
}
_INVISIBLE_MODES = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
_CONTRAST_MIN = 24
_EDGE = 0.12
"""Share of a word's box left aside at each side: rulings and neighbours stand there."""
_SLANT = 4
"""Degrees by which a word may lean against the rest of the page."""
_HEIGHT_MIN = 0.0025
"""Letters lower than two points on a letter page are not for people."""
CHARACTERS_MAX = 60_000


@dataclass(frozen=True, slots=True)
class Layer:
    """The text layer of a page: what is seen, what is hidden, and the turn that sets it upright."""

    words: tuple[Word, ...]
    hidden: tuple[Word, ...]
    rotation: int


@dataclass(slots=True)
class _Character:
    index: int
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class _Frame:
    """Takes points of the PDF page to fractions of the page as shown upright."""

    ax: float
    bx: float
    cx: float
    ay: float
    by: float
    cy: float

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        x0 = self.ax * left + self.bx * bottom + self.cx
        y0 = self.ay * left + self.by * bottom + self.cy
        x1 = self.ax * right + self.bx * top + self.cx
        y1 = self.ay * right + self.by * top + self.cy
        return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def read_layer(page: Any) -> Layer:  # noqa: ANN401 - pypdfium2 ships no types.
    """Return the words of a page's text layer, upright."""
    text_page = page.get_textpage()
    try:
        count = min(text_page.count_chars(), CHARACTERS_MAX)
        rotation = _turn(text_page.raw, count, page)
        characters = _characters(text_page.raw, count, _frame(page, rotation))
        groups = _level(text_page.raw, _grouped(characters))
        invisible = [_is_invisible(text_page.raw, group[0].index) for group in groups]
    finally:
        text_page.close()
    unseen = _unseen(page, groups, invisible, rotation)
    words = [_word(group) for group in groups]
    seen = tuple(_once([word for word, gone in zip(words, unseen, strict=True) if not gone]))
    hidden = tuple(word for word, gone in zip(words, unseen, strict=True) if gone)
    return Layer(words=seen, hidden=hidden, rotation=rotation)


def _frame(page: Any, rotation: int) -> _Frame:  # noqa: ANN401
    """Ask pdfium where three points land; it knows crop boxes and the page's own turn."""
    size = 1_000_000
    points = []
    for x, y in ((0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0)):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, size, size, rotation // 90, x, y, across, down)
        points.append((across.value / size, down.value / size))
    (cx, cy), (ax, ay), (bx, by) = points
    return _Frame((ax - cx) / 1000, (bx - cx) / 1000, cx, (ay - cy) / 1000, (by - cy) / 1000, cy)


def _turn(raw: Any, count: int, page: Any) -> int:  # noqa: ANN401
    """Return the clockwise turn that makes most of the text run from left to right."""
    votes = [0, 0, 0, 0]
    frame = _frame(page, 0)
    width, height = page.get_size()
    x, y = ctypes.c_double(), ctypes.c_double()
    before: tuple[float, float] | None = None
    for index in range(count):
        if pdfium.FPDFText_GetUnicode(raw, index) <= 32:
            before = None
            continue
        if not pdfium.FPDFText_GetCharOrigin(raw, index, x, y):
            before = None
            continue
        here = (x.value, y.value)
        if before is not None:
            box = frame.box(*before, *here)
            across = (frame.ax * (here[0] - before[0]) + frame.bx * (here[1] - before[1])) * width
            down = (frame.ay * (here[0] - before[0]) + frame.by * (here[1] - before[1])) * height
            if 0 < (box[2] - box[0]) * width + (box[3] - box[1]) * height < 40:
                votes[_quarter(across, down)] += 1
        before = here
    best = max(range(4), key=lambda quarter: votes[quarter])
    return best * 90 if votes[best] else 0


def _quarter(across: float, down: float) -> int:
    """Return how many clockwise quarter turns bring the direction to "rightwards"."""
    if abs(across) >= abs(down):
        return 0 if across > 0 else 2
    return 3 if down > 0 else 1


def _characters(raw: Any, count: int, frame: _Frame) -> list[_Character]:  # noqa: ANN401
    found = []
    rectangle = pdfium.FS_RECTF()
    for index in range(count):
        text = _plain(pdfium.FPDFText_GetUnicode(raw, index))
        if text == "":
            continue
        if text == " " or not pdfium.FPDFText_GetLooseCharBox(raw, index, rectangle):
            found.append(_Character(index, " ", (0, 0, 0, 0)))
            continue
        box = frame.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        found.append(_Character(index, text, box))
    return found


def _plain(code: int) -> str:
    """Return the character, a blank for any kind of space, or nothing for what is not printed."""
    character = chr(code)
    if character in _LIGATURES:
        return _LIGATURES[character]
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    return "" if category in {"Cc", "Cf", "Cs", "Cn"} else character


def _grouped(characters: list[_Character]) -> list[list[_Character]]:
    groups: list[list[_Character]] = []
    current: list[_Character] = []
    for character in characters:
        if character.text == " " or (current and _breaks(current[-1], character)):
            if current:
                groups.append(current)
            current = []
        if character.text != " ":
            current.append(character)
    if current:
        groups.append(current)
    return [group for group in groups if _is_upright(group)]


def _breaks(before: _Character, after: _Character) -> bool:
    """Report whether two characters belong to different words by where they stand."""
    height = max(before.box[3] - before.box[1], 1e-9)
    middle = (after.box[1] + after.box[3]) / 2
    if not before.box[1] - 0.3 * height <= middle <= before.box[3] + 0.3 * height:
        return True
    # Widths are fractions of the page's width, heights of its height; a page is about as wide
    # as high within a factor of two, so the comparison may be rough.
    gap = after.box[0] - before.box[2]
    return gap > 0.45 * height or gap < -2.0 * height


def _is_upright(group: list[_Character]) -> bool:
    if len(group) < 2:
        return True
    first, last = group[0].box, group[-1].box
    across = abs((last[0] + last[2]) - (first[0] + first[2]))
    down = abs((last[1] + last[3]) - (first[1] + first[3]))
    return across >= down


def _level(raw: Any, groups: list[list[_Character]]) -> list[list[_Character]]:  # noqa: ANN401
    """Drop what does not run with the text of the page: stamps and watermarks across it."""
    angles = [
        round(math.degrees(pdfium.FPDFText_GetCharAngle(raw, one[0].index))) for one in groups
    ]
    if not angles:
        return groups
    usual = Counter(angles).most_common(1)[0][0]
    return [
        group
        for group, angle in zip(groups, angles, strict=True)
        if min((angle - usual) % 360, (usual - angle) % 360) <= _SLANT
    ]


def _word(group: list[_Character]) -> Word:
    return Word(text=_spelled(group), box=union([one.box for one in group]))


def _spelled(group: list[_Character]) -> str:
    """Join the characters; a small raised digit is a power ("10³" set as 10 and a small 3)."""
    text = group[0].text
    for before, after in itertools.pairwise(group):
        tall, small = before.box[3] - before.box[1], after.box[3] - after.box[1]
        raised = small < 0.85 * tall and after.box[3] < before.box[3] - 0.2 * tall
        if raised and after.text.isdigit() and before.text.isdigit():
            text += "^"
        text += after.text
    return text


def _is_invisible(raw: Any, index: int) -> bool:  # noqa: ANN401
    found = pdfium.FPDFText_GetTextObject(raw, index)
    return bool(found) and pdfium.FPDFTextObj_GetTextRenderMode(found) in _INVISIBLE_MODES


def _unseen(
    page: Any,  # noqa: ANN401
    groups: list[list[_Character]],
    invisible: list[bool],
    rotation: int,
) -> list[bool]:
    """Say for each word whether a person looking at the page does not see it.

    White letters on a dark bar are seen, white letters on white and letters under a box are not:
    only a picture of the page can tell.
    """
    picture = render(page, scale=1.5, rotation=rotation, grey=True) if groups else None
    unseen = []
    for group, is_invisible in zip(groups, invisible, strict=True):
        box = union([one.box for one in group])
        outside = box[2] <= 0 or box[3] <= 0 or box[0] >= 1 or box[1] >= 1
        tiny = box[3] - box[1] < _HEIGHT_MIN
        flat = picture is not None and _is_flat(picture, box)
        unseen.append(is_invisible or outside or tiny or flat)
    return unseen


def _is_flat(picture: Any, box: Box) -> bool:  # noqa: ANN401 - PIL's getextrema is loosely typed.
    width, height = picture.size
    across, down = _EDGE * (box[2] - box[0]), _EDGE * (box[3] - box[1])
    box = (box[0] + across, box[1] + down, box[2] - across, box[3] - down)
    left, top = max(int(box[0] * width), 0), max(int(box[1] * height), 0)
    right, bottom = min(int(box[2] * width) + 1, width), min(int(box[3] * height) + 1, height)
    if right <= left or bottom <= top:
        return True
    darkest, lightest = picture.crop((left, top, right, bottom)).getextrema()
    return bool(lightest - darkest < _CONTRAST_MIN)


def _once(words: list[Word]) -> list[Word]:
    """Drop the second drawing of a word that was printed twice to look bold."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for word in words:
        place = (word.text, round(word.box[0] * 250), round(word.box[1] * 250))
        if place not in seen:
            kept.append(word)
        seen.add(place)
    return kept
