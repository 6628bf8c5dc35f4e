"""The ways a picture is looked at to find writing: sizes, turns, light and dark letters.

A recogniser sees dark, upright letters of a usual height on white; what is burnt into pictures is
often light, faint, on its side, coloured, tiny or huge. Each view makes one of these usual.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps

Box = tuple[int, int, int, int]

_QUARTERS = (0, 90, 180, 270)
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
"""Pillow turns anticlockwise."""
_LARGE = 2_500_000
_SMALL = 900_000
_NEAR = 12
"""Pixels: a letter is lighter or darker than what lies within this distance."""
_FAR = 40
"""Pixels: how much the ground varies is measured within this distance."""
_VARIES = 2.0
"""A letter stands out by more than this many times the mean variation around it."""
_GAIN = 12.0
"""Writing that stands out by 22 levels of grey is shown as black on white, fainter as grey."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture as it is shown to the recogniser, and the way back.

    Attributes:
        turn: Degrees clockwise that the original was turned by, after it was scaled.
        size: Of the original.
        shade: ``plain``, ``light`` or ``dark`` letters.
    """

    picture: Image.Image
    scale: float
    turn: int
    shade: str
    size: tuple[int, int]

    @property
    def kind(self) -> tuple[str, float, int]:
        """Return how the picture is shown here."""
        return (self.shade, self.scale, self.turn)

    def original(self, box: Box) -> Box:
        """Return the upright box in the original around a box of this view."""
        width, height = self.picture.size
        x0, y0, x1, y1 = box
        upright = {
            0: box,
            90: (y0, width - x1, y1, width - x0),
            180: (width - x1, height - y1, width - x0, height - y0),
            270: (height - y1, x0, height - y0, x1),
        }[self.turn]
        left, top, right, bottom = (side / self.scale for side in upright)
        return (
            max(math.floor(left), 0),
            max(math.floor(top), 0),
            min(math.ceil(right), self.size[0]),
            min(math.ceil(bottom), self.size[1]),
        )


def views_of(picture: Image.Image) -> Iterator[View]:
    """Yield every view of a picture (``L`` or ``RGB``)."""
    for scale in _scales(picture):
        sized = _resized(picture, scale)
        light, dark = _letters(sized)
        shades = {"light": light, "dark": dark}
        if scale <= 1.0:
            shades["plain"] = ImageOps.autocontrast(sized.convert("L"))
        for shade, shown in shades.items():
            for turn in _QUARTERS:
                yield View(_turned(shown, turn), scale, turn, shade, picture.size)


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


def _letters(picture: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Return what is lighter, and what is darker, than its surroundings: black on white.

    Both in whichever colour shows it best. Grain, which varies as much everywhere, stays white.
    """
    light, dark = (Image.new("L", picture.size) for _ in range(2))
    for channel in picture.split():
        around = channel.filter(ImageFilter.BoxBlur(_NEAR))
        varies = ImageChops.difference(channel, around).filter(ImageFilter.BoxBlur(_FAR))
        usual = varies.point(lambda level: min(round(level * _VARIES), 255))
        lighter = ImageChops.subtract(ImageChops.subtract(channel, around), usual)
        darker = ImageChops.subtract(ImageChops.subtract(around, channel), usual)
        light, dark = ImageChops.lighter(light, lighter), ImageChops.lighter(dark, darker)
    return _as_ink(light), _as_ink(dark)


def _as_ink(stands_out: Image.Image) -> Image.Image:
    return stands_out.point([max(255 - round(level * _GAIN), 0) for level in range(256)])


def _turned(picture: Image.Image, turn: int) -> Image.Image:
    return picture.transpose(_TURNS[turn]) if turn else picture
