"""Counts the decimal points and the strokes that can be seen in a picture of a number.

A recogniser may overlook a point in every way of reading; the ink of it is there all the same:
low, narrow, and with white on both sides.
"""

from __future__ import annotations

from itertools import groupby, pairwise

from PIL import Image

from careflow.ai.reading.stains import Pixels

_LOW = 0.68
"""Share of the height above which a digit has ink and a point has none."""
_FOOT = 0.82
"""Share below which a point has ink and a dash has none, even where the box is too high."""
_WIDE = 0.3
"""Widest point, in heights of the digits."""
_LEAST = 0.06
"""Narrowest, so that a grain of dust is none."""
_STROKE = 0.1
"""Narrowest stroke of a digit."""
_NEAR = 0.6
"""Widest gap to the digit beside it."""


def points_seen(picture: Image.Image, box: Pixels) -> int:
    """Return how many points or commas stand between the digits in a box around a number."""
    return _points(_kinds(picture, box), box[3] - box[1])


def strokes_seen(picture: Image.Image, box: Pixels) -> int:
    """Return how many stretches of ink as high as a digit or a dash stand side by side.

    Digits that touch count as one: a word of fewer characters than strokes has lost one.
    """
    height = box[3] - box[1]
    runs = groupby(_kinds(picture, box), lambda kind: kind != " ")
    stretches = [list(columns) for inked, columns in runs if inked]
    return sum("|" in one and len(one) >= _STROKE * height for one in stretches)


def _kinds(picture: Image.Image, box: Pixels) -> list[str]:
    """Return for each column of a word what kind of ink it has."""
    left, top, right, bottom = box
    height = bottom - top
    if height < 8 or right - left < height // 2:
        return []
    # A comma hangs below the line the digits stand on.
    ink = _ink(picture.crop((left, top, right, min(bottom + height // 5, picture.height))))
    bands = (0, round(height * _LOW), round(height * _FOOT), ink.height)
    inked = [_columns(ink, *band) for band in pairwise(bands)]
    return [_kind(*column) for column in zip(*inked, strict=True)]


def _points(kinds: list[str], height: int) -> int:
    """Count the low inked stretches with a little white on both sides, and digits beyond it."""
    runs = [(inked, list(columns)) for inked, columns in groupby(kinds, lambda kind: kind != " ")]
    return sum(
        inked
        and 1 < number < len(runs) - 2
        and set(columns) <= {".", ","}
        and "." in columns
        and _LEAST * height <= len(columns) <= _WIDE * height
        and all(len(runs[near][1]) <= _NEAR * height for near in (number - 1, number + 1))
        for number, (inked, columns) in enumerate(runs)
    )


def _kind(above: int, low: int, foot: int) -> str:
    """Return "|" for the ink of a digit, "." for ink at its foot, "," for ink just above that."""
    return "|" if above else "." if foot else "," if low else " "


def _ink(cut: Image.Image) -> Image.Image:
    grey = cut.convert("L")
    darkest, lightest = grey.getextrema()
    level = (int(darkest) + int(lightest)) // 2  # type: ignore[arg-type]
    return grey.point(lambda one: 255 * (one < level))


def _columns(ink: Image.Image, top: int, bottom: int) -> list[int]:
    """Return for each column whether there is ink between two heights."""
    part = ink.crop((0, top, ink.width, bottom))
    rows = part.tobytes()
    return [max(rows[column :: part.width], default=0) for column in range(part.width)]
