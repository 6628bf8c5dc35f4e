"""Reads the numbers of a page once more, each cut out and enlarged, in ways that err differently.

A whole page is read with a layout in mind, and small print suffers from its neighbours. Alone,
the same cell is seldom misread in the same way by readings that smooth, enlarge and spell
differently; where they agree with each other and with the page, the number counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from PIL import Image, ImageFilter, ImageOps

from careflow.ai.reading.points import points_seen, strokes_seen
from careflow.ai.reading.recogniser import Piece, Recogniser, pieces, run
from careflow.ai.reading.second_reading import DOUBTFUL, overlaps
from careflow.ai.reading.stains import Pixels, is_stained
from careflow.ai.reading.votes import ACCEPTED, Reading, elected, number_form, opposed

_CELLS_MAX = 300
"""Cells of a page that are read again; a dense page has some two hundred numbers."""
_APART = 0.9
_APART_AT_DASH = 2.0
_LIKE_ONE = re.compile(r"(?<=\d)[lI](?![A-Za-z])")
"""A letter that can only be a 1; left as it is, "<4l" would read as 4 litres."""
_LOW_PRINT = 24
"""Pixels; a cell is taken to be at least that high, for a dash alone is lower."""
_DIGITS_ONLY = ("-c", "tessedit_char_whitelist=0123456789.,<>=-–—()/ ")


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reading a cell: how large, how smooth, and which characters may come out."""

    height: int
    blur: float
    median: int
    options: tuple[str, ...]


_WAYS = (
    Way(48, 0, 0, ("--psm", "7")),
    Way(70, 0, 3, ("--psm", "7", *_DIGITS_ONLY)),
    Way(40, 1.2, 0, ("--psm", "7")),
    Way(56, 0.8, 0, ("--psm", "7", *_DIGITS_ONLY)),
)

Cell = list[Piece]


def read_again(
    picture: Image.Image, first: list[Piece], second: list[Piece], recogniser: Recogniser
) -> list[Piece]:
    """Return the first reading with its numbers confirmed, corrected or made doubtful."""
    cells = cells_of(first)
    chosen = [number for number, cell in enumerate(cells) if _is_numeric(cell)][:_CELLS_MAX]
    there = [_there(cells[number], second) for number in chosen]
    places = [_around([*cells[number], *also]) for number, also in zip(chosen, there, strict=True)]
    fresh = _fresh(places, picture, recogniser)
    for number, also, readings in zip(chosen, there, fresh, strict=True):
        cells[number] = _settled(cells[number], also, readings, picture)
    return [piece for cell in cells for piece in cell]


def cells_of(words: list[Piece]) -> list[Cell]:
    """Return the words of each line in groups that stand apart."""
    cells: list[Cell] = [words[:1]] if words else []
    for before, word in pairwise(words):
        gap = word.box[0] - before.box[2]
        height = max(word.box[3] - word.box[1], _LOW_PRINT)
        apart = _APART if not (_ends_open(before) or _is_dash(word)) else _APART_AT_DASH
        if word.line == before.line and gap < apart * height:
            cells[-1].append(word)
        else:
            cells.append([word])
    return cells


def _ends_open(piece: Piece) -> bool:
    """Report whether a word ends like the first half of a range ("98 -", "4.0-", "<")."""
    return re.search(r"[-–—<>]$", piece.text) is not None


def _is_numeric(cell: Cell) -> bool:
    """Report whether a cell is a number, or so short and unclear that it may be one."""
    text = _text(cell)
    if len(text) > 20:
        return False
    letters = len(re.findall(r"[^\W\d_]", text))
    unclear = min(piece.confidence for piece in cell) < 0.6
    return (re.search(r"\d", text) is not None and letters <= 2) or (unclear and len(text) <= 8)


def _text(cell: Cell) -> str:
    return " ".join(piece.text for piece in cell)


def _around(cell: Cell) -> Pixels:
    boxes = [piece.box for piece in cell]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    return left, top, max(box[2] for box in boxes), max(box[3] for box in boxes)


def _there(cell: Cell, second: list[Piece]) -> Cell:
    """Return the words of the second reading in the place of a cell, in the cell's order."""
    found = [word for word in second if any(overlaps(word.box, piece.box) for piece in cell)]
    return sorted(found, key=lambda word: word.box[0])


