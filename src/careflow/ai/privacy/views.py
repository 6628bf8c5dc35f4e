"""The ways a picture is looked at to find writing: sizes, turns, colours, faint and strong.

A recogniser sees dark, upright letters of a usual height; what is burnt into pictures is often
white, faint, on its side, coloured, tiny or huge. Each view makes one of these usual.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

Box = tuple[int, int, int, int]

_QUARTERS = (0, 90, 180, 270)
_TILTS = (15, 30, 45, 60, 75)
"""Degrees; with the quarters, no line of writing is more than 7.5 degrees from level."""
_LARGE = 2_500_000
_SMALL = 900_000
_SPREAD_WANTED = 48.0
_GAIN_MAX = 40.0
_COLOURED = 12
_AROUND = 12
"""Pixels: letters stand out from what lies within this distance."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture as it is shown to the recogniser, and the way back.

    Attributes:
        turn: Degrees clockwise that the original was turned by, after it was scaled.
        size: Of the original.
    """

    picture: Image.Image
    scale: float
    turn: int
    size: tuple[int, int]

    def original(self, box: Box) -> Box:
        """Return the upright box in the original around a box of this view."""
        corners = [self._back(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        return (
            max(math.floor(min(across)), 0),
            max(math.floor(min(down)), 0),
            min(math.ceil(max(across)), self.size[0]),
            min(math.ceil(max(down)), self.size[1]),
        )

    def _back(self, x: float, y: float) -> tuple[float, float]:
        angle = math.radians(self.turn)
        dx, dy = x - self.picture.width / 2, y - self.picture.height / 2
        return (
            (dx * math.cos(angle) + dy * math.sin(angle)) / self.scale + self.size[0] / 2,
            (dy * math.cos(angle) - dx * math.sin(angle)) / self.scale + self.size[1] / 2,
        )


def views_of(picture: Image.Image) -> Iterator[View]:
    """Yield every view of a picture (``L`` or ``RGB``)."""
    for scale in _scales(picture):
        sized = _resized(picture, scale)
        for shade in _shades(sized):
            for turn in _QUARTERS:
                yield View(_turned(shade, turn), scale, turn, picture.size)
    sized = _resized(picture, _scales(picture)[0])
    for shade in _shades(sized)[:1]:
        for quarter in _QUARTERS:
            for tilt in _TILTS:
                turn = quarter + tilt
                yield View(_turned(shade, turn), _scales(picture)[0], turn, picture.size)


def _scales(picture: Image.Image) -> tuple[float, ...]:
    pixels = picture.width * picture.height
    if pixels > _LARGE:
        return (1.0, 0.4)
    if pixels > _SMALL:
        return (1.0, 2.0, 0.4)
    return (1.0, 2.0, 0.5)


def _resized(picture: Image.Image, scale: float) -> Image.Image:
    if scale == 1.0:
        return picture
    size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _shades(picture: Image.Image) -> list[Image.Image]:
    """Return the picture in greys: as it is, and with each channel's faint edges made strong."""
    grey = picture.convert("L")
    channels = picture.split() if _is_coloured(picture) else (grey,)
    return [ImageOps.autocontrast(grey), *(_relief(channel) for channel in channels)]


def _is_coloured(picture: Image.Image) -> bool:
    if picture.mode != "RGB":
        return False
    red, green, blue = picture.split()
    apart = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    return any(sum(one.histogram()[_COLOURED:]) > 0 for one in apart)


def _relief(channel: Image.Image) -> Image.Image:
    """Return what stands out from its surroundings, however faintly, on middle grey."""
    around = channel.filter(ImageFilter.BoxBlur(_AROUND))
    low = ImageStat.Stat(ImageChops.difference(channel, around)).rms[0]
    gain = min(max(_SPREAD_WANTED / low if low else 1.0, 1.0), _GAIN_MAX)
    return ImageChops.subtract(channel, around, 1.0 / gain, 128)


def _turned(picture: Image.Image, turn: int) -> Image.Image:
    if turn == 0:
        return picture
    fill = ImageStat.Stat(picture).median[0]
    return picture.rotate(-turn, Image.Resampling.BICUBIC, expand=True, fillcolor=fill)
