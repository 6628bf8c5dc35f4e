"""Straightens a page that went through the scanner a little crooked."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from PIL import Image

from careflow.ai.reading.page import Box

_SIDE = 900
_WORTH_DEGREES = 0.25
_FAR = 5.0


@dataclass(frozen=True, slots=True)
class Straightened:
    """A picture turned by a few degrees, and the way back.

    Attributes:
        picture: The straight picture, of the same size as the crooked one.
        degrees: How far it was turned anticlockwise.
    """

    picture: Image.Image
    degrees: float

    def original(self, box: tuple[int, int, int, int]) -> Box:
        """Return a box of the straight picture (pixels) as fractions of the crooked one."""
        width, height = self.picture.size
        if not self.degrees:
            return (box[0] / width, box[1] / height, box[2] / width, box[3] / height)
        across, down = self._back((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        half_width, half_height = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        return (
            max((across - half_width) / width, 0.0),
            max((down - half_height) / height, 0.0),
            min((across + half_width) / width, 1.0),
            min((down + half_height) / height, 1.0),
        )

    def _back(self, x: float, y: float) -> tuple[float, float]:
        width, height = self.picture.size
        angle = math.radians(self.degrees)
        dx, dy = x - width / 2, y - height / 2
        return (
            dx * math.cos(angle) - dy * math.sin(angle) + width / 2,
            dx * math.sin(angle) + dy * math.cos(angle) + height / 2,
        )


def straightened(picture: Image.Image) -> Straightened:
    """Return the picture with its lines level; unchanged when they are, or when none are found."""
    degrees = _lean(picture)
    if abs(degrees) < _WORTH_DEGREES:
        return Straightened(picture, 0.0)
    level = picture.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return Straightened(level, degrees)


def _lean(picture: Image.Image) -> float:
    """Return the turn at which dark rows and white gaps stand out most."""
    small = picture.convert("L")
    small.thumbnail((_SIDE, _SIDE))
    ink = small.point(lambda level: 255 if level < 140 else 0)
    coarse = _sharpest(ink, [step * 0.5 for step in range(int(-_FAR * 2), int(_FAR * 2) + 1)])
    return _sharpest(ink, [coarse + step * 0.1 for step in range(-4, 5)])


def _sharpest(ink: Image.Image, angles: list[float]) -> float:
    # Nearest to level first, so that an empty page stays as it is.
    return max(sorted(angles, key=abs), key=lambda angle: _sharpness(ink, angle))


def _sharpness(ink: Image.Image, angle: float) -> float:
    rows = ink.rotate(angle, fillcolor=0).resize((1, ink.height), Image.Resampling.BOX)
    levels = list(rows.tobytes())
    return sum((a - b) ** 2 for a, b in itertools.pairwise(levels))
