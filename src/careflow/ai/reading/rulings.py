"""Takes the ruled lines of a table out of a picture; recognisers stumble over grids."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PIL import Image, ImageChops, ImageFilter

_RUN = 60
"""Pixels; at 300 dots an inch no stroke of ordinary print is dark for that long."""
_INK = 190
_FAINT = 215
"""The grey edge of a line is lighter than ink, and goes with it."""
_COVERED = 244
_THICK = 11

Pair = tuple[int, int]


def without_rulings(picture: Image.Image) -> Image.Image:
    """Return the picture with long thin lines, across and down, painted white.

    A stretch counts as part of a line where a whole run of pixels is inked; filled bars are
    thicker than a line and stay, for white letters may stand on them.
    """
    grey = picture.convert("L")
    across = _lines(grey, (max(grey.width // _RUN, 1), grey.height), (0, 1))
    down = _lines(grey, (grey.width, max(grey.height // _RUN, 1)), (1, 0))
    if across.getbbox() is None and down.getbbox() is None:
        return picture
    cleaned = grey.copy()
    for lines, step in ((across, (1, 0)), (down, (0, 1))):
        mask = lines.resize(grey.size, Image.Resampling.NEAREST)
        cleaned.paste(255, mask=mask)
        for x, y, way in _ends(lines, grey.size, step):
            _erase_end(cleaned, (x, y), (step[0] * way, step[1] * way))
    return cleaned


def _ends(lines: Image.Image, size: Pair, step: Pair) -> Iterator[tuple[int, int, int]]:
    """Yield the pixels just beyond the whole runs of each line, and which way it goes on."""
    runs, width = lines.tobytes(), lines.width
    across = size[0] / lines.width, size[1] / lines.height
    for at in (at for at, level in enumerate(runs) if level):
        x, y = at % width, at // width
        for way in (-1, 1):
            next_x, next_y = x + step[0] * way, y + step[1] * way
            inside = 0 <= next_x < lines.width and 0 <= next_y < lines.height
            if inside and not runs[next_y * width + next_x]:
                ahead = (max(way, 0) * step[0], max(way, 0) * step[1])
                back = (min(way, 0) * step[0], min(way, 0) * step[1])
                yield (
                    math.ceil((x + ahead[0]) * across[0]) + back[0],
                    math.ceil((y + ahead[1]) * across[1]) + back[1],
                    way,
                )


def _erase_end(cleaned: Image.Image, start: Pair, step: Pair) -> None:
    """Follow a line beyond its last whole run, as far as its ink goes on without a gap.

    What is left of a line looks like a quotation mark or a 1 before the word beside it.
    """
    x, y = start
    for _ in range(_RUN):
        inside = 0 <= x < cleaned.width and 0 <= y < cleaned.height
        if not inside or cleaned.getpixel((x, y)) >= _FAINT:  # type: ignore[operator]
            break
        cleaned.putpixel((x, y), 255)
        x, y = x + step[0], y + step[1]


def _lines(grey: Image.Image, reduced: tuple[int, int], beside: tuple[int, int]) -> Image.Image:
    ink = grey.point(lambda level: 255 * (level < _INK))
    runs = ink.resize(reduced, Image.Resampling.BOX).point(lambda level: 255 * (level > _COVERED))
    bars = runs.filter(ImageFilter.MinFilter(_THICK)).filter(ImageFilter.MaxFilter(_THICK))
    thin = ImageChops.subtract(runs, bars)
    # The grey edge of a line goes with it; its ends do not grow into the print.
    for step in (-2, -1, 1, 2):
        moved = ImageChops.offset(
            ImageChops.subtract(runs, bars), beside[0] * step, beside[1] * step
        )
        thin = ImageChops.lighter(thin, moved)
    return thin
