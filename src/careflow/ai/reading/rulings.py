"""Takes the ruled lines of a table out of a picture; recognisers stumble over grids."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter

_RUN = 60
"""Pixels; at 300 dots an inch no stroke of ordinary print is dark for that long."""
_INK = 190
_COVERED = 244
_THICK = 11


def without_rulings(picture: Image.Image) -> Image.Image:
    """Return the picture with long thin lines, across and down, painted white.

    A stretch counts as part of a line where a whole run of pixels is inked; filled bars are
    thicker than a line and stay, for white letters may stand on them.
    """
    grey = picture.convert("L")
    across = _lines(grey, (max(grey.width // _RUN, 1), grey.height), (0, 1))
    down = _lines(grey, (grey.width, max(grey.height // _RUN, 1)), (1, 0))
    mask = ImageChops.lighter(across, down)
    if mask.getbbox() is None:
        return picture
    cleaned = grey.copy()
    cleaned.paste(255, mask=mask)
    return cleaned


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
    return thin.resize(grey.size, Image.Resampling.NEAREST)
