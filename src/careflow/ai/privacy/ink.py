"""How far the writing of a word goes on beyond what was read of it."""

from __future__ import annotations

from PIL import Image

from careflow.ai.privacy.views import Box

_REACH = 8.0
"""Heights of the word that are looked at on either side."""
_GAP = 1.0
"""Heights without ink after which the writing has ended."""
_FAINT = 6
"""Levels of grey; less between ink and ground is no ground to go by."""


def reaching(picture: Image.Image, box: Box) -> Box:
    """Return a word's box with the ink that goes on in its line, at most some letters' worth.

    A recogniser may read "SMITH" and lose "^JOHN"; the rest stands beside it, as light or as dark.
    """
    if box[2] - box[0] >= box[3] - box[1]:
        left, right = _along(picture, box)
        return (left, box[1], right, box[3])
    turned = picture.transpose(Image.Transpose.TRANSPOSE)
    top, bottom = _along(turned, (box[1], box[0], box[3], box[2]))
    return (box[0], top, box[2], bottom)


def _along(picture: Image.Image, box: Box) -> tuple[int, int]:
    height = box[3] - box[1]
    reach = round(_REACH * height)
    left, right = max(box[0] - reach, 0), min(box[2] + reach, picture.width)
    if height < 1 or box[2] <= box[0]:
        return box[0], box[2]
    strip = picture.crop((left, box[1], right, box[3])).convert("L")
    word = strip.crop((box[0] - left, 0, box[2] - left, height))
    split = _split(word.histogram())
    if split is None:
        return box[0], box[2]
    level, is_light = split
    # One row of 255s where a column holds ink, 0 where it does not.
    inked = strip.point([255 if (value > level) == is_light else 0 for value in range(256)])
    columns = [
        value > 0 for value in inked.resize((strip.width, 1), Image.Resampling.BOX).tobytes()
    ]
    gap = max(round(_GAP * height), 2)
    end = _end(columns[box[2] - left :], gap)
    start = _end(columns[: box[0] - left][::-1], gap)
    return box[0] - start, box[2] + end


def _end(columns: list[bool], gap: int) -> int:
    """Return how many columns the ink goes on for; all of them means that it is no writing."""
    last, empty = 0, 0
    for number, has_ink in enumerate(columns, 1):
        empty = 0 if has_ink else empty + 1
        if has_ink:
            last = number
        if empty >= gap:
            break
    return last


def _split(levels: list[int]) -> tuple[int, bool] | None:
    """Return the level that parts ink from ground, and whether the ink is the lighter part.

    Otsu's method: the split with the greatest variance between its two parts. Ink is the smaller.
    """
    total, weighted = sum(levels), sum(level * count for level, count in enumerate(levels))
    best, at = 0.0, None
    below, below_weighted = 0, 0
    for level, count in enumerate(levels[:-1]):
        below += count
        below_weighted += level * count
        above = total - below
        if not below or not above:
            continue
        apart = below_weighted / below - (weighted - below_weighted) / above
        if below * above * apart**2 > best and abs(apart) >= _FAINT:
            best, at = below * above * apart**2, (level, above < below)
    return at
