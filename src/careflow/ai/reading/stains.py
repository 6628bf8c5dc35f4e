"""Tells whether a word stands on a stain, which may hide a digit or a decimal point."""

from __future__ import annotations

from PIL import Image

_DARKER = 24
"""Levels of grey (of 255) by which paper under a stain is darker than the paper beside it."""
_PAPER = 0.9
"""Share of pixels at which the paper is found: bold print leaves a tenth of a tight box white."""

Pixels = tuple[int, int, int, int]


def is_stained(picture: Image.Image, box: Pixels) -> bool:
    """Report whether the paper of a word is darker than the paper to its left or right.

    A shaded table row is as dark beside the word as under it; a stain is not.
    """
    x0, y0, x1, y1 = box
    height = y1 - y0
    inside = _paper(picture, (x0, y0, x1, y1))
    reach = 2 * height
    beside = [
        _paper(picture, (x0 - reach - height, y0, x0 - height, y1)),
        _paper(picture, (x1 + height, y0, x1 + height + reach, y1)),
    ]
    known = [level for level in beside if level is not None]
    return inside is not None and bool(known) and inside < min(known) - _DARKER


def _paper(picture: Image.Image, box: Pixels) -> int | None:
    """Return the level of grey of the paper in a box, ink left aside."""
    left, top = max(box[0], 0), max(box[1], 0)
    right, bottom = min(box[2], picture.width), min(box[3], picture.height)
    if right - left < 4 or bottom - top < 4:
        return None
    counts = picture.crop((left, top, right, bottom)).convert("L").histogram()
    wanted, seen = _PAPER * sum(counts), 0
    for level, count in enumerate(counts):
        seen += count
        if seen >= wanted:
            return level
    return 255
