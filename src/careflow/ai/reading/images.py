"""Opens pictures within limits on pixels and pages."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from careflow.ai.reading.errors import DAMAGED, TOO_LARGE, DamagedError, DocumentTooLargeError
from careflow.ai.reading.pdf import PAGES_MAX, PIXELS_MAX

_STORED_PIXELS_MAX = 40_000_000
"""A letter page at 600 dots an inch is 34 million; more is not a page but a bomb."""
_FORMATS = ("PNG", "JPEG", "TIFF")


def open_pictures(content: bytes) -> list[Image.Image]:
    """Return the frames of a picture, turned as its camera says, as grey or colour.

    Raises:
        DamagedError: It is cut off or no picture.
        DocumentTooLargeError: It has more pixels or frames than it may.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _frames(content)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise DocumentTooLargeError(TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise DamagedError(DAMAGED) from error


def _frames(content: bytes) -> list[Image.Image]:
    image = Image.open(io.BytesIO(content), formats=_FORMATS)
    count = getattr(image, "n_frames", 1)
    if count > PAGES_MAX:
        raise DocumentTooLargeError(TOO_LARGE)
    frames = []
    for number in range(count):
        image.seek(number)
        if image.width * image.height > _STORED_PIXELS_MAX:
            raise DocumentTooLargeError(TOO_LARGE)
        frames.append(_sized(ImageOps.exif_transpose(image).convert("L")))
    return frames


def _sized(image: Image.Image) -> Image.Image:
    if image.width * image.height <= PIXELS_MAX:
        return image
    scale = (PIXELS_MAX / (image.width * image.height)) ** 0.5
    return image.resize((int(image.width * scale), int(image.height * scale)))