def _fresh(
    places: list[Pixels], picture: Image.Image, recogniser: Recogniser
) -> list[list[Reading]]:
    """Return what each way of reading sees in each place."""
    found: list[list[Reading]] = [[] for _ in places]
    for way in _WAYS if places else ():
        cut = [_cut(picture, place, way) for place in places]
        seen: list[list[Piece]] = [[] for _ in places]
        for piece in pieces(run(cut, recogniser, *way.options, "tsv")):
            seen[piece.picture].append(piece)
        for readings, words in zip(found, seen, strict=True):
            readings.append(_reading(words, fresh=True))
    return found


def _cut(picture: Image.Image, box: Pixels, way: Way) -> Image.Image:
    height = max(box[3] - box[1], _LOW_PRINT)
    edge = int(0.35 * height)
    cut = picture.crop(
        (
            max(box[0] - edge, 0),
            max(box[1] - edge, 0),
            min(box[2] + edge, picture.width),
            min(box[3] + edge, picture.height),
        )
    ).convert("L")
    if way.median:
        cut = cut.filter(ImageFilter.MedianFilter(way.median))
    if way.blur:
        cut = cut.filter(ImageFilter.GaussianBlur(way.blur))
    scale = way.height / height
    size = (max(round(cut.width * scale), 8), max(round(cut.height * scale), 8))
    large = ImageOps.autocontrast(cut, cutoff=1).resize(size, Image.Resampling.LANCZOS)
    return ImageOps.expand(large, 20, 255)


def _reading(words: list[Piece], *, fresh: bool = False) -> Reading:
    sure = [piece.confidence for piece in words if re.search(r"\d", piece.text)]
    return Reading(_text(words), min(sure, default=0.0), fresh)


def _settled(cell: Cell, there: Cell, fresh: list[Reading], picture: Image.Image) -> Cell:
    if any(is_stained(picture, piece.box) for piece in cell if not _is_dash(piece)):
        return _doubtful(cell)
    whole = _reading(cell)
    form = number_form(whole.text)
    points = sum(points_seen(picture, piece.box) for piece in cell)
    agreed = elected([whole, *([_reading(there)] if there else []), *fresh], points=points)
    if agreed is not None and agreed != form:
        corrected = _corrected(cell, agreed)
        return _doubtful(corrected) if _lost_a_stroke(corrected, picture) else corrected
    if agreed is not None and not _lost_a_stroke(cell, picture):
        return _confirmed(cell)
    lost = form is not None and (
        points > len(re.findall(r"[.,]", form))
        or _lost_a_stroke(cell, picture)
        or _LIKE_ONE.search(whole.text) is not None
    )
    return _doubtful(cell) if lost or (form and opposed(form, fresh)) else cell


def _lost_a_stroke(cell: Cell, picture: Image.Image) -> bool:
    """Report whether a bound was read with fewer characters than stand there ("<4" for "< 41").

    Beside a comparator a 1 is easily overlooked, and its place left out of the box as well.
    """
    said = re.sub(r"[\s.,:;'|]", "", _text(cell))
    if said.strip("([")[:1] not in {"<", ">"}:
        return False
    left, top, right, bottom = _around(cell)
    return strokes_seen(picture, (left, top, right + int(0.8 * (bottom - top)), bottom)) > len(said)


def _doubtful(cell: Cell) -> Cell:
    return [replace(piece, confidence=min(piece.confidence, DOUBTFUL)) for piece in cell]


def _is_dash(piece: Piece) -> bool:
    return re.fullmatch(r"[-–—=~]+", piece.text) is not None


def _confirmed(cell: Cell) -> Cell:
    return [
        replace(
            piece,
            confidence=max(piece.confidence, ACCEPTED),
            text=_LIKE_ONE.sub("1", re.sub(r"^[=~]$|(?<=\d)[=~](?=\d)", "-", piece.text)),
        )
        for piece in cell
    ]


def _corrected(cell: Cell, agreed: str) -> Cell:
    return [replace(cell[0], text=agreed, box=_around(cell), confidence=ACCEPTED)]
